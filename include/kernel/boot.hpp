// SPDX-License-Identifier: Apache-2.0
// What the early code found out about the machine and did to it before the kernel proper runs.
#pragma once

#include <mm/address.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace skerry::kernel {

/// Who handed over control.
enum class BootProtocol : std::uint8_t { pvh, multiboot2 };

/// What a range of the firmware's map may be used for. What nothing is known of is reserved: zero,
/// which keeps BootInfo out of the image's file.
enum class MemoryKind : std::uint8_t { reserved, usable, acpi_reclaimable, acpi_nvs, bad };

struct MemoryRange {
  mm::PhysicalRange range;
  MemoryKind kind = MemoryKind::reserved;
};

/// A file that the boot loader put into memory beside the image.
struct BootModule {
  mm::PhysicalRange range;
  char command_line[64] = {};
};

/// How the base of the image was chosen.
enum class SlideSource : std::uint8_t { hardware, stirred_timers };

/// Filled by the early code, immutable afterwards. Owned by the image; lives for ever.
struct BootInfo {
  static constexpr std::size_t max_ranges = 128;
  static constexpr std::size_t max_modules = 4;
  static constexpr std::size_t max_command_line = 2048;

  BootProtocol protocol = BootProtocol::pvh;
  SlideSource slide_source = SlideSource::hardware;

  /// The firmware's map, sorted by address; overlaps were resolved in favour of the stricter kind.
  MemoryRange ranges[max_ranges];
  std::size_t range_count = 0;
  /// Entries of the firmware's map for which there was no room; their memory is not used.
  std::size_t ranges_dropped = 0;

  BootModule modules[max_modules];
  std::size_t module_count = 0;
  std::size_t modules_dropped = 0;

  char command_line[max_command_line] = {};
  std::size_t command_line_size = 0;
  bool command_line_truncated = false;

  /// ACPI's root pointer as the boot loader gave it; 0 when it must be searched for.
  mm::PhysicalAddress acpi_root;

  mm::PhysicalRange image;           ///< where the image lies, its symbol table included
  mm::VirtualAddress image_base;     ///< where it is mapped
  std::uint64_t image_link_base = 0; ///< what its link addresses start at
  mm::VirtualAddress direct_map;     ///< usable memory is mapped here, read-write, never executable
  std::uint64_t direct_map_size = 0; ///< bytes from physical 0 on
  mm::PhysicalAddress page_table_root;
  mm::PhysicalRange early_frames;    ///< taken for page tables; never to be given out
  std::uint64_t entry_timestamp = 0; ///< time-stamp counter at the entry

  [[nodiscard]] std::span<const MemoryRange> memory() const { return {ranges, range_count}; }
  [[nodiscard]] std::string_view arguments() const { return {command_line, command_line_size}; }
};

} // namespace skerry::kernel
