// SPDX-License-Identifier: Apache-2.0
// The PVH boot protocol (Xen public/arch-x86/hvm/start_info.h).
#include "platform/x86_64/boot/handoff.hpp"
#include "platform/x86_64/boot/memory_map.hpp"

#include <core/endian.hpp>

namespace skerry::x86_64 {
namespace {

struct StartInfo {
  Le32 magic;
  Le32 version;
  Le32 flags;
  Le32 module_count;
  Le64 modules;
  Le64 command_line;
  Le64 rsdp;
  // Version 1 on.
  Le64 memory_map;
  Le32 memory_map_entries;
  Le32 reserved;
};
static_assert(sizeof(StartInfo) == 56);

struct ModuleEntry {
  Le64 address;
  Le64 size;
  Le64 command_line;
  Le64 reserved;
};
static_assert(sizeof(ModuleEntry) == 32);

struct MapEntry {
  Le64 address;
  Le64 size;
  Le32 type;
  Le32 reserved;
};
static_assert(sizeof(MapEntry) == 24);

constexpr std::uint64_t version_0_size = 40;
/// No map that a machine really has is longer; a longer one is a lie.
constexpr std::uint32_t max_map_entries = 4096;

/// The text at `address`, as far as it can be reached; it ends at its zero or at the span's end.
std::span<const std::byte> text_at(std::uint64_t address, PhysicalReader read) {
  if (address == 0) {
    return {};
  }
  for (std::uint64_t size = kernel::BootInfo::max_command_line + 1; size != 0; size /= 2) {
    if (const std::byte* text = read(address, size)) {
      return {text, size};
    }
  }
  return {};
}

Result<> read_map(const StartInfo& start, PhysicalReader read, kernel::BootInfo& info) {
  const std::uint32_t count = start.memory_map_entries;
  if (count == 0 || count > max_map_entries) {
    return fail(std::errc::no_such_device);
  }
  const std::byte* bytes = read(start.memory_map, std::uint64_t{count} * sizeof(MapEntry));
  if (bytes == nullptr) {
    return fail(std::errc::bad_address);
  }
  // SAFETY: the reader vouches for the whole array, and MapEntry has no alignment.
  const auto* entries = reinterpret_cast<const MapEntry*>(bytes);
  for (std::uint32_t i = 0; i < count; ++i) {
    add_range(info, entries[i].address, entries[i].size, kind_of_type(entries[i].type));
  }
  return {};
}

void read_modules(const StartInfo& start, PhysicalReader read, kernel::BootInfo& info) {
  const std::uint32_t count = start.module_count;
  const std::uint32_t wanted = count < kernel::BootInfo::max_modules
                                   ? count
                                   : static_cast<std::uint32_t>(kernel::BootInfo::max_modules);
  const std::byte* bytes = read(start.modules, std::uint64_t{wanted} * sizeof(ModuleEntry));
  if (bytes == nullptr) {
    info.modules_dropped += count;
    return;
  }
  // SAFETY: as above.
  const auto* entries = reinterpret_cast<const ModuleEntry*>(bytes);
  for (std::uint32_t i = 0; i < wanted; ++i) {
    take_module(entries[i].address, entries[i].size, text_at(entries[i].command_line, read), info);
  }
  info.modules_dropped += count - wanted;
}

} // namespace

Result<> read_pvh(std::uint64_t address, PhysicalReader read, kernel::BootInfo& info) {
  const std::byte* bytes = read(address, sizeof(StartInfo));
  if (bytes == nullptr) {
    return fail(std::errc::bad_address);
  }
  // SAFETY: the reader vouches for the bytes; StartInfo has no alignment. Fields past version 0
  // are looked at only when the version says that they are there.
  const auto& start = *reinterpret_cast<const StartInfo*>(bytes);
  static_assert(offsetof(StartInfo, memory_map) == version_0_size);
  if (start.magic != pvh_magic) {
    return fail(std::errc::invalid_argument);
  }
  info.protocol = kernel::BootProtocol::pvh;
  info.acpi_root = mm::PhysicalAddress(start.rsdp);
  take_command_line(text_at(start.command_line, read), info);
  read_modules(start, read, info);
  if (start.version < 1) {
    return fail(std::errc::no_such_device);
  }
  return read_map(start, read, info);
}

} // namespace skerry::x86_64
