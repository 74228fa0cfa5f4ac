// SPDX-License-Identifier: Apache-2.0
// The pages of a file: frames by number, with holes. A radix tree of 64 ways; what it holds of the
// machine's memory is counted against one limit for all files.
#pragma once

#include <core/result.hpp>
#include <mm/address.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace skerry::fs {

/// Not synchronised. Pages are numbered below 2^52.
class PageTree {
public:
  constexpr PageTree() = default;
  PageTree(const PageTree&) = delete;
  PageTree& operator=(const PageTree&) = delete;
  ~PageTree() { clear(0, ~std::uint64_t{0}); }

  /// The frame of page `index` for one use more, or nothing for a hole. A page in use keeps its
  /// frame.
  [[nodiscard]] std::optional<mm::PhysicalAddress> take(std::uint64_t index);
  /// The same; a hole is filled with a page of zeros first.
  /// Errors: no_space_on_device  files hold as much as they may
  ///         not_enough_memory
  [[nodiscard]] Result<mm::PhysicalAddress> take_or_make(std::uint64_t index);
  /// Ends one use. The page is there.
  void give_back(std::uint64_t index);

  /// Makes holes of the pages in [first, end). Pages in use become zeros instead.
  void clear(std::uint64_t first, std::uint64_t end);
  /// The first page in [first, end) that is there.
  [[nodiscard]] std::optional<std::uint64_t> next_present(std::uint64_t first,
                                                          std::uint64_t end) const;
  /// Pages that have a frame.
  [[nodiscard]] std::uint64_t count() const { return count_; }

private:
  static constexpr unsigned bits = 6;
  static constexpr std::size_t ways = std::size_t{1} << bits;
  /// Slots of the lowest level hold a frame's number and its uses; those above, a level's address.
  struct Level {
    std::array<std::uint64_t, ways> slots{};
  };

  [[nodiscard]] std::uint64_t* find(std::uint64_t index) const;
  Result<std::uint64_t*> find_or_make(std::uint64_t index);
  Result<> grow(std::uint64_t index);
  bool clear(Level& level, unsigned height, std::uint64_t base, std::uint64_t first,
             std::uint64_t end);
  bool clear_page(std::uint64_t& slot);
  static std::optional<std::uint64_t> next_present(const Level& level, unsigned height,
                                                   std::uint64_t base, std::uint64_t first,
                                                   std::uint64_t end);

  Level* root_ = nullptr;
  unsigned height_ = 0; ///< levels; the tree covers 64^height_ pages
  std::uint64_t count_ = 0;
};

/// Pages that files hold, and how many they may hold: half of the machine's memory.
struct PageBudget {
  std::uint64_t used = 0;
  std::uint64_t limit = 0;
};
[[nodiscard]] PageBudget page_budget();

} // namespace skerry::fs
