// SPDX-License-Identifier: Apache-2.0
#include "src/fs/erofs/root_module.hpp"

#include <string_view>

namespace skerry::fs::erofs {
namespace {

std::span<const kernel::BootModule> modules_of(const kernel::BootInfo& info) {
  return {info.modules, info.module_count};
}

bool is_called_root(std::string_view command_line) {
  constexpr std::string_view word = "root";
  return command_line.starts_with(word) &&
         (command_line.size() == word.size() || command_line[word.size()] == ' ');
}

} // namespace

const kernel::BootModule* find_root_module(const kernel::BootInfo& info) {
  const kernel::BootModule* nameless = nullptr;
  for (const kernel::BootModule& module : modules_of(info)) {
    const std::string_view command_line(module.command_line);
    if (is_called_root(command_line)) {
      return &module;
    }
    if (command_line.empty() && nameless == nullptr) {
      nameless = &module;
    }
  }
  return nameless;
}

bool is_in_memory(const kernel::BootInfo& info, mm::PhysicalRange range) {
  std::uint64_t at = range.start.value();
  std::uint64_t left = range.size_bytes;
  // Sorted by address, so neighbours follow each other.
  for (const kernel::MemoryRange& memory : info.memory()) {
    const std::uint64_t start = memory.range.start.value();
    if (memory.kind == kernel::MemoryKind::usable && at >= start &&
        at - start < memory.range.size_bytes) {
      const std::uint64_t here = std::min(left, memory.range.size_bytes - (at - start));
      at += here;
      left -= here;
    }
  }
  return left == 0;
}

} // namespace skerry::fs::erofs
