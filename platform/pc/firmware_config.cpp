// SPDX-License-Identifier: Apache-2.0
// QEMU's firmware configuration: an item is selected at one port and read, byte for byte, at the
// next.
#include "platform/pc/firmware_config.hpp"

#include "platform/x86_64/cpuid.hpp"
#include "platform/x86_64/io_port.hpp"

namespace skerry::pc {
namespace {

constexpr std::uint16_t selector_port = 0x510;
constexpr std::uint16_t data_port = 0x511;
constexpr std::uint16_t item_signature = 0x00;
constexpr std::uint16_t item_processors = 0x05;

} // namespace

std::optional<std::uint16_t> qemu_processor_count() {
  if (!x86_64::cpu_has_hypervisor()) {
    return std::nullopt; // who knows what has these ports there
  }
  x86_64::out16(selector_port, item_signature);
  for (const char letter : {'Q', 'E', 'M', 'U'}) {
    if (x86_64::in8(data_port) != static_cast<std::uint8_t>(letter)) {
      return std::nullopt;
    }
  }
  x86_64::out16(selector_port, item_processors);
  const std::uint16_t low = x86_64::in8(data_port);
  return static_cast<std::uint16_t>(low | (x86_64::in8(data_port) << 8U));
}

} // namespace skerry::pc
