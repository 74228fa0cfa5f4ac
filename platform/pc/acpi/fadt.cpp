// SPDX-License-Identifier: Apache-2.0
// The fixed ACPI description table (ACPI 6.5, 5.2.9). Addresses stand in it twice: as a port of 32
// bits since ACPI 1.0, and as an extended address since 2.0, which wins when it is not zero.
#include "platform/pc/acpi/byte_reader.hpp"
#include "platform/pc/acpi/tables.hpp"

#include <core/bytes.hpp>

namespace skerry::pc::acpi {
namespace {

// Offsets of table 5.9.
constexpr std::size_t least_size = 116; // ACPI 1.0
constexpr std::size_t revision = 8;
constexpr std::size_t dsdt = 40;
constexpr std::size_t sci_int = 46;
constexpr std::size_t smi_cmd = 48;
constexpr std::size_t acpi_enable = 52;
constexpr std::size_t pm1a_evt_blk = 56;
constexpr std::size_t pm1b_evt_blk = 60;
constexpr std::size_t pm1a_cnt_blk = 64;
constexpr std::size_t pm1b_cnt_blk = 68;
constexpr std::size_t pm_tmr_blk = 76;
constexpr std::size_t pm1_evt_len = 88;
constexpr std::size_t pm_tmr_len = 91;
constexpr std::size_t century = 108;
constexpr std::size_t iapc_boot_arch = 109;
constexpr std::size_t flags = 112;
constexpr std::size_t reset_reg = 116;
constexpr std::size_t reset_value = 128;
constexpr std::size_t x_dsdt = 140;
constexpr std::size_t x_pm1a_evt_blk = 148;
constexpr std::size_t x_pm1b_evt_blk = 160;
constexpr std::size_t x_pm1a_cnt_blk = 172;
constexpr std::size_t x_pm1b_cnt_blk = 184;
constexpr std::size_t x_pm_tmr_blk = 208;
constexpr std::size_t sleep_control_reg = 244;

// Bits of "flags" (table 5.10) and of "IAPC_BOOT_ARCH" (table 5.11).
constexpr unsigned pwr_button = 4; // set when there is none or a control method stands for it
constexpr unsigned tmr_val_ext = 8;
constexpr unsigned reset_reg_sup = 10;
constexpr unsigned hw_reduced_acpi = 20;
constexpr unsigned boot_8042 = 1;
constexpr unsigned boot_no_cmos_rtc = 5;
// The byte pair is reserved in the tables of ACPI 1.0: such a machine has everything.
constexpr unsigned first_revision_with_boot_flags = 2;

/// A generic address structure. Registers in other spaces than memory and ports (PCI, embedded
/// controller …) count as absent: nothing that Skerry uses is there on known machines.
Register extended_register(Bytes table, std::size_t offset, std::uint8_t width_bits) {
  const auto space = read_le<std::uint8_t>(table, offset);
  const auto address = read_le<std::uint64_t>(table, offset + 4);
  if (address == 0 || space > 1 || (space == 1 && address > 0xffff)) {
    return {};
  }
  return {.space = space == 0 ? Register::Space::memory : Register::Space::port,
          .width_bits = width_bits,
          .address = address};
}

/// The register at the extended address, else at the port of the old field.
Register fixed_register(Bytes table, std::size_t extended, std::size_t legacy,
                        std::uint8_t width_bits) {
  const Register found = extended_register(table, extended, width_bits);
  const auto port = read_le<std::uint32_t>(table, legacy);
  if (found.exists() || port == 0 || port > 0xffff) {
    return found;
  }
  return {.space = Register::Space::port, .width_bits = width_bits, .address = port};
}

void take_fixed_registers(Bytes table, FixedHardware& result) {
  result.pm1a_event = fixed_register(table, x_pm1a_evt_blk, pm1a_evt_blk, 16);
  result.pm1b_event = fixed_register(table, x_pm1b_evt_blk, pm1b_evt_blk, 16);
  result.pm1_event_bytes = read_le<std::uint8_t>(table, pm1_evt_len);
  result.pm1a_control = fixed_register(table, x_pm1a_cnt_blk, pm1a_cnt_blk, 16);
  result.pm1b_control = fixed_register(table, x_pm1b_cnt_blk, pm1b_cnt_blk, 16);
  if (read_le<std::uint8_t>(table, pm_tmr_len) == 4) {
    result.pm_timer = fixed_register(table, x_pm_tmr_blk, pm_tmr_blk, 32);
  }
}

} // namespace

Result<FixedHardware> parse_fadt(Bytes table) {
  if (table.size() < least_size) {
    return fail(std::errc::bad_message);
  }
  const auto feature = read_le<std::uint32_t>(table, flags);
  const auto boot = read_le<std::uint16_t>(table, iapc_boot_arch);
  const auto smi_port = read_le<std::uint32_t>(table, smi_cmd);
  FixedHardware result;
  result.hardware_reduced = has_bit(feature, hw_reduced_acpi);
  result.timer_is_32_bit = has_bit(feature, tmr_val_ext);
  if (read_le<std::uint8_t>(table, revision) >= first_revision_with_boot_flags) {
    result.has_keyboard_controller = has_bit(boot, boot_8042);
    result.has_rtc = !has_bit(boot, boot_no_cmos_rtc);
  }
  result.century_index = read_le<std::uint8_t>(table, century);
  if (has_bit(feature, reset_reg_sup)) {
    result.reset = extended_register(table, reset_reg, 8);
    result.reset_value = read_le<std::uint8_t>(table, reset_value);
  }
  const auto extended_dsdt = read_le<std::uint64_t>(table, x_dsdt);
  result.dsdt =
      mm::PhysicalAddress(extended_dsdt != 0 ? extended_dsdt : read_le<std::uint32_t>(table, dsdt));
  if (result.hardware_reduced) {
    // All other fields are to be ignored (5.2.9, flag HW_REDUCED_ACPI).
    result.sleep_control = extended_register(table, sleep_control_reg, 8);
    return result;
  }
  result.has_fixed_power_button = !has_bit(feature, pwr_button);
  result.sci_irq = read_le<std::uint16_t>(table, sci_int);
  result.smi_command_port = smi_port <= 0xffff ? static_cast<std::uint16_t>(smi_port) : 0;
  result.acpi_enable_value = read_le<std::uint8_t>(table, acpi_enable);
  take_fixed_registers(table, result);
  return result;
}

} // namespace skerry::pc::acpi
