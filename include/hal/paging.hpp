// SPDX-License-Identifier: Apache-2.0
// The one address space: what is mapped where, with which rights. W^X holds for every mapping.
#pragma once

#include <core/result.hpp>
#include <mm/address.hpp>

#include <cstdint>
#include <optional>

namespace skerry::hal {

/// Rights and kind of a mapping. There is no writable and executable one.
enum class Access : std::uint8_t { none, read, read_write, read_execute };
enum class Caching : std::uint8_t { normal, device };

/// Where page tables get their frames from. Implemented by the frame allocator.
class TableFrames {
public:
  /// A zeroed frame inside the direct map.
  /// Errors: not_enough_memory
  virtual Result<mm::PhysicalAddress> allocate_table() = 0;
  virtual void free_table(mm::PhysicalAddress frame) = 0;

protected:
  ~TableFrames() = default;
};

/// One leaf of the page tables.
struct Mapping {
  mm::PhysicalAddress frame; ///< of the whole leaf, not of the page asked for
  std::size_t size_bytes = mm::page_size;
  Access access = Access::none;
  bool accessed = false;
  bool dirty = false;
};

/// Maps `count` pages from `frame` on at `address`. All must be unmapped before. Uses 2 MiB leaves
/// where both addresses and the rest of the count allow it. On an error nothing stays mapped.
/// Context: thread; the caller holds the lock of the area.
/// Errors: not_enough_memory  no frame for a table
///         file_exists        something is mapped there already
[[nodiscard]] Result<> map_pages(mm::VirtualAddress address, mm::PhysicalAddress frame,
                                 std::size_t count, Access access,
                                 Caching caching = Caching::normal);

/// Removes what is mapped in `count` pages; holes are no error. A 2 MiB leaf that is only partly
/// inside is split first. The frames stay the caller's.
/// Errors: not_enough_memory  a leaf had to be split and there was no frame for the table
[[nodiscard]] Result<> unmap_pages(mm::VirtualAddress address, std::size_t count);

/// Changes the rights of what is mapped in `count` pages; holes are no error.
/// Errors: not_enough_memory  as above
[[nodiscard]] Result<> protect_pages(mm::VirtualAddress address, std::size_t count, Access access);

/// The leaf that maps `address`, if there is one. Any context.
[[nodiscard]] std::optional<Mapping> find_mapping(mm::VirtualAddress address);

/// Names the source of table frames; called once in boot before the first map_pages().
void set_table_frames(TableFrames& frames);

/// Maps `range` somewhere in the kernel's half and returns where. Never unmapped: for device
/// registers and firmware tables. Rounds outward to pages; the result keeps the offset.
/// Errors: not_enough_memory  no frame for a table, or the region for such mappings is full
///         invalid_argument   the range is empty or wraps
[[nodiscard]] Result<mm::VirtualAddress> map_physical(mm::PhysicalRange range, Caching caching);

/// Where usable memory at `address` is mapped for the kernel; only for frames of usable memory.
[[nodiscard]] mm::VirtualAddress direct_map(mm::PhysicalAddress address);
/// The inverse, for addresses that direct_map() returned.
[[nodiscard]] mm::PhysicalAddress direct_map_physical(mm::VirtualAddress address);

} // namespace skerry::hal
