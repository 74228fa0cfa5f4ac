// SPDX-License-Identifier: Apache-2.0
// The bits of a page-table entry (Intel SDM vol. 3, 4.5, tables 4-15 to 4-20).
#pragma once

#include <core/bytes.hpp>

#include <cstdint>

namespace skerry::x86_64::entry {

inline constexpr std::uint64_t present = bit(0);
inline constexpr std::uint64_t writable = bit(1);
inline constexpr std::uint64_t user = bit(2);
inline constexpr std::uint64_t write_through = bit(3);
inline constexpr std::uint64_t cache_disable = bit(4);
inline constexpr std::uint64_t accessed = bit(5);
inline constexpr std::uint64_t dirty = bit(6);
inline constexpr std::uint64_t large = bit(7);
inline constexpr std::uint64_t global = bit(8);
inline constexpr std::uint64_t no_execute = bit(63);
inline constexpr std::uint64_t address_mask = 0x000f'ffff'ffff'f000;

} // namespace skerry::x86_64::entry
