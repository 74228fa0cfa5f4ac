// SPDX-License-Identifier: Apache-2.0
// Child processes; see the header. fork and exec by hand, since posix_spawn cannot ask the kernel
// to kill the child when we die (prctl(2), PR_SET_PDEATHSIG).
#include "support/process.hpp"

#include "support/failure.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

namespace skerry {
namespace {

struct Pipe {
  FileDescriptor read;
  FileDescriptor write;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    throw Failure("cannot make a pipe: {}", std::strerror(errno));
  return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

/// Everything that the child needs between fork and exec, made before the fork: after it, only
/// async-signal-safe calls are allowed.
struct Launch {
  std::string program;
  std::vector<char*> arguments;
  std::vector<std::string> environment_text;
  std::vector<char*> environment;
  std::array<FileDescriptor, 3> opened; // what we opened for the child's streams
  std::array<int, 3> streams{0, 1, 2};  // what the child's 0, 1 and 2 come from
};

std::vector<std::string> merged_environment(const Command& command) {
  std::vector<std::string> merged;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::string_view name = text.substr(0, text.find('='));
    bool replaced = false;
    for (const auto& [key, value] : command.environment)
      replaced |= key == name;
    if (!replaced)
      merged.emplace_back(text);
  }
  for (const auto& [key, value] : command.environment)
    merged.push_back(std::format("{}={}", key, value));
  return merged;
}

FileDescriptor open_file(const std::filesystem::path& path, int flags) {
  const int number = ::open(path.c_str(), flags | O_CLOEXEC, 0666);
  if (number < 0)
    throw Failure("cannot open {}: {}", path.string(), std::strerror(errno));
  return FileDescriptor(number);
}

/// Opens what one stream leads to; returns our end when that is a pipe.
FileDescriptor connect(Launch& launch, int index, Stream stream, const Command& command) {
  auto slot = static_cast<std::size_t>(index);
  FileDescriptor ours;
  switch (stream) {
  case Stream::inherit:
    return ours;
  case Stream::error:
    launch.streams[slot] = STDERR_FILENO;
    return ours;
  case Stream::null:
    launch.opened[slot] = open_file("/dev/null", index == 0 ? O_RDONLY : O_WRONLY);
    break;
  case Stream::file:
    launch.opened[slot] = open_file(command.log, O_WRONLY | O_CREAT | O_APPEND);
    break;
  case Stream::pipe: {
    Pipe pipe = make_pipe();
    ours = std::move(index == 0 ? pipe.write : pipe.read);
    launch.opened[slot] = std::move(index == 0 ? pipe.read : pipe.write);
    break;
  }
  }
  launch.streams[slot] = launch.opened[slot].get();
  return ours;
}

/// Runs in the child; never returns. Reports the errno of a failure through `report`.
[[noreturn]] void become(const Launch& launch, const Command& command, pid_t parent, int report) {
  const auto fail = [report] {
    const int code = errno;
    [[maybe_unused]] const auto ignored = ::write(report, &code, sizeof code);
    ::_exit(127);
  };
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) // it died before we could ask
    ::_exit(127);
  if (command.own_group)
    ::setpgid(0, 0);
  // Copies above 2 first: stream 1 may come from our old 2, and the other way round.
  std::array<int, 3> copies{};
  for (std::size_t i = 0; i < copies.size(); ++i) {
    copies[i] = ::fcntl(launch.streams[i], F_DUPFD_CLOEXEC, 3);
    if (copies[i] < 0)
      fail();
  }
  for (std::size_t i = 0; i < copies.size(); ++i)
    if (::dup2(copies[i], static_cast<int>(i)) < 0)
      fail();
  for (const int number : command.passed_on)
    if (::fcntl(number, F_SETFD, 0) != 0)
      fail();
  if (!command.directory.empty() && ::chdir(command.directory.c_str()) != 0)
    fail();
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  (void)::signal(SIGPIPE, SIG_DFL);
  ::execve(launch.program.c_str(), launch.arguments.data(), launch.environment.data());
  fail();
  ::_exit(127);
}

ProcessStatus from_wait(int status) {
  if (WIFSIGNALED(status))
    return {.code = 0, .signal = WTERMSIG(status)};
  return {.code = WEXITSTATUS(status), .signal = 0};
}

bool is_executable(const std::filesystem::path& path) {
  std::error_code error;
  return std::filesystem::is_regular_file(path, error) && ::access(path.c_str(), X_OK) == 0;
}

} // namespace

std::string ProcessStatus::describe() const {
  if (signal != 0)
    return std::format("signal {} ({})", signal, ::strsignal(signal));
  return std::format("exit status {}", code);
}

Process::Process(const Command& command) {
  const auto program = find_program(command.arguments.at(0));
  if (!program)
    throw Failure("cannot start {}: no such program", command.arguments[0]);

  Launch launch;
  launch.program = program->string();
  for (const std::string& argument : command.arguments)
    launch.arguments.push_back(const_cast<char*>(argument.c_str()));
  launch.arguments.push_back(nullptr);
  launch.environment_text = merged_environment(command);
  for (std::string& entry : launch.environment_text)
    launch.environment.push_back(entry.data());
  launch.environment.push_back(nullptr);

  input_ = connect(launch, 0, command.input, command);
  output_ = connect(launch, 1, command.output, command);
  error_ = connect(launch, 2, command.error, command);

  Pipe report = make_pipe();
  const pid_t parent = ::getpid();
  id_ = ::fork();
  if (id_ < 0)
    throw Failure("cannot start {}: {}", command.arguments[0], std::strerror(errno));
  if (id_ == 0)
    become(launch, command, parent, report.write.get());

  report.write.reset();
  int code = 0;
  const bool failed = ::read(report.read.get(), &code, sizeof code) == sizeof code;
  // glibc 2.36's wrapper is declared without extern "C".
  handle_ = FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, id_, 0)));
  if (failed) {
    wait();
    throw Failure("cannot start {}: {}", command.arguments[0], std::strerror(code));
  }
}

Process::Process(Process&& other) noexcept
    : id_(std::exchange(other.id_, -1)), handle_(std::move(other.handle_)),
      input_(std::move(other.input_)), output_(std::move(other.output_)),
      error_(std::move(other.error_)), status_(std::exchange(other.status_, std::nullopt)) {}

Process::~Process() {
  if (id_ < 0 || status_)
    return;
  send_signal(SIGKILL);
  wait();
}

std::optional<ProcessStatus> Process::wait_until(Deadline deadline) {
  if (status_)
    return status_;
  pollfd ended{.fd = handle_.get(), .events = POLLIN, .revents = 0};
  int ready = 0;
  do
    ready = ::poll(&ended, 1, poll_timeout(deadline));
  while (ready < 0 && errno == EINTR);
  if (ready == 0)
    return std::nullopt;
  return wait();
}

ProcessStatus Process::wait() {
  if (status_)
    return *status_;
  int status = 0;
  while (::waitpid(id_, &status, 0) < 0 && errno == EINTR) {
  }
  status_ = from_wait(status);
  return *status_;
}

void Process::send_signal(int signal) const {
  if (!status_)
    ::kill(id_, signal);
}

ProcessStatus Process::stop(std::chrono::milliseconds grace) {
  send_signal(SIGTERM);
  if (const auto status = wait_until(deadline_in(grace)))
    return *status;
  send_signal(SIGKILL);
  return wait();
}

bool drain(const Process& process, Deadline deadline,
           const std::function<void(bool, std::string_view)>& take) {
  std::array<pollfd, 2> sources{pollfd{.fd = process.output(), .events = POLLIN, .revents = 0},
                                pollfd{.fd = process.error(), .events = POLLIN, .revents = 0}};
  std::array<char, 65536> buffer;
  while (sources[0].fd >= 0 || sources[1].fd >= 0) {
    const int ready = ::poll(sources.data(), sources.size(), poll_timeout(deadline));
    if (ready == 0)
      return false;
    for (std::size_t i = 0; ready > 0 && i < sources.size(); ++i) {
      if (sources[i].fd < 0 || sources[i].revents == 0)
        continue;
      const ssize_t size = ::read(sources[i].fd, buffer.data(), buffer.size());
      if (size > 0)
        take(i == 1, std::string_view(buffer.data(), static_cast<std::size_t>(size)));
      else if (size == 0 || errno != EINTR)
        sources[i].fd = -1;
    }
  }
  return true;
}

Captured run_captured(Command command, Deadline deadline) {
  Process process(command);
  Captured captured;
  const bool closed = drain(process, deadline, [&](bool is_error, std::string_view bytes) {
    (is_error ? captured.error : captured.output) += bytes;
  });
  const auto status = closed ? process.wait_until(deadline) : std::nullopt;
  if (!status)
    throw Failure("{} did not end in time and was killed", command.arguments[0]);
  captured.status = *status;
  return captured;
}

std::optional<std::filesystem::path> find_program(std::string_view name) {
  if (name.contains('/'))
    return is_executable(name) ? std::optional<std::filesystem::path>(name) : std::nullopt;
  const char* search = std::getenv("PATH");
  std::string_view rest = search != nullptr ? search : "/usr/local/bin:/usr/bin:/bin";
  while (!rest.empty()) {
    const std::size_t colon = rest.find(':');
    auto candidate = std::filesystem::path(rest.substr(0, colon)) / name;
    if (is_executable(candidate))
      return candidate;
    rest = colon == std::string_view::npos ? std::string_view{} : rest.substr(colon + 1);
  }
  return std::nullopt;
}

} // namespace skerry
