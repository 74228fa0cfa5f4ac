// SPDX-License-Identifier: Apache-2.0
// `skerry run --gdb`, by the words that it prints: a breakpoint on main() holds, and the backtrace
// names it. The port is a fixed one; CMakeLists.txt lets one test of the command run at a time.
#include "machines.hpp"
#include "support/file_descriptor.hpp"
#include "support/process.hpp"
#include "vm/console.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <regex>
#include <sys/socket.h>
#include <thread>

namespace skerry::test {
namespace {

using testing::ContainsRegex;

constexpr std::uint16_t debugger_port = 1234;

bool is_free(std::uint16_t port) {
  const FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return ::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

/// The command on an example, and what it and the guest write, together.
class RunForDebugger {
public:
  RunForDebugger()
      : command_({.arguments = {std::string(SOURCE_FOLDER) + "/skerry", "run",
                                std::string(SOURCE_FOLDER) + "/examples/hello", "--gdb"},
                  .output = Stream::pipe,
                  .error = Stream::pipe}),
        reader_([this] {
          (void)drain(command_, no_deadline,
                      [this](bool, std::string_view bytes) { shown_.append(bytes); });
          shown_.close();
        }) {}
  ~RunForDebugger() {
    (void)command_.stop(std::chrono::seconds(10));
    reader_.join();
  }
  RunForDebugger(const RunForDebugger&) = delete;
  RunForDebugger& operator=(const RunForDebugger&) = delete;

  /// The line that says how to start gdb, from its first word on.
  [[nodiscard]] std::string advice() {
    static const std::regex pattern("the guest waits for gdb: (gdb .*)");
    const auto found = shown_.wait_for(pattern, deadline_in(patience));
    return found ? found->at(1) : "";
  }
  [[nodiscard]] bool has_ended() { return command_.wait_until(deadline_in(patience)).has_value(); }
  [[nodiscard]] std::string shown() const { return shown_.text(); }

private:
  Process command_;
  vm::Console shown_;
  std::thread reader_;
};

TEST(CommandDebugger, StopsInMainByItsName) {
  if (!find_program("gdb"))
    GTEST_SKIP() << "gdb is not installed";
  if (!is_free(debugger_port))
    GTEST_SKIP() << "somebody else has the port that --gdb uses, " << debugger_port;
  RunForDebugger run;
  const std::string advice = run.advice();
  ASSERT_NE(advice, "") << run.shown();
  // As printed, and then what a user types.
  const std::string script =
      advice + " -nx --batch -ex 'set confirm off' -ex 'break main' -ex continue -ex backtrace "
               "-ex kill";
  const Captured gdb = run_captured(
      {.arguments = {"sh", "-c", script}, .output = Stream::pipe, .error = Stream::pipe},
      deadline_in(patience));
  EXPECT_THAT(gdb.output, ContainsRegex("image at 0xffff[0-9a-f]+"));
  EXPECT_THAT(gdb.output, ContainsRegex("#0 .*main \\(")) << gdb.error;
  EXPECT_TRUE(run.has_ended()) << "gdb has ended the guest";
}

} // namespace
} // namespace skerry::test
