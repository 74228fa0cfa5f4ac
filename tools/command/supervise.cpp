// SPDX-License-Identifier: Apache-2.0
// Stays with a guest until it ends; see the header.
#include "command/supervise.hpp"

#include "command/command.hpp"
#include "support/failure.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>
#include <print>
#include <sys/signalfd.h>
#include <unistd.h>

namespace skerry::command {
namespace {

using std::chrono::seconds;

constexpr seconds power_down_time(5);

enum class Event { guest_ended, signal, deadline };

Event next_event(const vm::Guest& guest, StopSignals& signals, Deadline deadline) {
  std::array<pollfd, 2> sources{pollfd{.fd = guest.ended(), .events = POLLIN, .revents = 0},
                                pollfd{.fd = signals.descriptor(), .events = POLLIN, .revents = 0}};
  int ready = 0;
  do
    ready = ::poll(sources.data(), sources.size(), poll_timeout(deadline));
  while (ready < 0 && errno == EINTR);
  if (sources[0].revents != 0)
    return Event::guest_ended;
  if (sources[1].revents == 0)
    return Event::deadline;
  signals.take();
  return Event::signal;
}

/// Asks the guest to power off; false when it cannot be asked.
bool ask_to_stop(vm::Guest& guest) {
  try {
    guest.press_power_button();
    return true;
  } catch (const Failure&) {
    return false; // no power button, or a QEMU that is just going away
  }
}

} // namespace

StopSignals::StopSignals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP})
    ::sigaddset(&set, signal);
  ::pthread_sigmask(SIG_BLOCK, &set, &before_);
  events_ = FileDescriptor(::signalfd(-1, &set, SFD_CLOEXEC));
}

StopSignals::~StopSignals() {
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void StopSignals::take() {
  signalfd_siginfo event;
  [[maybe_unused]] const auto size = ::read(events_.get(), &event, sizeof event);
}

int supervise(const vm::Machine& machine, vm::Console::Sink sink, int input,
              std::optional<seconds> limit) {
  StopSignals signals;
  vm::Guest guest(machine, std::move(sink), input);
  Deadline deadline = limit ? deadline_in(*limit) : no_deadline;
  bool asked = false;
  bool killed = false;
  bool timed_out = false;
  for (;;) {
    const Event event = next_event(guest, signals, deadline);
    if (event == Event::guest_ended)
      break;
    timed_out |= event == Event::deadline && !asked;
    if (event == Event::signal && !asked && ask_to_stop(guest)) {
      std::println(stderr, "skerry: asking the guest to power off; Ctrl-C again kills it");
      asked = true;
      deadline = std::min(deadline, deadline_in(power_down_time));
      continue;
    }
    killed = true;
    guest.stop();
  }
  const vm::GuestResult result = guest.wait_until(no_deadline).value();
  if (result)
    return *result;
  if (timed_out) {
    std::println(stderr, "skerry: the guest still ran after {} s and was killed", limit->count());
    return status_timed_out;
  }
  if (killed || asked)
    return status_interrupted;
  throw Failure("{}", result.error());
}

void write_output(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (size < 0 && errno != EINTR)
      return; // whoever closed it does not want more
    if (size > 0)
      bytes.remove_prefix(static_cast<std::size_t>(size));
  }
}

} // namespace skerry::command
