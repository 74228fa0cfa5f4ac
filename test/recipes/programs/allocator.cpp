// mimalloc as the C library's allocator: all of its names lead to one heap, want of memory is
// errno, a broken heap ends the program, and freed memory goes back to the system.
// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <malloc.h>
#include <new>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

volatile std::size_t huge = SIZE_MAX / 2;

void check_one_heap() {
  void* block = nullptr;
  CHECK(posix_memalign(&block, 4096, 100) == 0 &&
        reinterpret_cast<std::uintptr_t>(block) % 4096 == 0);
  block = std::realloc(block, 10000);
  CHECK(block != nullptr && malloc_usable_size(block) >= 10000);
  std::free(block);
  std::free(std::aligned_alloc(64, 100));
  std::free(memalign(256, 10));
  std::free(reallocarray(nullptr, 10, 10));
  std::free(strdup("from inside the C library"));
  std::free(::operator new(10));
  ::operator delete(std::malloc(10));
  char* zeroed = static_cast<char*>(std::calloc(1000, 1));
  for (int i = 0; i < 1000; i++) {
    CHECK(zeroed[i] == 0);
  }
  std::free(zeroed);
}

void check_want_of_memory() {
  errno = 0;
  CHECK(std::malloc(huge) == nullptr && errno == ENOMEM);
  errno = 0;
  CHECK(std::calloc(huge, 4) == nullptr && errno == ENOMEM);
  errno = 0;
  CHECK(reallocarray(nullptr, huge, 4) == nullptr && errno == ENOMEM);
  bool caught = false;
  try {
    ::operator delete(::operator new(huge));
  } catch (const std::bad_alloc&) {
    caught = true;
  }
  CHECK(caught);
}

// Runs `break_heap` in a child process and expects that it is stopped.
template <typename Function> void check_stops(Function break_heap) {
  pid_t child = fork();
  if (child == 0) {
    close(STDERR_FILENO);
    break_heap();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

void check_broken_heap() {
  check_stops([] {
    void* volatile block = std::malloc(40);
    std::free(block);
    std::free(block);
  });
  check_stops([] {
    char* volatile freed = static_cast<char*>(std::malloc(40));
    std::free(freed);
    std::memset(freed, 'A', 40);
    for (int i = 0; i < 100000; i++) {
      static void* volatile sink;
      sink = std::malloc(40);
    }
  });
}

// Counts the resident pages of [begin, begin + size).
std::size_t resident_pages(void* begin, std::size_t size) {
  std::vector<unsigned char> pages(size / 4096 + 1);
  std::uintptr_t start = reinterpret_cast<std::uintptr_t>(begin) & ~std::uintptr_t{4095};
  if (mincore(reinterpret_cast<void*>(start), size, pages.data()) != 0) {
    return 0; // unmapped
  }
  std::size_t count = 0;
  for (unsigned char page : pages) {
    count += page & 1;
  }
  return count;
}

void check_memory_goes_back() {
  constexpr std::size_t size = 20 << 20;
  void* block = std::malloc(size);
  std::memset(block, 1, size);
  CHECK(resident_pages(block, size) >= size / 4096);
  std::free(block);
  CHECK(resident_pages(block, size) == 0);
}

} // namespace

int main() {
  check_one_heap();
  check_want_of_memory();
  check_broken_heap();
  check_memory_goes_back();
}
