// SPDX-License-Identifier: Apache-2.0
// Readers of what the boot loader left behind. They read foreign bytes: nothing is believed before
// it was checked. Both fill `info` and reserve nothing themselves.
#pragma once

#include <core/result.hpp>
#include <kernel/boot.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace skerry::x86_64 {

/// Multiboot2's value of EAX at the entry (specification 3.3).
inline constexpr std::uint32_t multiboot2_magic = 0x36d76289;
/// First word of PVH's structure (Xen public/arch-x86/hvm/start_info.h).
inline constexpr std::uint32_t pvh_magic = 0x336ec578;

/// Reaches physical memory: null when [address, address + size) is out of reach.
using PhysicalReader = const std::byte* (*)(std::uint64_t address, std::uint64_t size);

/// Reads Multiboot2's tags.
/// Errors: invalid_argument  a tag runs past the structure, or the structure is cut short
[[nodiscard]] Result<> read_multiboot2(std::span<const std::byte> structure,
                                       kernel::BootInfo& info);

/// Reads PVH's start_info at `address` and what it points to.
/// Errors: invalid_argument  the magic is absent
///         no_such_device    version 0: it has no memory map
///         bad_address       a pointer leads where `read` cannot reach
[[nodiscard]] Result<> read_pvh(std::uint64_t address, PhysicalReader read, kernel::BootInfo& info);

/// Copies the command line, up to its zero or `text.size()`; notes when it had to be cut.
void take_command_line(std::span<const std::byte> text, kernel::BootInfo& info);

/// Notes a module; those past the capacity are counted.
void take_module(std::uint64_t start, std::uint64_t size_bytes, std::span<const std::byte> text,
                 kernel::BootInfo& info);

} // namespace skerry::x86_64
