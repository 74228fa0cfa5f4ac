// SPDX-License-Identifier: Apache-2.0
// What happens when the application touches a page that has no frame yet, or a copied page that it
// may write to for the first time.
#include "src/mm/resident.hpp"

#include <core/log.hpp>
#include <mm/address_space.hpp>
#include <mm/frames.hpp>
#include <mm/kernel_space.hpp>
#include <mm/user_copy.hpp>

#include <algorithm>
#include <cstring>

namespace skerry::mm {
namespace {

using kernel::AccessKind;

/// An area gets large pages of its own accord from this size on...
constexpr std::uint64_t least_size_for_large_pages = 4_MiB;
/// ...and while this much memory is free, and this part of the whole.
constexpr std::uint64_t plenty_of_frames = 32_MiB / page_size;
constexpr std::uint64_t plenty_part = 4;

bool allows(hal::Access access, AccessKind kind) {
  switch (kind) {
  case AccessKind::read:
    return access != hal::Access::none;
  case AccessKind::write:
    return access == hal::Access::read_write;
  case AccessKind::execute:
    return access == hal::Access::read_execute;
  }
}

bool memory_is_plentiful() {
  const std::uint64_t free = frames().free_count();
  return free >= plenty_of_frames && free >= frames().total_count() / plenty_part;
}

/// Memory that is not charged may be a reservation of which little will ever be touched: it gets
/// large pages only where it is filled from below.
bool wants_large_leaf(const Area& area, VirtualAddress start) {
  if (area.traits.large_pages == LargePages::always) {
    return true;
  }
  return area.end - area.start >= least_size_for_large_pages &&
         (area.traits.is_charged || (start > area.start && hal::find_mapping(start - page_size)));
}

FaultOutcome outcome_of(const Result<>& mapped) {
  return mapped ? FaultOutcome::resolved : FaultOutcome::out_of_memory;
}

} // namespace

FaultOutcome AddressSpace::begin_fault(VirtualAddress address, AccessKind kind, ObjectNeed& need) {
  const Area* area = tree_.at_or_above(address);
  if (area == nullptr || area->start > address) {
    const bool is_overrun = area != nullptr && area->reserved_start() <= address;
    return is_overrun ? FaultOutcome::guard : FaultOutcome::no_mapping;
  }
  if (!allows(area->traits.access, kind)) {
    return area->traits.is_guard ? FaultOutcome::guard : FaultOutcome::access_violation;
  }
  const VirtualAddress page = address.page();
  if (const auto leaf = hal::find_mapping(page)) {
    if (allows(leaf->access, kind)) {
      return FaultOutcome::resolved; // another CPU was faster
    }
    if (!area->traits.is_shared) {
      return fault_on_mapped(*area, page, leaf->frame);
    }
    resident_ -= release_pages(*area, page, page + page_size); // to be taken for writing
  }
  if (!area->object) {
    return fault_in_zeros(*area, page);
  }
  need = {.object = area->object,
          .page = area->object_page_at(page),
          .for_writing = area->traits.is_shared && kind == AccessKind::write};
  return FaultOutcome::object_error;
}

FaultOutcome AddressSpace::fault_in_zeros(const Area& area, VirtualAddress page) {
  if (try_large_leaf(area, page)) {
    return FaultOutcome::resolved;
  }
  const Result<PhysicalAddress> frame = frames().allocate_zeroed();
  if (!frame) {
    return FaultOutcome::out_of_memory;
  }
  const Result<> mapped = hal::map_pages(page, *frame, 1, area.traits.access);
  if (mapped) {
    add_resident(1);
  } else {
    frames().free(*frame);
  }
  return outcome_of(mapped);
}

void AddressSpace::add_resident(std::uint64_t pages) {
  resident_ += pages;
  most_resident_ = std::max(most_resident_, resident_);
}

/// Gives 2 MiB at once where the area and the machine's memory allow it.
bool AddressSpace::try_large_leaf(const Area& area, VirtualAddress page) {
  const VirtualAddress start(align_down(page.value(), large_page_size));
  const VirtualAddress end = start + large_page_size;
  if (area.traits.large_pages == LargePages::never || start < area.start || end > area.end) {
    return false;
  }
  if (!wants_large_leaf(area, start) || !memory_is_plentiful() || hal::next_mapping(start, end)) {
    return false;
  }
  const Result<PhysicalAddress> block = frames().allocate_zeroed(large_page_order);
  if (!block) {
    return false;
  }
  const std::size_t pages = frames_in(large_page_order);
  if (!hal::map_pages(start, *block, pages, area.traits.access)) {
    frames().free(*block, large_page_order);
    return false;
  }
  add_resident(pages);
  return true;
}

/// The page has a frame that does not have all rights of the area.
FaultOutcome AddressSpace::fault_on_mapped(const Area& area, VirtualAddress page,
                                           PhysicalAddress frame) {
  if (!area.object || frames().owner(frame) == private_copy_owner) {
    return outcome_of(hal::protect_pages(page, 1, area.traits.access));
  }
  return map_copy(area, page, frame);
}

/// Replaces the object's page, which is mapped or not, by a copy that may be written to.
FaultOutcome AddressSpace::map_copy(const Area& area, VirtualAddress page,
                                    PhysicalAddress original) {
  const Result<PhysicalAddress> copy = frames().allocate();
  if (!copy) {
    return FaultOutcome::out_of_memory;
  }
  frames().set_owner(*copy, private_copy_owner);
  std::memcpy(hal::direct_map(*copy).as_pointer(),
              area.object->page_contents(area.object_page_at(page), original), page_size);
  resident_ -= release_pages(area, page, page + page_size);
  const Result<> mapped = hal::map_pages(page, *copy, 1, area.traits.access);
  if (mapped) {
    add_resident(1);
  } else {
    frames().free(*copy); // the object still has the page
  }
  return outcome_of(mapped);
}

std::optional<FaultOutcome> AddressSpace::finish_fault(VirtualAddress address, AccessKind kind,
                                                       const ObjectNeed& need,
                                                       PhysicalAddress frame) {
  const Area* area = tree_.containing(address);
  const VirtualAddress page = address.page();
  if (area == nullptr || area->object != need.object || area->object_page_at(page) != need.page ||
      !allows(area->traits.access, kind) || hal::find_mapping(page)) {
    need.object->give_back_page(need.page);
    return std::nullopt;
  }
  if (kind == AccessKind::write && !area->traits.is_shared) {
    const FaultOutcome outcome = map_copy(*area, page, frame);
    need.object->give_back_page(need.page);
    return outcome;
  }
  // The use that was taken belongs to the mapping from here on.
  const hal::Access access = need.for_writing ? area->traits.access : area->page_access();
  const Result<> mapped = hal::map_pages(page, frame, 1, access);
  if (mapped) {
    add_resident(1);
  } else {
    need.object->give_back_page(need.page);
  }
  return outcome_of(mapped);
}

FaultOutcome resolve_fault(VirtualAddress address, AccessKind kind) {
  for (;;) {
    AddressSpace::ObjectNeed need;
    const FaultOutcome outcome = application_space().lock()->begin_fault(address, kind, need);
    if (!need.object) {
      return outcome;
    }
    const Result<PhysicalAddress> frame = need.object->take_page(need.page, need.for_writing);
    if (!frame) {
      return frame.error() == std::errc::not_enough_memory ? FaultOutcome::out_of_memory
                                                           : FaultOutcome::object_error;
    }
    const auto finished = application_space().lock()->finish_fault(address, kind, need, *frame);
    if (finished) {
      return *finished;
    }
  }
}

Result<> populate(VirtualAddress address, std::size_t size_bytes) {
  const VirtualAddress end = address + size_bytes;
  for (VirtualAddress page = address.page(); page < end; page = page + page_size) {
    if (hal::find_mapping(page)) {
      continue;
    }
    const FaultOutcome written = resolve_fault(page, AccessKind::write);
    if (written == FaultOutcome::access_violation &&
        resolve_fault(page, AccessKind::read) == FaultOutcome::resolved) {
      continue;
    }
    if (written != FaultOutcome::resolved) {
      return fail(std::errc::not_enough_memory);
    }
  }
  return {};
}

} // namespace skerry::mm

namespace skerry::kernel {

bool resolve_page_fault(const PageFault& fault) {
  const mm::FaultOutcome outcome = mm::resolve_fault(fault.address, fault.kind);
  if (outcome == mm::FaultOutcome::out_of_memory) {
    log::error("mm", "no memory is left for a page that the application touched; give the machine "
                     "more");
  }
  return outcome == mm::FaultOutcome::resolved;
}

bool application_has_memory(mm::VirtualAddress address) {
  const auto space = mm::application_space().lock();
  const mm::Area* area = space->find(address);
  return area != nullptr && area->contains(address) && area->traits.access != hal::Access::none;
}

std::uint64_t find_fixup(std::uint64_t instruction) {
  return mm::find_fixup(instruction);
}

bool is_stack_guard(mm::VirtualAddress address) {
  return mm::is_stack_guard(address);
}

} // namespace skerry::kernel
