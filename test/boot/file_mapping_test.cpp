// SPDX-License-Identifier: Apache-2.0
// Files in memory: mmap(2) of them, and what happens behind their ends.
#include "descriptor.hpp"

#include <cerrno>
#include <csetjmp>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>

namespace {

constexpr std::size_t page = 4096;

class FileMapping : public testing::Test {
protected:
  FileMapping() {
    EXPECT_EQ(ftruncate(file, 2 * page), 0);
    EXPECT_EQ(pwrite(file, "first", 5, 0), 5);
    EXPECT_EQ(pwrite(file, "second", 6, page), 6);
  }
  ~FileMapping() override {
    if (mapped_ != nullptr) {
      EXPECT_EQ(munmap(mapped_, size_), 0);
    }
  }

  char* map(int protection, int flags, std::size_t size = 2 * page) {
    void* address = mmap(nullptr, size, protection, flags, file, 0);
    EXPECT_NE(address, MAP_FAILED) << errno;
    size_ = size;
    return mapped_ = static_cast<char*>(address);
  }
  std::string_view at(off_t offset, std::size_t size) {
    EXPECT_EQ(pread(file, text_, size, offset), static_cast<ssize_t>(size));
    return {text_, size};
  }

  Descriptor file{memfd_create("mapped", MFD_CLOEXEC)};

private:
  char* mapped_ = nullptr;
  std::size_t size_ = 0;
  char text_[16];
};

sigjmp_buf after_fault;
siginfo_t fault;

void note_fault(int, siginfo_t* info, void*) {
  fault = *info;
  siglongjmp(after_fault, 1);
}

/// The signal that `access` gives, or 0.
template <class Access> int signal_of(Access access) {
  struct sigaction action{};
  action.sa_sigaction = &note_fault;
  action.sa_flags = SA_SIGINFO;
  struct sigaction old_bus{};
  struct sigaction old_segment{};
  EXPECT_EQ(sigaction(SIGBUS, &action, &old_bus), 0);
  EXPECT_EQ(sigaction(SIGSEGV, &action, &old_segment), 0);
  fault = {};
  if (sigsetjmp(after_fault, 1) == 0) {
    access();
  }
  EXPECT_EQ(sigaction(SIGBUS, &old_bus, nullptr), 0);
  EXPECT_EQ(sigaction(SIGSEGV, &old_segment, nullptr), 0);
  return fault.si_signo;
}

TEST_F(FileMapping, IsTheFileWhenShared) {
  char* bytes = map(PROT_READ | PROT_WRITE, MAP_SHARED);
  EXPECT_EQ(std::string_view(bytes + page, 6), "second");
  std::memcpy(bytes + page, "SECOND", 6);
  EXPECT_EQ(at(page, 6), "SECOND");
  EXPECT_EQ(pwrite(file, "FIRST", 5, 0), 5);
  EXPECT_EQ(std::string_view(bytes, 5), "FIRST");
  EXPECT_EQ(msync(bytes, 2 * page, MS_SYNC), 0);
  EXPECT_EQ(msync(bytes, 64 * page, MS_SYNC), -1);
  EXPECT_EQ(errno, ENOMEM);
}

TEST_F(FileMapping, IsACopyWhenPrivate) {
  char* bytes = map(PROT_READ | PROT_WRITE, MAP_PRIVATE);
  bytes[0] = 'F';
  EXPECT_EQ(at(0, 5), "first");
  EXPECT_EQ(pwrite(file, "SECOND", 6, page), 6);
  EXPECT_EQ(std::string_view(bytes + page, 6), "SECOND"); // not copied yet
  EXPECT_EQ(std::string_view(bytes, 5), "First");
}

TEST_F(FileMapping, EndsWhereTheFileEnds) {
  char* bytes = map(PROT_READ | PROT_WRITE, MAP_SHARED, 4 * page);
  volatile char* at_end = bytes + 2 * page;
  EXPECT_EQ(signal_of([&] { (void)*at_end; }), SIGBUS);
  EXPECT_EQ(fault.si_addr, bytes + 2 * page);
  EXPECT_EQ(fault.si_code, BUS_ADRERR);
  EXPECT_EQ(write(file, bytes + 2 * page, 1), -1); // a call says EFAULT instead
  EXPECT_EQ(errno, EFAULT);
  volatile char* second = bytes + page;
  EXPECT_EQ(*second, 's');
  EXPECT_EQ(ftruncate(file, page), 0);
  EXPECT_EQ(signal_of([&] { (void)*second; }), SIGBUS);
  EXPECT_EQ(ftruncate(file, 2 * page), 0);
  EXPECT_EQ(*second, '\0');
}

TEST_F(FileMapping, GivesNoMoreRightsThanTheFileHas) {
  const std::string path = "/proc/self/fd/" + std::to_string(file);
  const Descriptor reader(open(path.c_str(), O_RDONLY));
  EXPECT_EQ(mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_SHARED, reader, 0), MAP_FAILED);
  EXPECT_EQ(errno, EACCES);
  const Descriptor writer(open(path.c_str(), O_WRONLY));
  EXPECT_EQ(mmap(nullptr, page, PROT_READ, MAP_PRIVATE, writer, 0), MAP_FAILED);
  EXPECT_EQ(errno, EACCES);
  EXPECT_EQ(mmap(nullptr, page, PROT_READ, MAP_PRIVATE, 1, 0), MAP_FAILED);
  EXPECT_EQ(mmap(nullptr, page, PROT_READ, MAP_PRIVATE, 1000, 0), MAP_FAILED);
  EXPECT_EQ(errno, EBADF);
  char* bytes = map(PROT_READ, MAP_SHARED);
  volatile char* first = bytes;
  EXPECT_EQ(signal_of([&] { *first = 'x'; }), SIGSEGV);
  EXPECT_EQ(fault.si_code, SEGV_ACCERR);
}

TEST_F(FileMapping, LivesOnWithoutItsDescriptor) {
  char* bytes = map(PROT_READ | PROT_WRITE, MAP_SHARED);
  file.reset();
  bytes[page] = 'S';
  EXPECT_EQ(std::string_view(bytes + page, 6), "Second");
}

TEST_F(FileMapping, ReadsAFileIntoAMappingOfItself) {
  char* bytes = map(PROT_READ | PROT_WRITE, MAP_SHARED);
  EXPECT_EQ(pread(file, bytes + page, 5, 0), 5);
  EXPECT_EQ(at(page, 6), "firstd");
}

TEST_F(FileMapping, LocksWhatIsMapped) {
  char* bytes = map(PROT_READ, MAP_SHARED);
  EXPECT_EQ(mlock(bytes, 2 * page), 0);
  EXPECT_EQ(munlock(bytes, 2 * page), 0);
  EXPECT_EQ(mlock(bytes, std::size_t{1} << 40), -1);
  EXPECT_EQ(errno, ENOMEM);
}

} // namespace
