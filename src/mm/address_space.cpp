// SPDX-License-Identifier: Apache-2.0
// Creates, changes and removes areas. Each operation first does all that can fail (cutting areas
// and large leaves at the ends of its range, memory for records), then what cannot.
#include "src/mm/resident.hpp"

#include <core/assert.hpp>
#include <mm/address_space.hpp>

#include <algorithm>

namespace skerry::mm {
namespace {

constexpr std::uint64_t half_size = layout::lower_half_end - layout::lower_half_start;

/// Areas without an address are looked for below a random page of the uppermost tebibyte.
constexpr std::uint64_t placement_pages = std::uint64_t{1} << (40 - page_bits);

AreaTraits traits_of(const MapRequest& request) {
  return {.access = request.access,
          .large_pages = request.is_stack ? LargePages::never : request.large_pages,
          .no_reserve = request.no_reserve,
          .is_stack = request.is_stack,
          .is_guard = request.is_guard,
          .is_shared = request.is_shared};
}

/// True when the area must be charged once it can be written to. Memory of a shared object is the
/// object's to account for.
bool may_be_charged(const AreaTraits& traits) {
  return !traits.no_reserve && !traits.is_shared && !traits.is_charged;
}

} // namespace

void AddressSpace::initialize(std::uint64_t seed, std::uint64_t charge_limit,
                              std::uint64_t single_limit) {
  top_ = layout::lower_half_end - seed % placement_pages * page_size;
  charge_limit_ = charge_limit;
  single_limit_ = single_limit;
}

Result<AddressSpace::Range> AddressSpace::range_of(VirtualAddress address, std::size_t size_bytes,
                                                   std::errc outside) {
  if (!address.is_page_aligned() || size_bytes == 0) {
    return fail(std::errc::invalid_argument);
  }
  if (address < layout::lower_half_start || address >= layout::lower_half_end ||
      size_bytes > layout::lower_half_end - address) {
    return fail(outside);
  }
  return Range{address, address + pages_for(size_bytes) * page_size};
}

bool AddressSpace::is_charged(const MapRequest& request) {
  return request.access == hal::Access::read_write && may_be_charged(traits_of(request));
}

Result<VirtualAddress> AddressSpace::map(const MapRequest& request) {
  if (request.size_bytes == 0) {
    return fail(std::errc::invalid_argument);
  }
  if (request.size_bytes > half_size) {
    return fail(std::errc::not_enough_memory);
  }
  const std::uint64_t size = pages_for(request.size_bytes) * page_size;
  const VirtualAddress start = TRY(choose_place(request, size));
  const Range range{start, start + size};
  const std::uint64_t charge = is_charged(request) ? size >> page_bits : 0;
  TRY(check_charge(charge, charged_in(range)));
  auto area = TRY(make_owned<Area>(range.start, range.end, traits_of(request)));
  area->traits.is_charged = charge != 0;
  area->name = AreaName(request.name);
  area->object = request.object;
  area->object_page = request.object_page;
  if (request.placement == Placement::fixed) {
    TRY(unmap(start, size));
  }
  charged_ += charge;
  insert(std::move(area));
  merge_around(range);
  return start;
}

Result<VirtualAddress> AddressSpace::choose_place(const MapRequest& request,
                                                  std::uint64_t size) const {
  if (request.placement != Placement::anywhere) {
    const Range range = TRY(range_of(request.hint, size));
    if (request.placement == Placement::fixed_no_replace && !is_free(range)) {
      return fail(std::errc::file_exists);
    }
    return request.hint;
  }
  if (const Result<Range> range = range_of(request.hint.page(), size); range && is_free(*range)) {
    return range->start;
  }
  const bool wants_large = size >= large_page_size && !request.is_stack && !request.object &&
                           request.large_pages != LargePages::never;
  const std::uint64_t gap_below = request.is_stack ? Area::stack_gap : 0;
  const auto place = find_place(size + gap_below, wants_large ? large_page_size : page_size, 0);
  if (!place) {
    return fail(std::errc::not_enough_memory);
  }
  return *place + gap_below;
}

/// A free place of `size` bytes that is `offset` more than a multiple of `alignment`: the highest
/// one below the random top, else the highest one above.
std::optional<VirtualAddress> AddressSpace::find_place(std::uint64_t size, std::uint64_t alignment,
                                                       std::uint64_t offset) const {
  GapRequest gap{.size_bytes = size,
                 .low = layout::lower_half_start,
                 .high = top_,
                 .alignment = alignment,
                 .offset = offset};
  auto place = tree_.find_gap(gap);
  if (!place) {
    gap.high = layout::lower_half_end;
    place = tree_.find_gap(gap);
  }
  return place;
}

bool AddressSpace::is_free(Range range) const {
  const Area* above = tree_.at_or_above(range.start);
  return above == nullptr || above->reserved_start() >= range.end;
}

bool AddressSpace::has_hole(Range range) const {
  VirtualAddress covered = range.start;
  for (const Area* area = tree_.at_or_above(range.start); area != nullptr && area->start <= covered;
       area = AreaTree::next(*area)) {
    covered = area->end;
    if (covered >= range.end) {
      return false;
    }
  }
  return true;
}

std::uint64_t AddressSpace::charged_in(Range range) const {
  std::uint64_t pages = 0;
  for (const Area* area = tree_.at_or_above(range.start);
       area != nullptr && area->start < range.end; area = AreaTree::next(*area)) {
    if (area->traits.is_charged) {
      pages += (std::min(area->end, range.end) - std::max(area->start, range.start)) >> page_bits;
    }
  }
  return pages;
}

Result<> AddressSpace::check_charge(std::uint64_t more, std::uint64_t less) const {
  if (more > less && (more > single_limit_ || charged_ + (more - less) > charge_limit_)) {
    return fail(std::errc::not_enough_memory);
  }
  return {};
}

void AddressSpace::insert(Owned<Area> area) {
  mapped_ += area->pages();
  tree_.insert(*area.release());
}

void AddressSpace::remove(Area& area) {
  resident_ -= release_pages(area, area.start, area.end);
  mapped_ -= area.pages();
  charged_ -= area.traits.is_charged ? area.pages() : 0;
  tree_.remove(area);
  const Owned<Area> last_owner(&area);
}

Result<> AddressSpace::isolate(Range range) {
  Result<> done = split_at(range.start);
  if (done) {
    done = split_at(range.end);
  }
  if (!done) {
    merge_around(range);
  }
  return done;
}

Result<> AddressSpace::split_at(VirtualAddress address) {
  Area* lower = tree_.containing(address);
  if (lower == nullptr || lower->start == address) {
    return {};
  }
  auto upper = TRY(make_owned<Area>(address, lower->end, lower->traits));
  TRY(isolate_leaf(address));
  upper->name = lower->name;
  upper->object = lower->object;
  upper->object_page = lower->object_page_at(address);
  upper->traits.is_stack = false; // what lies below it is no longer free
  lower->end = address;
  tree_.resized(*lower);
  tree_.insert(*upper.release());
  return {};
}

void AddressSpace::merge_around(Range range) {
  Area* area = tree_.at_or_above(range.start - 1);
  while (area != nullptr && area->start <= range.end) {
    if (!merge_with_next(*area)) {
      area = AreaTree::next(*area);
    }
  }
}

bool AddressSpace::merge_with_next(Area& area) {
  Area* next = AreaTree::next(area);
  if (next == nullptr || next->start != area.end || next->name != area.name ||
      next->object != area.object) {
    return false;
  }
  AreaTraits traits = next->traits;
  traits.is_stack = area.traits.is_stack;
  if (traits != area.traits || next->traits.is_stack ||
      (area.object && next->object_page != area.object_page_at(area.end))) {
    return false;
  }
  tree_.remove(*next);
  area.end = next->end;
  tree_.resized(area);
  const Owned<Area> last_owner(next);
  return true;
}

Result<> AddressSpace::unmap(VirtualAddress address, std::size_t size_bytes) {
  const Range range = TRY(range_of(address, size_bytes));
  TRY(isolate(range));
  for_each_area(range, [this](Area& area) { remove(area); });
  return {};
}

Result<> AddressSpace::protect(VirtualAddress address, std::size_t size_bytes, hal::Access access) {
  const Range range = TRY(range_of(address, size_bytes, std::errc::not_enough_memory));
  if (has_hole(range)) {
    return fail(std::errc::not_enough_memory);
  }
  TRY(isolate(range));
  std::uint64_t charge = 0;
  for_each_area(range, [&](const Area& area) {
    const bool is_new = access == hal::Access::read_write && may_be_charged(area.traits);
    charge += is_new ? area.pages() : 0;
  });
  const Result<> may_charge = check_charge(charge);
  if (may_charge) {
    charged_ += charge;
    for_each_area(range, [&](Area& area) {
      area.traits.is_charged |= access == hal::Access::read_write && may_be_charged(area.traits);
      area.traits.access = access;
      const Result<> done = hal::protect_pages(area.start, area.pages(), area.page_access());
      SKERRY_ASSERT(done.has_value()); // no leaf crosses the ends
    });
  }
  merge_around(range);
  return may_charge;
}

Result<> AddressSpace::advise(VirtualAddress address, std::size_t size_bytes, Advice advice) {
  const Range range = TRY(range_of(address, size_bytes, std::errc::not_enough_memory));
  const bool hole = has_hole(range);
  switch (advice) {
  case Advice::will_need:
    break;
  case Advice::dont_need:
  case Advice::free:
    TRY(isolate_leaf(range.start));
    TRY(isolate_leaf(range.end));
    forget(range);
    break;
  case Advice::normal:
    TRY(set_large_pages(range, LargePages::when_worthwhile));
    break;
  case Advice::large_pages:
    TRY(set_large_pages(range, LargePages::always));
    break;
  case Advice::no_large_pages:
    TRY(set_large_pages(range, LargePages::never));
    break;
  }
  return hole ? Result<>(fail(std::errc::not_enough_memory)) : Result<>();
}

void AddressSpace::forget(Range range) {
  for_each_area(range, [&](const Area& area) {
    resident_ -=
        release_pages(area, std::max(area.start, range.start), std::min(area.end, range.end));
  });
}

Result<> AddressSpace::set_large_pages(Range range, LargePages when) {
  TRY(isolate(range));
  for_each_area(range, [&](Area& area) {
    area.traits.large_pages = area.traits.is_stack ? LargePages::never : when;
  });
  merge_around(range);
  return {};
}

Result<> AddressSpace::set_name(VirtualAddress address, std::size_t size_bytes,
                                std::string_view name) {
  const Range range = TRY(range_of(address, size_bytes));
  if (has_hole(range)) {
    return fail(std::errc::not_enough_memory);
  }
  TRY(isolate(range));
  for_each_area(range, [&](Area& area) { area.name = AreaName(name); });
  merge_around(range);
  return {};
}

AddressSpaceStatistics AddressSpace::statistics() const {
  return {.areas = tree_.size(),
          .mapped = mapped_,
          .resident = resident_,
          .most_resident = most_resident_,
          .charged = charged_,
          .charge_limit = charge_limit_};
}

namespace {
constinit Locked<AddressSpace, LockMode::thread_only> the_address_space(LockRank::areas);
} // namespace

Locked<AddressSpace, LockMode::thread_only>& application_space() {
  return the_address_space;
}

} // namespace skerry::mm
