// SPDX-License-Identifier: Apache-2.0
// A running virtual machine; see the header.
#include "vm/guest.hpp"

#include "support/failure.hpp"
#include "vm/arguments.hpp"
#include "vm/kvm_check.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <nlohmann/json.hpp>
#include <sys/socket.h>
#include <utility>

namespace skerry::vm {
namespace {

constexpr std::size_t error_limit = 65536;

Command qemu_command(const Machine& machine, int qmp_descriptor) {
  const Host host{.kvm_trouble = kvm_trouble(), .qmp_descriptor = qmp_descriptor};
  return {.arguments = qemu_arguments(machine, host),
          .input = Stream::pipe,
          .output = Stream::pipe,
          .error = Stream::pipe,
          .passed_on = {qmp_descriptor},
          .own_group = true};
}

} // namespace

struct Guest::Monitor {
  FileDescriptor ours;
  FileDescriptor theirs;

  static Monitor make() {
    std::array<int, 2> numbers{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, numbers.data()) != 0)
      throw Failure("cannot make a socket for QEMU's monitor: {}", std::strerror(errno));
    return {FileDescriptor(numbers[0]), FileDescriptor(numbers[1])};
  }
};

Guest::Guest(const Machine& machine, Console::Sink sink, int input)
    : Guest(machine, std::move(sink), input, Monitor::make()) {}

// QEMU has inherited its end when `process_` stands; ours of it closes with `monitor`.
Guest::Guest(const Machine& machine, Console::Sink sink, int input, Monitor monitor)
    : machine_(machine), qmp_(std::move(monitor.ours)),
      process_(qemu_command(machine, monitor.theirs.get())), console_(std::move(sink)),
      typist_(input, process_.input()) {
  collector_ = std::thread([this] {
    drain(process_, no_deadline, [this](bool is_error, std::string_view bytes) {
      if (!is_error)
        take_output(bytes);
      else if (error_output_.size() < error_limit)
        error_output_ += bytes;
    });
    console_.close();
  });
}

void Guest::take_output(std::string_view bytes) {
  std::size_t questions = 0;
  console_.append(without_questions(bytes, questions));
  if (questions != 0)
    typist_.answer();
}

Guest::~Guest() {
  process_.send_signal(SIGKILL);
  process_.wait();
  if (collector_.joinable())
    collector_.join();
}

void Guest::press_power_button() {
  if (!has_power_button(machine_.kind))
    throw Failure("machine {} has no power button", name(machine_.kind));
  try {
    qmp().execute("system_powerdown", deadline_in(std::chrono::seconds(30)));
  } catch (const Failure&) {
    // A guest that obeys at once takes QEMU with it, which may be before QEMU has answered.
    if (!process_.wait_until(deadline_in(std::chrono::seconds(2))))
      throw;
  }
}

std::optional<GuestResult> Guest::wait_until(Deadline deadline) {
  const auto status = process_.wait_until(deadline);
  if (!status)
    return std::nullopt;
  if (collector_.joinable()) // QEMU's pipes close with it: this ends at once
    collector_.join();
  return translate_exit(console_.last_line(), *status, error_output_);
}

void Guest::stop(std::chrono::milliseconds grace) {
  process_.stop(grace);
}

} // namespace skerry::vm
