// SPDX-License-Identifier: Apache-2.0
// Areas that become larger, smaller, or go elsewhere (mremap).
#include "src/mm/resident.hpp"

#include <mm/address_space.hpp>

#include <algorithm>

namespace skerry::mm {

Result<VirtualAddress> AddressSpace::remap(const RemapRequest& request) {
  const Range from = TRY(range_of(request.old_address, request.old_size, std::errc::bad_address));
  if (request.new_size == 0 || (request.new_address && !request.may_move)) {
    return fail(std::errc::invalid_argument);
  }
  Area* area = tree_.containing(from.start);
  if (area == nullptr || area->end < from.end) {
    return fail(std::errc::bad_address);
  }
  if (request.new_size > layout::lower_half_end - layout::lower_half_start) {
    return fail(std::errc::not_enough_memory);
  }
  if (!request.new_address) {
    return resize(*area, request, from);
  }
  const std::uint64_t new_size = pages_for(request.new_size) * page_size;
  const Range to = TRY(range_of(*request.new_address, new_size));
  if (to.start < from.end && from.start < to.end) {
    return fail(std::errc::invalid_argument);
  }
  return move(request, from, new_size);
}

/// Stays in place when it can. `from` lies in `area`.
Result<VirtualAddress> AddressSpace::resize(Area& area, const RemapRequest& request, Range from) {
  const std::uint64_t new_size = pages_for(request.new_size) * page_size;
  const std::uint64_t old_size = from.end - from.start;
  if (new_size <= old_size) {
    if (new_size < old_size) {
      TRY(unmap(from.start + new_size, old_size - new_size));
    }
    return from.start;
  }
  const VirtualAddress new_end = from.start + new_size;
  if (area.end == from.end && can_grow(area, new_end)) {
    const std::uint64_t growth = (new_end - area.end) >> page_bits;
    const std::uint64_t charge = area.traits.is_charged ? growth : 0;
    TRY(check_charge(charge));
    charged_ += charge;
    mapped_ += growth;
    area.end = new_end;
    tree_.resized(area);
    merge_around({from.end, new_end});
    return from.start;
  }
  if (!request.may_move) {
    return fail(std::errc::not_enough_memory);
  }
  return move(request, from, new_size);
}

bool AddressSpace::can_grow(const Area& area, VirtualAddress new_end) const {
  const Area* next = AreaTree::next(area);
  return new_end > area.end && new_end <= layout::lower_half_end &&
         (next == nullptr || next->reserved_start() >= new_end);
}

/// Moves `from`, which lies in one area, to another place with another size.
Result<VirtualAddress> AddressSpace::move(const RemapRequest& request, Range from,
                                          std::uint64_t new_size) {
  const std::uint64_t kept = std::min(new_size, from.end - from.start);
  const std::uint64_t growth = (new_size - kept) >> page_bits;
  const Range rest{from.start + kept, from.end};
  const bool charged = tree_.containing(from.start)->traits.is_charged;
  const std::uint64_t offset = from.start.value() % large_page_size; // large leaves stay large
  const auto place =
      request.new_address
          ? request.new_address
          : find_place(new_size, kept < large_page_size ? page_size : large_page_size, offset);
  if (!place) {
    return fail(std::errc::not_enough_memory);
  }
  const Range to{*place, *place + new_size};
  TRY(check_charge(charged ? growth : 0, charged_in(to)));
  if (request.new_address) {
    TRY(unmap(to.start, new_size));
  }
  TRY(isolate(from));
  Result<> moved = split_at(rest.start);
  if (moved) {
    moved = move_pages(from.start, rest.start, to.start);
  }
  if (!moved) {
    merge_around(from);
    return fail(moved.error());
  }
  for_each_area(rest, [this](Area& area) { remove(area); });
  Area& area = *tree_.containing(from.start);
  tree_.remove(area);
  area.start = to.start;
  area.end = to.end;
  tree_.insert(area);
  mapped_ += growth;
  charged_ += charged ? growth : 0;
  merge_around(to);
  return to.start;
}

} // namespace skerry::mm
