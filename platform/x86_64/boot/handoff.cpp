// SPDX-License-Identifier: Apache-2.0
// What both boot protocols share: command line and modules.
#include "platform/x86_64/boot/handoff.hpp"

namespace skerry::x86_64 {

void take_command_line(std::span<const std::byte> text, kernel::BootInfo& info) {
  std::size_t used = 0;
  while (used < text.size() && text[used] != std::byte{0}) {
    if (used == kernel::BootInfo::max_command_line) {
      info.command_line_truncated = true;
      break;
    }
    info.command_line[used] = static_cast<char>(text[used]);
    ++used;
  }
  info.command_line_size = used;
}

void take_module(std::uint64_t start, std::uint64_t size_bytes, std::span<const std::byte> text,
                 kernel::BootInfo& info) {
  if (info.module_count == kernel::BootInfo::max_modules || start + size_bytes < start) {
    ++info.modules_dropped;
    return;
  }
  auto& module = info.modules[info.module_count++];
  module.range = {mm::PhysicalAddress(start), size_bytes};
  const std::size_t room = sizeof module.command_line - 1;
  for (std::size_t i = 0; i < text.size() && i < room && text[i] != std::byte{0}; ++i) {
    module.command_line[i] = static_cast<char>(text[i]);
  }
}

} // namespace skerry::x86_64
