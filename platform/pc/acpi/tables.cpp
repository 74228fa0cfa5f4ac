// SPDX-License-Identifier: Apache-2.0
// The root pointer, table headers, HPET and MCFG (ACPI 6.5, 5.2.5 and 5.2.6; IA-PC HPET 1.0a,
// 3.2.4; PCI firmware 3.0, 4.1.2).
#include "platform/pc/acpi/tables.hpp"

#include "platform/pc/acpi/byte_reader.hpp"

namespace skerry::pc::acpi {

bool has_valid_checksum(Bytes bytes) {
  unsigned sum = 0;
  for (const std::byte byte : bytes) {
    sum += std::to_integer<unsigned>(byte);
  }
  return (sum & 0xffU) == 0;
}

Result<TableHeader> parse_header(Bytes bytes) {
  if (bytes.size() < header_size) {
    return fail(std::errc::bad_message);
  }
  TableHeader header;
  for (std::size_t i = 0; i < 4; ++i) {
    const char letter = std::to_integer<char>(bytes[i]);
    if (letter < ' ' || letter > '~') {
      return fail(std::errc::bad_message);
    }
    header.signature.text[i] = letter;
  }
  header.length = read_le<std::uint32_t>(bytes, 4);
  if (header.length < header_size) {
    return fail(std::errc::bad_message);
  }
  return header;
}

Result<RootPointer> parse_root_pointer(Bytes bytes) {
  constexpr std::string_view signature = "RSD PTR ";
  if (bytes.size() < root_pointer_size_v1) {
    return fail(std::errc::bad_message);
  }
  for (std::size_t i = 0; i < signature.size(); ++i) {
    if (std::to_integer<char>(bytes[i]) != signature[i]) {
      return fail(std::errc::bad_message);
    }
  }
  if (!has_valid_checksum(bytes.first(root_pointer_size_v1))) {
    return fail(std::errc::bad_message);
  }
  RootPointer result;
  result.revision = read_le<std::uint8_t>(bytes, 15);
  result.rsdt = mm::PhysicalAddress(read_le<std::uint32_t>(bytes, 16));
  if (result.revision < 2) {
    return result;
  }
  const auto length = read_le<std::uint32_t>(bytes, 20);
  if (length < root_pointer_size_v2 || length > bytes.size() ||
      !has_valid_checksum(bytes.first(length))) {
    return fail(std::errc::bad_message);
  }
  result.xsdt = mm::PhysicalAddress(read_le<std::uint64_t>(bytes, 24));
  return result;
}

Result<Hpet> parse_hpet(Bytes table) {
  constexpr std::size_t fixed_size = 56;
  if (table.size() < fixed_size) {
    return fail(std::errc::bad_message);
  }
  const auto space = read_le<std::uint8_t>(table, 40);
  const auto address = read_le<std::uint64_t>(table, 44);
  if (space != 0 || address == 0) { // registers of an HPET are in memory
    return fail(std::errc::bad_message);
  }
  return Hpet{mm::PhysicalAddress(address), read_le<std::uint32_t>(table, 36)};
}

Result<> parse_mcfg(Bytes table, BoundedList<PciSegment, 16>& result) {
  constexpr std::size_t first_entry = 44;
  constexpr std::size_t entry_size = 16;
  if (table.size() < first_entry) {
    return fail(std::errc::bad_message);
  }
  for (Bytes rest = table.subspan(first_entry); rest.size() >= entry_size;
       rest = rest.subspan(entry_size)) {
    const PciSegment segment{.address = mm::PhysicalAddress(read_le<std::uint64_t>(rest, 0)),
                             .number = read_le<std::uint16_t>(rest, 8),
                             .first_bus = read_le<std::uint8_t>(rest, 10),
                             .last_bus = read_le<std::uint8_t>(rest, 11)};
    if (segment.address.value() == 0 || segment.last_bus < segment.first_bus) {
      return fail(std::errc::bad_message);
    }
    result.push(segment);
  }
  return {};
}

} // namespace skerry::pc::acpi
