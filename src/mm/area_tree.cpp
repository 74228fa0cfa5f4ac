// SPDX-License-Identifier: Apache-2.0
// The treap of areas. Priorities form a heap, addresses a search tree.
#include <core/assert.hpp>
#include <mm/area_tree.hpp>

namespace skerry::mm {
namespace {

/// The highest fitting place in [low, high).
std::optional<VirtualAddress> place_in(VirtualAddress low, VirtualAddress high,
                                       const GapRequest& request) {
  low = std::max(low, request.low);
  high = std::min(high, request.high);
  if (low >= high || high - low < request.size_bytes) {
    return std::nullopt;
  }
  const VirtualAddress highest = high - request.size_bytes;
  const std::uint64_t excess = (highest.value() - request.offset) & (request.alignment - 1);
  if (highest - low < excess) {
    return std::nullopt;
  }
  return highest - excess;
}

VirtualAddress end_of(const Area* area) {
  return area != nullptr ? area->end : VirtualAddress();
}

} // namespace

void AreaTree::recompute(Area& area) {
  area.largest_gap_ = area.gap_;
  for (const Area* child : {area.left_, area.right_}) {
    if (child != nullptr) {
      area.largest_gap_ = std::max(area.largest_gap_, child->largest_gap_);
    }
  }
}

void AreaTree::recompute_to_root(Area* area) {
  for (; area != nullptr; area = area->parent_) {
    recompute(*area);
  }
}

void AreaTree::refresh_gap(Area* area) {
  if (area != nullptr) {
    const VirtualAddress below = end_of(previous(*area));
    const VirtualAddress start = area->reserved_start();
    area->gap_ = start > below ? start - below : 0;
    recompute_to_root(area);
  }
}

/// The pointer of the tree that points to `area`.
Area*& AreaTree::link_to(Area& area) {
  if (area.parent_ == nullptr) {
    return root_;
  }
  return area.parent_->left_ == &area ? area.parent_->left_ : area.parent_->right_;
}

/// Exchanges `area` and its parent, without a change of the order.
void AreaTree::rotate_up(Area& area) {
  Area& parent = *area.parent_;
  link_to(parent) = &area;
  area.parent_ = parent.parent_;
  parent.parent_ = &area;
  const bool was_left = parent.left_ == &area;
  Area*& inner = was_left ? area.right_ : area.left_;
  (was_left ? parent.left_ : parent.right_) = inner;
  if (inner != nullptr) {
    inner->parent_ = &parent;
  }
  inner = &parent;
  recompute(parent);
  recompute(area);
}

void AreaTree::insert(Area& area) {
  Area* parent = nullptr;
  Area** link = &root_;
  while (*link != nullptr) {
    parent = *link;
    SKERRY_ASSERT(area.end <= parent->start || area.start >= parent->end);
    link = area.start < parent->start ? &parent->left_ : &parent->right_;
  }
  *link = &area;
  area.parent_ = parent;
  area.left_ = nullptr;
  area.right_ = nullptr;
  // A full period over all numbers is all that priorities need (Numerical Recipes, 7.1).
  next_priority_ = next_priority_ * 1664525 + 1013904223;
  area.priority_ = next_priority_;
  ++size_;
  resized(area);
  while (area.parent_ != nullptr && area.parent_->priority_ < area.priority_) {
    rotate_up(area);
  }
}

void AreaTree::remove(Area& area) {
  Area* above = next(area);
  while (area.left_ != nullptr || area.right_ != nullptr) {
    const bool left_goes_up =
        area.right_ == nullptr ||
        (area.left_ != nullptr && area.left_->priority_ > area.right_->priority_);
    rotate_up(left_goes_up ? *area.left_ : *area.right_);
  }
  link_to(area) = nullptr;
  recompute_to_root(area.parent_);
  area.parent_ = nullptr;
  --size_;
  refresh_gap(above);
}

void AreaTree::resized(Area& area) {
  refresh_gap(&area);
  refresh_gap(next(area));
}

Area* AreaTree::containing(VirtualAddress address) const {
  Area* area = at_or_above(address);
  return area != nullptr && area->start <= address ? area : nullptr;
}

Area* AreaTree::at_or_above(VirtualAddress address) const {
  Area* found = nullptr;
  for (Area* area = root_; area != nullptr;) {
    if (area->end > address) {
      found = area;
      area = area->left_;
    } else {
      area = area->right_;
    }
  }
  return found;
}

Area* AreaTree::next(const Area& area) {
  if (area.right_ != nullptr) {
    Area* found = area.right_;
    while (found->left_ != nullptr) {
      found = found->left_;
    }
    return found;
  }
  const Area* child = &area;
  while (child->parent_ != nullptr && child->parent_->right_ == child) {
    child = child->parent_;
  }
  return child->parent_;
}

Area* AreaTree::previous(const Area& area) {
  if (area.left_ != nullptr) {
    Area* found = area.left_;
    while (found->right_ != nullptr) {
      found = found->right_;
    }
    return found;
  }
  const Area* child = &area;
  while (child->parent_ != nullptr && child->parent_->left_ == child) {
    child = child->parent_;
  }
  return child->parent_;
}

Area* AreaTree::last() const {
  Area* area = root_;
  while (area != nullptr && area->right_ != nullptr) {
    area = area->right_;
  }
  return area;
}

std::optional<VirtualAddress> AreaTree::find_gap(const GapRequest& request) const {
  if (const auto place = place_in(end_of(last()), request.high, request)) {
    return place;
  }
  // Downward in the order of addresses, past subtrees that have no gap large enough.
  const auto search = [&](const auto& self, const Area* area) -> std::optional<VirtualAddress> {
    if (area == nullptr || area->largest_gap_ < request.size_bytes) {
      return std::nullopt;
    }
    if (area->end < request.high) {
      if (const auto place = self(self, area->right_)) {
        return place;
      }
    }
    const VirtualAddress top = area->reserved_start();
    if (const auto place = place_in(top - area->gap_, top, request)) {
      return place;
    }
    return area->start > request.low ? self(self, area->left_) : std::nullopt;
  };
  return search(search, root_);
}

} // namespace skerry::mm
