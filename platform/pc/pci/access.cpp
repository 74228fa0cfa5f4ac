// SPDX-License-Identifier: Apache-2.0
// Configuration by ports.
#include "platform/pc/pci/access.hpp"

#include "platform/x86_64/io_port.hpp"

namespace skerry::pc::pci {
namespace {

constexpr std::uint16_t address_port = 0xcf8;
constexpr std::uint16_t data_port = 0xcfc;
constexpr std::uint32_t enable = 0x8000'0000;

bool select(Address address, std::uint16_t offset) {
  if (address.segment != 0 || offset > 0xfc) {
    return false;
  }
  x86_64::out32(address_port, enable | (std::uint32_t{address.bus} << 16U) |
                                  (std::uint32_t{address.device} << 11U) |
                                  (std::uint32_t{address.function} << 8U) | (offset & 0xfcU));
  return true;
}

} // namespace

bool PortAccess::exists() {
  x86_64::out32(address_port, enable);
  return x86_64::in32(address_port) == enable;
}

std::uint32_t PortAccess::read(Address address, std::uint16_t offset) const {
  return select(address, offset) ? x86_64::in32(data_port) : 0xffff'ffff;
}

void PortAccess::write(Address address, std::uint16_t offset, std::uint32_t value) const {
  if (select(address, offset)) {
    x86_64::out32(data_port, value);
  }
}

} // namespace skerry::pc::pci
