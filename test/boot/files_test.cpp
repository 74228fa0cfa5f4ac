// SPDX-License-Identifier: Apache-2.0
// Files through the calls of POSIX. What the C++ library makes of them is in filesystem_test.cpp.
#include "descriptor.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <sys/file.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <thread>
#include <unistd.h>

namespace {

/// Works in a directory of its own, which is gone afterwards.
class Files : public testing::Test {
protected:
  Files() {
    EXPECT_EQ(mkdir("/tmp/files", 0755), 0);
    EXPECT_EQ(chdir("/tmp/files"), 0);
  }
  ~Files() override {
    EXPECT_EQ(chdir("/"), 0);
    EXPECT_EQ(system_remove("/tmp/files"), 0);
  }

  static int system_remove(const std::string& path) {
    for (const std::string& name : names(path)) {
      const std::string inner = path + "/" + name;
      struct stat status{};
      EXPECT_EQ(lstat(inner.c_str(), &status), 0);
      EXPECT_EQ(S_ISDIR(status.st_mode) ? system_remove(inner) : unlink(inner.c_str()), 0);
    }
    return rmdir(path.c_str());
  }

  static std::set<std::string> names(const std::string& path) {
    std::set<std::string> found;
    const std::unique_ptr<DIR, decltype(&closedir)> directory(opendir(path.c_str()), &closedir);
    EXPECT_NE(directory, nullptr) << path;
    while (const dirent* entry = readdir(directory.get())) {
      if (std::string_view(entry->d_name) != "." && std::string_view(entry->d_name) != "..") {
        EXPECT_TRUE(found.insert(entry->d_name).second) << entry->d_name;
      }
    }
    return found;
  }

  static void make(const char* path, std::string_view text) {
    const Descriptor file(open(path, O_CREAT | O_WRONLY | O_TRUNC, 0644));
    EXPECT_EQ(write(file, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }

  static std::string contents(const char* path) {
    const Descriptor file(open(path, O_RDONLY));
    std::string text(4096, '?');
    const ssize_t size = read(file, text.data(), text.size());
    EXPECT_GE(size, 0);
    text.resize(static_cast<std::size_t>(size));
    return text;
  }

  static struct stat status(const char* path) {
    struct stat result{};
    EXPECT_EQ(lstat(path, &result), 0) << path;
    return result;
  }
};

#define EXPECT_ERRNO(call, code)                                                                   \
  do {                                                                                             \
    errno = 0;                                                                                     \
    EXPECT_EQ(call, -1);                                                                           \
    EXPECT_EQ(errno, code);                                                                        \
  } while (false)

TEST_F(Files, OpensAsTheFlagsSay) {
  EXPECT_ERRNO(open("new", O_RDONLY), ENOENT);
  EXPECT_ERRNO(open("new/", O_CREAT | O_WRONLY, 0644), EISDIR);
  EXPECT_ERRNO(open("", O_RDONLY), ENOENT);
  EXPECT_ERRNO(open("none/new", O_CREAT | O_WRONLY, 0644), ENOENT);
  make("file", "text");
  EXPECT_ERRNO(open("file", O_CREAT | O_EXCL | O_WRONLY, 0644), EEXIST);
  EXPECT_ERRNO(open("file", O_DIRECTORY | O_RDONLY), ENOTDIR);
  EXPECT_ERRNO(open("file/x", O_RDONLY), ENOTDIR);
  EXPECT_ERRNO(open(".", O_WRONLY), EISDIR);
  EXPECT_ERRNO(open(".", O_CREAT | O_RDONLY, 0644), EISDIR);
  EXPECT_ERRNO(open(nullptr, O_RDONLY), EFAULT);
  EXPECT_ERRNO(open(std::string(5000, 'x').c_str(), O_RDONLY), ENAMETOOLONG);
  EXPECT_EQ(contents("file"), "text");
  {
    const Descriptor file(open("file", O_RDONLY));
    EXPECT_ERRNO(write(file, "x", 1), EBADF);
  }
  {
    const Descriptor file(open("file", O_WRONLY | O_APPEND));
    char byte = 0;
    EXPECT_ERRNO(read(file, &byte, 1), EBADF);
    EXPECT_EQ(write(file, "+", 1), 1);
  }
  EXPECT_EQ(contents("file"), "text+");
  Descriptor(open("file", O_WRONLY | O_TRUNC)).reset();
  EXPECT_EQ(contents("file"), "");
}

TEST_F(Files, FollowsLinksOnlyWhereItShould) {
  make("file", "text");
  EXPECT_EQ(symlink("file", "link"), 0);
  EXPECT_EQ(symlink("nothing", "dangling"), 0);
  EXPECT_EQ(contents("link"), "text");
  EXPECT_ERRNO(open("link", O_RDONLY | O_NOFOLLOW), ELOOP);
  EXPECT_ERRNO(open("dangling", O_CREAT | O_EXCL | O_WRONLY, 0644), EEXIST);
  Descriptor(open("dangling", O_CREAT | O_WRONLY, 0644)).reset();
  EXPECT_EQ(contents("nothing"), "");
  EXPECT_TRUE(S_ISLNK(status("link").st_mode));
  std::array<char, 3> text{};
  EXPECT_EQ(readlink("link", text.data(), text.size()), 3);
  EXPECT_EQ(std::string_view(text.data(), 3), "fil");
  EXPECT_ERRNO(readlink("file", text.data(), text.size()), EINVAL);
  const Descriptor place(open("link", O_PATH | O_NOFOLLOW));
  struct stat found{};
  EXPECT_EQ(fstat(place, &found), 0);
  EXPECT_TRUE(S_ISLNK(found.st_mode));
  EXPECT_ERRNO(read(place, text.data(), 1), EBADF);
}

TEST_F(Files, WorksRelativeToADirectory) {
  EXPECT_EQ(mkdir("one", 0755), 0);
  const Descriptor one(open("one", O_RDONLY | O_DIRECTORY));
  Descriptor(openat(one, "file", O_CREAT | O_WRONLY, 0644)).reset();
  EXPECT_EQ(mkdirat(one, "two", 0755), 0);
  EXPECT_EQ(renameat(one, "file", one, "two/moved"), 0);
  EXPECT_EQ(faccessat(one, "two/moved", F_OK, 0), 0);
  EXPECT_EQ(fchdir(one), 0);
  std::array<char, 100> text{};
  EXPECT_STREQ(getcwd(text.data(), text.size()), "/tmp/files/one");
  EXPECT_EQ(getcwd(text.data(), 4), nullptr);
  EXPECT_EQ(errno, ERANGE);
  EXPECT_EQ(unlinkat(one, "two/moved", 0), 0);
  EXPECT_EQ(unlinkat(one, "two", AT_REMOVEDIR), 0);
  EXPECT_ERRNO(unlinkat(one, "two", AT_REMOVEDIR), ENOENT);
  EXPECT_EQ(chdir(".."), 0);
  EXPECT_EQ(rmdir("one"), 0);
  EXPECT_ERRNO(openat(one, "file", O_CREAT | O_WRONLY, 0644), ENOENT);
  EXPECT_ERRNO(openat(1, "file", O_RDONLY), ENOTDIR);
  EXPECT_ERRNO(openat(1000, "file", O_RDONLY), EBADF);
}

TEST_F(Files, RefusesToRemoveWhatIsInUseOrSpecial) {
  EXPECT_ERRNO(rmdir("/"), EBUSY);
  EXPECT_ERRNO(rmdir("."), EINVAL);
  EXPECT_ERRNO(rmdir(".."), ENOTEMPTY);
  EXPECT_ERRNO(unlink("."), EISDIR);
  EXPECT_ERRNO(rename("..", "x"), EBUSY);
  EXPECT_ERRNO(mkdir("/", 0755), EEXIST);
  EXPECT_ERRNO(mkdir("a/..", 0755), ENOENT);
  EXPECT_ERRNO(link(".", "x"), EPERM);
  EXPECT_ERRNO(mkfifo("x", 0644), EPERM);
  EXPECT_ERRNO(symlink("", "x"), ENOENT);
}

TEST_F(Files, CountsNamesAndKeepsOpenFiles) {
  make("file", "text");
  EXPECT_EQ(link("file", "second"), 0);
  EXPECT_EQ(status("file").st_nlink, 2U);
  EXPECT_EQ(status("file").st_ino, status("second").st_ino);
  const Descriptor open_file(open("file", O_RDONLY));
  EXPECT_EQ(unlink("file"), 0);
  EXPECT_EQ(unlink("second"), 0);
  struct stat found{};
  EXPECT_EQ(fstat(open_file, &found), 0);
  EXPECT_EQ(found.st_nlink, 0U);
  std::array<char, 4> text{};
  EXPECT_EQ(read(open_file, text.data(), 4), 4);
  EXPECT_EQ(std::string_view(text.data(), 4), "text");
}

TEST_F(Files, GivesATemporaryFileANameLater) {
  const Descriptor file(open(".", O_TMPFILE | O_RDWR, 0600));
  EXPECT_EQ(write(file, "text", 4), 4);
  EXPECT_TRUE(names(".").empty());
  EXPECT_EQ(linkat(file, "", AT_FDCWD, "named", AT_EMPTY_PATH), 0);
  EXPECT_EQ(contents("named"), "text");
}

TEST_F(Files, ListsLargeDirectoriesFromAnyPosition) {
  std::set<std::string> expected;
  for (int i = 0; i < 500; ++i) {
    const std::string name = std::to_string(i);
    make(name.c_str(), "");
    expected.insert(name);
  }
  EXPECT_EQ(names("."), expected);
  DIR* directory = opendir(".");
  for (int i = 0; i < 100; ++i) {
    EXPECT_NE(readdir(directory), nullptr);
  }
  const long position = telldir(directory);
  const std::string name = readdir(directory)->d_name;
  while (readdir(directory) != nullptr) {
  }
  seekdir(directory, position);
  EXPECT_EQ(readdir(directory)->d_name, name);
  EXPECT_EQ(closedir(directory), 0);
}

TEST_F(Files, TellsModesOwnersAndTimes) {
  const mode_t old = umask(027);
  Descriptor(open("file", O_CREAT | O_WRONLY, 0666)).reset();
  umask(old);
  EXPECT_EQ(status("file").st_mode, static_cast<mode_t>(S_IFREG | 0640));
  EXPECT_EQ(chmod("file", 0751), 0);
  EXPECT_EQ(chown("file", 7, 8), 0);
  const timespec times[] = {{1000, 5}, {-3, 999'999'999}};
  EXPECT_EQ(utimensat(AT_FDCWD, "file", times, 0), 0);
  const struct stat found = status("file");
  EXPECT_EQ(found.st_mode, static_cast<mode_t>(S_IFREG | 0751));
  EXPECT_EQ(found.st_uid, 7U);
  EXPECT_EQ(found.st_gid, 8U);
  EXPECT_EQ(found.st_atim.tv_sec, 1000);
  EXPECT_EQ(found.st_atim.tv_nsec, 5);
  EXPECT_EQ(found.st_mtim.tv_sec, -3);
  EXPECT_EQ(found.st_mtim.tv_nsec, 999'999'999);
  EXPECT_GE(found.st_ctim.tv_sec, 0);
  const timespec wrong[] = {{0, 1'000'000'000}, {0, 0}};
  EXPECT_ERRNO(utimensat(AT_FDCWD, "file", wrong, 0), EINVAL);
  EXPECT_ERRNO(fchmodat(AT_FDCWD, "none", 0600, 0), ENOENT);
  struct statx extended{};
  EXPECT_EQ(statx(AT_FDCWD, "file", 0, STATX_ALL, &extended), 0);
  EXPECT_EQ(extended.stx_ino, found.st_ino);
  EXPECT_NE(extended.stx_mask & STATX_BTIME, 0U);
  EXPECT_ERRNO(access("none", F_OK), ENOENT);
  EXPECT_EQ(chmod("file", 0600), 0);
  EXPECT_EQ(access("file", R_OK | W_OK), 0);
  EXPECT_ERRNO(access("file", X_OK), EACCES);
  struct statvfs space{};
  EXPECT_EQ(statvfs(".", &space), 0);
  EXPECT_GT(space.f_blocks, 0U);
  EXPECT_LE(space.f_bfree, space.f_blocks);
}

TEST_F(Files, TellsWhatDescriptorsAre) {
  struct stat found{};
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const Descriptor reader(ends[0]);
  const Descriptor writer(ends[1]);
  EXPECT_EQ(fstat(reader, &found), 0);
  EXPECT_TRUE(S_ISFIFO(found.st_mode));
  const Descriptor socket_file(socket(AF_INET, SOCK_DGRAM, 0));
  EXPECT_EQ(fstat(socket_file, &found), 0);
  EXPECT_TRUE(S_ISSOCK(found.st_mode));
  EXPECT_EQ(fstat(1, &found), 0);
  EXPECT_TRUE(S_ISCHR(found.st_mode));
  EXPECT_ERRNO(ftruncate(reader, 0), EINVAL);
  EXPECT_ERRNO(fsync(reader), EINVAL);
  EXPECT_ERRNO(lseek(reader, 0, SEEK_SET), ESPIPE);
}

TEST_F(Files, CopiesFromFileToFile) {
  make("from", "0123456789");
  const Descriptor from(open("from", O_RDONLY));
  const Descriptor to(open("to", O_CREAT | O_RDWR, 0644));
  off_t offset = 7;
  EXPECT_EQ(sendfile(to, from, &offset, 100), 3);
  EXPECT_EQ(offset, 10);
  EXPECT_EQ(copy_file_range(from, nullptr, to, nullptr, 4, 0), 4);
  EXPECT_EQ(contents("to"), "7890123");
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const Descriptor reader(ends[0]);
  const Descriptor writer(ends[1]);
  EXPECT_EQ(sendfile(writer, from, nullptr, 100), 6);
  std::array<char, 10> text{};
  EXPECT_EQ(read(reader, text.data(), text.size()), 6);
  EXPECT_EQ(std::string_view(text.data()), "456789");
  EXPECT_ERRNO(sendfile(to, reader, nullptr, 1), EINVAL);
}

TEST_F(Files, KeepsWhatAFullPipeDidNotTake) {
  make("from", std::string(100'000, 'a'));
  const Descriptor from(open("from", O_RDONLY));
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_NONBLOCK), 0);
  const Descriptor reader(ends[0]);
  const Descriptor writer(ends[1]);
  const ssize_t sent = sendfile(writer, from, nullptr, 100'000);
  EXPECT_EQ(sent, 65'536);
  EXPECT_EQ(lseek(from, 0, SEEK_CUR), sent);
  EXPECT_ERRNO(sendfile(writer, from, nullptr, 100'000), EAGAIN);
  EXPECT_EQ(lseek(from, 0, SEEK_CUR), sent);
}

TEST_F(Files, LocksBelongToOpenFiles) {
  make("file", "");
  const Descriptor one(open("file", O_RDONLY));
  Descriptor two(open("file", O_RDONLY));
  EXPECT_EQ(flock(one, LOCK_SH), 0);
  EXPECT_EQ(flock(two, LOCK_SH | LOCK_NB), 0);
  EXPECT_ERRNO(flock(two, LOCK_EX | LOCK_NB), EWOULDBLOCK);
  EXPECT_EQ(flock(two, LOCK_UN), 0);
  EXPECT_EQ(flock(one, LOCK_EX), 0);
  std::atomic<bool> has_lock = false;
  std::thread waiter([&] {
    EXPECT_EQ(flock(two, LOCK_EX), 0);
    has_lock = true;
  });
  std::this_thread::yield();
  EXPECT_FALSE(has_lock);
  EXPECT_EQ(flock(one, LOCK_UN), 0);
  waiter.join();
  EXPECT_ERRNO(flock(one, LOCK_SH | LOCK_NB), EWOULDBLOCK);
  two.reset(); // which gives its lock back
  EXPECT_EQ(flock(one, LOCK_SH | LOCK_NB), 0);
}

TEST_F(Files, HasTheDevicesThatProgramsCountOn) {
  std::array<unsigned char, 600> bytes{};
  bytes.fill(1);
  const Descriptor zero(open("/dev/zero", O_RDWR));
  EXPECT_EQ(read(zero, bytes.data(), bytes.size()), 600);
  EXPECT_EQ(std::count(bytes.begin(), bytes.end(), 0), 600);
  const Descriptor null(open("/dev/null", O_RDWR));
  EXPECT_EQ(read(null, bytes.data(), 1), 0);
  EXPECT_EQ(write(null, bytes.data(), bytes.size()), 600);
  const Descriptor full(open("/dev/full", O_WRONLY));
  EXPECT_ERRNO(write(full, "x", 1), ENOSPC);
  const Descriptor random(open("/dev/urandom", O_RDONLY));
  EXPECT_EQ(read(random, bytes.data(), bytes.size()), 600);
  EXPECT_LT(std::count(bytes.begin(), bytes.end(), 0), 30);
  EXPECT_EQ(major(status("/dev/null").st_rdev), 1U);
}

TEST_F(Files, LeadsFromDescriptorsToFiles) {
  make("file", "text");
  const Descriptor file(open("file", O_RDONLY));
  const std::string path = "/dev/fd/" + std::to_string(file);
  EXPECT_EQ(contents(path.c_str()), "text");
  EXPECT_TRUE(names("/proc/self/fd").contains(std::to_string(file)));
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const Descriptor reader(ends[0]);
  const Descriptor writer(ends[1]);
  const Descriptor again(open(("/proc/self/fd/" + std::to_string(writer)).c_str(), O_WRONLY));
  EXPECT_EQ(write(again, "x", 1), 1);
  char byte = 0;
  EXPECT_EQ(read(reader, &byte, 1), 1);
  EXPECT_EQ(byte, 'x');
  EXPECT_ERRNO(open("/dev/fd/999", O_RDONLY), ENOENT);
  EXPECT_ERRNO(open("/dev/fd/01", O_RDONLY), ENOENT);
  Descriptor(open("/dev/stdout", O_WRONLY)).reset();
}

} // namespace
