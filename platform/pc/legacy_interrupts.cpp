// SPDX-License-Identifier: Apache-2.0
// The initialisation sequence of the two 8259A and the mask that ends their part in the machine.
#include "platform/pc/legacy_interrupts.hpp"

#include "platform/x86_64/interrupt_vectors.hpp"
#include "platform/x86_64/io_port.hpp"

namespace skerry::pc {
namespace {

constexpr std::uint16_t first_command = 0x20;
constexpr std::uint16_t first_data = 0x21;
constexpr std::uint16_t second_command = 0xa0;
constexpr std::uint16_t second_data = 0xa1;

constexpr std::uint8_t initialise_with_icw4 = 0x11; // ICW1
constexpr std::uint8_t second_is_on_line_2 = 0x04;  // ICW3 of the first
constexpr std::uint8_t identity_2 = 0x02;           // ICW3 of the second
constexpr std::uint8_t mode_8086 = 0x01;            // ICW4
constexpr std::uint8_t mask_all = 0xff;             // OCW1

} // namespace

void silence_legacy_controllers() {
  // Even masked they may raise a spurious interrupt, which must not look like an exception.
  x86_64::out8(first_command, initialise_with_icw4);
  x86_64::out8(second_command, initialise_with_icw4);
  x86_64::out8(first_data, x86_64::legacy_vectors);
  x86_64::out8(second_data, x86_64::legacy_vectors + 8);
  x86_64::out8(first_data, second_is_on_line_2);
  x86_64::out8(second_data, identity_2);
  x86_64::out8(first_data, mode_8086);
  x86_64::out8(second_data, mode_8086);
  x86_64::out8(first_data, mask_all);
  x86_64::out8(second_data, mask_all);
}

} // namespace skerry::pc
