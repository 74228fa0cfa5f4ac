// SPDX-License-Identifier: Apache-2.0
// Child processes without a shell: an argument vector goes in, output and a status come out, and no
// child outlives the thread that started it.
#pragma once

#include "support/deadline.hpp"
#include "support/file_descriptor.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace skerry {

/// Where one of a child's standard streams leads.
enum class Stream {
  inherit, ///< to where ours leads
  null,    ///< /dev/null
  pipe,    ///< to us, or from us
  file,    ///< appended to Command::log
  error,   ///< to our standard error; not for standard input
};

/// What to start. `arguments[0]` is the program, looked up in PATH when it holds no slash.
struct Command {
  std::vector<std::string> arguments;
  std::filesystem::path directory{};                              ///< empty: ours
  std::vector<std::pair<std::string, std::string>> environment{}; ///< added to ours
  Stream input = Stream::null;
  Stream output = Stream::inherit;
  Stream error = Stream::inherit;
  std::filesystem::path log{};  ///< for Stream::file
  std::vector<int> passed_on{}; ///< descriptors that the child keeps, under the same number
  bool own_group = false;       ///< out of reach of the terminal's Ctrl-C
};

/// How a child ended: by exit(code) or by a signal.
struct ProcessStatus {
  int code = 0;
  int signal = 0; ///< 0 unless a signal ended it

  [[nodiscard]] bool success() const { return code == 0 && signal == 0; }
  /// As a shell has it: the exit code, or 128 + signal.
  [[nodiscard]] int shell_status() const { return signal != 0 ? 128 + signal : code; }
  /// "exit status 2" or "signal 9 (Killed)".
  [[nodiscard]] std::string describe() const;

  bool operator==(const ProcessStatus&) const = default;
};

/// A started child. The destructor kills and reaps it. If the *thread* that started it ends first,
/// the kernel kills the child: nothing is left behind even when a test is killed itself.
/// Not thread-safe; the pipe ends may be read from another thread.
class Process {
public:
  /// Throws Failure when the program cannot be started, naming it and the reason.
  explicit Process(const Command& command);
  Process(Process&&) noexcept;
  Process& operator=(Process&&) = delete;
  ~Process();

  [[nodiscard]] pid_t id() const { return id_; }
  /// Our ends of the pipes; -1 unless Stream::pipe was asked for.
  [[nodiscard]] int input() const { return input_.get(); }
  [[nodiscard]] int output() const { return output_.get(); }
  [[nodiscard]] int error() const { return error_.get(); }
  /// Becomes readable when the child has ended, for poll(2).
  [[nodiscard]] int ended() const { return handle_.get(); }

  /// Waits for the end; nullopt when `deadline` comes first.
  [[nodiscard]] std::optional<ProcessStatus> wait_until(Deadline deadline);
  ProcessStatus wait();

  /// Sends a signal unless the child has been reaped.
  void send_signal(int signal) const;
  /// SIGTERM, then SIGKILL after `grace`; returns how it ended.
  ProcessStatus stop(std::chrono::milliseconds grace);

private:
  pid_t id_ = -1;
  FileDescriptor handle_; // pidfd
  FileDescriptor input_;
  FileDescriptor output_;
  FileDescriptor error_;
  std::optional<ProcessStatus> status_;
};

struct Captured {
  ProcessStatus status;
  std::string output;
  std::string error;
};

/// Runs to the end and keeps what it wrote (streams set to Stream::pipe). When `deadline` comes
/// first the child is killed and Failure thrown, naming the program.
Captured run_captured(Command command, Deadline deadline);

/// Reads both pipes of `process` until they close, handing each piece on; false if `deadline` came.
bool drain(const Process& process, Deadline deadline,
           const std::function<void(bool is_error, std::string_view bytes)>& take);

/// The first executable file called `name` in PATH; `name` itself when it holds a slash and is one.
[[nodiscard]] std::optional<std::filesystem::path> find_program(std::string_view name);

} // namespace skerry
