// SPDX-License-Identifier: Apache-2.0
// The application's half of the address space: what it asked to be mapped (areas), and the frames
// that it got for what it touched.
#pragma once

#include <core/result.hpp>
#include <kernel/locked.hpp>
#include <kernel/trap.hpp>
#include <mm/address.hpp>
#include <mm/area.hpp>
#include <mm/area_tree.hpp>
#include <mm/heap.hpp>
#include <mm/layout.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace skerry::mm {

/// Where a mapping goes.
enum class Placement : std::uint8_t {
  anywhere,         ///< at the hint when it is free, else at a place of our choice
  fixed,            ///< exactly there, instead of what is there
  fixed_no_replace, ///< exactly there, if nothing is there
};

struct MapRequest {
  VirtualAddress hint{}; ///< 0: none
  std::size_t size_bytes = 0;
  hal::Access access = hal::Access::none;
  Placement placement = Placement::anywhere;
  LargePages large_pages = LargePages::when_worthwhile;
  bool no_reserve = false;  ///< does not count against the commit limit
  bool is_stack = false;    ///< no large pages, and nothing is placed close below it
  bool is_guard = false;    ///< faults inside are reported as an overrun
  bool is_shared = false;   ///< writes go to the object (a shared mapping)
  std::string_view name{};  ///< for reports, at most 15 characters
  ObjectReference object{}; ///< empty: zeros at first
  std::uint64_t object_page = 0;
};

struct RemapRequest {
  VirtualAddress old_address{};
  std::size_t old_size = 0;
  std::size_t new_size = 0;
  bool may_move = false;
  std::optional<VirtualAddress> new_address{}; ///< exactly there; only with may_move
};

enum class Advice : std::uint8_t {
  normal,        ///< large pages when worthwhile
  will_need,     ///< nothing is done in advance
  dont_need,     ///< contents are forgotten, at once
  free,          ///< contents may be forgotten; they are, at once
  large_pages,   ///< large pages wherever they fit
  no_large_pages ///< never large pages from here on
};

enum class FaultOutcome : std::uint8_t {
  resolved,         ///< the access works now
  no_mapping,       ///< nothing is mapped there
  guard,            ///< somebody ran over the end of a stack or into a guard
  access_violation, ///< what is mapped there does not allow it
  out_of_memory,    ///< it is allowed, but there is no frame
  object_error,     ///< the object that is mapped there has no such page
};

/// Counts of pages, but for `areas`.
struct AddressSpaceStatistics {
  std::size_t areas = 0;
  std::uint64_t mapped = 0;        ///< in areas
  std::uint64_t resident = 0;      ///< with a frame
  std::uint64_t most_resident = 0; ///< at any time until now
  std::uint64_t charged = 0;       ///< of the mapped, those that count against the limit
  std::uint64_t charge_limit = 0;  ///< ENOMEM beyond
};

/// All areas. Reached through application_space().
///
/// Context:  thread. Never blocks.
/// Errors:   of all that changes something:
///             invalid_argument   an address is not at a page, a size is 0 or beyond the half, or
///                                the place is not the application's
///             not_enough_memory  no memory for records or tables, the commit limit is reached, or
///                                no place is left; nothing has changed then
class AddressSpace {
public:
  /// `seed` is random and decides where areas without an address go. Areas that can be written to
  /// may have `charge_limit` pages together, and `single_limit` by one call. Called once in boot.
  void initialize(std::uint64_t seed, std::uint64_t charge_limit, std::uint64_t single_limit);

  /// Creates an area and returns its start. Sizes are rounded up to pages.
  /// Errors: file_exists  with fixed_no_replace
  [[nodiscard]] Result<VirtualAddress> map(const MapRequest& request);

  /// Removes whatever is in the range; holes are no error.
  [[nodiscard]] Result<> unmap(VirtualAddress address, std::size_t size_bytes);

  /// Changes the rights of a range without holes.
  /// Errors: not_enough_memory  also for a hole
  [[nodiscard]] Result<> protect(VirtualAddress address, std::size_t size_bytes,
                                 hal::Access access);

  /// Makes an area, or a part of one, larger or smaller; contents move with it. Returns its start.
  /// What was at `new_address` is gone even when it fails.
  /// Errors: bad_address  the old range is not in one area
  [[nodiscard]] Result<VirtualAddress> remap(const RemapRequest& request);

  /// Errors: not_enough_memory  also for a hole; the rest of the range has been done then
  [[nodiscard]] Result<> advise(VirtualAddress address, std::size_t size_bytes, Advice advice);

  /// Names what lies in a range without holes, for reports.
  [[nodiscard]] Result<> set_name(VirtualAddress address, std::size_t size_bytes,
                                  std::string_view name);

  /// The area with `address` in it, else the first one above, or null. Valid until the next change.
  [[nodiscard]] const Area* find(VirtualAddress address) const {
    return tree_.at_or_above(address);
  }

  /// Unmaps the pages [first, end) of `object` wherever they are mapped, so that the next access
  /// asks the object anew. Copies that belong to the application stay.
  void forget_object(const MemoryObject& object, std::uint64_t first, std::uint64_t end);

  [[nodiscard]] AddressSpaceStatistics statistics() const;

  /// What a fault needs that cannot be had under the lock: a page of an object.
  struct ObjectNeed {
    ObjectReference object;
    std::uint64_t page = 0;
    bool for_writing = false;
  };
  /// First half of resolve_fault(). When `need` is filled, the outcome does not count yet.
  FaultOutcome begin_fault(VirtualAddress address, kernel::AccessKind kind, ObjectNeed& need);
  /// Second half, with the page that was needed. Returns nothing when the area has changed and the
  /// fault must begin again.
  std::optional<FaultOutcome> finish_fault(VirtualAddress address, kernel::AccessKind kind,
                                           const ObjectNeed& need, PhysicalAddress frame);

private:
  struct Range {
    VirtualAddress start;
    VirtualAddress end;
  };

  /// Errors: invalid_argument  not whole pages; `outside`  not in the lower half
  static Result<Range> range_of(VirtualAddress address, std::size_t size_bytes,
                                std::errc outside = std::errc::invalid_argument);
  static bool is_charged(const MapRequest& request);
  [[nodiscard]] Result<VirtualAddress> choose_place(const MapRequest& request,
                                                    std::uint64_t size) const;
  [[nodiscard]] std::optional<VirtualAddress>
  find_place(std::uint64_t size, std::uint64_t alignment, std::uint64_t offset) const;
  [[nodiscard]] bool is_free(Range range) const;
  [[nodiscard]] bool has_hole(Range range) const;
  [[nodiscard]] std::uint64_t charged_in(Range range) const;
  [[nodiscard]] Result<> check_charge(std::uint64_t more, std::uint64_t less = 0) const;

  /// Makes the ends of the range ends of areas and of leaves. Undone by merge_around().
  Result<> isolate(Range range);
  Result<> split_at(VirtualAddress address);
  void merge_around(Range range);
  bool merge_with_next(Area& area);
  void insert(Owned<Area> area);
  void remove(Area& area);
  Result<> set_large_pages(Range range, LargePages when);
  /// Gives back the frames of a range, whose ends no leaf crosses.
  void forget(Range range);
  /// Calls `change` for all areas that touch the range.
  template <class Change> void for_each_area(Range range, Change change) {
    for (Area* area = tree_.at_or_above(range.start); area != nullptr && area->start < range.end;) {
      Area* next = AreaTree::next(*area); // `change` may remove the area
      change(*area);
      area = next;
    }
  }

  Result<VirtualAddress> resize(Area& area, const RemapRequest& request, Range from);
  Result<VirtualAddress> move(const RemapRequest& request, Range from, std::uint64_t new_size);
  [[nodiscard]] bool can_grow(const Area& area, VirtualAddress new_end) const;

  FaultOutcome fault_in_zeros(const Area& area, VirtualAddress page);
  void add_resident(std::uint64_t pages);
  bool try_large_leaf(const Area& area, VirtualAddress page);
  FaultOutcome fault_on_mapped(const Area& area, VirtualAddress page, PhysicalAddress frame);
  FaultOutcome map_copy(const Area& area, VirtualAddress page, PhysicalAddress original);

  AreaTree tree_;
  VirtualAddress top_ = layout::lower_half_end; ///< places are looked for below this first
  std::uint64_t mapped_ = 0;
  std::uint64_t resident_ = 0;
  std::uint64_t most_resident_ = 0;
  std::uint64_t charged_ = 0;
  std::uint64_t charge_limit_ = 0;
  std::uint64_t single_limit_ = 0;
};

/// The application's areas: `TRY(application_space().lock()->map(request));`
[[nodiscard]] Locked<AddressSpace, LockMode::thread_only>& application_space();

/// Makes an access possible that faulted. Context: thread, no lock held; blocks when the page of an
/// object must be read.
[[nodiscard]] FaultOutcome resolve_fault(VirtualAddress address, kernel::AccessKind kind);

/// Touches every page of the range for reading, or for writing where that is allowed. Context: as
/// resolve_fault().
/// Errors: not_enough_memory  a page could not be had; those before it are there
[[nodiscard]] Result<> populate(VirtualAddress address, std::size_t size_bytes);

} // namespace skerry::mm
