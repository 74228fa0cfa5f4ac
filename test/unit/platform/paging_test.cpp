// SPDX-License-Identifier: Apache-2.0
// Page tables built in host memory: what they say, what they cost, what the processor must forget.
#include "fake_translation_cache.hpp"
#include "platform/x86_64/page_table.hpp"
#include "platform/x86_64/page_tables.hpp"
#include "table_memory.hpp"

#include <gtest/gtest.h>
#include <map>
#include <random>

namespace skerry::x86_64 {
namespace {

using hal::Access;
using hal::Caching;
using mm::large_page_size;
using mm::page_size;
using mm::PhysicalAddress;
using mm::VirtualAddress;

constexpr VirtualAddress low{0x4000'0000};
constexpr VirtualAddress high{0xffff'ff00'0000'0000};
constexpr PhysicalAddress frame{0x1234'5000};
constexpr PhysicalAddress large_frame{0x4000'0000};

class Paging : public testing::Test {
protected:
  Paging() {
    tables.initialize(memory.root, memory.direct_map(), true);
    tables.set_frames(memory);
    test::translation_cache().reset();
  }

  Result<> map(VirtualAddress address, PhysicalAddress to, std::size_t count,
               Access access = Access::read_write, Caching caching = Caching::normal) {
    return tables.map(address, to, count, access, caching);
  }
  [[nodiscard]] bool is_mapped(VirtualAddress address) const {
    return tables.find(address).has_value();
  }

  /// The entry of the lowest table, read as the processor would.
  [[nodiscard]] std::uint64_t entry_for(VirtualAddress address) const {
    std::uint64_t value = memory.root.value();
    for (int shift = 39; shift >= 12; shift -= 9) {
      const auto* table =
          (memory.direct_map() + (value & entry::address_mask)).as_pointer<std::uint64_t>();
      value = table[(address.value() >> shift) & 511];
      if ((value & entry::present) == 0 || (value & entry::large) != 0) {
        break;
      }
    }
    return value;
  }

  test::TableMemory memory{256};
  PageTables tables;
};

TEST_F(Paging, MapsAPageWithItsRights) {
  struct Case {
    Access access;
    std::uint64_t bits;
  };
  for (const auto& [access, bits] :
       {Case{Access::read, entry::present | entry::no_execute},
        Case{Access::read_write, entry::present | entry::writable | entry::no_execute},
        Case{Access::read_execute, entry::present}}) {
    ASSERT_TRUE(map(low, frame, 1, access).has_value());
    const std::uint64_t ignored_by_the_processor = bit(9);
    EXPECT_EQ(entry_for(low) & ~ignored_by_the_processor, frame.value() | bits);
    EXPECT_EQ(tables.find(low)->access, access);
    EXPECT_EQ(tables.find(low + 123)->frame, frame);
    ASSERT_TRUE(tables.unmap(low, 1).has_value());
  }
}

TEST_F(Paging, NeverMarksALeafWritableAndExecutableOrForUserMode) {
  for (const Access access :
       {Access::none, Access::read, Access::read_write, Access::read_execute}) {
    for (const Caching caching : {Caching::normal, Caching::device}) {
      ASSERT_TRUE(map(low, frame, 1, access, caching).has_value());
      const std::uint64_t value = entry_for(low);
      EXPECT_FALSE((value & entry::writable) != 0 && (value & entry::no_execute) == 0);
      EXPECT_EQ(value & entry::user, 0U);
      ASSERT_TRUE(tables.unmap(low, 1).has_value());
    }
  }
}

TEST_F(Paging, KeepsTheFrameOfAPageWithoutRights) {
  ASSERT_TRUE(map(low, frame, 1).has_value());
  ASSERT_TRUE(tables.protect(low, 1, Access::none).has_value());
  EXPECT_EQ(entry_for(low) & entry::present, 0U);
  EXPECT_EQ(tables.find(low)->frame, frame);
  EXPECT_EQ(tables.find(low)->access, Access::none);
  EXPECT_EQ(map(low, frame, 1).error(), std::errc::file_exists);
  ASSERT_TRUE(tables.protect(low, 1, Access::read_write).has_value());
  EXPECT_EQ(tables.find(low)->access, Access::read_write);
}

TEST_F(Paging, KeepsDeviceMemoryOutOfTheCaches) {
  ASSERT_TRUE(map(high, frame, 1, Access::read_write, Caching::device).has_value());
  const std::uint64_t uncached = entry::cache_disable | entry::write_through;
  EXPECT_EQ(entry_for(high) & uncached, uncached);
  ASSERT_TRUE(tables.protect(high, 1, Access::read).has_value());
  EXPECT_EQ(entry_for(high) & uncached, uncached);
}

TEST_F(Paging, MarksOnlyTheUpperHalfGlobal) {
  ASSERT_TRUE(map(high, frame, 1).has_value());
  ASSERT_TRUE(map(low, frame, 1).has_value());
  EXPECT_NE(entry_for(high) & entry::global, 0U);
  EXPECT_EQ(entry_for(low) & entry::global, 0U);
}

TEST_F(Paging, RefusesAddressesThatNobodyMayMap) {
  EXPECT_EQ(map(VirtualAddress(0), frame, 1).error(), std::errc::invalid_argument);
  EXPECT_EQ(map(VirtualAddress(0xf000), frame, 1).error(), std::errc::invalid_argument);
  EXPECT_TRUE(map(VirtualAddress(0x10000), frame, 1).has_value());
  EXPECT_EQ(map(low + 1, frame, 1).error(), std::errc::invalid_argument);
  EXPECT_EQ(map(low, frame + 1, 1).error(), std::errc::invalid_argument);
  EXPECT_EQ(map(low, PhysicalAddress(bit(52)), 1).error(), std::errc::invalid_argument);
  EXPECT_EQ(map(low, PhysicalAddress(bit(52) - page_size), 2).error(), std::errc::invalid_argument);
  EXPECT_EQ(map(VirtualAddress(bit(47)), frame, 1).error(), std::errc::invalid_argument);
  EXPECT_EQ(map(VirtualAddress(bit(47) - page_size), frame, 2).error(),
            std::errc::invalid_argument);
  EXPECT_EQ(map(VirtualAddress(0 - page_size), frame, 2).error(), std::errc::invalid_argument);
  EXPECT_EQ(tables.unmap(low, SIZE_MAX).error(), std::errc::invalid_argument);
  EXPECT_FALSE(tables.find(VirtualAddress(bit(47))).has_value());
}

TEST_F(Paging, UsesLargeLeavesWhereBothAddressesAllowThem) {
  ASSERT_TRUE(map(low - page_size, large_frame - page_size, 512 + 2).has_value());
  EXPECT_EQ(tables.find(low - page_size)->size_bytes, page_size);
  EXPECT_EQ(tables.find(low + 4 * page_size)->size_bytes, large_page_size);
  EXPECT_EQ(tables.find(low + 4 * page_size)->frame, large_frame);
  EXPECT_EQ(tables.find(low + large_page_size)->size_bytes, page_size);
  EXPECT_EQ(tables.find(low + large_page_size)->frame, large_frame + large_page_size);

  ASSERT_TRUE(map(high, frame, 1024).has_value()); // the frame is not aligned
  EXPECT_EQ(tables.find(high)->size_bytes, page_size);
}

TEST_F(Paging, SplitsALargeLeafThatIsOnlyPartlyMeant) {
  ASSERT_TRUE(map(low, large_frame, 1024).has_value());
  ASSERT_TRUE(tables.protect(low + 5 * page_size, 3, Access::read).has_value());
  for (std::uint64_t i = 0; i < 1024; ++i) {
    const auto leaf = tables.find(low + i * page_size);
    ASSERT_TRUE(leaf.has_value());
    EXPECT_EQ(leaf->access, i >= 5 && i < 8 ? Access::read : Access::read_write);
    EXPECT_EQ(leaf->size_bytes, i < 512 ? page_size : large_page_size);
    EXPECT_EQ(leaf->frame, large_frame + (i < 512 ? i * page_size : large_page_size));
  }
}

TEST_F(Paging, SplitsTheGibibyteLeavesOfTheEarlyCode) {
  auto* top = (memory.direct_map() + memory.root.value()).as_pointer<std::uint64_t>();
  const PhysicalAddress table = *memory.allocate_table();
  top[511] = table.value() | entry::present | entry::writable;
  (memory.direct_map() + table.value()).as_pointer<std::uint64_t>()[3] =
      1_GiB | entry::present | entry::writable | entry::large | entry::no_execute;
  const VirtualAddress start(0xffff'ff80'0000'0000 + 3_GiB);
  ASSERT_EQ(tables.find(start)->size_bytes, 1_GiB);
  ASSERT_TRUE(tables.unmap(start + 7 * page_size, 1).has_value());
  EXPECT_FALSE(is_mapped(start + 7 * page_size));
  EXPECT_EQ(tables.find(start + 8 * page_size)->frame, PhysicalAddress(1_GiB + 8 * page_size));
  EXPECT_EQ(tables.find(start + 4 * large_page_size)->size_bytes, large_page_size);
  EXPECT_EQ(tables.find(start + 5 * large_page_size)->frame,
            PhysicalAddress(1_GiB + 5 * large_page_size));
}

TEST_F(Paging, RefusesToMapOverSomething) {
  ASSERT_TRUE(map(low + 3 * page_size, frame, 1).has_value());
  const std::size_t before = memory.out();
  EXPECT_EQ(map(low - page_size, large_frame, 8).error(), std::errc::file_exists);
  EXPECT_FALSE(is_mapped(low - page_size));
  EXPECT_FALSE(is_mapped(low + 2 * page_size));
  EXPECT_TRUE(is_mapped(low + 3 * page_size));
  EXPECT_EQ(memory.out(), before);

  ASSERT_TRUE(map(low + 1_GiB, large_frame, 512).has_value());
  EXPECT_EQ(map(low + 1_GiB + page_size, frame, 1).error(), std::errc::file_exists);
  EXPECT_EQ(map(low + 1_GiB, large_frame, 512).error(), std::errc::file_exists);
}

TEST_F(Paging, LeavesNothingMappedWhenTablesRunOut) {
  const std::size_t pages = 3 * 512 + 10;
  for (std::size_t budget = 0; budget <= 8; ++budget) {
    memory.budget = budget;
    const Result<> result = map(low + 1_GiB - 4 * page_size, frame, pages);
    // One table of level 3 is needed, two of level 2, five of level 1.
    ASSERT_EQ(result.has_value(), budget == 8) << budget;
    if (result) {
      break;
    }
    EXPECT_EQ(result.error(), std::errc::not_enough_memory);
    EXPECT_EQ(memory.out(), 1U) << budget;
    EXPECT_FALSE(tables.next(low, low + 4_GiB).has_value());
  }
}

TEST_F(Paging, ChangesNothingWhenThereIsNoTableForASplit) {
  ASSERT_TRUE(map(low, large_frame, 1024).has_value());
  for (const std::size_t budget : {0U, 1U}) {
    memory.budget = budget;
    EXPECT_EQ(tables.unmap(low + page_size, 1022).error(), std::errc::not_enough_memory);
    EXPECT_EQ(tables.protect(low + page_size, 1022, Access::read).error(),
              std::errc::not_enough_memory);
    for (std::uint64_t i = 0; i < 1024; ++i) {
      ASSERT_EQ(tables.find(low + i * page_size)->access, Access::read_write);
    }
  }
}

TEST_F(Paging, FreesTablesOfTheLowerHalfOnlyWhenTheyAreEmpty) {
  ASSERT_TRUE(map(low, frame, 2).has_value());
  EXPECT_EQ(memory.out(), 4U);
  ASSERT_TRUE(tables.unmap(low, 1).has_value());
  EXPECT_EQ(memory.out(), 4U);
  ASSERT_TRUE(tables.unmap(low + page_size, 1).has_value());
  EXPECT_EQ(memory.out(), 1U);

  ASSERT_TRUE(map(high, frame, 1).has_value());
  ASSERT_TRUE(tables.unmap(high, 1).has_value());
  EXPECT_EQ(memory.out(), 4U);
}

TEST_F(Paging, PassesQuicklyOverHolesOfAnySize) {
  ASSERT_TRUE(map(low + 1024_GiB, frame, 1).has_value());
  EXPECT_EQ(tables.next(low, low + 2048_GiB)->start, low + 1024_GiB);
  EXPECT_FALSE(tables.next(low, low + 1024_GiB).has_value());
  EXPECT_FALSE(tables.next(low + 1024_GiB + page_size, low + 2048_GiB).has_value());
  ASSERT_TRUE(tables.unmap(low, 2048_GiB / page_size).has_value());
  EXPECT_EQ(memory.out(), 1U);
}

TEST_F(Paging, FindsTheLeafThatBeginsBeforeTheAddress) {
  ASSERT_TRUE(map(low, large_frame, 512).has_value());
  const auto found = tables.next(low + 5 * page_size, low + 6 * page_size);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->start, low);
  EXPECT_EQ(found->leaf.size_bytes, large_page_size);
}

TEST_F(Paging, FlushesFewPagesOneByOneAndManyAtOnce) {
  ASSERT_TRUE(map(low, frame, 100).has_value());
  EXPECT_EQ(test::translation_cache().single_flushes, 0);
  ASSERT_TRUE(tables.protect(low, 32, Access::read).has_value());
  EXPECT_EQ(test::translation_cache().single_flushes, 32);
  ASSERT_TRUE(tables.unmap(low, 100).has_value());
  EXPECT_EQ(test::translation_cache().single_flushes, 32);
  EXPECT_EQ(test::translation_cache().whole_flushes, 1);
}

TEST_F(Paging, DropsTheIdentityMap) {
  auto* top = (memory.direct_map() + memory.root.value()).as_pointer<std::uint64_t>();
  top[0] = memory.root.value() | entry::present;
  tables.drop_identity();
  EXPECT_EQ(top[0], 0U);
  EXPECT_EQ(test::translation_cache().whole_flushes, 1);
}

struct ModelPage {
  PhysicalAddress frame;
  Access access;
};

class RandomisedPaging : public Paging, public testing::WithParamInterface<unsigned> {
protected:
  static constexpr std::uint64_t pages = 6 * 512;

  /// Does something random, to the tables and to the model.
  void step(VirtualAddress base) {
    const std::uint64_t first = random() % pages;
    const std::uint64_t count = 1 + random() % (random() % 2 == 0 ? 8 : pages);
    const std::uint64_t end = std::min(first + count, pages);
    const Access access = static_cast<Access>(random() % 4);
    memory.budget = random() % 4 == 0 ? random() % 4 : SIZE_MAX;
    switch (random() % 3) {
    case 0:
      return map_in_both(base, first, end, access);
    case 1:
      if (tables.unmap(base + first * page_size, end - first)) {
        model.erase(model.lower_bound(first), model.lower_bound(end));
      }
      return;
    case 2:
      if (tables.protect(base + first * page_size, end - first, access)) {
        for (auto page = model.lower_bound(first); page != model.lower_bound(end); ++page) {
          page->second.access = access;
        }
      }
      return;
    }
  }

  void map_in_both(VirtualAddress base, std::uint64_t first, std::uint64_t end, Access access) {
    const PhysicalAddress to = large_frame + (first + random() % 2) * page_size;
    const bool is_free = model.lower_bound(first) == model.lower_bound(end);
    const Result<> result = map(base + first * page_size, to, end - first, access);
    ASSERT_TRUE(is_free || !result.has_value());
    ASSERT_TRUE(result.has_value() || !is_free || memory.budget != SIZE_MAX);
    if (result) {
      for (std::uint64_t page = first; page < end; ++page) {
        model[page] = {to + (page - first) * page_size, access};
      }
    }
  }

  void compare(VirtualAddress base) const {
    for (std::uint64_t page = 0; page < pages; ++page) {
      const auto leaf = tables.find(base + page * page_size);
      const auto expected = model.find(page);
      ASSERT_EQ(leaf.has_value(), expected != model.end()) << page;
      if (leaf) {
        const std::uint64_t within = page * page_size & (leaf->size_bytes - 1);
        ASSERT_EQ(leaf->frame + within, expected->second.frame) << page;
        ASSERT_EQ(leaf->access, expected->second.access) << page;
      }
    }
  }

  void run(VirtualAddress base) {
    for (int i = 0; i < 400; ++i) {
      for (int n = 0; n < 200; ++n) {
        test::translation_cache().remember(tables, base + random() % pages * page_size);
      }
      ASSERT_NO_FATAL_FAILURE(step(base));
      ASSERT_NO_FATAL_FAILURE(compare(base));
      ASSERT_TRUE(test::translation_cache().agrees_with(tables));
    }
    memory.budget = SIZE_MAX;
    ASSERT_TRUE(tables.unmap(base, pages).has_value());
  }

  std::map<std::uint64_t, ModelPage> model;
  std::mt19937 random{GetParam()};
};

TEST_P(RandomisedPaging, AgreesWithAModelInTheLowerHalf) {
  run(low - 3 * large_page_size);
  EXPECT_EQ(memory.out(), 1U);
}

TEST_P(RandomisedPaging, AgreesWithAModelInTheUpperHalf) {
  run(high);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomisedPaging, testing::Values(1U, 2U, 3U));

} // namespace
} // namespace skerry::x86_64
