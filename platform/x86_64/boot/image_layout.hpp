// SPDX-License-Identifier: Apache-2.0
// The linker's symbols (platform/x86_64/image.ld.in) and the stacks that are part of the image.
#pragma once

#include <mm/address.hpp>

#include <cstddef>
#include <cstdint>

extern "C" {
extern const std::byte __image_start[];
extern const std::byte __text_end[];
extern const std::byte __symbols_start[];
extern std::byte __bss_start[];
extern std::byte __stacks_start[];
extern std::byte __stacks_end[];
extern std::byte __early_bss_start[];
extern std::byte __early_bss_end[];
}

namespace skerry::x86_64 {

/// Each stack of the image: one page that is never mapped, then the stack itself.
inline constexpr std::size_t boot_stack_pages = 4;
inline constexpr std::size_t stack_slot_size = (1 + boot_stack_pages) * mm::page_size;

/// True when `address`, in the same mapping as the caller, is in the guard page of one of them.
inline bool is_stack_guard(std::uint64_t address) {
  const auto start = reinterpret_cast<std::uintptr_t>(__stacks_start);
  const auto end = reinterpret_cast<std::uintptr_t>(__stacks_end);
  return address >= start && address < end && (address - start) % stack_slot_size < mm::page_size;
}

} // namespace skerry::x86_64
