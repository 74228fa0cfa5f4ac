// SPDX-License-Identifier: Apache-2.0
// Areas in the order of their addresses, with a way to find a gap of a given size. All in
// logarithmic time: a treap (Seidel and Aragon 1996) that knows the largest gap in each subtree.
#pragma once

#include <mm/area.hpp>

#include <cstdint>
#include <optional>

namespace skerry::mm {

/// A place that is looked for: `size_bytes` between `low` and `high`, at an address that is
/// `offset` more than a multiple of `alignment`, a power of two.
struct GapRequest {
  std::uint64_t size_bytes = 0;
  VirtualAddress low;
  VirtualAddress high;
  std::uint64_t alignment = page_size;
  std::uint64_t offset = 0;
};

/// Owns nothing. Areas do not overlap. Not synchronised.
class AreaTree {
public:
  void insert(Area& area);
  void remove(Area& area);
  /// Told after `area` got another start or end, which left the order as it was.
  void resized(Area& area);

  /// The area with `address` in it, or null.
  [[nodiscard]] Area* containing(VirtualAddress address) const;
  /// The area with `address` in it, else the first one above, or null.
  [[nodiscard]] Area* at_or_above(VirtualAddress address) const;
  [[nodiscard]] static Area* next(const Area& area);
  [[nodiscard]] static Area* previous(const Area& area);
  [[nodiscard]] std::size_t size() const { return size_; }

  /// The highest place in a gap that fits.
  [[nodiscard]] std::optional<VirtualAddress> find_gap(const GapRequest& request) const;

private:
  static void recompute(Area& area);
  static void recompute_to_root(Area* area);
  static void refresh_gap(Area* area);
  Area*& link_to(Area& area);
  void rotate_up(Area& area);
  [[nodiscard]] Area* last() const;

  Area* root_ = nullptr;
  std::size_t size_ = 0;
  std::uint32_t next_priority_ = 0x9e37'79b9;
};

} // namespace skerry::mm
