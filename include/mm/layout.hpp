// SPDX-License-Identifier: Apache-2.0
// Who owns which part of the address space (48 bits, Intel SDM vol. 3, 4.5). The lower half is the
// application's; the upper half holds what the kernel maps. Bases inside a region are random.
#pragma once

#include <mm/address.hpp>

namespace skerry::mm::layout {

/// The first 64 KiB are never mapped: a null pointer with an offset faults.
inline constexpr VirtualAddress lower_half_start{0x10000};
/// One page below the last canonical address, so that an instruction cannot run over the edge.
inline constexpr VirtualAddress lower_half_end{0x7fff'ffff'f000};

/// What one entry of the top table spans.
inline constexpr std::uint64_t top_entry_size = std::uint64_t{1} << 39;

/// The direct map starts on a random gibibyte in here; physical memory may reach 32 TiB.
inline constexpr VirtualAddress direct_map_start{0xffff'8000'0000'0000};
inline constexpr VirtualAddress direct_map_end{0xffff'c000'0000'0000};

/// Kernel stacks and other memory that needs guard pages.
inline constexpr VirtualAddress kernel_space_start{0xffff'fe80'0000'0000};
inline constexpr VirtualAddress kernel_space_end{0xffff'ff00'0000'0000};

/// Device registers and firmware tables.
inline constexpr VirtualAddress device_map_start{0xffff'ff00'0000'0000};
inline constexpr VirtualAddress device_map_end{0xffff'ff80'0000'0000};

/// The image lies on a random page of the last entry but its last 2 GiB.
inline constexpr VirtualAddress image_region_start{0xffff'ff80'0000'0000};
inline constexpr VirtualAddress image_region_end{0xffff'ffff'8000'0000};

/// An address that the processor can use: bits 63 to 47 are all the same.
[[nodiscard]] constexpr bool is_canonical(std::uint64_t address) {
  return static_cast<std::int64_t>(address << 16) >> 16 == static_cast<std::int64_t>(address);
}

} // namespace skerry::mm::layout
