// SPDX-License-Identifier: Apache-2.0
// Single ACPI tables: good ones, and those that lie about their lengths.
#include "platform/pc/acpi/tables.hpp"
#include "test/unit/platform/acpi_builder.hpp"

#include <gtest/gtest.h>

namespace skerry::pc::acpi::test {
namespace {

TableBuilder madt() {
  TableBuilder table("APIC");
  table.u32(0xfee0'0000).u32(1);
  return table;
}

TEST(AcpiHeader, RefusesFewerBytesThanAHeader) {
  const auto bytes = TableBuilder("APIC").finish();
  EXPECT_FALSE(parse_header(Bytes(bytes).first(35)));
  ASSERT_TRUE(parse_header(bytes));
  EXPECT_EQ(parse_header(bytes)->signature.view(), "APIC");
  EXPECT_EQ(parse_header(bytes)->length, 36U);
}

TEST(AcpiHeader, RefusesALengthShorterThanAHeader) {
  auto bytes = TableBuilder("APIC").finish();
  bytes[4] = std::byte{35};
  EXPECT_FALSE(parse_header(bytes));
}

TEST(AcpiHeader, RefusesASignatureThatIsNoText) {
  auto bytes = TableBuilder("APIC").finish();
  bytes[2] = std::byte{0xff};
  EXPECT_FALSE(parse_header(bytes));
}

TEST(AcpiRootPointer, ReadsBothForms) {
  const auto old_form = parse_root_pointer(root_pointer(0x1000, 0));
  ASSERT_TRUE(old_form);
  EXPECT_EQ(old_form->rsdt.value(), 0x1000U);
  EXPECT_EQ(old_form->xsdt.value(), 0U);
  const auto new_form = parse_root_pointer(root_pointer(0x1000, 0x12'3456'7890));
  ASSERT_TRUE(new_form);
  EXPECT_EQ(new_form->xsdt.value(), 0x12'3456'7890U);
}

TEST(AcpiRootPointer, RefusesAWrongChecksumInEitherPart) {
  auto bytes = root_pointer(0x1000, 0x2000);
  bytes[33] ^= std::byte{1}; // in the second part only
  EXPECT_FALSE(parse_root_pointer(bytes));
  bytes = root_pointer(0x1000, 0x2000);
  bytes[10] ^= std::byte{1};
  EXPECT_FALSE(parse_root_pointer(bytes));
}

TEST(AcpiRootPointer, RefusesTruncatedAndOverlongForms) {
  const auto bytes = root_pointer(0x1000, 0x2000);
  EXPECT_FALSE(parse_root_pointer(Bytes(bytes).first(19)));
  EXPECT_FALSE(parse_root_pointer(Bytes(bytes).first(35)));
  auto overlong = bytes;
  overlong[20] = std::byte{37};
  fix_checksum(overlong, 32, 36);
  EXPECT_FALSE(parse_root_pointer(overlong));
}

TEST(AcpiMadt, ReadsEveryKindOfEntry) {
  auto table = madt();
  table.raw({0, 8, 3, 1}).u32(1);                                // processor 3, APIC 1
  table.raw({1, 12, 7, 0}).u32(0xfec0'0000).u32(24);             // I/O APIC 7 from line 24
  table.raw({2, 10, 0, 9}).u32(20).u16(0xd);                     // ISA 9 is line 20, level, high
  table.raw({2, 10, 0, 0}).u32(2).u16(0);                        // ISA 0 is line 2
  table.raw({4, 6, 0xff}).u16(0xf).u8(1);                        // NMI on LINT1 everywhere
  table.raw({5, 12}).u16(0).u64(0xffee'0000);                    // local APIC elsewhere
  table.raw({9, 16}).u16(0).u32(0x1234).u32(2).u32(77);          // x2APIC, may come later
  table.raw({10, 12}).u16(5).u32(0xffff'ffff).raw({0, 0, 0, 0}); // NMI on LINT0
  InterruptControllers result;
  ASSERT_TRUE(parse_madt(table.finish(), result));
  EXPECT_EQ(result.local_apic.value(), 0xffee'0000U);
  EXPECT_TRUE(result.has_legacy_controllers);
  ASSERT_EQ(result.processors.size(), 2U);
  EXPECT_EQ(result.processors[0].uid, 3U);
  EXPECT_EQ(result.processors[0].apic_id, 1U);
  EXPECT_TRUE(result.processors[0].enabled);
  EXPECT_EQ(result.processors[1].apic_id, 0x1234U);
  EXPECT_FALSE(result.processors[1].enabled);
  EXPECT_TRUE(result.processors[1].online_capable);
  ASSERT_EQ(result.io_apics.size(), 1U);
  EXPECT_EQ(result.io_apics[0].first_line, 24U);
  ASSERT_EQ(result.overrides.size(), 2U);
  EXPECT_EQ(result.overrides[0].line, 20U);
  EXPECT_TRUE(result.overrides[0].signalling.level_triggered);
  EXPECT_FALSE(result.overrides[0].signalling.active_low);
  ASSERT_EQ(result.nmis.size(), 2U);
  EXPECT_EQ(result.nmis[0].processor_uid, LocalNmi::every_processor);
  EXPECT_TRUE(result.nmis[0].signalling.active_low);
  EXPECT_EQ(result.nmis[1].pin, 0U);
}

TEST(AcpiMadt, SkipsEntriesItDoesNotKnow) {
  auto table = madt();
  table.raw({0x80, 5, 1, 2, 3}).raw({0, 8, 0, 0}).u32(1);
  InterruptControllers result;
  ASSERT_TRUE(parse_madt(table.finish(), result));
  EXPECT_EQ(result.processors.size(), 1U);
}

TEST(AcpiMadt, RefusesAnEntryOfLengthZero) {
  auto table = madt();
  table.raw({0, 0, 0, 0, 0, 0, 0, 0});
  InterruptControllers result;
  EXPECT_FALSE(parse_madt(table.finish(), result));
}

TEST(AcpiMadt, RefusesAnEntryShorterThanItsType) {
  auto table = madt();
  table.raw({1, 4, 0, 0});
  InterruptControllers result;
  EXPECT_FALSE(parse_madt(table.finish(), result));
}

TEST(AcpiMadt, RefusesAnEntryPastTheEnd) {
  auto table = madt();
  table.raw({0, 8, 0, 0}).u32(1).raw({0, 8, 1});
  InterruptControllers result;
  EXPECT_FALSE(parse_madt(table.finish(), result));
}

TEST(AcpiMadt, RefusesATableShorterThanItsFixedPart) {
  InterruptControllers result;
  EXPECT_FALSE(parse_madt(TableBuilder("APIC").resize(43).finish(), result));
}

TEST(AcpiMadt, CountsWhatDoesNotFit) {
  auto table = madt();
  for (int i = 0; i < 300; ++i) {
    table.raw({9, 16, 0, 0}).u32(static_cast<std::uint32_t>(i)).u32(1).u32(0);
  }
  InterruptControllers result;
  ASSERT_TRUE(parse_madt(table.finish(), result));
  EXPECT_EQ(result.processors.size(), 256U);
  EXPECT_EQ(result.processors.dropped(), 44U);
}

TEST(AcpiMadt, IgnoresIsaInterruptsThatTheBusDoesNotHave) {
  auto table = madt();
  table.raw({2, 10, 0, 16}).u32(20).u16(0);
  InterruptControllers result;
  ASSERT_TRUE(parse_madt(table.finish(), result));
  EXPECT_EQ(result.overrides.size(), 0U);
}

TEST(AcpiFadt, ReadsTheOldForm) {
  TableBuilder table("FACP", 1);
  table.set(40, 0x7fe'1234, 4).set(46, 9, 2).set(48, 0xb2, 4).set(52, 0xf1, 1);
  table.set(56, 0x600, 4).set(64, 0x604, 4).set(76, 0x608, 4).set(88, 4, 1).set(91, 4, 1);
  table.set(108, 0x32, 1).set(112, 0, 4);
  const auto result = parse_fadt(table.finish());
  ASSERT_TRUE(result);
  EXPECT_EQ(result->dsdt.value(), 0x7fe'1234U);
  EXPECT_EQ(result->sci_irq, 9);
  EXPECT_EQ(result->smi_command_port, 0xb2);
  EXPECT_EQ(result->pm1a_control.address, 0x604U);
  EXPECT_EQ(result->pm1a_control.space, Register::Space::port);
  EXPECT_EQ(result->pm_timer.address, 0x608U);
  EXPECT_FALSE(result->timer_is_32_bit);
  EXPECT_FALSE(result->pm1b_control.exists());
  EXPECT_EQ(result->century_index, 0x32);
  EXPECT_TRUE(result->has_fixed_power_button);
  EXPECT_TRUE(result->has_keyboard_controller);
  EXPECT_TRUE(result->has_rtc);
  EXPECT_FALSE(result->reset.exists());
}

TEST(AcpiFadt, PrefersExtendedAddresses) {
  TableBuilder table("FACP", 6);
  table.set(40, 0x1000, 4).set(64, 0x604, 4).set(76, 0x608, 4).set(91, 4, 1);
  table.set(109, 0x22, 2).set(112, 1U << 8U | 1U << 10U | 1U << 4U, 4);
  table.address(116, 1, 0xcf9).set(128, 0xf, 1).set(140, 0x12'0000'0000, 8);
  table.address(172, 1, 0xb004).address(208, 0, 0xfed0'0008).resize(276);
  const auto result = parse_fadt(table.finish());
  ASSERT_TRUE(result);
  EXPECT_EQ(result->dsdt.value(), 0x12'0000'0000U);
  EXPECT_EQ(result->pm1a_control.address, 0xb004U);
  EXPECT_EQ(result->pm_timer.space, Register::Space::memory);
  EXPECT_TRUE(result->timer_is_32_bit);
  EXPECT_EQ(result->reset.address, 0xcf9U);
  EXPECT_EQ(result->reset_value, 0xf);
  EXPECT_FALSE(result->has_fixed_power_button);
  EXPECT_TRUE(result->has_keyboard_controller);
  EXPECT_FALSE(result->has_rtc);
}

TEST(AcpiFadt, ReadsOnlySleepAndResetOfReducedHardware) {
  TableBuilder table("FACP", 5);
  table.set(76, 0x608, 4).set(91, 4, 1).set(64, 0x604, 4);
  table.set(112, 1U << 20U | 1U << 10U, 4).address(116, 0, 0xfea0'0202).set(128, 0x42, 1);
  table.address(244, 0, 0xfea0'0200).resize(268);
  const auto result = parse_fadt(table.finish());
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->hardware_reduced);
  EXPECT_FALSE(result->pm_timer.exists());
  EXPECT_FALSE(result->pm1a_control.exists());
  EXPECT_EQ(result->sleep_control.address, 0xfea0'0200U);
  EXPECT_EQ(result->reset.space, Register::Space::memory);
}

TEST(AcpiFadt, TakesRegistersInOtherSpacesForAbsent) {
  TableBuilder table("FACP", 5);
  table.set(112, 1U << 10U, 4).address(116, 2, 0x10).address(172, 1, 0x1'0000).resize(268);
  const auto result = parse_fadt(table.finish());
  ASSERT_TRUE(result);
  EXPECT_FALSE(result->reset.exists());
  EXPECT_FALSE(result->pm1a_control.exists());
}

TEST(AcpiFadt, RefusesATableShorterThanAcpi1) {
  EXPECT_FALSE(parse_fadt(TableBuilder("FACP").resize(115).finish()));
}

TEST(AcpiHpet, ReadsItsAddress) {
  TableBuilder table("HPET");
  table.u32(0x8086'a201).raw({0, 64, 0, 0}).u64(0xfed0'0000).raw({0, 0, 0, 0});
  const auto result = parse_hpet(table.finish());
  ASSERT_TRUE(result);
  EXPECT_EQ(result->address.value(), 0xfed0'0000U);
}

TEST(AcpiHpet, RefusesPortsAndShortTables) {
  TableBuilder table("HPET");
  table.u32(0x8086'a201).raw({1, 64, 0, 0}).u64(0xfed0'0000).raw({0, 0, 0, 0});
  EXPECT_FALSE(parse_hpet(table.finish()));
  EXPECT_FALSE(parse_hpet(table.resize(55).finish()));
}

TEST(AcpiMcfg, ReadsSegmentsAndIgnoresAPartialOne) {
  TableBuilder table("MCFG");
  table.u64(0).u64(0xb000'0000).u16(1).raw({2, 255, 0, 0, 0, 0}).u64(0xdead);
  BoundedList<PciSegment, 16> result;
  ASSERT_TRUE(parse_mcfg(table.finish(), result));
  ASSERT_EQ(result.size(), 1U);
  EXPECT_EQ(result[0].address.value(), 0xb000'0000U);
  EXPECT_EQ(result[0].number, 1);
  EXPECT_EQ(result[0].first_bus, 2);
  EXPECT_EQ(result[0].last_bus, 255);
}

TEST(AcpiMcfg, RefusesASegmentWhoseBusesRunBackward) {
  TableBuilder table("MCFG");
  table.u64(0).u64(0xb000'0000).u16(0).raw({9, 8, 0, 0, 0, 0});
  BoundedList<PciSegment, 16> result;
  EXPECT_FALSE(parse_mcfg(table.finish(), result));
}

TEST(AcpiSoftOff, ReadsEveryConstantForm) {
  const std::vector<std::vector<int>> packages = {
      {0x08, '_', 'S', '5', '_', 0x12, 0x08, 0x04, 0x0a, 0x05, 0x0a, 0x05, 0x00, 0x00},
      {0x08, '\\', '_', 'S', '5', '_', 0x12, 0x0a, 0x02, 0x0b, 5, 0, 0x0c, 5, 0, 0, 0},
      {0x08, '_', 'S', '5', '_', 0x12, 0x47, 0x00, 0x02, 0x0a, 5, 0x0a, 5},
  };
  for (std::size_t i = 0; i < packages.size(); ++i) {
    const auto found = find_soft_off(TableBuilder("DSDT").text("abc").raw(packages[i]).finish());
    ASSERT_TRUE(found) << "package " << i;
    EXPECT_EQ(found->pm1a, 5) << "package " << i;
    EXPECT_EQ(found->pm1b, 5) << "package " << i;
  }
}

TEST(AcpiSoftOff, RefusesElementsThatAreNoConstants) {
  EXPECT_FALSE(find_soft_off(
      TableBuilder("DSDT").raw({0x08, '_', 'S', '5', '_', 0x12, 4, 2, 0x05, 0x05}).finish()));
}

TEST(AcpiSoftOff, ReadsAPackageOfOneElement) {
  const auto found = find_soft_off(
      TableBuilder("DSDT").raw({0x08, '_', 'S', '5', '_', 0x12, 0x03, 0x01, 0x01}).finish());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->pm1a, 1);
  EXPECT_EQ(found->pm1b, 0);
}

TEST(AcpiSoftOff, GoesOnAfterAHitThatIsNoDefinition) {
  const auto found = find_soft_off(TableBuilder("DSDT")
                                       .text("_S5_")
                                       .raw({0x08, '_', 'S', '5', '_', 0x0a, 3})
                                       .raw({0x08, '_', 'S', '5', '_', 0x12, 4, 2, 1, 0})
                                       .finish());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->pm1a, 1);
}

TEST(AcpiSoftOff, RefusesPackagesThatLieAboutTheirLength) {
  const std::vector<std::vector<int>> packages = {
      {0x08, '_', 'S', '5', '_'},
      {0x08, '_', 'S', '5', '_', 0x12},
      {0x08, '_', 'S', '5', '_', 0x12, 0x00, 0x02, 0x00, 0x00},       // less than its own byte
      {0x08, '_', 'S', '5', '_', 0x12, 0x3f, 0x02, 0x00, 0x00},       // past the table
      {0x08, '_', 'S', '5', '_', 0x12, 0xff, 0xff, 0xff, 0xff},       // far past the table
      {0x08, '_', 'S', '5', '_', 0x12, 0x03, 0x02, 0x00, 0x00},       // second element outside
      {0x08, '_', 'S', '5', '_', 0x12, 0x02, 0x00, 0x00, 0x00},       // no elements
      {0x08, '_', 'S', '5', '_', 0x12, 0x06, 0x02, 0x0a, 8, 0x0a, 0}, // not three bits
      {0x08, '_', 'S', '5', '_', 0x12, 0x04, 0x02, 0x0a, 5, 0x0a},    // prefix without value
  };
  for (std::size_t i = 0; i < packages.size(); ++i) {
    EXPECT_FALSE(find_soft_off(TableBuilder("DSDT").raw(packages[i]).finish())) << "package " << i;
  }
}

} // namespace
} // namespace skerry::pc::acpi::test
