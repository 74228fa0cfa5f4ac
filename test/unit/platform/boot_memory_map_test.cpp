// SPDX-License-Identifier: Apache-2.0
// The firmware's memory map: odd edges, overlaps, too many entries; against a model of pages.
#include "platform/x86_64/boot/memory_map.hpp"

#include <algorithm>
#include <array>
#include <gtest/gtest.h>
#include <memory>
#include <random>
#include <vector>

namespace skerry::x86_64 {
namespace {

using kernel::BootInfo;
using kernel::MemoryKind;

constexpr std::uint64_t page = mm::page_size;

struct Range {
  std::uint64_t start;
  std::uint64_t end;
  MemoryKind kind;

  bool operator==(const Range&) const = default;
};

void PrintTo(const Range& range, std::ostream* stream) {
  *stream << std::hex << range.start << '-' << range.end << " kind " << std::dec
          << static_cast<int>(range.kind);
}

class MemoryMap : public testing::Test {
protected:
  void add(std::uint64_t start, std::uint64_t size, MemoryKind kind = MemoryKind::usable) {
    add_range(*info, start, size, kind);
  }
  [[nodiscard]] std::vector<Range> normalised() const {
    normalise(*info);
    std::vector<Range> ranges;
    for (const auto& [range, kind] : info->memory()) {
      ranges.push_back({range.start.value(), range.end().value(), kind});
    }
    return ranges;
  }

  std::unique_ptr<BootInfo> info = std::make_unique<BootInfo>();
};

using Ranges = std::vector<Range>;
constexpr MemoryKind usable = MemoryKind::usable;
constexpr MemoryKind reserved = MemoryKind::reserved;

TEST_F(MemoryMap, StaysEmptyWithoutEntries) {
  EXPECT_EQ(normalised(), Ranges());
  EXPECT_EQ(usable_bytes(*info), 0U);
}

TEST_F(MemoryMap, ReadsTheKindsOfTheSpecification) {
  EXPECT_EQ(kind_of_type(1), MemoryKind::usable);
  EXPECT_EQ(kind_of_type(2), MemoryKind::reserved);
  EXPECT_EQ(kind_of_type(3), MemoryKind::acpi_reclaimable);
  EXPECT_EQ(kind_of_type(4), MemoryKind::acpi_nvs);
  EXPECT_EQ(kind_of_type(5), MemoryKind::bad);
  for (const std::uint32_t type : {0U, 6U, 7U, 12U, 0xffff'ffffU}) {
    EXPECT_EQ(kind_of_type(type), MemoryKind::reserved) << type;
  }
}

TEST_F(MemoryMap, SortsByAddress) {
  add(8 * page, page);
  add(2 * page, page, reserved);
  add(4 * page, page);
  EXPECT_EQ(normalised(), (Ranges{{2 * page, 3 * page, reserved},
                                  {4 * page, 5 * page, usable},
                                  {8 * page, 9 * page, usable}}));
  EXPECT_EQ(usable_bytes(*info), 2 * page);
}

TEST_F(MemoryMap, RoundsUsableMemoryInward) {
  add(0x9fc01, 0x1400);
  add(3 * page + 1, 2 * page - 2);
  EXPECT_EQ(normalised(), (Ranges{{0xa0000, 0xa1000, usable}}));
}

TEST_F(MemoryMap, RoundsWhatIsNotUsableOutwardWhenItIsCutOut) {
  add(0, 16 * page);
  add(4 * page + 100, 10, reserved);
  add(8 * page - 1, 2, MemoryKind::acpi_nvs);
  EXPECT_EQ(normalised(), (Ranges{{0, 4 * page, usable},
                                  {4 * page + 100, 4 * page + 110, reserved},
                                  {5 * page, 7 * page, usable},
                                  {8 * page - 1, 8 * page + 1, MemoryKind::acpi_nvs},
                                  {9 * page, 16 * page, usable}}));
}

TEST_F(MemoryMap, BelievesTheStricterKindWhicheverCameFirst) {
  add(2 * page, 4 * page, MemoryKind::bad);
  add(0, 4 * page);
  add(5 * page, 4 * page);
  add(20 * page, page);
  add(16 * page, 8 * page, MemoryKind::acpi_reclaimable);
  EXPECT_EQ(normalised(), (Ranges{{0, 2 * page, usable},
                                  {2 * page, 6 * page, MemoryKind::bad},
                                  {6 * page, 9 * page, usable},
                                  {16 * page, 24 * page, MemoryKind::acpi_reclaimable}}));
}

TEST_F(MemoryMap, JoinsUsableNeighboursAndDropsRepetitions) {
  add(0, 4 * page);
  add(4 * page, 4 * page);
  add(2 * page, 4 * page);
  add(0, 8 * page);
  add(page, page);
  EXPECT_EQ(normalised(), (Ranges{{0, 8 * page, usable}}));
}

TEST_F(MemoryMap, LeavesOutEmptyEntriesAndThosePastTheEndOfPhysicalMemory) {
  const std::uint64_t limit = std::uint64_t{1} << 52;
  add(page, 0);
  add(limit, page);
  add(~std::uint64_t{0}, 1);
  add(limit - 2 * page, ~std::uint64_t{0}, reserved);
  EXPECT_EQ(normalised(), (Ranges{{limit - 2 * page, limit, reserved}}));
}

TEST_F(MemoryMap, TakesAnEntryThatWrapsForOneThatReachesTheEnd) {
  const std::uint64_t limit = std::uint64_t{1} << 52;
  add(4 * page, ~std::uint64_t{0} - page);
  EXPECT_EQ(normalised(), (Ranges{{4 * page, limit, usable}}));
}

TEST_F(MemoryMap, CountsUsableEntriesForWhichThereIsNoRoom) {
  for (std::size_t i = 0; i < BootInfo::max_ranges + 5; ++i) {
    add(2 * i * page, page);
  }
  EXPECT_EQ(info->ranges_dropped, 5U);
  EXPECT_EQ(normalised().size(), BootInfo::max_ranges);
}

TEST_F(MemoryMap, NeverUsesMemoryThatADroppedEntryForbids) {
  for (std::size_t i = 0; i < BootInfo::max_ranges; ++i) {
    add(16 * i * page, 8 * page);
  }
  add(0, page, reserved); // past the capacity, and inside the first entry
  add(16 * page + 2 * page, page, MemoryKind::acpi_nvs);
  for (const Range& range : normalised()) {
    if (range.kind == usable) {
      EXPECT_FALSE(range.start < page);
      EXPECT_FALSE(range.start < 19 * page && range.end > 18 * page);
    }
  }
}

/// A model with one kind a page: usable only where nothing else says otherwise.
class PageModel {
public:
  static constexpr std::uint64_t pages = 512;

  void add(std::uint64_t start, std::uint64_t end, MemoryKind kind) {
    for (std::uint64_t i = 0; i < pages && start < end; ++i) {
      const bool whole = start <= i * page && (i + 1) * page <= end;
      const bool touched = start < (i + 1) * page && i * page < end;
      covered_[i] = covered_[i] || (kind == usable && whole);
      forbidden_[i] = forbidden_[i] || (kind != usable && touched);
    }
  }
  [[nodiscard]] bool is_usable(std::uint64_t i) const { return covered_[i] && !forbidden_[i]; }

private:
  std::array<bool, pages> covered_{};
  std::array<bool, pages> forbidden_{};
};

void check_shape(const Ranges& ranges) {
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    ASSERT_LT(ranges[i].start, ranges[i].end);
    ASSERT_TRUE(i == 0 || ranges[i - 1].start <= ranges[i].start);
    if (ranges[i].kind != usable) {
      continue;
    }
    ASSERT_TRUE(is_aligned(ranges[i].start, page) && is_aligned(ranges[i].end, page));
    for (std::size_t j = 0; j < ranges.size(); ++j) {
      ASSERT_TRUE(i == j || ranges[j].end <= ranges[i].start || ranges[i].end <= ranges[j].start);
    }
  }
}

class RandomisedMemoryMap : public MemoryMap, public testing::WithParamInterface<unsigned> {};

TEST_P(RandomisedMemoryMap, AgreesWithAModelOfPages) {
  std::mt19937 random(GetParam());
  const auto edge = [&random] {
    const std::uint64_t at = random() % PageModel::pages * page;
    return random() % 3 == 0 ? at + random() % page : at;
  };
  for (int round = 0; round < 300; ++round) {
    info = std::make_unique<BootInfo>();
    PageModel model;
    // Edges stay on the model's pages, so that whole pages come from single entries only.
    for (std::size_t n = random() % 40; n > 0; --n) {
      const std::uint64_t start = edge();
      const std::uint64_t end = std::max(start, edge());
      constexpr MemoryKind others[] = {MemoryKind::reserved, MemoryKind::acpi_reclaimable,
                                       MemoryKind::acpi_nvs, MemoryKind::bad};
      const auto kind = random() % 2 == 0 ? usable : others[random() % std::size(others)];
      add(start, end - start, kind);
      model.add(start, end, kind);
    }
    const Ranges ranges = normalised();
    ASSERT_NO_FATAL_FAILURE(check_shape(ranges));
    ASSERT_EQ(info->ranges_dropped, 0U);
    std::uint64_t count = 0;
    for (std::uint64_t i = 0; i < PageModel::pages; ++i) {
      const bool found = std::ranges::any_of(ranges, [i](const Range& range) {
        return range.kind == usable && range.start <= i * page && (i + 1) * page <= range.end;
      });
      ASSERT_EQ(found, model.is_usable(i)) << "round " << round << " page " << i;
      count += found ? 1 : 0;
    }
    ASSERT_EQ(usable_bytes(*info), count * page);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomisedMemoryMap, testing::Values(1U, 2U, 3U));

} // namespace
} // namespace skerry::x86_64
