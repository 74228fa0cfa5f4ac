// SPDX-License-Identifier: Apache-2.0
// Copies between the floors and application memory (DESIGN, decision 11). The application's
// addresses may be anything: what does not lie in its half, or cannot be accessed, is bad_address.
#pragma once

#include <core/result.hpp>
#include <mm/address.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace skerry::mm {

// Context of all: thread, no lock held that a page fault needs (LockRank::areas and inward).

/// Fills `to` from application memory. A word of 4 or 8 bytes that is aligned is read at once.
/// Errors: bad_address  `to` may be partly filled
[[nodiscard]] Result<> copy_in(std::span<std::byte> to, VirtualAddress from);

/// Writes `from` to application memory. A word of 4 or 8 bytes that is aligned is written at once.
/// Errors: bad_address  a part may have been written
[[nodiscard]] Result<> copy_out(VirtualAddress to, std::span<const std::byte> from);

/// Clears application memory.
/// Errors: bad_address  a part may have been cleared
[[nodiscard]] Result<> zero_out(VirtualAddress to, std::size_t size_bytes);

/// Copies a string in with its zero and returns its length without it.
/// Errors: bad_address        before a zero was found
///         filename_too_long  there is no zero in the first to.size() bytes
[[nodiscard]] Result<std::size_t> copy_string_in(std::span<char> to, VirtualAddress from);

/// Replaces the word at `word`, which is a multiple of 4, by `desired` if it is `expected`, in one
/// step. Returns whether it was; if not, `expected` has what is there.
/// Errors: bad_address, invalid_argument (not a multiple of 4)
[[nodiscard]] Result<bool> compare_exchange(VirtualAddress word, std::uint32_t& expected,
                                            std::uint32_t desired);

/// Where a copy goes on after a fault at `instruction`, or 0 when that is none of theirs.
/// Any context.
[[nodiscard]] std::uint64_t find_fixup(std::uint64_t instruction);

} // namespace skerry::mm
