// SPDX-License-Identifier: Apache-2.0
// The pairing heap against a sorted set.
#include <core/pairing_heap.hpp>

#include <gtest/gtest.h>
#include <random>
#include <set>
#include <utility>
#include <vector>

namespace skerry {
namespace {

struct Item : HeapNode {
  int key = 0;
  int number = 0;
};

struct SmallerKey {
  bool operator()(const Item& left, const Item& right) const { return left.key < right.key; }
};
using Heap = PairingHeap<Item, SmallerKey>;

TEST(PairingHeap, IsEmptyAtFirst) {
  Heap heap;
  EXPECT_TRUE(heap.empty());
  EXPECT_EQ(heap.first(), nullptr);
}

TEST(PairingHeap, GivesTheSmallestWhateverTheOrderOfInsertion) {
  std::vector<Item> items(100);
  Heap heap;
  for (int i = 0; i < 100; ++i) {
    items[static_cast<std::size_t>(i)].key = i * 37 % 100;
    heap.insert(items[static_cast<std::size_t>(i)]);
  }
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(heap.first()->key, i);
    heap.remove(*heap.first());
  }
  EXPECT_TRUE(heap.empty());
}

TEST(PairingHeap, RemovesAnElementFromAnyPlace) {
  for (std::size_t removed = 0; removed < 20; ++removed) {
    std::vector<Item> items(20);
    Heap heap;
    for (std::size_t i = 0; i < items.size(); ++i) {
      items[i].key = static_cast<int>(i * 7 % 20);
      heap.insert(items[i]);
    }
    // One removal from the top shapes the rest into a deeper tree.
    Item& smallest = *heap.first();
    heap.remove(smallest);
    heap.insert(smallest);
    heap.remove(items[removed]);
    EXPECT_FALSE(items[removed].is_linked());
    int count = 0;
    int last = -1;
    while (!heap.empty()) {
      ASSERT_GT(heap.first()->key, last);
      last = heap.first()->key;
      ASSERT_NE(last, items[removed].key);
      heap.remove(*heap.first());
      ++count;
    }
    EXPECT_EQ(count, 19);
  }
}

TEST(PairingHeap, HoldsEqualKeys) {
  std::vector<Item> items(50);
  Heap heap;
  for (Item& item : items) {
    heap.insert(item);
  }
  std::set<Item*> seen;
  while (!heap.empty()) {
    seen.insert(heap.first());
    heap.remove(*heap.first());
  }
  EXPECT_EQ(seen.size(), items.size());
}

TEST(PairingHeap, NeedsNoStackForManyElements) {
  std::vector<Item> items(1'000'000);
  Heap heap;
  int key = 0;
  for (Item& item : items) {
    item.key = ++key;
    heap.insert(item);
  }
  for (int i = 0; i < 1000; ++i) {
    ASSERT_EQ(heap.first()->key, i + 1);
    heap.remove(*heap.first());
  }
}

class RandomisedPairingHeap : public testing::TestWithParam<unsigned> {};

TEST_P(RandomisedPairingHeap, AgreesWithAModel) {
  std::mt19937 random(GetParam());
  std::vector<Item> items(64);
  for (std::size_t i = 0; i < items.size(); ++i) {
    items[i].number = static_cast<int>(i);
  }
  Heap heap;
  std::set<std::pair<int, int>> model;
  for (int i = 0; i < 50'000; ++i) {
    Item& item = random() % 4 == 0 && !heap.empty() ? *heap.first() : items[random() % 64];
    if (item.is_linked()) {
      heap.remove(item);
      model.erase({item.key, item.number});
    } else {
      item.key = static_cast<int>(random() % 40);
      heap.insert(item);
      model.insert({item.key, item.number});
    }
    ASSERT_EQ(heap.empty(), model.empty());
    if (!model.empty()) {
      ASSERT_EQ(heap.first()->key, model.begin()->first);
      ASSERT_TRUE(model.contains({heap.first()->key, heap.first()->number}));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomisedPairingHeap, testing::Values(1U, 2U, 3U));

} // namespace
} // namespace skerry
