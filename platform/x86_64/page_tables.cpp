// SPDX-License-Identifier: Apache-2.0
// Walks, fills and prunes page tables (Intel SDM vol. 3, 4.5 and 4.10). Level 4 is the top table,
// level 1 the one whose entries map 4 KiB.
#include "platform/x86_64/page_tables.hpp"

#include "platform/x86_64/page_table.hpp"
#include "platform/x86_64/translation_cache.hpp"

#include <core/bytes.hpp>

#include <algorithm>

namespace skerry::x86_64 {
namespace {

constexpr unsigned top_level = 4;
constexpr unsigned index_bits = 9;
constexpr unsigned page_number_bits = 36;
constexpr std::uint64_t upper_half_page = bit(page_number_bits - 1);
constexpr std::uint64_t first_mappable_page = 0x10000 / mm::page_size;
constexpr std::uint64_t table_bits = entry::present | entry::writable;

/// A leaf without any right has no present bit. This one, which the processor ignores, says that
/// the entry still holds a frame.
constexpr std::uint64_t held = bit(9);
constexpr std::uint64_t right_bits = entry::present | entry::writable | entry::no_execute | held;

constexpr std::uint64_t pages_in_entry(unsigned level) {
  return std::uint64_t{1} << (index_bits * (level - 1));
}
constexpr std::size_t index_of(std::uint64_t page, unsigned level) {
  return (page >> (index_bits * (level - 1))) & 511;
}
constexpr std::uint64_t entry_start(std::uint64_t page, unsigned level) {
  return align_down(page, pages_in_entry(level));
}
constexpr std::uint64_t entry_end(std::uint64_t page, unsigned level) {
  return entry_start(page, level) + pages_in_entry(level);
}
constexpr bool in_upper_half(std::uint64_t page) {
  return (page & upper_half_page) != 0;
}

constexpr std::uint64_t page_number(mm::VirtualAddress address) {
  return (address.value() >> mm::page_bits) & (bit(page_number_bits) - 1);
}
constexpr mm::VirtualAddress address_of(std::uint64_t page) {
  const std::uint64_t sign = in_upper_half(page) ? ~std::uint64_t{0} << 48 : 0;
  return mm::VirtualAddress(sign | page << mm::page_bits);
}

constexpr bool is_table(std::uint64_t value, unsigned level) {
  return level > 1 && value != 0 && (value & entry::large) == 0;
}

constexpr std::uint64_t rights(hal::Access access) {
  switch (access) {
  case hal::Access::none:
    return held | entry::no_execute;
  case hal::Access::read:
    return held | entry::present | entry::no_execute;
  case hal::Access::read_write:
    return held | entry::present | entry::no_execute | entry::writable;
  case hal::Access::read_execute:
    return held | entry::present;
  }
}

constexpr hal::Access access_of(std::uint64_t value) {
  if ((value & entry::present) == 0) {
    return hal::Access::none;
  }
  if ((value & entry::no_execute) == 0) {
    return hal::Access::read_execute;
  }
  return (value & entry::writable) != 0 ? hal::Access::read_write : hal::Access::read;
}

constexpr std::uint64_t frame_in(std::uint64_t value, unsigned level) {
  return value & entry::address_mask & ~(pages_in_entry(level) * mm::page_size - 1);
}

} // namespace

/// What happens to every leaf of a span.
struct PageTables::Change {
  enum class Kind : std::uint8_t { nothing, erase, set_rights };
  Kind kind = Kind::nothing;
  std::uint64_t rights = 0;
};

/// Collects what the processor must forget, and the tables that are free once it has.
class PageTables::Flushes {
public:
  Flushes(PageTables& tables, Span span) : tables_(tables), span_(span) {}
  Flushes(const Flushes&) = delete;
  Flushes& operator=(const Flushes&) = delete;
  ~Flushes() {
    flush();
    while (retired_.value() != 0) {
      const mm::PhysicalAddress table = retired_;
      retired_ = mm::PhysicalAddress(tables_.table_in(table.value()).slots[0].load());
      tables_.frames_->free_table(table);
    }
  }

  void add(std::uint64_t page) {
    if (count_ < pages_.size()) {
      pages_[count_] = page;
    }
    ++count_;
  }

  /// Takes an empty table out of the tree. It goes into a list through its first entry, which may
  /// still be read by a walk of the processor: an address without the present bit does no harm.
  void retire(Slot& slot) {
    const mm::PhysicalAddress table(slot.exchange(0) & entry::address_mask);
    tables_.table_in(table.value()).slots[0].store(retired_.value());
    retired_ = table;
  }

private:
  void flush() const {
    if (count_ > pages_.size()) {
      in_upper_half(span_.first) ? flush_all_pages() : flush_local_pages();
      return;
    }
    for (std::size_t i = 0; i < count_; ++i) {
      flush_page(address_of(pages_[i]));
    }
    if (count_ == 0 && retired_.value() != 0) {
      flush_page(address_of(span_.first)); // inner entries are remembered without a leaf, too
    }
  }

  PageTables& tables_;
  Span span_;
  std::array<std::uint64_t, 32> pages_{};
  std::size_t count_ = 0;
  mm::PhysicalAddress retired_;
};

void PageTables::initialize(mm::PhysicalAddress root, mm::VirtualAddress direct_map,
                            bool global_pages) {
  root_ = root;
  direct_map_ = direct_map;
  global_pages_ = global_pages;
}

Result<PageTables::Span> PageTables::span_of(mm::VirtualAddress address, std::size_t count) {
  const std::uint64_t first = page_number(address);
  if (!address.is_page_aligned() || address_of(first) != address || first < first_mappable_page ||
      count > (upper_half_page - (first & (upper_half_page - 1)))) {
    return fail(std::errc::invalid_argument);
  }
  return Span{first, first + count};
}

PageTables::Table& PageTables::table_in(std::uint64_t value) const {
  // SAFETY: tables are frames of usable memory, and all of it is in the direct map.
  return *(direct_map_ + (value & entry::address_mask)).as_pointer<Table>();
}

/// The entry that decides about `page`: a leaf, or an empty one at whatever level.
PageTables::Place PageTables::descend(std::uint64_t page) const {
  std::uint64_t table = root_.value();
  for (unsigned level = top_level;; --level) {
    Slot& slot = table_in(table).slots[index_of(page, level)];
    const std::uint64_t value = slot.load(std::memory_order_relaxed);
    if (!is_table(value, level)) {
      return {&slot, level};
    }
    table = value;
  }
}

/// The entry for `page` at `level`, with all tables above it.
Result<PageTables::Slot*> PageTables::descend_creating(std::uint64_t page, unsigned level) {
  for (;;) {
    const Place place = descend(page);
    if (place.level <= level) {
      return place.slot;
    }
    if (place.slot->load(std::memory_order_relaxed) != 0) {
      return fail(std::errc::file_exists);
    }
    if (frames_ == nullptr) {
      return fail(std::errc::not_enough_memory);
    }
    const mm::PhysicalAddress table = TRY(frames_->allocate_table());
    place.slot->store(table.value() | table_bits, std::memory_order_release);
  }
}

/// Maps as many pages as one leaf or the rest of one table holds. Returns their number.
Result<std::uint64_t> PageTables::map_some(std::uint64_t page, mm::PhysicalAddress frame,
                                           std::uint64_t count, std::uint64_t bits) {
  const std::uint64_t large = pages_in_entry(2);
  const bool fits_large =
      is_aligned(page | frame.value() >> mm::page_bits, large) && count >= large;
  // Where a table is there already, even an empty one, its pages are filled one by one.
  if (fits_large && descend(page).level >= 2) {
    Slot* slot = TRY(descend_creating(page, 2));
    if (slot->load(std::memory_order_relaxed) != 0) {
      return fail(std::errc::file_exists);
    }
    slot->store(frame.value() | bits | entry::large, std::memory_order_release);
    return large;
  }
  Slot* slot = TRY(descend_creating(page, 1));
  const std::uint64_t in_table = std::min(count, entry_end(page, 2) - page);
  std::uint64_t done = 0;
  while (done < in_table && slot[done].load(std::memory_order_relaxed) == 0) {
    slot[done].store((frame.value() + done * mm::page_size) | bits, std::memory_order_release);
    ++done;
  }
  if (done == 0) {
    return fail(std::errc::file_exists);
  }
  return done;
}

Result<> PageTables::map(mm::VirtualAddress address, mm::PhysicalAddress frame, std::size_t count,
                         hal::Access access, hal::Caching caching) {
  const Span span = TRY(span_of(address, count));
  if ((frame.value() & ~entry::address_mask) != 0 ||
      count > (entry::address_mask - frame.value()) / mm::page_size + 1) {
    return fail(std::errc::invalid_argument);
  }
  std::uint64_t bits = rights(access);
  if (caching == hal::Caching::device) {
    bits |= entry::cache_disable | entry::write_through; // entry 3 of the PAT: uncacheable
  }
  if (global_pages_ && in_upper_half(span.first)) {
    bits |= entry::global;
  }
  for (std::uint64_t page = span.first; page < span.end;) {
    const std::uint64_t done = page - span.first;
    const Result<std::uint64_t> step =
        map_some(page, frame + done * mm::page_size, count - done, bits);
    if (!step) {
      Flushes flushes(*this, span);
      change_all({span.first, page}, {.kind = Change::Kind::erase}, flushes);
      change_all({page, page + 1}, {.kind = Change::Kind::nothing}, flushes); // prunes tables
      return fail(step.error());
    }
    page += *step;
  }
  return {};
}

Result<> PageTables::unmap(mm::VirtualAddress address, std::size_t count) {
  const Span span = TRY(span_of(address, count));
  Flushes flushes(*this, span);
  TRY(isolate_edges(span, flushes));
  change_all(span, {.kind = Change::Kind::erase}, flushes);
  return {};
}

Result<> PageTables::protect(mm::VirtualAddress address, std::size_t count, hal::Access access) {
  const Span span = TRY(span_of(address, count));
  Flushes flushes(*this, span);
  TRY(isolate_edges(span, flushes));
  change_all(span, {.kind = Change::Kind::set_rights, .rights = rights(access)}, flushes);
  return {};
}

/// Splits the leaves at both ends that are only partly inside. Nothing has changed when it fails.
Result<> PageTables::isolate_edges(Span span, Flushes& flushes) {
  if (span.first == span.end) {
    return {};
  }
  TRY(isolate(span.first, span, flushes));
  return isolate(span.end - 1, span, flushes);
}

Result<> PageTables::isolate(std::uint64_t page, Span span, Flushes& flushes) {
  for (;;) {
    const Place place = descend(page);
    const bool is_inside =
        entry_start(page, place.level) >= span.first && entry_end(page, place.level) <= span.end;
    if (is_inside || place.slot->load(std::memory_order_relaxed) == 0) {
      return {};
    }
    TRY(split(place));
    flushes.add(page);
  }
}

/// Replaces a large leaf by a table whose entries map the same.
Result<> PageTables::split(Place place) {
  if (frames_ == nullptr) {
    return fail(std::errc::not_enough_memory);
  }
  const mm::PhysicalAddress frame = TRY(frames_->allocate_table());
  const unsigned level = place.level - 1;
  const std::uint64_t value = place.slot->load(std::memory_order_relaxed);
  const std::uint64_t step = pages_in_entry(level) * mm::page_size;
  const std::uint64_t first = level == 1 ? value & ~entry::large : value;
  Table& table = table_in(frame.value());
  for (std::size_t i = 0; i < table.slots.size(); ++i) {
    table.slots[i].store(first + i * step, std::memory_order_relaxed);
  }
  place.slot->store(frame.value() | table_bits, std::memory_order_release);
  return {};
}

void PageTables::change_all(Span span, const Change& change, Flushes& flushes) {
  if (span.first < span.end) {
    apply(table_in(root_.value()), top_level, span, change, flushes);
  }
}

/// Applies `change` to all leaves of `span`, which are wholly inside it, and takes tables of the
/// lower half away that are empty. Those of the upper half are kept: they are few and used again.
void PageTables::apply(Table& table, unsigned level, Span span, const Change& change,
                       Flushes& flushes) {
  std::uint64_t next = 0;
  for (std::uint64_t page = span.first; page < span.end; page = next) {
    next = entry_end(page, level);
    Slot& slot = table.slots[index_of(page, level)];
    std::uint64_t value = slot.load(std::memory_order_relaxed);
    if (value == 0) {
      continue;
    }
    if (is_table(value, level)) {
      Table& child = table_in(value);
      apply(child, level - 1, {page, std::min(span.end, next)}, change, flushes);
      if (!in_upper_half(page) && is_empty(child)) {
        flushes.retire(slot);
      }
      continue;
    }
    if (change.kind == Change::Kind::erase) {
      slot.store(0, std::memory_order_relaxed);
    } else if (change.kind == Change::Kind::set_rights) {
      // The processor may set the accessed and dirty bits at the same time.
      while (!slot.compare_exchange_weak(value, (value & ~right_bits) | change.rights)) {
      }
    }
    if (change.kind != Change::Kind::nothing && (value & entry::present) != 0) {
      flushes.add(page);
    }
  }
}

bool PageTables::is_empty(const Table& table) {
  return std::ranges::all_of(
      table.slots, [](const Slot& slot) { return slot.load(std::memory_order_relaxed) == 0; });
}

hal::Mapping PageTables::describe(std::uint64_t value, unsigned level) {
  return {.frame = mm::PhysicalAddress(frame_in(value, level)),
          .size_bytes = pages_in_entry(level) * mm::page_size,
          .access = access_of(value),
          .accessed = (value & entry::accessed) != 0,
          .dirty = (value & entry::dirty) != 0};
}

std::optional<hal::Mapping> PageTables::find(mm::VirtualAddress address) const {
  const std::uint64_t page = page_number(address);
  if (address_of(page) != address.page()) {
    return std::nullopt;
  }
  const Place place = descend(page);
  const std::uint64_t value = place.slot->load(std::memory_order_relaxed);
  if (value == 0) {
    return std::nullopt;
  }
  return describe(value, place.level);
}

std::optional<hal::FoundMapping> PageTables::next(mm::VirtualAddress address,
                                                  mm::VirtualAddress end) const {
  const std::uint64_t last = page_number(end - 1);
  for (std::uint64_t page = page_number(address); address < end && page <= last;) {
    const Place place = descend(page);
    const std::uint64_t value = place.slot->load(std::memory_order_relaxed);
    if (value != 0) {
      return hal::FoundMapping{address_of(entry_start(page, place.level)),
                               describe(value, place.level)};
    }
    page = entry_end(page, place.level);
  }
  return std::nullopt;
}

void PageTables::drop_identity() {
  table_in(root_.value()).slots[0].store(0);
  flush_all_pages();
}

} // namespace skerry::x86_64
