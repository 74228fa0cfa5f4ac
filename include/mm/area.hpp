// SPDX-License-Identifier: Apache-2.0
// An area: addresses of the application that are mapped in the same way, whether or not there are
// frames behind them yet.
#pragma once

#include <hal/paging.hpp>
#include <mm/address.hpp>
#include <mm/memory_object.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace skerry::mm {

/// When 2 MiB are given at once instead of 4 KiB.
enum class LargePages : std::uint8_t { when_worthwhile, always, never };

/// How an area is mapped.
struct AreaTraits {
  hal::Access access = hal::Access::none;
  LargePages large_pages = LargePages::when_worthwhile;
  bool no_reserve = false; ///< never counts against the commit limit
  bool is_stack = false;   ///< keeps Area::stack_gap bytes below it free
  bool is_guard = false;   ///< an access is an overrun of a neighbour
  bool is_shared = false;  ///< the object's own pages are mapped, not copies of them
  bool is_charged = false; ///< counts against the commit limit

  friend bool operator==(const AreaTraits&, const AreaTraits&) = default;
};

/// What an area is for, in at most 15 characters; more are cut off.
class AreaName {
public:
  constexpr AreaName() = default;
  explicit AreaName(std::string_view text)
      : size_(static_cast<std::uint8_t>(std::min(text.size(), text_.size()))) {
    std::copy_n(text.begin(), size_, text_.begin());
  }
  [[nodiscard]] std::string_view text() const { return {text_.data(), size_}; }
  friend bool operator==(const AreaName&, const AreaName&) = default;

private:
  std::array<char, 15> text_{};
  std::uint8_t size_ = 0;
};

class Area {
public:
  static constexpr std::uint64_t stack_gap = 64_KiB;

  Area(VirtualAddress first, VirtualAddress last, const AreaTraits& how)
      : start(first), end(last), traits(how) {}
  Area(const Area&) = delete;
  Area& operator=(const Area&) = delete;

  [[nodiscard]] bool contains(VirtualAddress address) const {
    return address >= start && address < end;
  }
  [[nodiscard]] std::uint64_t pages() const { return (end - start) >> page_bits; }
  /// Nothing else is placed between this address and the end.
  [[nodiscard]] VirtualAddress reserved_start() const {
    return traits.is_stack && start.value() > stack_gap ? start - stack_gap : start;
  }
  /// The page of the object that is mapped at `address`.
  [[nodiscard]] std::uint64_t object_page_at(VirtualAddress address) const {
    return object_page + ((address - start) >> page_bits);
  }
  /// The rights that pages have without a further look at each. An object's page gets the right to
  /// write by a fault: it is copied before, or the object is told.
  [[nodiscard]] hal::Access page_access() const {
    return object && traits.access == hal::Access::read_write ? hal::Access::read : traits.access;
  }

  VirtualAddress start;
  VirtualAddress end; ///< one past the last byte
  AreaTraits traits;
  AreaName name;
  ObjectReference object;        ///< empty: the area is zeros at first
  std::uint64_t object_page = 0; ///< which page of the object is at `start`

private:
  friend class AreaTree;
  Area* parent_ = nullptr;
  Area* left_ = nullptr;
  Area* right_ = nullptr;
  std::uint64_t gap_ = 0;         ///< free bytes between the area below and reserved_start()
  std::uint64_t largest_gap_ = 0; ///< of this area and all below it in the tree
  std::uint32_t priority_ = 0;
};

} // namespace skerry::mm
