// SPDX-License-Identifier: Apache-2.0
// Long work: what is shown of it, and what of its failure.
#include "failure.hpp"
#include "support/failure.hpp"
#include "support/file.hpp"
#include "support/process.hpp"
#include "support/step.hpp"

#include <cerrno>
#include <cstring>
#include <format>
#include <fstream>
#include <gmock/gmock.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

namespace skerry {
namespace {

using testing::HasSubstr;

TEST(Step, ThatFailsNamesItsLog) {
  const TemporaryFolder folder;
  const auto log = folder.path() / "logs" / "step.log";
  start_log(log);
  const std::string message = test::failure_of(
      [&] { run_step("work", {.arguments = {"sh", "-c", "echo all is lost; exit 3"}}, log); });
  EXPECT_THAT(message,
              HasSubstr("work: sh ended with exit status 3; the whole log is " + log.string()));
  EXPECT_THAT(read_text(log), HasSubstr("all is lost"));
}

/// Runs a step that the shell does; returns what was shown, with the message of its failure behind
/// that.
std::string shown_by(const std::string& script) {
  const TemporaryFolder folder;
  const auto log = folder.path() / "step.log";
  start_log(log);
  testing::internal::CaptureStderr();
  std::string failure;
  try {
    run_step("work", {.arguments = {"sh", "-c", script}}, log);
  } catch (const Failure& failed) {
    failure = failed.what();
  }
  return testing::internal::GetCapturedStderr() + failure;
}

TEST(Step, ThatTakesLongerShowsHowLong) {
  EXPECT_THAT(shown_by("sleep 1"), testing::MatchesRegex("==> work … [0-9]+\\.[0-9] s\n"));
}

TEST(Step, ThatTakesLongerAndFailsShowsThatAndTheEndOfItsLog) {
  const std::string shown = shown_by("sleep 1; seq 100 130; exit 3");
  EXPECT_THAT(shown, testing::ContainsRegex("^==> work … [0-9]+\\.[0-9] s, failed\n111\n"));
  EXPECT_THAT(shown, HasSubstr("\n129\n130\nwork: sh ended with exit status 3; the whole log is "));
}

TEST(Step, ThatFailsShowsOutputAndErrors) {
  const std::string shown = shown_by("echo standard; echo errors >&2; exit 3");
  EXPECT_THAT(shown, HasSubstr("standard\nerrors\nwork: sh ended with exit status 3; "));
}

/// A mount namespace of this process; an ordinary user is root of a namespace of users for that.
bool enter_mount_namespace() {
  const uid_t user = ::getuid();
  const gid_t group = ::getgid();
  if (::unshare(CLONE_NEWNS) == 0)
    return true;
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
    return false;
  std::ofstream("/proc/self/setgroups") << "deny";
  std::ofstream("/proc/self/uid_map") << std::format("0 {} 1", user);
  std::ofstream("/proc/self/gid_map") << std::format("0 {} 1", group);
  return true;
}

TEST(Step, ThatFailsOnAFullDiskSaysSo) {
  const TemporaryFolder folder;
  // A file system of one mebibyte, which only this process sees.
  if (!enter_mount_namespace() ||
      ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount("none", folder.path().c_str(), "tmpfs", 0, "size=1m") != 0)
    GTEST_SKIP() << "no file system can be mounted here: " << std::strerror(errno);
  const auto log = folder.path() / "step.log";
  start_log(log);
  const std::string message = test::failure_of([&] {
    run_step(
        "work",
        {.arguments = {"sh", "-c", "head -c 2000000 /dev/zero >large"}, .directory = folder.path()},
        log);
  });
  ::umount(folder.path().c_str());
  EXPECT_THAT(message, HasSubstr("(no space left: 0 MiB free in " + folder.path().string() + ")"));
}

} // namespace
} // namespace skerry
