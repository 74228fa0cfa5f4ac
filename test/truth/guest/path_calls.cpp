// SPDX-License-Identifier: Apache-2.0
// Each call that takes a path, by its own number.
#include "test/boot/memory_file.hpp"
#include "test/boot/system_call.hpp"
#include "test/truth/guest/raw_call.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <optional>
#include <set>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <utility>
#include <utime.h>

namespace skerry::test {
namespace {

namespace fs = std::filesystem;

/// Works in a directory of its own, which is gone afterwards.
class PathCalls : public testing::Test {
protected:
  PathCalls() {
    EXPECT_TRUE(fs::create_directory(folder));
    fs::current_path(folder);
    directory_.emplace(::open(".", O_RDONLY | O_DIRECTORY));
  }
  ~PathCalls() override {
    fs::current_path("/");
    fs::remove_all(folder);
  }

  [[nodiscard]] int directory() const { return *directory_; }

  static void make(const char* name, const std::string& text = "text") {
    std::ofstream(name) << text;
  }
  static std::string text_of(const char* name) {
    std::string text;
    std::ifstream(name) >> text;
    return text;
  }
  static struct stat status(const char* name) {
    struct stat told{};
    EXPECT_EQ(::lstat(name, &told), 0) << name;
    return told;
  }
  static mode_t mode(const char* name) { return status(name).st_mode; }

  static constexpr const char* folder = "/tmp/path_calls";

private:
  std::optional<Descriptor> directory_;
};

TEST_F(PathCalls, OpenFiles) {
  {
    const Descriptor file(static_cast<int>(raw(SYS_open, "one", O_CREAT | O_EXCL | O_RDWR, 0644)));
    EXPECT_EQ(::write(file, "first", 5), 5);
  }
  EXPECT_EQ(text_of("one"), "first");
  EXPECT_EQ(answer_of([] { return raw(SYS_open, "one", O_CREAT | O_EXCL | O_RDWR, 0644); }),
            refusal(EEXIST));
  const Descriptor again(static_cast<int>(raw(SYS_openat, directory(), "one", O_RDONLY, 0)));
  EXPECT_EQ(contents(again), "first");
  const Descriptor empty(static_cast<int>(raw(SYS_creat, "one", 0600)));
  EXPECT_EQ(contents(again), "") << "creat() cuts off what was there";
  EXPECT_EQ(::write(empty, "new", 3), 3);
  EXPECT_EQ(text_of("one"), "new");
  const Descriptor nameless(static_cast<int>(raw(SYS_memfd_create, "nameless", 0)));
  EXPECT_EQ(::write(nameless, "kept", 4), 4);
  EXPECT_EQ(contents(nameless), "kept");
}

TEST_F(PathCalls, MaskTheModeOfWhatTheyMake) {
  const auto old = static_cast<mode_t>(raw(SYS_umask, 027));
  EXPECT_EQ(raw(SYS_mkdir, "folder", 0777), 0);
  EXPECT_EQ(raw(SYS_mkdirat, directory(), "folder/inner", 0700), 0);
  EXPECT_EQ(raw(SYS_mknod, "node", S_IFREG | 0666, 0), 0);
  EXPECT_EQ(raw(SYS_mknodat, directory(), "folder/node", S_IFREG | 0600, 0), 0);
  EXPECT_EQ(static_cast<mode_t>(raw(SYS_umask, old)), 027U);
  EXPECT_EQ(mode("folder"), S_IFDIR | 0750U);
  EXPECT_EQ(mode("folder/inner"), S_IFDIR | 0700U);
  EXPECT_EQ(mode("node"), S_IFREG | 0640U);
  EXPECT_EQ(mode("folder/node"), S_IFREG | 0600U);
  EXPECT_EQ(answer_of([] { return raw(SYS_mknod, "fifo", S_IFIFO | 0600, 0); }), refusal(EPERM));
  EXPECT_FALSE(fs::exists("fifo"));
}

TEST_F(PathCalls, RemoveNames) {
  make("one");
  make("two");
  fs::create_directory("three");
  fs::create_directory("four");
  EXPECT_EQ(raw(SYS_unlink, "one"), 0);
  EXPECT_EQ(raw(SYS_unlinkat, directory(), "two", 0), 0);
  EXPECT_EQ(raw(SYS_unlinkat, directory(), "three", AT_REMOVEDIR), 0);
  EXPECT_TRUE(fs::exists("four"));
  EXPECT_EQ(raw(SYS_rmdir, "four"), 0);
  EXPECT_TRUE(fs::is_empty("."));
}

TEST_F(PathCalls, MoveNames) {
  make("one", "1");
  make("other", "2");
  EXPECT_EQ(raw(SYS_rename, "one", "two"), 0);
  EXPECT_FALSE(fs::exists("one"));
  EXPECT_EQ(text_of("two"), "1");
  EXPECT_EQ(raw(SYS_renameat, directory(), "two", AT_FDCWD, "three"), 0);
  EXPECT_FALSE(fs::exists("two"));
  EXPECT_EQ(text_of("three"), "1");
  constexpr unsigned keep = 1;
  constexpr unsigned exchange = 2;
  const auto rename2 = [&](unsigned flags) {
    return answer_of(
        [&] { return raw(SYS_renameat2, directory(), "three", AT_FDCWD, "other", flags); });
  };
  EXPECT_EQ(rename2(keep), refusal(EEXIST));
  EXPECT_EQ(rename2(exchange), (Answer{0, 0}));
  EXPECT_EQ(text_of("three"), "2");
  EXPECT_EQ(text_of("other"), "1");
}

TEST_F(PathCalls, LinkNames) {
  make("file");
  EXPECT_EQ(raw(SYS_link, "file", "second"), 0);
  EXPECT_EQ(raw(SYS_linkat, directory(), "file", AT_FDCWD, "third", 0), 0);
  EXPECT_EQ(status("third").st_ino, status("file").st_ino);
  EXPECT_EQ(status("second").st_nlink, 3U);
  EXPECT_EQ(raw(SYS_symlink, "file", "soft"), 0);
  EXPECT_EQ(raw(SYS_symlinkat, "nowhere", directory(), "loose"), 0);
  EXPECT_EQ(text_of("soft"), "text");
  std::array<char, 16> target{};
  EXPECT_EQ(raw(SYS_readlink, "soft", target.data(), target.size()), 4);
  EXPECT_STREQ(target.data(), "file");
  EXPECT_EQ(raw(SYS_readlinkat, directory(), "loose", target.data(), target.size()), 7);
  EXPECT_STREQ(target.data(), "nowhere");
}

TEST_F(PathCalls, TellWhatFilesAre) {
  make("file", "12345");
  EXPECT_EQ(::chmod("file", 0640), 0);
  ASSERT_EQ(::symlink("file", "soft"), 0);
  const Descriptor file(::open("file", O_RDONLY));
  const auto is_file = [](const struct stat& told) {
    return told.st_size == 5 && told.st_mode == (S_IFREG | 0640U) && told.st_nlink == 1;
  };
  struct stat told{};
  EXPECT_EQ(raw(SYS_stat, "soft", &told), 0);
  EXPECT_TRUE(is_file(told));
  told = {};
  EXPECT_EQ(raw(SYS_fstat, file, &told), 0);
  EXPECT_TRUE(is_file(told));
  told = {};
  EXPECT_EQ(raw(SYS_newfstatat, directory(), "soft", &told, 0), 0);
  EXPECT_TRUE(is_file(told));
  EXPECT_EQ(raw(SYS_lstat, "soft", &told), 0);
  EXPECT_EQ(told.st_mode & S_IFMT, S_IFLNK + 0U);
  EXPECT_EQ(told.st_size, 4);
  struct statx extended{};
  EXPECT_EQ(raw(SYS_statx, directory(), "file", 0, STATX_BASIC_STATS, &extended), 0);
  EXPECT_EQ(extended.stx_size, 5U);
  EXPECT_EQ(extended.stx_mode, S_IFREG | 0640);
  EXPECT_EQ(extended.stx_ino, status("file").st_ino);
}

TEST_F(PathCalls, TellOfTheRoomForFiles) {
  constexpr long tmpfs = 0x01021994;
  const Descriptor file(::open("large", O_CREAT | O_RDWR, 0600));
  struct statfs before{};
  EXPECT_EQ(raw(SYS_statfs, ".", &before), 0);
  EXPECT_EQ(static_cast<long>(before.f_type), tmpfs);
  EXPECT_EQ(::posix_fallocate(file, 0, 1 << 20), 0);
  struct statfs after{};
  EXPECT_EQ(raw(SYS_fstatfs, file, &after), 0);
  EXPECT_EQ(static_cast<long>(after.f_type), tmpfs);
  EXPECT_EQ(after.f_blocks, before.f_blocks);
  EXPECT_LE(after.f_bfree * after.f_bsize + (1 << 20), before.f_bfree * before.f_bsize);
}

TEST_F(PathCalls, SetPermissionsAndLookAtThem) {
  make("file");
  const Descriptor file(::open("file", O_RDONLY));
  EXPECT_EQ(raw(SYS_chmod, "file", 0600), 0);
  EXPECT_EQ(mode("file"), S_IFREG | 0600U);
  EXPECT_EQ(answer_of([] { return raw(SYS_access, "file", X_OK); }), refusal(EACCES));
  EXPECT_EQ(raw(SYS_access, "file", R_OK | W_OK), 0);
  EXPECT_EQ(raw(SYS_fchmod, file, 0711), 0);
  EXPECT_EQ(mode("file"), S_IFREG | 0711U);
  EXPECT_EQ(raw(SYS_faccessat, directory(), "file", X_OK), 0);
  EXPECT_EQ(raw(SYS_fchmodat, directory(), "file", 0640), 0);
  EXPECT_EQ(mode("file"), S_IFREG | 0640U);
  const auto may_be_run = [&] {
    return answer_of([&] { return raw(SYS_faccessat2, directory(), "file", X_OK, AT_EACCESS); });
  };
  EXPECT_EQ(may_be_run(), refusal(EACCES));
  constexpr long fchmodat2 = 452;
  EXPECT_EQ(raw(fchmodat2, directory(), "file", 0755, 0), 0);
  EXPECT_EQ(mode("file"), S_IFREG | 0755U);
  EXPECT_EQ(may_be_run(), (Answer{0, 0}));
}

TEST_F(PathCalls, SetOwners) {
  make("file");
  ASSERT_EQ(::symlink("file", "soft"), 0);
  const Descriptor file(::open("file", O_RDONLY));
  const auto owner_of = [](const char* name) {
    const struct stat told = status(name);
    return std::pair(told.st_uid, told.st_gid);
  };
  EXPECT_EQ(raw(SYS_chown, "soft", 1, 2), 0);
  EXPECT_EQ(owner_of("file"), std::pair(1U, 2U));
  EXPECT_EQ(raw(SYS_lchown, "soft", 3, 4), 0);
  EXPECT_EQ(owner_of("soft"), std::pair(3U, 4U));
  EXPECT_EQ(raw(SYS_fchown, file, 5, -1), 0);
  EXPECT_EQ(owner_of("file"), std::pair(5U, 2U));
  EXPECT_EQ(raw(SYS_fchownat, directory(), "file", -1, 6, 0), 0);
  EXPECT_EQ(owner_of("file"), std::pair(5U, 6U));
}

TEST_F(PathCalls, SetTimes) {
  make("file");
  const auto times_of_file = [] {
    const struct stat told = status("file");
    return std::pair(told.st_atime, told.st_mtime);
  };
  const std::array<timespec, 2> precise{timespec{1000, 5}, timespec{2000, 6}};
  EXPECT_EQ(raw(SYS_utimensat, directory(), "file", precise.data(), 0), 0);
  EXPECT_EQ(times_of_file(), std::pair(1000L, 2000L));
  EXPECT_EQ(status("file").st_mtim.tv_nsec, 6);
  const std::array<timeval, 2> coarse{timeval{3000, 0}, timeval{4000, 7}};
  EXPECT_EQ(raw(SYS_utimes, "file", coarse.data()), 0);
  EXPECT_EQ(times_of_file(), std::pair(3000L, 4000L));
  EXPECT_EQ(status("file").st_mtim.tv_nsec, 7000);
  EXPECT_EQ(raw(SYS_futimesat, directory(), "file", nullptr), 0);
  EXPECT_GT(times_of_file().first, 4000);
  const utimbuf seconds{.actime = 5000, .modtime = 6000};
  EXPECT_EQ(raw(SYS_utime, "file", &seconds), 0);
  EXPECT_EQ(times_of_file(), std::pair(5000L, 6000L));
}

TEST_F(PathCalls, ChangeTheWorkingDirectory) {
  fs::create_directory("inner");
  make("inner/file");
  std::array<char, 64> path{};
  EXPECT_EQ(raw(SYS_chdir, "inner"), 0);
  EXPECT_EQ(text_of("file"), "text");
  EXPECT_GT(raw(SYS_getcwd, path.data(), path.size()), 0);
  EXPECT_STREQ(path.data(), "/tmp/path_calls/inner");
  EXPECT_EQ(raw(SYS_fchdir, directory()), 0);
  EXPECT_EQ(raw(SYS_getcwd, path.data(), path.size()), 16);
  EXPECT_STREQ(path.data(), folder);
}

TEST_F(PathCalls, ListDirectories) {
  make("one");
  make("two");
  std::array<char, 512> records{};
  const long size = raw(SYS_getdents64, directory(), records.data(), records.size());
  ASSERT_GT(size, 0);
  constexpr std::size_t place_of_size = 16;
  constexpr std::size_t place_of_name = 19;
  std::set<std::string> names;
  for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
    names.emplace(records.data() + at + place_of_name);
    std::uint16_t length = 0;
    std::memcpy(&length, records.data() + at + place_of_size, sizeof length);
    ASSERT_NE(length, 0);
    at += length;
  }
  EXPECT_EQ(names, (std::set<std::string>{".", "..", "one", "two"}));
  EXPECT_EQ(raw(SYS_getdents64, directory(), records.data(), records.size()), 0);
}

TEST_F(PathCalls, SetSizes) {
  make("file", "0123456789");
  const Descriptor file(::open("file", O_RDWR));
  EXPECT_EQ(raw(SYS_truncate, "file", 5), 0);
  EXPECT_EQ(contents(file), "01234");
  EXPECT_EQ(raw(SYS_ftruncate, file, 2), 0);
  EXPECT_EQ(contents(file), "01");
  EXPECT_EQ(raw(SYS_fallocate, file, 0, 0, 8192), 0);
  EXPECT_EQ(fs::file_size("file"), 8192U);
  EXPECT_GE(status("file").st_blocks, 16);
  constexpr int punch_hole = 3; // and keep the size
  EXPECT_EQ(raw(SYS_fallocate, file, punch_hole, 4096, 4096), 0);
  EXPECT_EQ(fs::file_size("file"), 8192U);
  EXPECT_LT(status("file").st_blocks, 16);
}

TEST_F(PathCalls, KeepWhatWasWritten) {
  const Descriptor file(::open("file", O_CREAT | O_RDWR, 0600));
  ASSERT_EQ(::write(file, "kept", 4), 4);
  EXPECT_EQ(raw(SYS_fsync, file), 0);
  EXPECT_EQ(raw(SYS_fdatasync, file), 0);
  EXPECT_EQ(raw(SYS_syncfs, file), 0);
  EXPECT_EQ(raw(SYS_sync), 0);
  EXPECT_EQ(raw(SYS_sync_file_range, file, 0, 4, 7), 0);
  EXPECT_EQ(raw(SYS_fadvise64, file, 0, 0, POSIX_FADV_DONTNEED), 0);
  EXPECT_EQ(raw(SYS_readahead, file, 0, 4), 0);
  EXPECT_EQ(contents(file), "kept");
  EXPECT_EQ(text_of("file"), "kept");
}

TEST_F(PathCalls, LockFiles) {
  make("file");
  const Descriptor one(::open("file", O_RDONLY));
  const Descriptor other(::open("file", O_RDONLY));
  const auto try_other = [&] {
    return answer_of([&] { return raw(SYS_flock, other, LOCK_EX | LOCK_NB); });
  };
  EXPECT_EQ(raw(SYS_flock, one, LOCK_SH), 0);
  EXPECT_EQ(try_other(), refusal(EWOULDBLOCK));
  EXPECT_EQ(raw(SYS_flock, one, LOCK_UN), 0);
  EXPECT_EQ(try_other(), (Answer{0, 0}));
}

} // namespace
} // namespace skerry::test
