// SPDX-License-Identifier: Apache-2.0
// The way from the root pointer to the tables, through memory that firmware filled.
#include "platform/pc/acpi/discovery.hpp"
#include "test/unit/platform/acpi_builder.hpp"

#include <gtest/gtest.h>

namespace skerry::pc::acpi::test {
namespace {

constexpr std::uint64_t rsdt_at = 0x10'0000;
constexpr std::uint64_t xsdt_at = 0x11'0000;
constexpr std::uint64_t madt_at = 0x12'0000;
constexpr std::uint64_t fadt_at = 0x13'0000;
constexpr std::uint64_t dsdt_at = 0x14'0000;
constexpr std::uint64_t root_at = 0x15'0000;

std::vector<std::byte> simple_madt() {
  return TableBuilder("APIC")
      .u32(0xfee0'0000)
      .u32(1)
      .raw({0, 8, 0, 0})
      .u32(1)
      .raw({2, 10, 0, 4})
      .u32(44)
      .u16(0xf)
      .finish();
}

FakeMemory simple_machine() {
  FakeMemory memory;
  memory.put(rsdt_at, TableBuilder("RSDT").u32(fadt_at).u32(madt_at).finish());
  memory.put(madt_at, simple_madt());
  memory.put(fadt_at, TableBuilder("FACP").set(40, dsdt_at, 4).resize(116).finish());
  memory.put(dsdt_at,
             TableBuilder("DSDT").raw({8, '_', 'S', '5', '_', 0x12, 6, 4, 1, 0, 0, 0}).finish());
  memory.put(root_at, root_pointer(rsdt_at, 0));
  return memory;
}

TEST(AcpiDiscovery, FollowsTheRootPointerThatTheLoaderGave) {
  FakeMemory memory = simple_machine();
  AcpiInfo info;
  ASSERT_TRUE(discover(memory, mm::PhysicalAddress(root_at), info));
  EXPECT_TRUE(info.present);
  EXPECT_EQ(info.revision, 0);
  ASSERT_TRUE(info.interrupts);
  EXPECT_EQ(info.interrupts->processors.size(), 1U);
  ASSERT_TRUE(info.fixed);
  ASSERT_TRUE(info.soft_off);
  EXPECT_EQ(info.soft_off->pm1a, 1);
  EXPECT_EQ(line_of_isa_irq(info, 4).line, 44U);
  EXPECT_TRUE(line_of_isa_irq(info, 4).signalling.active_low);
  EXPECT_EQ(line_of_isa_irq(info, 5).line, 5U);
}

TEST(AcpiDiscovery, SearchesTheBiosWhenTheLoaderGaveNothing) {
  FakeMemory memory = simple_machine();
  std::vector<std::byte> bios(0x20000);
  const auto root = root_pointer(rsdt_at, 0);
  std::copy(root.begin(), root.end(), bios.begin() + 0x1fff0 - 0x10);
  memory.put(0xe0000, bios);
  AcpiInfo info;
  ASSERT_TRUE(discover(memory, mm::PhysicalAddress(), info));
  EXPECT_TRUE(info.interrupts);
}

TEST(AcpiDiscovery, SearchesTheExtendedBiosArea) {
  FakeMemory memory = simple_machine();
  memory.put(0x40e, {std::byte{0xc0}, std::byte{0x9f}});
  std::vector<std::byte> area(1024);
  const auto root = root_pointer(rsdt_at, 0);
  std::copy(root.begin(), root.end(), area.begin() + 0x200);
  memory.put(0x9fc00, area);
  AcpiInfo info;
  ASSERT_TRUE(discover(memory, mm::PhysicalAddress(), info));
}

TEST(AcpiDiscovery, SearchesWhenTheGivenRootPointerIsBroken) {
  FakeMemory memory = simple_machine();
  auto broken = root_pointer(rsdt_at, 0);
  broken[9] ^= std::byte{0xff};
  memory.put(0x20'0000, broken);
  std::vector<std::byte> bios(0x20000);
  const auto root = root_pointer(rsdt_at, 0);
  std::copy(root.begin(), root.end(), bios.begin());
  memory.put(0xe0000, bios);
  AcpiInfo info;
  EXPECT_TRUE(discover(memory, mm::PhysicalAddress(0x20'0000), info));
}

TEST(AcpiDiscovery, SaysThatAMachineHasNoAcpi) {
  FakeMemory memory;
  AcpiInfo info;
  EXPECT_EQ(discover(memory, mm::PhysicalAddress(), info).error(), std::errc::no_such_device);
  EXPECT_FALSE(info.present);
  EXPECT_EQ(line_of_isa_irq(info, 4).line, 4U);
}

TEST(AcpiDiscovery, PrefersTheXsdtAndFallsBackToTheRsdt) {
  FakeMemory memory = simple_machine();
  memory.put(root_at, root_pointer(rsdt_at, xsdt_at));
  memory.put(xsdt_at, TableBuilder("XSDT").u64(madt_at).finish());
  AcpiInfo info;
  ASSERT_TRUE(discover(memory, mm::PhysicalAddress(root_at), info));
  EXPECT_TRUE(info.interrupts);
  EXPECT_FALSE(info.fixed); // only the RSDT names it

  auto broken = TableBuilder("XSDT").u64(madt_at).finish();
  broken[20] ^= std::byte{1};
  memory.put(xsdt_at, broken);
  AcpiInfo second;
  ASSERT_TRUE(discover(memory, mm::PhysicalAddress(root_at), second));
  EXPECT_TRUE(second.fixed);
}

TEST(AcpiDiscovery, RefusesAMachineWhoseListOfTablesIsUnusable) {
  FakeMemory memory = simple_machine();
  memory.put(rsdt_at, TableBuilder("XXXX").finish());
  AcpiInfo info;
  EXPECT_EQ(discover(memory, mm::PhysicalAddress(root_at), info).error(), std::errc::bad_message);
}

TEST(AcpiDiscovery, LeavesOutATableWithAWrongChecksum) {
  FakeMemory memory = simple_machine();
  auto broken = simple_madt();
  broken.back() ^= std::byte{1};
  memory.put(madt_at, broken);
  AcpiInfo info;
  ASSERT_TRUE(discover(memory, mm::PhysicalAddress(root_at), info));
  EXPECT_FALSE(info.interrupts);
  EXPECT_TRUE(info.fixed);
}

TEST(AcpiDiscovery, LeavesOutATableThatReachesPastMemory) {
  FakeMemory memory = simple_machine();
  auto overlong = simple_madt();
  overlong[7] = std::byte{0xff}; // 4 GiB
  memory.put(madt_at, overlong);
  AcpiInfo info;
  ASSERT_TRUE(discover(memory, mm::PhysicalAddress(root_at), info));
  EXPECT_FALSE(info.interrupts);
}

TEST(AcpiDiscovery, LeavesOutAMalformedTable) {
  FakeMemory memory = simple_machine();
  memory.put(madt_at, TableBuilder("APIC").u32(0).u32(0).raw({0, 0}).finish());
  AcpiInfo info;
  ASSERT_TRUE(discover(memory, mm::PhysicalAddress(root_at), info));
  EXPECT_FALSE(info.interrupts);
}

TEST(AcpiDiscovery, StopsAfterAnAbsurdNumberOfTables) {
  FakeMemory memory = simple_machine();
  TableBuilder list("RSDT");
  for (int i = 0; i < 100'000; ++i) {
    list.u32(madt_at + 0x100'0000);
  }
  list.u32(madt_at);
  memory.put(rsdt_at, list.finish());
  AcpiInfo info;
  ASSERT_TRUE(discover(memory, mm::PhysicalAddress(root_at), info));
  EXPECT_FALSE(info.interrupts);
}

TEST(AcpiDiscovery, FindsSoftOffInASecondaryTable) {
  FakeMemory memory = simple_machine();
  memory.put(dsdt_at, TableBuilder("DSDT").finish());
  memory.put(rsdt_at, TableBuilder("RSDT").u32(fadt_at).u32(0x16'0000).finish());
  memory.put(
      0x16'0000,
      TableBuilder("SSDT").raw({8, '_', 'S', '5', '_', 0x12, 6, 2, 0x0a, 7, 0x0a, 6}).finish());
  AcpiInfo info;
  ASSERT_TRUE(discover(memory, mm::PhysicalAddress(root_at), info));
  ASSERT_TRUE(info.soft_off);
  EXPECT_EQ(info.soft_off->pm1a, 7);
  EXPECT_EQ(info.soft_off->pm1b, 6);
}

} // namespace
} // namespace skerry::pc::acpi::test
