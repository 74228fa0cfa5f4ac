// SPDX-License-Identifier: Apache-2.0
// The tree of areas against an ordered map and a search that looks at every gap.
#include <mm/area_tree.hpp>
#include <mm/layout.hpp>

#include <gtest/gtest.h>
#include <iterator>
#include <map>
#include <memory>
#include <random>

namespace skerry::mm {
namespace {

using Model = std::map<VirtualAddress, std::unique_ptr<Area>>;

std::unique_ptr<Area> make_area(std::uint64_t first_page, std::uint64_t last_page,
                                bool is_stack = false) {
  return std::make_unique<Area>(VirtualAddress(first_page * page_size),
                                VirtualAddress(last_page * page_size),
                                AreaTraits{.is_stack = is_stack});
}

/// Looks at every address.
std::optional<VirtualAddress> find_gap_slowly(const Model& model, const GapRequest& request) {
  for (VirtualAddress start = request.high - request.size_bytes; start >= request.low;
       start = start - page_size) {
    const VirtualAddress end = start + request.size_bytes;
    const auto above = model.upper_bound(start);
    const bool fits_above = above == model.end() || above->second->reserved_start() >= end;
    const bool fits_below = above == model.begin() || std::prev(above)->second->end <= start;
    if (fits_above && fits_below && (start.value() - request.offset) % request.alignment == 0) {
      return start;
    }
  }
  return std::nullopt;
}

TEST(AreaTree, FindsNothingWhenEmpty) {
  AreaTree tree;
  EXPECT_EQ(tree.at_or_above(VirtualAddress(0)), nullptr);
  EXPECT_EQ(tree.find_gap({.size_bytes = page_size,
                           .low = layout::lower_half_start,
                           .high = layout::lower_half_end}),
            layout::lower_half_end - page_size);
}

TEST(AreaTree, KeepsTheGapBelowAStackFree) {
  AreaTree tree;
  const auto stack = make_area(100, 110, true);
  tree.insert(*stack);
  EXPECT_EQ(tree.find_gap({.size_bytes = page_size,
                           .low = VirtualAddress(page_size),
                           .high = VirtualAddress(110 * page_size)}),
            stack->start - Area::stack_gap - page_size);
}

class RandomisedAreaTree : public testing::TestWithParam<unsigned> {
protected:
  static constexpr std::uint64_t pages = 600;

  void insert_something() {
    const std::uint64_t first = 20 + random() % (pages - 40);
    const auto area_above = model.upper_bound(VirtualAddress(first * page_size));
    if (area_above != model.begin() &&
        std::prev(area_above)->second->end > VirtualAddress(first * page_size)) {
      return;
    }
    std::uint64_t last = first + 1 + random() % 12;
    if (area_above != model.end()) {
      last = std::min(last, area_above->first.value() / page_size);
    }
    auto area = make_area(first, last, random() % 8 == 0);
    tree.insert(*area);
    model.emplace(area->start, std::move(area));
  }

  void remove_something() {
    if (!model.empty()) {
      const auto victim = std::next(model.begin(), static_cast<long>(random() % model.size()));
      tree.remove(*victim->second);
      model.erase(victim);
    }
  }

  void shorten_something() {
    if (!model.empty()) {
      Area& area = *std::next(model.begin(), static_cast<long>(random() % model.size()))->second;
      if (area.pages() > 1) {
        area.end = area.end - page_size;
        tree.resized(area);
      }
    }
  }

  void compare() {
    ASSERT_EQ(tree.size(), model.size());
    const Area* area = tree.at_or_above(VirtualAddress(0));
    const Area* below = nullptr;
    for (const auto& [start, expected] : model) {
      ASSERT_EQ(area, expected.get());
      ASSERT_EQ(AreaTree::previous(*area), below);
      below = area;
      area = AreaTree::next(*area);
    }
    ASSERT_EQ(area, nullptr);
    const VirtualAddress somewhere(random() % pages * page_size);
    const auto above = model.upper_bound(somewhere);
    const Area* containing = above != model.begin() && std::prev(above)->second->contains(somewhere)
                                 ? std::prev(above)->second.get()
                                 : nullptr;
    ASSERT_EQ(tree.containing(somewhere), containing);
  }

  void compare_gaps() {
    const std::uint64_t alignment = page_size << random() % 5;
    const GapRequest request{.size_bytes = (1 + random() % 40) * page_size,
                             .low = VirtualAddress((1 + random() % 100) * page_size),
                             .high = VirtualAddress((pages - random() % 300) * page_size),
                             .alignment = alignment,
                             .offset = random() % 40 * page_size % alignment};
    ASSERT_EQ(tree.find_gap(request), find_gap_slowly(model, request));
  }

  std::mt19937 random{GetParam()};
  Model model;
  AreaTree tree;
};

TEST_P(RandomisedAreaTree, AgreesWithAModel) {
  for (int step = 0; step < 4000; ++step) {
    switch (random() % 5) {
    case 0:
    case 1:
    case 2:
      insert_something();
      break;
    case 3:
      remove_something();
      break;
    case 4:
      shorten_something();
      break;
    }
    ASSERT_NO_FATAL_FAILURE(compare());
    ASSERT_NO_FATAL_FAILURE(compare_gaps());
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomisedAreaTree, testing::Values(1U, 2U, 3U));

} // namespace
} // namespace skerry::mm
