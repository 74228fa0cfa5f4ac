// SPDX-License-Identifier: Apache-2.0
// Plays the firmware: ACPI tables built field by field, and the memory that they lie in.
#pragma once

#include "platform/pc/acpi/discovery.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <string_view>
#include <vector>

namespace skerry::pc::acpi::test {

/// The bytes of one table. Fields are appended or set at offsets; finish() makes it valid.
class TableBuilder {
public:
  explicit TableBuilder(std::string_view signature, std::uint8_t revision = 1) {
    for (const char letter : signature) {
      u8(static_cast<std::uint8_t>(letter));
    }
    u32(0).u8(revision).u8(0); // length and checksum: finish() fills them in
    bytes_.resize(36);
  }

  TableBuilder& u8(std::uint8_t value) { return append(value, 1); }
  TableBuilder& u16(std::uint16_t value) { return append(value, 2); }
  TableBuilder& u32(std::uint32_t value) { return append(value, 4); }
  TableBuilder& u64(std::uint64_t value) { return append(value, 8); }
  TableBuilder& raw(const std::vector<int>& values) {
    for (const int value : values) {
      u8(static_cast<std::uint8_t>(value));
    }
    return *this;
  }
  TableBuilder& text(std::string_view value) {
    for (const char letter : value) {
      u8(static_cast<std::uint8_t>(letter));
    }
    return *this;
  }

  /// Writes `size` bytes of `value` at `offset`, growing the table as far as needed.
  TableBuilder& set(std::size_t offset, std::uint64_t value, std::size_t size) {
    if (bytes_.size() < offset + size) {
      bytes_.resize(offset + size);
    }
    for (std::size_t i = 0; i < size; ++i) {
      bytes_[offset + i] = static_cast<std::byte>(value >> (8 * i));
    }
    return *this;
  }
  TableBuilder& address(std::size_t offset, std::uint8_t space, std::uint64_t value) {
    return set(offset, space, 1).set(offset + 4, value, 8);
  }
  TableBuilder& resize(std::size_t size) {
    bytes_.resize(size);
    return *this;
  }

  /// The table with its length and checksum.
  [[nodiscard]] std::vector<std::byte> finish() {
    set(4, bytes_.size(), 4);
    set(9, 0, 1);
    unsigned sum = 0;
    for (const std::byte byte : bytes_) {
      sum += std::to_integer<unsigned>(byte);
    }
    set(9, 0x100 - (sum & 0xff), 1);
    return bytes_;
  }

private:
  TableBuilder& append(std::uint64_t value, std::size_t size) {
    return set(bytes_.size(), value, size);
  }

  std::vector<std::byte> bytes_;
};

inline void fix_checksum(std::vector<std::byte>& bytes, std::size_t at, std::size_t size) {
  bytes[at] = std::byte{0};
  unsigned sum = 0;
  for (std::size_t i = 0; i < size; ++i) {
    sum += std::to_integer<unsigned>(bytes[i]);
  }
  bytes[at] = static_cast<std::byte>(0x100 - (sum & 0xff));
}

/// A root pointer: ACPI 1.0's when `xsdt` is 0.
inline std::vector<std::byte> root_pointer(std::uint32_t rsdt, std::uint64_t xsdt) {
  std::vector<std::byte> bytes(xsdt == 0 ? 20 : 36);
  std::memcpy(bytes.data(), "RSD PTR ", 8);
  std::memcpy(&bytes[16], &rsdt, 4);
  if (xsdt != 0) {
    bytes[15] = std::byte{2};
    bytes[20] = std::byte{36};
    std::memcpy(&bytes[24], &xsdt, 8);
  }
  fix_checksum(bytes, 8, 20);
  if (xsdt != 0) {
    fix_checksum(bytes, 32, 36);
  }
  return bytes;
}

/// Blocks of memory at physical addresses; everything else is out of reach.
class FakeMemory final : public PhysicalMemory {
public:
  FakeMemory& put(std::uint64_t address, std::vector<std::byte> bytes) {
    blocks_[address] = std::move(bytes);
    return *this;
  }
  std::span<const std::byte> view(mm::PhysicalAddress start, std::size_t size) override {
    auto block = blocks_.upper_bound(start.value());
    if (block == blocks_.begin()) {
      return {};
    }
    --block;
    const std::size_t offset = start.value() - block->first;
    if (offset > block->second.size() || block->second.size() - offset < size) {
      return {};
    }
    return std::span<const std::byte>(block->second).subspan(offset, size);
  }

private:
  std::map<std::uint64_t, std::vector<std::byte>> blocks_;
};

} // namespace skerry::pc::acpi::test
