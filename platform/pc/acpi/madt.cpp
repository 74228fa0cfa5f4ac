// SPDX-License-Identifier: Apache-2.0
// The multiple APIC description table: a fixed part and a list of entries, each with its own type
// and length (ACPI 6.5, 5.2.12).
#include "platform/pc/acpi/byte_reader.hpp"
#include "platform/pc/acpi/tables.hpp"

#include <core/bytes.hpp>

namespace skerry::pc::acpi {
namespace {

enum EntryType : std::uint8_t {
  local_apic = 0,
  io_apic = 1,
  source_override = 2,
  local_apic_nmi = 4,
  local_apic_address = 5,
  local_x2apic = 9,
  local_x2apic_nmi = 10,
};

/// How many bytes an entry of that type has at least; 2 for the types that are skipped.
constexpr std::size_t least_size(std::uint8_t type) {
  switch (type) {
  case local_apic:
    return 8;
  case io_apic:
    return 12;
  case source_override:
    return 10;
  case local_apic_nmi:
    return 6;
  case local_apic_address:
    return 12;
  case local_x2apic:
    return 16;
  case local_x2apic_nmi:
    return 12;
  default:
    return 2;
  }
}

/// The flags of 5.2.12.5: polarity in bits 1:0, trigger mode in bits 3:2; 3 is "low" or "level".
/// 0 is "as the bus does it", which on ISA is active high and edge-triggered.
constexpr Signalling signalling(std::uint16_t flags) {
  return {.level_triggered = (flags >> 2U & 3U) == 3, .active_low = (flags & 3U) == 3};
}

constexpr Processor processor(std::uint32_t apic_id, std::uint32_t uid, std::uint32_t flags) {
  return {.apic_id = apic_id,
          .uid = uid,
          .enabled = has_bit(flags, 0),
          .online_capable = has_bit(flags, 1)};
}

void take_local_apic(Bytes entry, InterruptControllers& result) {
  const auto apic_id = read_le<std::uint8_t>(entry, 3);
  if (apic_id != 0xff) { // fills unused places
    result.processors.push(
        processor(apic_id, read_le<std::uint8_t>(entry, 2), read_le<std::uint32_t>(entry, 4)));
  }
}

void take_source_override(Bytes entry, InterruptControllers& result) {
  const auto isa_irq = read_le<std::uint8_t>(entry, 3);
  if (isa_irq > 15) { // the bus has no such interrupt
    return;
  }
  result.overrides.push({.line = read_le<std::uint32_t>(entry, 4),
                         .isa_irq = isa_irq,
                         .signalling = signalling(read_le<std::uint16_t>(entry, 8))});
}

void take_nmi(std::uint32_t uid, std::uint16_t flags, std::uint8_t pin,
              InterruptControllers& result) {
  if (pin <= 1) {
    result.nmis.push({.processor_uid = uid, .pin = pin, .signalling = signalling(flags)});
  }
}

void take_entry(std::uint8_t type, Bytes entry, InterruptControllers& result) {
  switch (type) {
  case local_apic:
    return take_local_apic(entry, result);
  case io_apic:
    return result.io_apics.push({.address = mm::PhysicalAddress(read_le<std::uint32_t>(entry, 4)),
                                 .first_line = read_le<std::uint32_t>(entry, 8),
                                 .id = read_le<std::uint8_t>(entry, 2)});
  case source_override:
    return take_source_override(entry, result);
  case local_apic_nmi: {
    const auto uid = read_le<std::uint8_t>(entry, 2);
    return take_nmi(uid == 0xff ? LocalNmi::every_processor : uid, read_le<std::uint16_t>(entry, 3),
                    read_le<std::uint8_t>(entry, 5), result);
  }
  case local_apic_address:
    result.local_apic = mm::PhysicalAddress(read_le<std::uint64_t>(entry, 4));
    return;
  case local_x2apic:
    return result.processors.push(processor(read_le<std::uint32_t>(entry, 4),
                                            read_le<std::uint32_t>(entry, 12),
                                            read_le<std::uint32_t>(entry, 8)));
  case local_x2apic_nmi:
    return take_nmi(read_le<std::uint32_t>(entry, 4), read_le<std::uint16_t>(entry, 2),
                    read_le<std::uint8_t>(entry, 8), result);
  default:
    return; // controllers of other architectures, and what is newer than this code
  }
}

} // namespace

Result<> parse_madt(Bytes table, InterruptControllers& result) {
  constexpr std::size_t first_entry = 44;
  if (table.size() < first_entry) {
    return fail(std::errc::bad_message);
  }
  result.local_apic = mm::PhysicalAddress(read_le<std::uint32_t>(table, 36));
  result.has_legacy_controllers = has_bit(read_le<std::uint32_t>(table, 40), 0);
  for (Bytes rest = table.subspan(first_entry); !rest.empty();) {
    if (rest.size() < 2) {
      return fail(std::errc::bad_message);
    }
    const auto type = read_le<std::uint8_t>(rest, 0);
    const auto length = read_le<std::uint8_t>(rest, 1);
    // A length of 0 would never end.
    if (length < least_size(type) || length > rest.size()) {
      return fail(std::errc::bad_message);
    }
    take_entry(type, rest.first(length), result);
    rest = rest.subspan(length);
  }
  return {};
}

} // namespace skerry::pc::acpi
