// SPDX-License-Identifier: Apache-2.0
// Long work that fails: what its last line says.
#include "failure.hpp"
#include "support/file.hpp"
#include "support/process.hpp"
#include "support/step.hpp"

#include <cerrno>
#include <cstring>
#include <gmock/gmock.h>
#include <sched.h>
#include <sys/mount.h>

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

TEST(Step, ThatFailsOnAFullDiskSaysSo) {
  const TemporaryFolder folder;
  // A file system of one mebibyte, which only this process sees.
  if (::unshare(CLONE_NEWNS) != 0 ||
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
