// SPDX-License-Identifier: Apache-2.0
// The intrusive list against std::list.
#include <core/intrusive_list.hpp>

#include <algorithm>
#include <array>
#include <gtest/gtest.h>
#include <list>
#include <random>
#include <vector>

namespace skerry {
namespace {

struct FirstTag;
struct SecondTag;

struct Item : ListNode<FirstTag>, ListNode<SecondTag> {
  int number = 0;
};
using First = IntrusiveList<Item, FirstTag>;
using Second = IntrusiveList<Item, SecondTag>;

template <class List> std::vector<int> numbers(List& list) {
  std::vector<int> result;
  for (const Item& item : list) {
    result.push_back(item.number);
  }
  return result;
}

/// Items with the numbers from 0 on.
template <std::size_t count> struct Items : std::array<Item, count> {
  Items() {
    for (std::size_t i = 0; i < count; ++i) {
      (*this)[i].number = static_cast<int>(i);
    }
  }
};

TEST(IntrusiveList, IsEmptyWithoutEverHavingBeenUsed) {
  First list;
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(list.front(), nullptr);
  EXPECT_EQ(list.back(), nullptr);
  EXPECT_EQ(list.pop_front(), nullptr);
  EXPECT_EQ(list.begin(), list.end());
}

TEST(IntrusiveList, KeepsTheOrderInWhichElementsCame) {
  Items<4> items;
  First list;
  list.push_back(items[1]);
  list.push_back(items[2]);
  list.push_front(items[0]);
  list.insert(items[2], items[3]);
  EXPECT_EQ(numbers(list), (std::vector{0, 1, 3, 2}));
  EXPECT_EQ(list.front(), &items[0]);
  EXPECT_EQ(list.back(), &items[2]);
}

TEST(IntrusiveList, HoldsAnElementInTwoListsThatDoNotDisturbEachOther) {
  Items<3> items;
  First first;
  Second second;
  for (Item& item : items) {
    first.push_back(item);
    second.push_front(item);
  }
  static_cast<ListNode<FirstTag>&>(items[1]).unlink();
  EXPECT_EQ(numbers(first), (std::vector{0, 2}));
  EXPECT_EQ(numbers(second), (std::vector{2, 1, 0}));
}

TEST(IntrusiveList, UnlinksAnElementOnceAndThenDoesNothing) {
  Items<2> items;
  First list;
  list.push_back(items[0]);
  list.push_back(items[1]);
  auto& node = static_cast<ListNode<FirstTag>&>(items[0]);
  node.unlink();
  node.unlink();
  EXPECT_FALSE(node.is_linked());
  EXPECT_EQ(numbers(list), (std::vector{1}));
  list.push_back(items[0]);
  EXPECT_EQ(numbers(list), (std::vector{1, 0}));
}

TEST(IntrusiveList, IsEmptyAgainAfterTheLastElementHasLeft) {
  Item item;
  First list;
  list.push_back(item);
  EXPECT_EQ(list.pop_front(), &item);
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(list.begin(), list.end());
}

TEST(IntrusiveList, MayLoseTheElementThatWasJustPassed) {
  Items<5> items;
  First list;
  for (Item& item : items) {
    list.push_back(item);
  }
  for (auto at = list.begin(); at != list.end();) {
    Item& item = *at;
    ++at;
    if (item.number % 2 == 0) {
      static_cast<ListNode<FirstTag>&>(item).unlink();
    }
  }
  EXPECT_EQ(numbers(list), (std::vector{1, 3}));
}

TEST(IntrusiveList, AgreesWithAModel) {
  std::mt19937 random(1);
  Items<32> items;
  First list;
  std::list<int> model;
  for (int i = 0; i < 20'000; ++i) {
    Item& item = items[random() % items.size()];
    auto& node = static_cast<ListNode<FirstTag>&>(item);
    if (node.is_linked()) {
      node.unlink();
      model.remove(item.number);
    } else if (model.empty() || random() % 3 == 0) {
      list.push_back(item);
      model.push_back(item.number);
    } else if (random() % 2 == 0) {
      list.push_front(item);
      model.push_front(item.number);
    } else {
      const auto place = std::next(model.begin(), static_cast<long>(random() % model.size()));
      list.insert(items[static_cast<std::size_t>(*place)], item);
      model.insert(place, item.number);
    }
    ASSERT_EQ(numbers(list), std::vector(model.begin(), model.end()));
    ASSERT_EQ(list.empty(), model.empty());
  }
}

} // namespace
} // namespace skerry
