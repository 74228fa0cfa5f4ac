// SPDX-License-Identifier: Apache-2.0
// Stands in for what devices need of hal/: memory at physical addresses, and interrupts.
#pragma once

#include <hal/interrupts.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace skerry::test {

/// Device memory at a physical address, for the life of the object.
class PhysicalMemory {
public:
  PhysicalMemory(std::uint64_t address, std::size_t size_bytes);
  ~PhysicalMemory();
  PhysicalMemory(const PhysicalMemory&) = delete;
  PhysicalMemory& operator=(const PhysicalMemory&) = delete;

  [[nodiscard]] std::uint32_t word(std::size_t offset) const;
  void set_word(std::size_t offset, std::uint32_t value);

  std::uint64_t address;
  std::vector<std::uint64_t> bytes;
};

/// An interrupt that was connected.
struct Connection {
  bool is_message = false;
  std::uint32_t line = 0;
  hal::InterruptHandler handler = nullptr;
  void* context = nullptr;
};

/// All since the last call.
[[nodiscard]] std::vector<Connection> take_connections();

} // namespace skerry::test
