// SPDX-License-Identifier: Apache-2.0
// Turns a firmware's memory map, with its overlaps and odd edges, into one that can be trusted.
#pragma once

#include <kernel/boot.hpp>

namespace skerry::x86_64 {

/// Appends one entry as the firmware gave it. Empty entries are left out; one that reaches past the
/// end of physical memory is cut there. Entries past the capacity are counted in `ranges_dropped`:
/// their memory is not used, and usable ranges are given up for those that forbid the use of some.
void add_range(kernel::BootInfo& info, std::uint64_t start, std::uint64_t size_bytes,
               kernel::MemoryKind kind);

/// Makes usable ranges page-aligned (inward) and disjoint from every other kind, and sorts the
/// map by address.
void normalise(kernel::BootInfo& info);

/// Bytes of usable memory.
[[nodiscard]] std::uint64_t usable_bytes(const kernel::BootInfo& info);

/// What an entry's type number means (ACPI 6.5, 15.3; the same in E820, PVH and Multiboot2).
[[nodiscard]] kernel::MemoryKind kind_of_type(std::uint32_t type);

} // namespace skerry::x86_64
