// SPDX-License-Identifier: Apache-2.0
// A function of a PCI device as drivers see it: base address registers, capabilities, MSI-X.
#pragma once

#include "platform/pc/pci/config_space.hpp"

#include <device/bus.hpp>

namespace skerry::pc::pci {

/// Lives for ever once it was given to a driver. Context: boot.
class Function final : public device::BusDevice {
public:
  Function(const ConfigSpace& space, Address address);

  [[nodiscard]] device::BusId id() const override;
  [[nodiscard]] std::string_view name() const override { return name_; }
  [[nodiscard]] Result<device::Region> map_region(unsigned index) override;
  [[nodiscard]] unsigned interrupt_count() const override { return vectors_; }
  [[nodiscard]] Result<> connect_interrupt(unsigned index,
                                           device::InterruptHandler handler) override;
  [[nodiscard]] bool has_message_interrupts() const override { return true; }
  [[nodiscard]] std::uint8_t read_config8(std::uint16_t offset) const override;
  [[nodiscard]] std::uint32_t read_config32(std::uint16_t offset) const override;
  [[nodiscard]] std::uint16_t find_capability(std::uint8_t kind,
                                              std::uint16_t previous) const override;

  /// Where a base address register points, and how far it reaches.
  struct Bar {
    std::uint64_t address = 0;
    std::uint64_t size_bytes = 0;
    bool is_io = false;
  };
  /// Reads and sizes register `index`, with decoding off for the moment.
  /// Errors: no_such_device  there is none, or it has no place
  [[nodiscard]] Result<Bar> read_bar(unsigned index) const;

private:
  [[nodiscard]] Result<> start_msix();
  void set_command(std::uint32_t set, std::uint32_t clear) const;

  static constexpr unsigned max_vectors = 8; // what a driver here uses at most

  const ConfigSpace& space_;
  Address address_;
  std::string_view name_;
  char name_text_[24] = {};
  unsigned vectors_ = 0;
  std::uint16_t msix_ = 0; ///< offset of the capability
  bool msix_started_ = false;
  device::Region table_;
  device::InterruptHandler handlers_[max_vectors];
};

} // namespace skerry::pc::pci
