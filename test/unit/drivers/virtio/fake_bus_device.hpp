// SPDX-License-Identifier: Apache-2.0
// A device on a bus whose configuration space and registers are memory of the test's.
#pragma once

#include <device/bus.hpp>

#include <array>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <map>
#include <vector>

namespace skerry::virtio::test {

class FakeBusDevice final : public device::BusDevice {
public:
  [[nodiscard]] device::BusId id() const override { return {}; }
  [[nodiscard]] std::string_view name() const override { return "fake bus"; }
  [[nodiscard]] Result<device::Region> map_region(unsigned index) override {
    ++maps;
    const auto found = regions.find(index);
    if (found == regions.end())
      return fail(std::errc::no_such_device);
    return device::Region(
        mm::VirtualAddress(reinterpret_cast<std::uintptr_t>(found->second.data())),
        found->second.size() * sizeof(std::uint64_t));
  }
  [[nodiscard]] unsigned interrupt_count() const override { return interrupts; }
  [[nodiscard]] Result<> connect_interrupt(unsigned index,
                                           device::InterruptHandler handler) override {
    if (index >= interrupts)
      return fail(std::errc::no_such_device);
    handlers[index] = handler;
    return {};
  }
  [[nodiscard]] bool has_message_interrupts() const override { return false; }
  [[nodiscard]] std::uint8_t read_config8(std::uint16_t offset) const override {
    return config.at(offset);
  }
  [[nodiscard]] std::uint32_t read_config32(std::uint16_t offset) const override {
    std::uint32_t value = 0;
    std::memcpy(&value, &config.at(offset), sizeof value);
    return value;
  }
  /// The list is a vector here: what a real one may look like is tested with pci::Function.
  [[nodiscard]] std::uint16_t find_capability(std::uint8_t kind,
                                              std::uint16_t previous) const override {
    bool found_previous = previous == 0;
    for (const std::uint16_t at : capabilities) {
      if (found_previous && config.at(at) == kind)
        return at;
      found_previous = found_previous || at == previous;
    }
    return 0;
  }

  /// A region of zeros.
  void add_region(unsigned index, std::size_t size_bytes) {
    regions[index].resize(size_bytes / sizeof(std::uint64_t));
  }
  template <class T> T& at(unsigned region, std::size_t offset) {
    return *reinterpret_cast<T*>(reinterpret_cast<char*>(regions.at(region).data()) + offset);
  }
  /// A virtio structure (virtio 1.2, 4.1.4); returns where it is.
  struct Structure {
    std::uint8_t kind = 0;
    std::uint8_t bar = 0;
    std::uint32_t offset = 0;
    std::uint32_t size_bytes = 0;
    std::uint32_t multiplier = 0;
    std::uint8_t length = 20;
  };
  std::uint16_t add_structure(const Structure& structure) {
    const auto place = static_cast<std::uint16_t>(0x40 + capabilities.size() * 0x18);
    capabilities.push_back(place);
    config.at(place) = 0x09;
    config.at(place + 2U) = structure.length;
    config.at(place + 3U) = structure.kind;
    config.at(place + 4U) = structure.bar;
    std::memcpy(&config.at(place + 8U), &structure.offset, 4);
    std::memcpy(&config.at(place + 12U), &structure.size_bytes, 4);
    std::memcpy(&config.at(place + 16U), &structure.multiplier, 4);
    return place;
  }

  std::array<std::uint8_t, 256> config{};
  std::vector<std::uint16_t> capabilities;
  std::map<unsigned, std::vector<std::uint64_t>> regions;
  unsigned interrupts = 2;
  std::array<device::InterruptHandler, 2> handlers;
  int maps = 0;
};

} // namespace skerry::virtio::test
