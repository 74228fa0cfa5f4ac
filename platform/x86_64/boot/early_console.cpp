// SPDX-License-Identifier: Apache-2.0
// Messages from before the kernel proper: COM1 by polling, for the few reasons not to boot.
#include "platform/x86_64/boot/early.hpp"
#include "platform/x86_64/io_port.hpp"

namespace skerry::x86_64::early {
namespace {

constexpr std::uint16_t com1 = 0x3f8;
constexpr std::uint16_t debug_exit_port = 0xf4;
constexpr std::uint32_t panic_status = 134;

void put(char character) {
  // An absent UART reads as all ones and a stuck one never says that it is ready: go on either way.
  for (int i = 0; i < 100'000 && (in8(com1 + 5) & 0x20) == 0; ++i) {
  }
  out8(com1, static_cast<std::uint8_t>(character));
}

} // namespace

void print(const char* text) {
  for (; *text != '\0'; ++text) {
    if (*text == '\n') {
      put('\r');
    }
    put(*text);
  }
}

void refuse(const char* text) {
  out8(com1 + 1, 0);
  out8(com1 + 3, 0x80);
  out8(com1 + 0, 1);
  out8(com1 + 1, 0);
  out8(com1 + 3, 3);
  print("skerry: cannot run: ");
  print(text);
  print("\nskerry: exit status 134 (panic)\n");
  out32(debug_exit_port, panic_status & 0x7f);
  for (;;) {
    asm volatile("cli; hlt");
  }
}

} // namespace skerry::x86_64::early
