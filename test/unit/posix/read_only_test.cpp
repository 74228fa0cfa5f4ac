// SPDX-License-Identifier: Apache-2.0
// What calls say on a file system that cannot be written to; errors as Linux has them, also where
// more than one would fit.
#include "mounted.hpp"
#include "src/posix/calls.hpp"

#include <unistd.h>

namespace skerry::posix {
namespace {

constexpr std::errc none{};
constexpr auto read_only = std::errc::read_only_file_system;

using ReadOnly = test::Mounted;

TEST_F(ReadOnly, OpensWhatIsThereForReadingOnly) {
  const auto result = [](const char* name, int flags) {
    const auto opened = sys_open(path(name), flags, 0644);
    if (opened) {
      EXPECT_TRUE(sys_close(static_cast<int>(*opened)).has_value());
    }
    return error(opened);
  };
  EXPECT_EQ(result("/ro/file", O_RDONLY), none);
  EXPECT_EQ(result("/ro/file", O_RDONLY | O_CREAT), none);
  EXPECT_EQ(result("/ro/file", O_PATH), none);
  EXPECT_EQ(result("/ro/directory", O_RDONLY | O_DIRECTORY), none);
  EXPECT_EQ(result("/ro/file", O_WRONLY), read_only);
  EXPECT_EQ(result("/ro/file", O_RDWR | O_CREAT), read_only);
  EXPECT_EQ(result("/ro/link", O_RDWR), read_only);
  EXPECT_EQ(result("/ro/file", O_RDONLY | O_TRUNC), read_only);
  EXPECT_EQ(result("/ro/new", O_WRONLY | O_CREAT), read_only);
  EXPECT_EQ(result("/ro/directory", O_RDWR | O_TMPFILE), read_only);
  EXPECT_EQ(result("/ro/file", O_WRONLY | O_CREAT | O_EXCL), std::errc::file_exists);
  EXPECT_EQ(result("/ro/directory", O_WRONLY), std::errc::is_a_directory);
  EXPECT_EQ(result("/ro/none", O_WRONLY), std::errc::no_such_file_or_directory);
  EXPECT_EQ(result("/ro/new/", O_WRONLY | O_CREAT), std::errc::is_a_directory);
  EXPECT_EQ(result("/ro/file/new", O_WRONLY | O_CREAT), std::errc::not_a_directory);
}

TEST_F(ReadOnly, TakesNoNewNames) {
  EXPECT_EQ(error(sys_mkdir(path("/ro/new"), 0755)), read_only);
  EXPECT_EQ(error(sys_mkdir(path("/ro/new/"), 0755)), read_only);
  EXPECT_EQ(error(sys_mkdir(path("/ro/file"), 0755)), std::errc::file_exists);
  EXPECT_EQ(error(sys_mkdir(path("/ro"), 0755)), std::errc::file_exists);
  EXPECT_EQ(error(sys_mkdir(path("/ro/none/new"), 0755)), std::errc::no_such_file_or_directory);
  EXPECT_EQ(error(sys_mknod(path("/ro/new"), S_IFREG, 0)), read_only);
  EXPECT_EQ(error(sys_symlink(path("x"), path("/ro/new"))), read_only);
  EXPECT_EQ(error(sys_symlink(path("x"), path("/ro/link"))), std::errc::file_exists);
  EXPECT_EQ(error(sys_symlink(path("x"), path("/ro/new/"))), std::errc::no_such_file_or_directory);
  EXPECT_EQ(error(sys_link(path("/ro/file"), path("/ro/new"))), read_only);
  EXPECT_EQ(error(sys_link(path("/test"), path("/ro/new"))), read_only);
  EXPECT_EQ(error(sys_link(path("/ro/none"), path("/ro/new"))),
            std::errc::no_such_file_or_directory);
}

TEST_F(ReadOnly, LosesAndMovesNoNames) {
  EXPECT_EQ(error(sys_unlink(path("/ro/file"))), read_only);
  EXPECT_EQ(error(sys_unlink(path("/ro/none"))), read_only);
  EXPECT_EQ(error(sys_unlink(path("/ro/directory/"))), read_only);
  EXPECT_EQ(error(sys_unlink(path("/ro/."))), std::errc::is_a_directory);
  EXPECT_EQ(error(sys_unlink(path("/ro/file/x"))), std::errc::not_a_directory);
  EXPECT_EQ(error(sys_rmdir(path("/ro/directory"))), read_only);
  EXPECT_EQ(error(sys_rmdir(path("/ro/."))), std::errc::invalid_argument);
  EXPECT_EQ(error(sys_rename(path("/ro/file"), path("/ro/new"))), read_only);
  EXPECT_EQ(error(sys_rename(path("/ro/none"), path("/ro/new"))), read_only);
}

TEST_F(ReadOnly, KeepsWhatIsKnownOfFiles) {
  EXPECT_EQ(error(sys_chmod(path("/ro/file"), 0600)), read_only);
  EXPECT_EQ(error(sys_chown(path("/ro/file"), 1, 1)), read_only);
  EXPECT_EQ(error(sys_lchown(path("/ro/link"), 1, 1)), read_only);
  EXPECT_EQ(error(sys_truncate(path("/ro/file"), 0)), read_only);
  EXPECT_EQ(error(sys_truncate(path("/ro/directory"), 0)), std::errc::is_a_directory);
  EXPECT_EQ(error(sys_truncate(path("/ro/file"), -1)), std::errc::invalid_argument);
  EXPECT_EQ(error(sys_utimensat(AT_FDCWD, path("/ro/file"), {}, 0)), read_only);
  EXPECT_EQ(error(sys_utime(path("/ro/file"), {})), read_only);
  const int descriptor = open("/ro/file", O_RDONLY);
  EXPECT_EQ(error(sys_fchmod(descriptor, 0600)), read_only);
  EXPECT_EQ(error(sys_fchown(descriptor, 1, 1)), read_only);
  EXPECT_EQ(error(sys_utimensat(descriptor, {}, {}, 0)), read_only);
  EXPECT_EQ(error(sys_ftruncate(descriptor, 0)), std::errc::invalid_argument);
  EXPECT_EQ(error(sys_fsync(descriptor)), none);
  EXPECT_TRUE(sys_close(descriptor).has_value());
}

TEST_F(ReadOnly, SaysSoToWhoAsks) {
  EXPECT_EQ(error(sys_access(path("/ro/file"), R_OK)), none);
  EXPECT_EQ(error(sys_access(path("/ro/file"), W_OK)), read_only);
  EXPECT_EQ(error(sys_access(path("/ro/directory"), W_OK | X_OK)), read_only);
  EXPECT_EQ(error(sys_access(path("/ro/none"), W_OK)), std::errc::no_such_file_or_directory);
  EXPECT_EQ(error(sys_access(path("/rw"), W_OK)), none);
  struct statfs told{};
  const UserPointer<struct statfs> result(reinterpret_cast<std::uintptr_t>(&told));
  EXPECT_EQ(error(sys_statfs(path("/ro/file"), result)), none);
  EXPECT_EQ(told.f_type, 5);
  EXPECT_EQ(told.f_flags & 1, 1) << "ST_RDONLY";
  EXPECT_EQ(error(sys_statfs(path("/rw"), result)), none);
  EXPECT_EQ(told.f_type, 0x0102'1994);
  EXPECT_EQ(told.f_flags & 1, 0);
}

TEST_F(ReadOnly, IsNoneBesideTheMount) {
  EXPECT_EQ(error(sys_mkdir(path("/rw/new"), 0755)), none);
  EXPECT_EQ(error(sys_chmod(path("/rw/new"), 0700)), none);
  EXPECT_EQ(error(sys_rmdir(path("/rw/new"))), none);
}

TEST_F(ReadOnly, StaysOnItsSideOfTheMount) {
  constexpr auto across = std::errc::cross_device_link;
  EXPECT_TRUE(sys_close(open("/test/file", O_CREAT | O_WRONLY)).has_value());
  EXPECT_EQ(error(sys_rename(path("/test/file"), path("/rw/file"))), across);
  EXPECT_EQ(error(sys_rename(path("/test/none"), path("/rw/file"))), across);
  EXPECT_EQ(error(sys_rename(path("/ro/file"), path("/rw/file"))), across);
  EXPECT_EQ(error(sys_link(path("/test/file"), path("/rw/file"))), across);
  EXPECT_EQ(error(sys_link(path("/test/file"), path("/ro/new"))), read_only);
  EXPECT_EQ(error(sys_rmdir(path("/rw"))), std::errc::device_or_resource_busy);
  EXPECT_EQ(error(sys_rename(path("/rw"), path("/wr"))), std::errc::device_or_resource_busy);
}

TEST_F(ReadOnly, MayBeTheWorkingDirectory) {
  ASSERT_EQ(error(sys_chdir(path("/ro/directory"))), none);
  std::array<char, 64> text{};
  const auto address = reinterpret_cast<std::uintptr_t>(text.data());
  EXPECT_EQ(sys_getcwd(address, text.size()), 14);
  EXPECT_STREQ(text.data(), "/ro/directory");
  EXPECT_EQ(sys_getcwd(address, 13).error(), std::errc::result_out_of_range);
  EXPECT_EQ(error(sys_chdir(path("../.."))), none);
  EXPECT_EQ(sys_getcwd(address, text.size()), 2);
  EXPECT_STREQ(text.data(), "/");
}

} // namespace
} // namespace skerry::posix
