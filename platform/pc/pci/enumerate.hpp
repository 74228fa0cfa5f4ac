// SPDX-License-Identifier: Apache-2.0
// Finds the functions of a PCI hierarchy, through bridges as the firmware has numbered them.
#pragma once

#include "platform/pc/pci/config_space.hpp"

namespace skerry::pc::pci {

/// What enumerate() found beside the functions that it showed.
struct Census {
  unsigned functions = 0;
  unsigned bridges = 0;
  unsigned unnumbered_bridges = 0; ///< nothing behind them can be reached
};

class Visitor {
public:
  virtual void function_found(Address address) = 0;

protected:
  ~Visitor() = default;
};

/// Shows every function that is no bridge, from `first_bus` of `segment` on. A bridge that leads to
/// a bus that was seen already is not followed. Context: boot.
Census enumerate(const ConfigSpace& space, std::uint16_t segment, std::uint8_t first_bus,
                 Visitor& visitor);

} // namespace skerry::pc::pci
