// SPDX-License-Identifier: Apache-2.0
// Tests of the command line as a whole, and of its parts that need no virtual machine.
#include "command/command.hpp"
#include "command/configure.hpp"
#include "command/machine_options.hpp"
#include "command/packages.hpp"
#include "failure.hpp"
#include "support/file.hpp"
#include "support/process.hpp"
#include "support/step.hpp"

#include <csignal>
#include <gtest/gtest.h>

namespace skerry::command {
namespace {

using std::chrono::minutes;
using test::failure_of;
using Words = std::vector<std::string>;

Command skerry(Words words) {
  words.insert(words.begin(), SKERRY_COMMAND);
  return {.arguments = words, .output = Stream::pipe, .error = Stream::pipe};
}

Captured run_skerry(const Words& words) {
  return run_captured(skerry(words), deadline_in(minutes(1)));
}

struct BadInput {
  Words words;
  int status;
  std::string complaint;
};

TEST(CommandLine, AnswersBadInputWithOneLine) {
  const std::vector<BadInput> cases{
      {{}, 2, "skerry: A subcommand is required (skerry --help tells more)\n"},
      {{"run", TINY_IMAGE, "--bogus"},
       2,
       "skerry: The following argument was not expected: --bogus (skerry --help tells more)\n"},
      {{"run", TINY_IMAGE, "--memory", "64"},
       125,
       "skerry: --memory 64: expected a size with its unit, such as 64M or 1G\n"},
      {{"run", TINY_IMAGE, "--cpus", "0"},
       125,
       "skerry: --cpus 0: expected a number from 1 to 255\n"},
      {{"run", TINY_IMAGE, "--timeout", "soon"},
       125,
       "skerry: --timeout soon: expected a number from 1 to 2592000\n"},
      {{"run", TINY_IMAGE, "--net", "none", "--port", "8080:80"},
       125,
       "skerry: --port 8080:80: ports are forwarded only with --net user, not with --net none\n"},
      {{"run", "/nonexistent"},
       125,
       "skerry: /nonexistent: no such file; expected a Skerry image\n"},
      {{"build", "/nonexistent"},
       1,
       "skerry: /nonexistent: no such folder; expected one with a CMakeLists.txt\n"},
      {{"build", "/etc/passwd"},
       1,
       "skerry: /etc/passwd: it is not a folder; expected one with a CMakeLists.txt\n"},
      {{"build", "/etc"}, 1, "skerry: /etc: the folder has no CMakeLists.txt\n"},
      {{"pack", "/nonexistent", "/nonexistent.erofs"},
       1,
       "skerry: /nonexistent: No such file or directory; expected a folder\n"},
      {{"emulate"}, 125, "skerry: emulate: expected an image and the arguments of its main\n"},
  };
  for (const BadInput& bad : cases) {
    const Captured answer = run_skerry(bad.words);
    EXPECT_EQ(answer.error, bad.complaint);
    EXPECT_EQ(answer.status.shell_status(), bad.status) << bad.complaint;
    EXPECT_EQ(answer.output, "");
  }
}

TEST(Run, StreamsTheConsoleAndReturnsTheStatusOfMain) {
  const Captured run =
      run_skerry({"run", TINY_IMAGE, "--kvm", "off", "--net", "none", "--append", "3 words"});
  EXPECT_EQ(run.output, "3 words\nskerry: exit status 3\n");
  EXPECT_EQ(run.error, "");
  EXPECT_EQ(run.status.code, 3);
}

TEST(Run, EndsGuestWhoseTimeIsUp) {
  const Captured run = run_skerry(
      {"run", TINY_IMAGE, "--kvm", "off", "--net", "none", "--append", "h", "--timeout", "1"});
  EXPECT_EQ(run.error, "skerry: the guest still ran after 1 s and was killed\n");
  EXPECT_EQ(run.status.code, status_timed_out);
}

TEST(Run, StopsGuestWhenInterrupted) {
  Process process(skerry({"run", TINY_IMAGE, "--kvm", "off", "--net", "none", "--append", "h"}));
  std::string output;
  std::string error;
  int signals = 0;
  drain(process, deadline_in(minutes(1)), [&](bool is_error, std::string_view bytes) {
    (is_error ? error : output) += bytes;
    // Once when the guest is up, again when the command has asked it to power off.
    const int wanted = static_cast<int>(!output.empty()) + static_cast<int>(!error.empty());
    for (; signals < wanted; ++signals)
      process.send_signal(SIGINT);
  });
  EXPECT_EQ(process.wait().code, status_interrupted);
  EXPECT_EQ(error, "skerry: asking the guest to power off; Ctrl-C again kills it\n");
}

TEST(Emulate, ShowsTheOutputOfMainAndNothingElse) {
  const Captured run = run_skerry(
      {"emulate", "--machine", "microvm", "--net", "none", TINY_IMAGE, "4", "two words", "--help"});
  EXPECT_TRUE(run.output.starts_with("quiet -- 4 \"two words\" --help")) << run.output;
  EXPECT_FALSE(run.output.contains("exit status")) << run.output;
  EXPECT_EQ(run.status.code, 4) << run.error;
}

TEST(Emulate, IsWhatTheCommandDoesUnderTheEmulatorsName) {
  const Captured run = run_captured({.arguments = {SKERRY_EMULATOR, TINY_IMAGE, "6"},
                                     .output = Stream::pipe,
                                     .error = Stream::pipe},
                                    deadline_in(minutes(1)));
  EXPECT_EQ(run.status.code, 6) << run.error;
}

TEST(Packages, AreMissingWhenTheirFileIs) {
  const auto nothing = [](std::string_view) { return false; };
  const auto everything = [](std::string_view) { return true; };
  const auto all_but_qemu = [](std::string_view file) { return file != "qemu-system-x86_64"; };
  EXPECT_TRUE(missing_packages(Purpose::test, everything).empty());
  EXPECT_EQ(missing_packages(Purpose::test, nothing).size(), package_table().size());
  EXPECT_EQ(missing_packages(Purpose::run, nothing),
            (std::vector<std::string_view>{"qemu-system-x86"}));
  EXPECT_TRUE(missing_packages(Purpose::build, all_but_qemu).empty());
}

TEST(SelectExecutable, TakesTheOnlyOneOrTheOneThatIsNamed) {
  const std::vector<Executable> two{{.target = "one", .path = "a"}, {.target = "two", .path = "b"}};
  EXPECT_EQ(select_executable({two[0]}, "", "/p").path, "a");
  EXPECT_EQ(select_executable(two, "two", "/p").path, "b");
}

TEST(SelectExecutable, ListsWhatThereIsToChooseFrom) {
  const std::vector<Executable> two{{.target = "one", .path = "a"}, {.target = "two", .path = "b"}};
  EXPECT_EQ(failure_of([&] { (void)select_executable(two, "", "/p"); }),
            "/p: it makes several executables; expected --target with one of one, two");
  EXPECT_EQ(failure_of([&] { (void)select_executable(two, "three", "/p"); }),
            "--target three: expected an executable of /p: one, two");
  EXPECT_EQ(failure_of([&] { (void)select_executable({}, "", "/p"); }),
            "/p: its CMakeLists.txt adds no executable and no skerry_program");
}

TEST(Configure, MakesExecutablesThatCanBeListed) {
  const TemporaryFolder folder;
  replace_file(folder.path() / "CMakeLists.txt",
               std::string_view("cmake_minimum_required(VERSION 3.25)\n"
                                "project(sample LANGUAGES NONE)\n"
                                "add_executable(first IMPORTED)\n"
                                "add_custom_target(second ALL COMMAND echo built ${WORD})\n"));
  const BuildFolder project{.title = "sample",
                            .source = folder.path(),
                            .build = folder.path() / "build",
                            .arguments = {"-DWORD=one"},
                            .log = folder.path() / "log"};
  start_log(project.log);
  configure(project);
  EXPECT_TRUE(list_executables(project.build).empty());
  build(project, {});
  EXPECT_TRUE(read_text(project.log).contains("built one"));

  start_log(project.log);
  configure(project);
  EXPECT_EQ(read_text(project.log), "") << "nothing has changed";
  BuildFolder changed = project;
  changed.arguments = {"-DWORD=two"};
  configure(changed);
  build(changed, {});
  EXPECT_TRUE(read_text(project.log).contains("built two"));
}

TEST(RunStep, NamesTheLogOfWhatFailed) {
  const TemporaryFolder folder;
  const auto log = folder.path() / "log";
  start_log(log);
  EXPECT_EQ(failure_of([&] {
              run_step("sample", {.arguments = {"sh", "-c", "echo output; exit 3"}}, log);
            }),
            std::format("sample: sh ended with exit status 3; the whole log is {}", log.string()));
  EXPECT_EQ(read_text(log), "output\n");
}

TEST(ToMachine, GivesTheDefaultsOfRun) {
  const vm::Machine machine = to_machine({.ports = {"8080:80"}});
  EXPECT_EQ(machine.kind, vm::MachineKind::q35);
  EXPECT_EQ(machine.memory_bytes, 64U << 20);
  EXPECT_EQ(std::get<vm::UserNetwork>(machine.network).forwards.front().guest, 80);
  EXPECT_EQ(time_limit({}), std::nullopt);
}

} // namespace
} // namespace skerry::command
