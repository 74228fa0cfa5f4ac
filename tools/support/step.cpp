// SPDX-License-Identifier: Apache-2.0
// Long work, shown with its time; see the header.
#include "support/step.hpp"

#include "support/failure.hpp"
#include "support/file.hpp"

#include <chrono>
#include <print>

namespace skerry {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto worth_showing = std::chrono::milliseconds(300);

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
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
  const ProcessStatus status = run_logged(title, std::move(command), log);
  if (status.success())
    return;
  std::println(stderr, "{}", last_lines(read_text(log), 20));
  throw Failure("{}: {} ended with {}; the whole log is {}", title, program, status.describe(),
                log.string());
}

} // namespace skerry
