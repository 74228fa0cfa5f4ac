// SPDX-License-Identifier: Apache-2.0
// The running image: where it lies and its table of names.
#pragma once

#include <mm/address.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace skerry::kernel {

struct BootInfo;

/// Notes where the image is. Context: boot, first.
void set_image(const BootInfo& info);

/// Offset of an address from the image's base; none when it lies outside. Any context.
[[nodiscard]] std::optional<std::uint64_t> image_offset(mm::VirtualAddress address);

/// True when all of [address, address + size_bytes) lies in the image. Any context.
[[nodiscard]] bool image_contains(mm::VirtualAddress address, std::size_t size_bytes);

/// The frame that holds `address`, which is the start of a page; none when it lies outside. Such a
/// frame is in no direct map, and read-only data in it may be mapped for the application. Any
/// context.
[[nodiscard]] std::optional<mm::PhysicalAddress> image_frame(mm::VirtualAddress address);

/// The table that skerry-ld has put into the image; see core/symbol_table.hpp. Any context.
[[nodiscard]] std::span<const std::byte> image_symbols();

/// The address at which ELF's header of the image is mapped.
[[nodiscard]] mm::VirtualAddress image_base();

} // namespace skerry::kernel
