// SPDX-License-Identifier: Apache-2.0
// Registers that ACPI places in memory or in port space, behind one type (ACPI 6.5, 5.2.3.2).
#pragma once

#include "platform/pc/acpi/acpi_info.hpp"
#include "platform/x86_64/io_port.hpp"

#include <core/result.hpp>
#include <hal/paging.hpp>

#include <cstdint>

namespace skerry::pc {

/// A register that can be accessed in any context. Does nothing and reads zeros when absent.
class PlatformRegister {
public:
  constexpr PlatformRegister() = default;

  /// Maps the register if it is in memory. `offset` in bytes is added to its address; the access is
  /// `width_bits` wide (8, 16 or 32). Context: boot, after hal::set_table_frames().
  /// Errors: not_enough_memory
  [[nodiscard]] static Result<PlatformRegister>
  map(const acpi::Register& where, std::uint8_t width_bits, std::uint64_t offset = 0) {
    PlatformRegister result;
    if (!where.exists()) {
      return result;
    }
    result.width_bits_ = width_bits;
    if (where.space == acpi::Register::Space::port) {
      result.port_ = static_cast<std::uint16_t>(where.address + offset);
      return result;
    }
    const mm::PhysicalRange range{mm::PhysicalAddress(where.address + offset), width_bits / 8U};
    result.memory_ = TRY(hal::map_physical(range, hal::Caching::device)).as_pointer<void>();
    return result;
  }

  [[nodiscard]] bool exists() const { return width_bits_ != 0; }

  [[nodiscard]] std::uint32_t read() const {
    switch (width_bits_) {
    case 8:
      return memory_ != nullptr ? load<std::uint8_t>() : x86_64::in8(port_);
    case 16:
      return memory_ != nullptr ? load<std::uint16_t>() : x86_64::in16(port_);
    case 32:
      return memory_ != nullptr ? load<std::uint32_t>() : x86_64::in32(port_);
    default:
      return 0;
    }
  }

  void write(std::uint32_t value) const {
    switch (width_bits_) {
    case 8:
      return memory_ != nullptr ? store<std::uint8_t>(value)
                                : x86_64::out8(port_, static_cast<std::uint8_t>(value));
    case 16:
      return memory_ != nullptr ? store<std::uint16_t>(value)
                                : x86_64::out16(port_, static_cast<std::uint16_t>(value));
    case 32:
      return memory_ != nullptr ? store<std::uint32_t>(value) : x86_64::out32(port_, value);
    default:
      return;
    }
  }

private:
  // SAFETY: memory_ is a device mapping of at least width_bits_, made by map() and never unmapped.
  template <class T> [[nodiscard]] std::uint32_t load() const {
    return *static_cast<const volatile T*>(memory_);
  }
  template <class T> void store(std::uint32_t value) const {
    *static_cast<volatile T*>(memory_) = static_cast<T>(value);
  }

  void* memory_ = nullptr;
  std::uint16_t port_ = 0;
  std::uint8_t width_bits_ = 0;
};

} // namespace skerry::pc
