// SPDX-License-Identifier: Apache-2.0
// PCI: what is found, through which bridges, and what a function's registers may claim.
#include "fake_devices.hpp"
#include "platform/pc/pci/enumerate.hpp"
#include "platform/pc/pci/function.hpp"

#include <gmock/gmock.h>
#include <map>
#include <tuple>

namespace skerry::pc::pci {
namespace {

using testing::ElementsAre;

/// The registers of one function; base address registers answer a write of ones with their size.
struct Registers {
  std::map<std::uint16_t, std::uint32_t> words;
  std::map<std::uint16_t, std::uint32_t> bar_masks; ///< bits that can be written
};

class FakeSpace final : public ConfigSpace {
public:
  using Key = std::tuple<unsigned, unsigned, unsigned>;

  Registers& add(unsigned bus, unsigned device, unsigned function = 0, std::uint32_t id = 0x1af4) {
    Registers& registers = functions_[{bus, device, function}];
    registers.words[register_id] = id;
    return registers;
  }
  Registers& add_bridge(unsigned bus, unsigned device, unsigned secondary) {
    Registers& registers = add(bus, device);
    registers.words[register_header] = 1U << 16U;
    registers.words[register_buses] = secondary << 8U;
    return registers;
  }

  [[nodiscard]] std::uint32_t read(Address address, std::uint16_t offset) const override {
    const auto found = functions_.find({address.bus, address.device, address.function});
    if (found == functions_.end())
      return UINT32_MAX;
    const auto word = found->second.words.find(offset);
    return word == found->second.words.end() ? 0 : word->second;
  }
  void write(Address address, std::uint16_t offset, std::uint32_t value) const override {
    Registers& registers = functions_.at({address.bus, address.device, address.function});
    const auto mask = registers.bar_masks.find(offset);
    std::uint32_t& word = registers.words[offset];
    word = mask == registers.bar_masks.end()
               ? value
               : (value & mask->second) | (word & ~mask->second & 0xf);
  }

private:
  mutable std::map<Key, Registers> functions_;
};

struct Seen final : Visitor {
  std::vector<std::string> places;
  void function_found(Address address) override {
    places.push_back(std::to_string(address.bus) + ":" + std::to_string(address.device) + "." +
                     std::to_string(address.function));
  }
};

TEST(PciEnumeration, FindsNothingWhereNobodyAnswers) {
  const FakeSpace space;
  Seen seen;
  EXPECT_EQ(enumerate(space, 0, 0, seen).functions, 0U);
}

TEST(PciEnumeration, LooksAtFurtherFunctionsOnlyWhereThereAreSome) {
  FakeSpace space;
  space.add(0, 1);
  space.add(0, 1, 3); // an alias that the header does not announce
  space.add(0, 31).words[register_header] = 1U << header_multifunction_bit;
  space.add(0, 31, 7);
  Seen seen;
  enumerate(space, 0, 0, seen);
  EXPECT_THAT(seen.places, ElementsAre("0:1.0", "0:31.0", "0:31.7"));
}

TEST(PciEnumeration, FollowsBridgesBehindBridges) {
  FakeSpace space;
  space.add_bridge(0, 2, 1);
  space.add_bridge(1, 0, 200);
  space.add(200, 5);
  space.add(1, 4);
  Seen seen;
  const Census census = enumerate(space, 0, 0, seen);
  EXPECT_THAT(seen.places, ElementsAre("1:4.0", "200:5.0"));
  EXPECT_EQ(census.bridges, 2U);
}

TEST(PciEnumeration, EndsWhenBridgesLeadBackOrNowhere) {
  FakeSpace space;
  space.add_bridge(0, 2, 1);
  space.add_bridge(1, 0, 1);
  space.add_bridge(1, 1, 2);
  space.add_bridge(2, 0, 1);
  space.add_bridge(0, 3, 0);
  space.add(2, 9);
  Seen seen;
  const Census census = enumerate(space, 0, 0, seen);
  EXPECT_THAT(seen.places, ElementsAre("2:9.0"));
  EXPECT_EQ(census.unnumbered_bridges, 1U);
}

class PciFunction : public testing::Test {
protected:
  static constexpr std::uint16_t msix = 0x40;

  Registers& set_bar(unsigned index, std::uint32_t value, std::uint32_t mask) {
    const auto offset = static_cast<std::uint16_t>(register_bar0 + index * 4);
    registers.words[offset] = value;
    registers.bar_masks[offset] = mask;
    return registers;
  }
  /// A list of one capability: MSI-X with `vectors`, its table at `where`.
  void add_msix(unsigned vectors, std::uint32_t where) {
    registers.words[register_command] = 1U << status_capabilities_bit;
    registers.words[register_capabilities] = msix;
    registers.words[msix] = capability_msix | (vectors - 1) << 16U;
    registers.words[msix + 4] = where;
  }

  FakeSpace space;
  Registers& registers = space.add(0, 3);
  Address address{.bus = 0, .device = 3};
};

TEST_F(PciFunction, SizesItsRegionsAndLeavesThemAsTheyWere) {
  set_bar(0, 0xfebf'1000, 0xffff'f000);
  set_bar(1, 0xc041, 0xffff'ffc0);
  set_bar(4, 0x0000'400c, 0xffff'c000);
  set_bar(5, 0x0000'0080, 0xffff'ffff);
  registers.words[register_command] = 3;
  const Function function(space, address);
  EXPECT_EQ(function.read_bar(0)->address, 0xfebf'1000U);
  EXPECT_EQ(function.read_bar(0)->size_bytes, 0x1000U);
  EXPECT_TRUE(function.read_bar(1)->is_io);
  EXPECT_EQ(function.read_bar(4)->address, 0x80'0000'4000ULL) << "above 4 GiB";
  EXPECT_EQ(function.read_bar(4)->size_bytes, 0x4000U);
  EXPECT_EQ(registers.words[register_bar0], 0xfebf'1000U);
  EXPECT_EQ(registers.words[register_bar0 + 20], 0x80U);
  EXPECT_EQ(registers.words[register_command] & 3, 3U) << "decoding is on again";
}

TEST_F(PciFunction, HasNoRegionThatCannotBe) {
  set_bar(0, 0, 0xffff'f000);           // the firmware gave it no place
  set_bar(1, 0xfebf'1000, 0xfff0'0000); // not at a multiple of its size
  set_bar(2, 0, 0);                     // not there
  set_bar(5, 0xfebf'000c, 0xffff'f000); // 64 bits wide, but the last
  const Function function(space, address);
  for (const unsigned index : {0U, 1U, 2U, 5U, 6U, 7U})
    EXPECT_EQ(function.read_bar(index).error(), std::errc::no_such_device) << index;
}

TEST_F(PciFunction, LeavesAListOfCapabilitiesThatRunsInACircle) {
  registers.words[register_command] = 1U << status_capabilities_bit;
  registers.words[register_capabilities] = 0x50;
  registers.words[0x50] = 0x09 | 0x60U << 8U;
  registers.words[0x60] = 0x09 | 0x50U << 8U;
  const Function function(space, address);
  EXPECT_EQ(function.find_capability(0x09, 0), 0x50);
  EXPECT_EQ(function.find_capability(0x09, 0x50), 0x60);
  EXPECT_EQ(function.find_capability(0x09, 0x60), 0);
  EXPECT_EQ(function.find_capability(0x05, 0), 0);
  EXPECT_EQ(function.interrupt_count(), 0U);
  // A tail that bites into the middle.
  registers.words[0x60] = 0x09 | 0x70U << 8U;
  registers.words[0x70] = 0x09 | 0x60U << 8U;
  EXPECT_EQ(function.find_capability(0x09, 0x60), 0x70);
  EXPECT_EQ(function.find_capability(0x09, 0x70), 0);
}

TEST_F(PciFunction, ConnectsMessagesInItsTable) {
  test::PhysicalMemory memory(0xfebf'1000, 0x1000);
  set_bar(1, 0xfebf'1000, 0xffff'f000);
  add_msix(3, 0x800 | 1);
  Function function(space, address);
  ASSERT_EQ(function.interrupt_count(), 3U);
  (void)test::take_connections();
  int calls = 0;
  ASSERT_TRUE(function.connect_interrupt(
      2, {[](void* count) { return ++*static_cast<int*>(count) != 0; }, &calls}));
  EXPECT_EQ(memory.word(0x820), 0xfee0'0000U);
  EXPECT_EQ(memory.word(0x824), 0U);
  EXPECT_EQ(memory.word(0x828), 0x40U);
  EXPECT_EQ(memory.word(0x82c), 0U);
  EXPECT_NE(registers.words[msix] & 1U << 31U, 0U);
  EXPECT_NE(registers.words[register_command] & 1U << command_interrupt_off_bit, 0U);
  const auto connections = test::take_connections();
  ASSERT_EQ(connections.size(), 1U);
  connections[0].handler(connections[0].context);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(function.connect_interrupt(3, {}).error(), std::errc::no_such_device);
}

TEST_F(PciFunction, RefusesMessageTableOutsideOfItsRegion) {
  const test::PhysicalMemory memory(0xfebf'1000, 0x1000);
  set_bar(1, 0xfebf'1000, 0xffff'f000);
  add_msix(3, 0xff8 | 1);
  Function function(space, address);
  EXPECT_EQ(function.connect_interrupt(0, {}).error(), std::errc::no_such_device);
}

TEST_F(PciFunction, RefusesMessageTableInARegionThatIsNotThere) {
  add_msix(3, 7);
  Function function(space, address);
  EXPECT_EQ(function.connect_interrupt(0, {}).error(), std::errc::no_such_device);
}

TEST_F(PciFunction, GivesNoMoreVectorsThanDriversUse) {
  add_msix(2048, 1);
  EXPECT_EQ(Function(space, address).interrupt_count(), 8U);
}

} // namespace
} // namespace skerry::pc::pci
