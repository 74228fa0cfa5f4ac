// SPDX-License-Identifier: Apache-2.0
// Addresses as types, so that a physical one is never dereferenced and never mixed with a virtual.
#pragma once

#include <core/bytes.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>

namespace skerry::mm {

inline constexpr std::size_t page_size = 4096;
inline constexpr unsigned page_bits = 12;
inline constexpr std::size_t large_page_size = 2 * 1024 * 1024;

/// Rounds a size in bytes up to whole pages and returns their number.
[[nodiscard]] constexpr std::size_t pages_for(std::size_t size_bytes) {
  return (size_bytes >> page_bits) + ((size_bytes & (page_size - 1)) != 0 ? 1 : 0);
}

/// An address as type `Self`; arithmetic is in bytes and wraps like the hardware.
template <class Self> class AddressBase {
public:
  constexpr AddressBase() = default;
  constexpr explicit AddressBase(std::uint64_t value) : value_(value) {}

  [[nodiscard]] constexpr std::uint64_t value() const { return value_; }
  [[nodiscard]] constexpr bool is_page_aligned() const { return is_aligned(value_, page_size); }
  [[nodiscard]] constexpr Self page() const { return Self(align_down(value_, page_size)); }
  [[nodiscard]] constexpr std::size_t offset_in_page() const { return value_ & (page_size - 1); }

  friend constexpr auto operator<=>(AddressBase, AddressBase) = default;
  friend constexpr Self operator+(Self address, std::uint64_t bytes) {
    return Self(address.value() + bytes);
  }
  friend constexpr Self operator-(Self address, std::uint64_t bytes) {
    return Self(address.value() - bytes);
  }
  friend constexpr std::uint64_t operator-(Self end, Self start) {
    return end.value() - start.value();
  }

private:
  std::uint64_t value_ = 0;
};

/// Where a byte lies in the machine's memory or MMIO space.
class PhysicalAddress : public AddressBase<PhysicalAddress> {
public:
  using AddressBase::AddressBase;
};

/// Where a byte lies in the one address space of the image.
class VirtualAddress : public AddressBase<VirtualAddress> {
public:
  using AddressBase::AddressBase;
  explicit VirtualAddress(const volatile void* pointer)
      : AddressBase(reinterpret_cast<std::uintptr_t>(pointer)) {}

  template <class T = void> [[nodiscard]] T* as_pointer() const {
    return reinterpret_cast<T*>(value());
  }
};

/// A half-open run of physical bytes.
struct PhysicalRange {
  PhysicalAddress start;
  std::uint64_t size_bytes = 0;

  [[nodiscard]] constexpr PhysicalAddress end() const { return start + size_bytes; }
};

} // namespace skerry::mm
