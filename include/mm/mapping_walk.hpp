// SPDX-License-Identifier: Apache-2.0
// A walk over what is mapped that passes over holes of any size at little cost. Part of the
// platform's paging, beside hal/paging.hpp.
#pragma once

#include <hal/paging.hpp>
#include <mm/address.hpp>

#include <optional>

namespace skerry::hal {

/// A leaf of the page tables and the first address that it maps.
struct FoundMapping {
  mm::VirtualAddress start;
  Mapping leaf;
};

/// The first leaf that maps something in [address, end), or nothing. It may begin before `address`.
/// Context: thread; the caller holds the lock of the area.
[[nodiscard]] std::optional<FoundMapping> next_mapping(mm::VirtualAddress address,
                                                       mm::VirtualAddress end);

} // namespace skerry::hal
