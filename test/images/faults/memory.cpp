// SPDX-License-Identifier: Apache-2.0
// Reads and writes of memory that is not for that.
#include "faults.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <sys/mman.h>

namespace {

/// The compiler knows nothing of a pointer that comes from here.
template <typename T> volatile T& at(std::uintptr_t address) {
  volatile std::uintptr_t word = address;
  return *reinterpret_cast<volatile T*>(word);
}

struct Large {
  std::array<char, 0x8000> padding;
  int member;
};

const std::array<int, 4> constants{1, 2, 3, 4};

} // namespace

[[gnu::noinline]] void write_to_code() {
  at<unsigned char>(reinterpret_cast<std::uintptr_t>(&give_up)) = 0x90;
  survived();
}

[[gnu::noinline]] void write_to_constant() {
  at<int>(reinterpret_cast<std::uintptr_t>(constants.data())) = 5;
  survived();
}

[[gnu::noinline]] void read_from_null() {
  std::printf("%d\n", at<int>(0));
  survived();
}

[[gnu::noinline]] void write_to_null() {
  at<int>(0) = 1;
  survived();
}

[[gnu::noinline]] void read_member_of_null() {
  std::printf("%d\n", at<Large>(0).member);
  survived();
}

[[gnu::noinline]] void read_unmapped_memory() {
  std::printf("%d\n", at<int>(0x1234'5678'9000));
  survived();
}

[[gnu::noinline]] void touch_more_than_there_is() {
  constexpr std::size_t size = std::size_t{1} << 30;
  constexpr std::size_t page = 4096;
  void* const memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    std::perror("mmap");
    return;
  }
  for (std::size_t offset = 0; offset < size; offset += page)
    at<char>(reinterpret_cast<std::uintptr_t>(memory) + offset) = 1;
  survived();
}
