// SPDX-License-Identifier: Apache-2.0
// The two ways to the configuration space of a PC.
#pragma once

#include "platform/pc/pci/config_space.hpp"

#include <core/result.hpp>
#include <mm/address.hpp>

namespace skerry::pc::pci {

/// Ports 0xcf8 and 0xcfc (PCI 3.0, 3.2.2.3.2): segment 0, the first 256 bytes of each function.
class PortAccess final : public ConfigSpace {
public:
  /// Whether the host bridge answers at these ports.
  [[nodiscard]] static bool exists();
  [[nodiscard]] std::uint32_t read(Address address, std::uint16_t offset) const override;
  void write(Address address, std::uint16_t offset, std::uint32_t value) const override;
};

} // namespace skerry::pc::pci
