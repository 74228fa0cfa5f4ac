// SPDX-License-Identifier: Apache-2.0
// Tests of child processes, with the shell and coreutils as children.
#include "failure.hpp"
#include "support/file.hpp"
#include "support/folder_lock.hpp"
#include "support/process.hpp"

#include <csignal>
#include <gtest/gtest.h>

namespace skerry {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using test::failure_of;

Command shell(const std::string& script) {
  return {.arguments = {"sh", "-c", script}, .output = Stream::pipe, .error = Stream::pipe};
}

Captured run_shell(const std::string& script) {
  return run_captured(shell(script), deadline_in(minutes(1)));
}

TEST(Process, GivesOutputErrorsAndStatus) {
  const Captured captured = run_shell("echo out; echo err >&2; exit 7");
  EXPECT_EQ(captured.output, "out\n");
  EXPECT_EQ(captured.error, "err\n");
  EXPECT_EQ(captured.status, (ProcessStatus{.code = 7}));
  EXPECT_EQ(captured.status.describe(), "exit status 7");
}

TEST(Process, GivesTheSignalThatEndedIt) {
  const ProcessStatus status = run_shell("kill -TERM $$").status;
  EXPECT_EQ(status, (ProcessStatus{.signal = SIGTERM}));
  EXPECT_EQ(status.shell_status(), 128 + SIGTERM);
  EXPECT_EQ(status.describe(), "signal 15 (Terminated)");
}

TEST(Process, TakesMoreOutputThanPipesHold) {
  const Captured captured = run_shell("head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2");
  EXPECT_EQ(captured.output.size(), 300'000U);
  EXPECT_EQ(captured.error.size(), 300'000U);
}

TEST(Process, HandsArgumentsOnUnchanged) {
  const Captured captured = run_captured({.arguments = {"printf", "%s|", "a b", "", "$HOME", "'\""},
                                          .output = Stream::pipe,
                                          .error = Stream::pipe},
                                         deadline_in(minutes(1)));
  EXPECT_EQ(captured.output, "a b||$HOME|'\"|");
}

TEST(Process, AddsToTheEnvironment) {
  Command command = shell("echo $SKERRY_TEST_WORD; test -n \"$PATH\"");
  command.environment = {{"SKERRY_TEST_WORD", "here"}};
  const Captured captured = run_captured(command, deadline_in(minutes(1)));
  EXPECT_EQ(captured.output, "here\n");
  EXPECT_TRUE(captured.status.success());
}

TEST(Process, WorksInTheFolderThatIsAskedFor) {
  const TemporaryFolder folder;
  Command command = shell("pwd -P");
  command.directory = folder.path();
  EXPECT_EQ(run_captured(command, deadline_in(minutes(1))).output,
            std::filesystem::canonical(folder.path()).string() + "\n");
}

TEST(Process, AppendsToItsLog) {
  const TemporaryFolder folder;
  for (const char* script : {"echo one", "echo two >&2"}) {
    Command command = shell(script);
    command.output = command.error = Stream::file;
    command.log = folder.path() / "log";
    EXPECT_TRUE(Process(command).wait().success());
  }
  EXPECT_EQ(read_text(folder.path() / "log"), "one\ntwo\n");
}

TEST(Process, NamesProgramThatDoesNotExist) {
  EXPECT_EQ(failure_of([] { Process({.arguments = {"no-such-program-here"}}); }),
            "cannot start no-such-program-here: no such program");
}

TEST(Process, NamesReasonWhyProgramCannotBeStarted) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "damaged";
  replace_file(path, "\x7f"
                     "ELF, but no more");
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  EXPECT_EQ(failure_of([&] { Process({.arguments = {path.string()}}); }),
            std::format("cannot start {}: Exec format error", path.string()));
}

TEST(Process, IsKilledWhenItsTimeIsUp) {
  EXPECT_EQ(
      failure_of([] { run_captured(shell("exec sleep 1000"), deadline_in(milliseconds(20))); }),
      "sh did not end in time and was killed");
}

TEST(Process, WaitTellsWhetherTheDeadlineCame) {
  Process process(shell("exec sleep 1000"));
  EXPECT_EQ(process.wait_until(Deadline{}), std::nullopt);
  EXPECT_EQ(process.stop(minutes(1)), (ProcessStatus{.signal = SIGTERM}));
  EXPECT_EQ(process.wait_until(Deadline{}), (ProcessStatus{.signal = SIGTERM}));
}

TEST(Process, StopKillsChildThatIgnoresTermination) {
  Process process(shell("trap '' TERM; echo ready; exec sleep 1000"));
  std::string output;
  char byte = 0;
  while (!output.ends_with('\n') && ::read(process.output(), &byte, 1) == 1)
    output += byte;
  EXPECT_EQ(process.stop(milliseconds(20)), (ProcessStatus{.signal = SIGKILL}));
}

TEST(Process, DestructorLeavesNoChildBehind) {
  pid_t id = 0;
  {
    const Process process(shell("exec sleep 1000"));
    id = process.id();
    EXPECT_EQ(::kill(id, 0), 0);
  }
  EXPECT_EQ(::kill(id, 0), -1);
}

TEST(Process, MovedFromProcessLetsGo) {
  Process first(shell("exit 3"));
  Process second(std::move(first));
  EXPECT_EQ(second.wait(), (ProcessStatus{.code = 3}));
}

TEST(FindProgram, LooksInPathAndTakesPathsAsTheyAre) {
  EXPECT_TRUE(find_program("sh"));
  EXPECT_TRUE(find_program("/bin/sh"));
  EXPECT_FALSE(find_program("/etc/passwd"));
  EXPECT_FALSE(find_program("no-such-program-here"));
}

TEST(ReplaceFile, KeepsPermissionsAndLeavesNothingElse) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "program";
  replace_file(path, "old");
  std::filesystem::permissions(path, std::filesystem::perms(0751));
  replace_file(path, "new");
  EXPECT_EQ(read_text(path), "new");
  EXPECT_EQ(std::filesystem::status(path).permissions(), std::filesystem::perms(0751));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(ReplaceFile, NamesTheFileThatCannotBeWritten) {
  EXPECT_EQ(failure_of([] { replace_file("/nonexistent/file", "text"); }),
            "cannot write /nonexistent/file: No such file or directory");
}

TEST(FolderLock, KeepsOtherProcessesOutWhileItLives) {
  const TemporaryFolder parent;
  const auto folder = parent.path() / "made by the lock";
  const auto try_lock = [&folder] {
    return run_captured({.arguments = {"flock", "-n", (folder / ".skerry-lock").string(), "true"}},
                        deadline_in(minutes(1)))
        .status.code;
  };
  {
    const FolderLock lock(folder);
    EXPECT_EQ(try_lock(), 1);
  }
  EXPECT_EQ(try_lock(), 0);
}

TEST(FolderLock, NamesFolderThatCannotBeMade) {
  EXPECT_EQ(failure_of([] { const FolderLock lock("/proc/nothing"); }),
            "cannot make the folder /proc/nothing: No such file or directory");
}

TEST(LastLines, GivesTheEndOfAText) {
  EXPECT_EQ(last_lines("one\ntwo\nthree\n", 2), "two\nthree");
  EXPECT_EQ(last_lines("one\ntwo", 5), "one\ntwo");
  EXPECT_EQ(last_lines("\none\n", 5), "\none");
  EXPECT_EQ(last_lines("", 1), "");
  EXPECT_EQ(last_lines("\n\n", 1), "");
}

} // namespace
} // namespace skerry
