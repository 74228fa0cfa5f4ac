// SPDX-License-Identifier: Apache-2.0
// The frames behind the application's pages. Callers hold the lock of the areas.
#pragma once

#include <core/result.hpp>
#include <mm/area.hpp>
#include <mm/mapping_walk.hpp>

#include <cstdint>

namespace skerry::mm {

/// Sees to it that no large leaf crosses `address`: its frame becomes 512 frames.
/// Errors: not_enough_memory
[[nodiscard]] Result<> isolate_leaf(VirtualAddress address);

/// Unmaps [start, end) of `area`, where no leaf crosses an end, frees its own frames and gives its
/// object's back. Returns how many pages had a frame.
std::uint64_t release_pages(const Area& area, VirtualAddress start, VirtualAddress end);

/// Moves what is mapped in [start, end), whose ends no leaf crosses, to `to`, where nothing is.
/// Errors: not_enough_memory  nothing has moved
[[nodiscard]] Result<> move_pages(VirtualAddress start, VirtualAddress end, VirtualAddress to);

} // namespace skerry::mm
