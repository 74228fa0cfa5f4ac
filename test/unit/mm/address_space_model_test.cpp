// SPDX-License-Identifier: Apache-2.0
// Random operations on the address space against a model that knows every page by itself, while
// memory runs out now and then.
#include "test_object.hpp"
#include "world.hpp"

#include <mm/address_space.hpp>

#include <gtest/gtest.h>
#include <optional>
#include <random>
#include <vector>

namespace skerry::mm {
namespace {

using hal::Access;
using kernel::AccessKind;
using test::TestObject;
using test::World;

enum class Source { zeros, private_object, shared_object };

struct ModelPage {
  bool is_mapped = false;
  Access access = Access::none;
  bool no_reserve = false;
  bool is_charged = false;
  Source source = Source::zeros;
  std::uint64_t object_page = 0;
  std::optional<std::byte> own{}; ///< what was written to a page of its own
};

class AddressSpaceModel : public testing::TestWithParam<unsigned> {
protected:
  static constexpr VirtualAddress base{0x4020'0000 - 7 * page_size};
  static constexpr std::size_t page_count = 2 * 512 + 200;
  static constexpr std::uint64_t limit = 1500;

  AddressSpaceModel() {
    space.initialize(1, limit, limit);
    heap_and_frames = heap().statistics().frames_held + frames().free_count();
  }
  ~AddressSpaceModel() override {
    world.give_back();
    EXPECT_TRUE(space.unmap(layout::lower_half_start, whole_half).has_value());
    EXPECT_EQ(object.uses_of_all(), 0U);
    EXPECT_EQ(object.references, 0);
    EXPECT_EQ(heap().statistics().frames_held + frames().free_count(), heap_and_frames);
  }

  static VirtualAddress address_of(std::size_t page) { return base + page * page_size; }
  std::size_t pick(std::size_t limit_of_pick) { return random() % limit_of_pick; }
  Access pick_access() { return pick(2) == 0 ? Access::read_write : static_cast<Access>(pick(4)); }

  struct Pages {
    std::size_t first;
    std::size_t count;
    [[nodiscard]] std::size_t end() const { return first + count; }
  };
  Pages pick_pages() {
    const std::size_t first = pick(page_count);
    const std::size_t count = 1 + pick(pick(3) == 0 ? page_count : 20);
    return {first, std::min(count, page_count - first)};
  }

  [[nodiscard]] bool is_free(Pages pages) const {
    for (std::size_t i = pages.first; i < pages.end(); ++i) {
      if (model[i].is_mapped) {
        return false;
      }
    }
    return true;
  }
  [[nodiscard]] bool is_full(Pages pages) const {
    for (std::size_t i = pages.first; i < pages.end(); ++i) {
      if (!model[i].is_mapped) {
        return false;
      }
    }
    return true;
  }
  [[nodiscard]] std::uint64_t charged(Pages pages) const {
    std::uint64_t sum = 0;
    for (std::size_t i = pages.first; i < pages.end(); ++i) {
      sum += model[i].is_charged ? 1 : 0;
    }
    return sum;
  }
  static Pages everything() { return {0, page_count}; }

  void map() {
    const Pages pages = pick_pages();
    MapRequest request{.hint = address_of(pages.first),
                       .size_bytes = pages.count * page_size - pick(2) * 100,
                       .access = pick_access(),
                       .placement = pick(4) == 0 ? Placement::fixed_no_replace : Placement::fixed,
                       .large_pages = static_cast<LargePages>(pick(3)),
                       .no_reserve = pick(4) == 0};
    ModelPage fresh{.is_mapped = true, .access = request.access, .no_reserve = request.no_reserve};
    if (pages.count <= 20 && pick(3) == 0) {
      request.object = ObjectReference(&object);
      request.is_shared = pick(2) == 0;
      request.object_page = pick(TestObject::pages - 20);
      fresh.source = request.is_shared ? Source::shared_object : Source::private_object;
      fresh.object_page = request.object_page;
    }
    fresh.is_charged = request.access == Access::read_write && !request.no_reserve &&
                       fresh.source != Source::shared_object;
    const bool is_blocked = request.placement == Placement::fixed_no_replace && !is_free(pages);
    const std::uint64_t more = fresh.is_charged ? pages.count : 0;
    const bool is_within =
        more <= charged(pages) || charged(everything()) - charged(pages) + more <= limit;
    const Result<VirtualAddress> result = space.map(request);
    ASSERT_EQ(result.has_value(), !is_blocked && is_within && !is_short(result)) << what;
    if (result) {
      for (std::size_t i = pages.first; i < pages.end(); ++i) {
        model[i] = fresh;
        ++fresh.object_page;
      }
    }
  }

  /// True when a result failed because this step has little memory.
  template <class T> bool is_short(const Result<T>& result) const {
    return memory_is_short && !result && result.error() == std::errc::not_enough_memory;
  }

  void unmap() {
    const Pages pages = pick_pages();
    const Result<> result = space.unmap(address_of(pages.first), pages.count * page_size);
    ASSERT_TRUE(result.has_value() || is_short(result));
    if (result) {
      for (std::size_t i = pages.first; i < pages.end(); ++i) {
        model[i] = {};
      }
    }
  }

  void protect() {
    const Pages pages = pick_pages();
    const Access access = pick_access();
    std::uint64_t more = 0;
    for (std::size_t i = pages.first; i < pages.end(); ++i) {
      more += may_be_charged(model[i]) && access == Access::read_write ? 1 : 0;
    }
    const bool is_allowed = is_full(pages) && (more == 0 || charged(everything()) + more <= limit);
    const Result<> result = space.protect(address_of(pages.first), pages.count * page_size, access);
    ASSERT_EQ(result.has_value(), is_allowed && !is_short(result));
    for (std::size_t i = pages.first; result && i < pages.end(); ++i) {
      model[i].is_charged |= may_be_charged(model[i]) && access == Access::read_write;
      model[i].access = access;
    }
  }

  static bool may_be_charged(const ModelPage& page) {
    return !page.no_reserve && !page.is_charged && page.source != Source::shared_object;
  }

  void forget() {
    const Pages pages = pick_pages();
    const Result<> result =
        space.advise(address_of(pages.first), pages.count * page_size, Advice::dont_need);
    if (is_short(result)) {
      return check_either_forgotten(pages);
    }
    ASSERT_EQ(result.has_value(), is_full(pages));
    for (std::size_t i = pages.first; i < pages.end(); ++i) {
      model[i].own.reset();
    }
  }

  /// Out of memory, or a hole: the same error. In the latter case the pages are forgotten.
  void check_either_forgotten(Pages pages) {
    for (std::size_t i = pages.first; i < pages.end(); ++i) {
      if (model[i].own && !world.tables.find(address_of(i))) {
        ASSERT_FALSE(is_full(pages));
        model[i].own.reset();
      }
    }
  }

  void remap() {
    const Pages from = pick_pages();
    const Pages to = pick_pages();
    RemapRequest request{.old_address = address_of(from.first),
                         .old_size = from.count * page_size,
                         .new_size = to.count * page_size,
                         .may_move = true,
                         .new_address = address_of(to.first)};
    const bool overlaps = from.first < to.end() && to.first < from.end();
    const Area* area = space.find(request.old_address);
    const bool is_one_area = area != nullptr && area->start <= request.old_address &&
                             area->end >= address_of(from.end());
    const std::size_t kept = std::min(from.count, to.count);
    const std::uint64_t more = is_one_area && model[from.first].is_charged ? to.count - kept : 0;
    const bool is_within =
        more <= charged(to) || charged(everything()) - charged(to) + more <= limit;
    const Result<VirtualAddress> result = space.remap(request);
    ASSERT_EQ(result.has_value(), is_one_area && !overlaps && is_within && !is_short(result));
    if (result) {
      move_in_model(from, to);
    } else if (is_short(result) && is_one_area && !overlaps && is_within) {
      forget_target_if_it_is_gone(to);
    }
  }

  void move_in_model(Pages from, Pages to) {
    std::vector<ModelPage> moved(model.begin() + static_cast<long>(from.first),
                                 model.begin() + static_cast<long>(from.end()));
    for (std::size_t i = from.first; i < from.end(); ++i) {
      model[i] = {};
    }
    for (std::size_t i = 0; i < to.count; ++i) {
      ModelPage page = i < moved.size() ? moved[i] : moved.front();
      if (i >= moved.size()) {
        page.own.reset();
      }
      page.object_page = moved.front().object_page + i;
      model[to.first + i] = page;
    }
  }

  void forget_target_if_it_is_gone(Pages to) {
    const Area* area = space.find(address_of(to.first));
    if (area == nullptr || area->start >= address_of(to.end())) {
      for (std::size_t i = to.first; i < to.end(); ++i) {
        model[i] = {};
      }
    }
  }

  void grow() {
    const Pages from = pick_pages();
    const std::size_t new_count = from.count + 1 + pick(30);
    const Area* area = space.find(address_of(from.first));
    if (from.first + new_count > page_count || area == nullptr ||
        area->start > address_of(from.first) || area->end != address_of(from.end())) {
      return;
    }
    const Pages added{from.end(), new_count - from.count};
    const std::uint64_t more = model[from.first].is_charged ? added.count : 0;
    const Result<VirtualAddress> result = space.remap({.old_address = address_of(from.first),
                                                       .old_size = from.count * page_size,
                                                       .new_size = new_count * page_size});
    ASSERT_EQ(result.has_value(),
              is_free(added) && (more == 0 || charged(everything()) + more <= limit));
    for (std::size_t i = added.first; result && i < added.end(); ++i) {
      model[i] = model[from.first];
      model[i].own.reset();
      model[i].object_page = model[from.first].object_page + (i - from.first);
    }
  }

  [[nodiscard]] std::byte visible(const ModelPage& page) const {
    if (page.own) {
      return *page.own;
    }
    return page.source == Source::zeros ? std::byte{0} : values[page.object_page];
  }

  static bool allows(Access access, AccessKind kind) {
    return kind == AccessKind::read ? access != Access::none : access == Access::read_write;
  }

  void touch() {
    const std::size_t number = pick(page_count);
    ModelPage& page = model[number];
    const AccessKind kind = pick(3) == 0 ? AccessKind::read : AccessKind::write;
    const bool has_object_page =
        page.source == Source::zeros || page.object_page < TestObject::pages;
    const FaultOutcome outcome = resolve_fault(address_of(number) + pick(page_size), kind);
    if (!page.is_mapped) {
      ASSERT_EQ(outcome, FaultOutcome::no_mapping);
    } else if (!allows(page.access, kind)) {
      ASSERT_EQ(outcome, FaultOutcome::access_violation);
    } else if (!memory_is_short || outcome != FaultOutcome::out_of_memory) {
      ASSERT_EQ(outcome,
                has_object_page || page.own ? FaultOutcome::resolved : FaultOutcome::object_error);
      if (outcome == FaultOutcome::resolved && kind == AccessKind::write) {
        write(number, page);
      }
    }
  }

  void write(std::size_t number, ModelPage& page) {
    std::byte* byte = world.reach(address_of(number), Access::read_write);
    ASSERT_NE(byte, nullptr);
    *byte = static_cast<std::byte>(1 + pick(255));
    if (page.source == Source::shared_object) {
      values[page.object_page] = *byte;
    } else {
      page.own = *byte;
    }
  }

  void compare() {
    std::uint64_t mapped = 0;
    std::uint64_t resident = 0;
    for (std::size_t i = 0; i < page_count; ++i) {
      const ModelPage& page = model[i];
      const Area* area = space.find(address_of(i));
      const bool is_mapped = area != nullptr && area->start <= address_of(i);
      ASSERT_EQ(is_mapped, page.is_mapped) << i;
      const auto leaf = world.tables.find(address_of(i));
      if (page.is_mapped) {
        ++mapped;
        ASSERT_EQ(area->traits.access, page.access) << i;
        ASSERT_EQ(area->traits.is_charged, page.is_charged) << i;
      } else {
        ASSERT_FALSE(leaf.has_value()) << i;
      }
      if (!leaf) {
        ASSERT_FALSE(page.own.has_value()) << i;
        continue;
      }
      ++resident;
      const std::uint64_t within = address_of(i).value() & (leaf->size_bytes - 1);
      ASSERT_EQ(*world.machine.at<std::byte>(leaf->frame + within), visible(page)) << i;
      ASSERT_TRUE(leaf->access == page.access ||
                  (page.source != Source::zeros && leaf->access == Access::read &&
                   page.access == Access::read_write))
          << i;
    }
    const AddressSpaceStatistics statistics = space.statistics();
    ASSERT_EQ(statistics.mapped, mapped);
    ASSERT_EQ(statistics.resident, resident);
    ASSERT_EQ(statistics.charged, charged(everything()));
  }

  void step() {
    switch (pick(12)) {
    case 0:
    case 1:
      what = "map";
      return map();
    case 2:
      what = "unmap";
      return unmap();
    case 3:
      what = "protect";
      return protect();
    case 4:
      what = "forget";
      return forget();
    case 5:
      what = "remap";
      return remap();
    case 6:
      what = "grow";
      return grow();
    default:
      what = "touch";
      for (int i = 0; i < 30 && !HasFatalFailure(); ++i) {
        touch();
      }
    }
  }

  static constexpr std::uint64_t whole_half = layout::lower_half_end - layout::lower_half_start;

  World& world = World::get();
  AddressSpace& space = *application_space().lock();
  TestObject object;
  std::vector<std::byte> values = [this] {
    std::vector<std::byte> initial;
    for (std::size_t i = 0; i < TestObject::pages; ++i) {
      initial.push_back(*object.value(i));
    }
    initial.resize(TestObject::pages + 2 * page_count);
    return initial;
  }();
  std::vector<ModelPage> model = std::vector<ModelPage>(page_count);
  std::mt19937 random{GetParam()};
  bool memory_is_short = false;
  const char* what = "";
  std::size_t heap_and_frames = 0;
};

TEST_P(AddressSpaceModel, Agrees) {
  for (int i = 0; i < 1200; ++i) {
    memory_is_short = pick(8) == 0;
    if (memory_is_short) {
      world.leave_frames(pick(4));
    }
    ASSERT_NO_FATAL_FAILURE(step()) << i;
    if (memory_is_short) {
      world.give_back();
    }
    ASSERT_NO_FATAL_FAILURE(compare()) << what << " in step " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, AddressSpaceModel, testing::Range(1U, 5U));

} // namespace
} // namespace skerry::mm
