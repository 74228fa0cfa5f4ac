// SPDX-License-Identifier: Apache-2.0
// Long work, shown with its time; see the header.
#include "support/step.hpp"

#include "support/failure.hpp"
#include "support/file.hpp"

#include <chrono>
#include <cstdint>
#include <format>
#include <initializer_list>
#include <print>

namespace skerry {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto worth_showing = std::chrono::milliseconds(300);

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Words for a failure's line where one of the places that a step writes to is full, else nothing:
/// what the step itself says of it may be far up in its log.
std::string disk_hint(std::initializer_list<std::filesystem::path> places) {
  constexpr std::uintmax_t little = std::uintmax_t{32} << 20;
  for (const auto& place : places) {
    std::error_code error;
    const std::uintmax_t available = std::filesystem::space(place, error).available;
    const std::uintmax_t free = available == UINTMAX_MAX ? 0 : available; // so libc++ says none
    if (!error && free < little)
      return std::format(" (no space left: {} MiB free in {})", free >> 20, place.string());
  }
  return {};
}

} // namespace

void start_log(const std::filesystem::path& log) {
  std::error_code error;
  std::filesystem::create_directories(log.parent_path(), error);
  if (error)
    throw Failure("cannot make the folder {}: {}", log.parent_path().string(), error.message());
  replace_file(log, std::string_view{});
}

ProcessStatus run_logged(std::string_view title, Command command,
                         const std::filesystem::path& log) {
  command.output = Stream::file;
  command.error = Stream::file;
  command.log = log;
  const auto start = Clock::now();
  Process process(command);
  if (const auto status = process.wait_until(deadline_in(worth_showing)))
    return *status;
  std::print(stderr, "==> {} … ", title);
  (void)std::fflush(stderr);
  const ProcessStatus status = process.wait();
  std::println(stderr, "{:.1f} s{}", seconds_since(start), status.success() ? "" : ", failed");
  return status;
}

void run_step(std::string_view title, Command command, const std::filesystem::path& log) {
  const std::string program = std::filesystem::path(command.arguments.at(0)).filename();
  const std::filesystem::path folder =
      command.directory.empty() ? std::filesystem::current_path() : command.directory;
  const ProcessStatus status = run_logged(title, std::move(command), log);
  if (status.success())
    return;
  std::println(stderr, "{}", last_lines(read_text(log), 20));
  throw Failure("{}: {} ended with {}{}; the whole log is {}", title, program, status.describe(),
                disk_hint({log.parent_path(), folder}), log.string());
}

} // namespace skerry
