// SPDX-License-Identifier: Apache-2.0
// Enumeration: a list of buses that grows while it is walked.
#include "platform/pc/pci/enumerate.hpp"

#include <core/bytes.hpp>

#include <array>

namespace skerry::pc::pci {
namespace {

constexpr unsigned devices_per_bus = 32;
constexpr unsigned functions_per_device = 8;
constexpr unsigned bus_count = 256;
constexpr std::uint8_t header_type_bridge = 1;

/// Buses that are still to be looked at, each once.
class Buses {
public:
  void add(std::uint8_t bus) {
    if (!seen_[bus]) {
      seen_[bus] = true;
      waiting_[count_++] = bus;
    }
  }
  [[nodiscard]] bool next(std::uint8_t& bus) {
    if (position_ == count_) {
      return false;
    }
    bus = waiting_[position_++];
    return true;
  }

private:
  std::array<bool, bus_count> seen_{};
  std::array<std::uint8_t, bus_count> waiting_{};
  std::size_t count_ = 0;
  std::size_t position_ = 0;
};

class Walk {
public:
  Walk(const ConfigSpace& space, Visitor& visitor) : space_(space), visitor_(visitor) {}

  Census run(std::uint16_t segment, std::uint8_t first_bus) {
    buses_.add(first_bus);
    for (std::uint8_t bus = 0; buses_.next(bus);) {
      for (std::uint8_t device = 0; device < devices_per_bus; ++device) {
        look_at_device({.segment = segment, .bus = bus, .device = device, .function = 0});
      }
    }
    return census_;
  }

private:
  [[nodiscard]] bool exists(Address address) const {
    return (space_.read(address, register_id) & 0xffff) != 0xffff;
  }

  void look_at_device(Address address) {
    if (!exists(address)) {
      return;
    }
    const bool many = has_bit(space_.read(address, register_header), header_multifunction_bit);
    for (unsigned function = 0; function < (many ? functions_per_device : 1); ++function) {
      address.function = static_cast<std::uint8_t>(function);
      if (exists(address)) {
        look_at_function(address);
      }
    }
  }

  void look_at_function(Address address) {
    const std::uint32_t header = space_.read(address, register_header);
    const auto type = static_cast<std::uint8_t>((header >> 16U) & 0x7f);
    if (type == header_type_bridge) {
      look_at_bridge(address);
    } else if (type == 0) {
      ++census_.functions;
      visitor_.function_found(address);
    }
  }

  void look_at_bridge(Address address) {
    ++census_.bridges;
    const std::uint32_t buses = space_.read(address, register_buses);
    const auto secondary = static_cast<std::uint8_t>(buses >> 8U);
    if (secondary == 0) {
      ++census_.unnumbered_bridges;
    } else {
      buses_.add(secondary);
    }
  }

  const ConfigSpace& space_;
  Visitor& visitor_;
  Buses buses_;
  Census census_;
};

} // namespace

Census enumerate(const ConfigSpace& space, std::uint16_t segment, std::uint8_t first_bus,
                 Visitor& visitor) {
  return Walk(space, visitor).run(segment, first_bus);
}

} // namespace skerry::pc::pci
