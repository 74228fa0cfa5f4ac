// SPDX-License-Identifier: Apache-2.0
// The memory of a machine that does not exist: address space of this process stands in for
// physical memory, and only what is touched costs anything.
#pragma once

#include <kernel/boot.hpp>

#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <sys/mman.h>

namespace skerry::mm::test {

/// Physical memory from 0 to `size_bytes`, and a BootInfo that describes it.
class Machine {
public:
  explicit Machine(std::uint64_t size_bytes, std::initializer_list<PhysicalRange> usable)
      : size_bytes_(size_bytes), memory_(mmap(nullptr, size_bytes, PROT_READ | PROT_WRITE,
                                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)) {
    if (memory_ == MAP_FAILED) {
      throw std::runtime_error("no address space for the machine's memory");
    }
    info.direct_map = VirtualAddress(memory_);
    info.direct_map_size = size_bytes;
    for (const PhysicalRange& range : usable) {
      info.ranges[info.range_count++] = {range, kernel::MemoryKind::usable};
    }
  }
  /// One range from 0 on.
  explicit Machine(std::uint64_t size_bytes)
      : Machine(size_bytes, {{PhysicalAddress(0), size_bytes}}) {}
  ~Machine() { munmap(memory_, size_bytes_); }
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  template <class T = unsigned char> [[nodiscard]] T* at(PhysicalAddress address) const {
    return (info.direct_map + address.value()).as_pointer<T>();
  }

  kernel::BootInfo info;

private:
  std::uint64_t size_bytes_;
  void* memory_;
};

[[nodiscard]] inline PhysicalRange range(std::uint64_t start, std::uint64_t end) {
  return {PhysicalAddress(start), end - start};
}

} // namespace skerry::mm::test
