// SPDX-License-Identifier: Apache-2.0
// The configuration space of PCI (PCI local bus 3.0, chapter 6; PCI Express 4.0, 7.2.2).
#pragma once

#include <cstdint>

namespace skerry::pc::pci {

/// Where a function is.
struct Address {
  std::uint16_t segment = 0;
  std::uint8_t bus = 0;
  std::uint8_t device = 0;   ///< 0 to 31
  std::uint8_t function = 0; ///< 0 to 7
};

/// Access to registers of functions. Offsets are multiples of 4. Context: boot.
class ConfigSpace {
public:
  /// All ones when nobody answers.
  [[nodiscard]] virtual std::uint32_t read(Address address, std::uint16_t offset) const = 0;
  virtual void write(Address address, std::uint16_t offset, std::uint32_t value) const = 0;

protected:
  ~ConfigSpace() = default;
};

// Registers (6.1).
inline constexpr std::uint16_t register_id = 0x00;
inline constexpr std::uint16_t register_command = 0x04; // status in the upper half
inline constexpr std::uint16_t register_class = 0x08;
inline constexpr std::uint16_t register_header = 0x0c;
inline constexpr std::uint16_t register_bar0 = 0x10;
inline constexpr std::uint16_t register_buses = 0x18; // of a bridge
inline constexpr std::uint16_t register_capabilities = 0x34;

inline constexpr unsigned command_memory_bit = 1;
inline constexpr unsigned command_master_bit = 2;
inline constexpr unsigned command_interrupt_off_bit = 10;
inline constexpr unsigned status_capabilities_bit = 20; // of the double word
inline constexpr unsigned header_multifunction_bit = 23;
inline constexpr std::uint8_t capability_msix = 0x11;

} // namespace skerry::pc::pci
