// SPDX-License-Identifier: Apache-2.0
// The four levels of page tables (Intel SDM vol. 3, 4.5) as a data structure in memory that is
// reached through the direct map. Runs on any host.
#pragma once

#include <core/result.hpp>
#include <hal/paging.hpp>
#include <mm/address.hpp>
#include <mm/mapping_walk.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace skerry::x86_64 {

/// Not synchronised, but for find(), which may run beside changes.
///
/// Errors of map(), unmap() and protect() beside those of hal/paging.hpp:
///         invalid_argument  not whole pages, not canonical, in both halves, or in the first 64 KiB
class PageTables {
public:
  /// Takes over the tables under `root`, which lie in memory that is mapped at `direct_map` plus
  /// its physical address. `global_pages` says that entries may carry the global bit.
  void initialize(mm::PhysicalAddress root, mm::VirtualAddress direct_map, bool global_pages);
  void set_frames(hal::TableFrames& frames) { frames_ = &frames; }

  Result<> map(mm::VirtualAddress address, mm::PhysicalAddress frame, std::size_t count,
               hal::Access access, hal::Caching caching);
  Result<> unmap(mm::VirtualAddress address, std::size_t count);
  Result<> protect(mm::VirtualAddress address, std::size_t count, hal::Access access);
  [[nodiscard]] std::optional<hal::Mapping> find(mm::VirtualAddress address) const;
  /// The first leaf that maps something in [address, end), or nothing.
  [[nodiscard]] std::optional<hal::FoundMapping> next(mm::VirtualAddress address,
                                                      mm::VirtualAddress end) const;

  /// Empties the first entry of the top table, where boot left an identity map.
  void drop_identity();

private:
  using Slot = std::atomic<std::uint64_t>;
  struct Table {
    std::array<Slot, 512> slots;
  };
  static_assert(sizeof(Table) == mm::page_size && Slot::is_always_lock_free);

  /// Pages by number, from 0 to 2^36 over both halves.
  struct Span {
    std::uint64_t first = 0;
    std::uint64_t end = 0;
  };
  struct Place {
    Slot* slot = nullptr;
    unsigned level = 0;
  };
  struct Change;
  class Flushes;

  static Result<Span> span_of(mm::VirtualAddress address, std::size_t count);
  [[nodiscard]] Table& table_in(std::uint64_t value) const;
  [[nodiscard]] Place descend(std::uint64_t page) const;
  Result<Slot*> descend_creating(std::uint64_t page, unsigned level);
  Result<std::uint64_t> map_some(std::uint64_t page, mm::PhysicalAddress frame, std::uint64_t count,
                                 std::uint64_t bits);
  Result<> isolate(std::uint64_t page, Span span, Flushes& flushes);
  Result<> isolate_edges(Span span, Flushes& flushes);
  Result<> split(Place place);
  void apply(Table& table, unsigned level, Span span, const Change& change, Flushes& flushes);
  void change_all(Span span, const Change& change, Flushes& flushes);
  static bool is_empty(const Table& table);
  static hal::Mapping describe(std::uint64_t value, unsigned level);

  mm::PhysicalAddress root_;
  mm::VirtualAddress direct_map_;
  hal::TableFrames* frames_ = nullptr;
  bool global_pages_ = false;
};

} // namespace skerry::x86_64
