// SPDX-License-Identifier: Apache-2.0
// From the root pointer over RSDT or XSDT to the tables (ACPI 6.5, 5.2.5 to 5.2.8).
#include "platform/pc/acpi/discovery.hpp"

#include "platform/pc/acpi/byte_reader.hpp"
#include "platform/pc/acpi/tables.hpp"

#include <core/log.hpp>

namespace skerry::pc::acpi {
namespace {

constexpr std::string_view module = "acpi";

// A length beyond these is taken for garbage rather than mapped and added up. Code may be long
// (hundreds of KiB on real machines), all other tables that we read are not.
constexpr std::size_t max_data_table = 1_MiB;
constexpr std::size_t max_code_table = 16_MiB;
constexpr std::size_t max_tables = 256;

// Where a BIOS leaves the root pointer (5.2.5.1).
constexpr mm::PhysicalAddress extended_bios_segment{0x40e};
constexpr std::size_t extended_bios_search = 1_KiB;
constexpr mm::PhysicalAddress bios_start{0xe0000};
constexpr std::size_t bios_size = 128_KiB;
constexpr std::size_t root_pointer_alignment = 16;

std::optional<RootPointer> root_pointer_at(PhysicalMemory& memory, mm::PhysicalAddress address) {
  // ACPI 1.0's is shorter and may end where memory ends; so ask for the long one, then the short.
  for (const std::size_t size : {root_pointer_size_v2, root_pointer_size_v1}) {
    const Bytes bytes = memory.view(address, size);
    if (!bytes.empty()) {
      const auto found = parse_root_pointer(bytes);
      return found ? std::optional(*found) : std::nullopt;
    }
  }
  return std::nullopt;
}

std::optional<RootPointer> search(PhysicalMemory& memory, mm::PhysicalAddress start,
                                  std::size_t size) {
  const Bytes bytes = memory.view(start, size);
  for (std::size_t at = 0; at + root_pointer_alignment <= bytes.size();
       at += root_pointer_alignment) {
    if (std::to_integer<char>(bytes[at]) != 'R') { // most places end here: the search is 8192 long
      continue;
    }
    if (const auto found = parse_root_pointer(bytes.subspan(at))) {
      return *found;
    }
  }
  return std::nullopt;
}

std::optional<RootPointer> find_root_pointer(PhysicalMemory& memory, mm::PhysicalAddress given) {
  if (given.value() != 0) {
    if (const auto found = root_pointer_at(memory, given)) {
      return found;
    }
    log::warning(module, "the boot loader's root pointer at {:#x} is not valid; searching",
                 given.value());
  }
  const auto segment = read_le<std::uint16_t>(memory.view(extended_bios_segment, 2), 0);
  const mm::PhysicalAddress extended_bios(std::uint64_t{segment} << 4U);
  if (extended_bios.value() >= 0x400 && extended_bios < bios_start) {
    if (const auto found = search(memory, extended_bios, extended_bios_search)) {
      return found;
    }
  }
  return search(memory, bios_start, bios_size);
}

/// Reads a table whole and checks it. The log says what is wrong with one that is not returned.
struct Table {
  Signature signature;
  Bytes bytes;
};

bool is_code(const Signature& signature) {
  return signature == "DSDT" || signature == "SSDT";
}

std::optional<TableHeader> header_at(PhysicalMemory& memory, mm::PhysicalAddress address) {
  const auto header = parse_header(memory.view(address, header_size));
  if (!header) {
    log::warning(module, "no table at {:#x}", address.value());
    return std::nullopt;
  }
  return *header;
}

std::optional<Table> table_at(PhysicalMemory& memory, mm::PhysicalAddress address) {
  const auto header = header_at(memory, address);
  if (!header) {
    return std::nullopt;
  }
  const std::size_t limit = is_code(header->signature) ? max_code_table : max_data_table;
  // The length as it was read above counts: the memory may be changed by the host meanwhile.
  const Bytes bytes = header->length <= limit ? memory.view(address, header->length) : Bytes();
  if (bytes.empty()) {
    log::warning(module, "table {} at {:#x} is ignored: length {}", header->signature.view(),
                 address.value(), header->length);
    return std::nullopt;
  }
  if (!has_valid_checksum(bytes)) {
    log::warning(module, "table {} at {:#x} is ignored: wrong checksum", header->signature.view(),
                 address.value());
    return std::nullopt;
  }
  return Table{header->signature, bytes};
}

void warn_malformed(const Signature& signature) {
  log::warning(module, "table {} is malformed and not used", signature.view());
}

void take_madt(const Table& table, AcpiInfo& result) {
  if (result.interrupts) { // the first one counts
    return;
  }
  // In place: the structure has 4 KiB and the boot stack is small.
  if (!parse_madt(table.bytes, result.interrupts.emplace())) {
    result.interrupts.reset();
    warn_malformed(table.signature);
  }
}

void take_soft_off(const Table& table, AcpiInfo& result) {
  if (!result.soft_off) {
    result.soft_off = find_soft_off(table.bytes);
  }
}

void take_fadt(PhysicalMemory& memory, const Table& table, AcpiInfo& result) {
  const auto parsed = parse_fadt(table.bytes);
  if (!parsed) {
    return warn_malformed(table.signature);
  }
  result.fixed = *parsed;
  if (parsed->dsdt.value() == 0) {
    return;
  }
  if (const auto code = table_at(memory, parsed->dsdt); code && code->signature == "DSDT") {
    take_soft_off(*code, result);
  }
}

void take_table(PhysicalMemory& memory, mm::PhysicalAddress address, AcpiInfo& result) {
  const auto header = header_at(memory, address);
  if (!header) {
    return;
  }
  constexpr std::string_view used[] = {"APIC", "FACP", "HPET", "MCFG"};
  bool wanted = header->signature == "SSDT" && !result.soft_off;
  for (const std::string_view signature : used) {
    wanted = wanted || header->signature == signature;
  }
  const auto table = wanted ? table_at(memory, address) : std::nullopt;
  if (!table) {
    return;
  }
  if (table->signature == "APIC") {
    take_madt(*table, result);
  } else if (table->signature == "FACP") {
    take_fadt(memory, *table, result);
  } else if (table->signature == "SSDT") {
    take_soft_off(*table, result);
  } else if (table->signature == "HPET") {
    if (const auto parsed = parse_hpet(table->bytes)) {
      result.hpet = *parsed;
    } else {
      warn_malformed(table->signature);
    }
  } else if (table->signature == "MCFG" && !parse_mcfg(table->bytes, result.pci_segments)) {
    warn_malformed(table->signature);
  }
}

/// The list of tables: 64-bit addresses in an XSDT, 32-bit ones in an RSDT.
struct TableList {
  Bytes addresses;
  std::size_t address_size = 0;

  [[nodiscard]] std::size_t count() const { return addresses.size() / address_size; }
  [[nodiscard]] mm::PhysicalAddress operator[](std::size_t index) const {
    const std::size_t offset = index * address_size;
    return mm::PhysicalAddress(address_size == 8 ? read_le<std::uint64_t>(addresses, offset)
                                                 : read_le<std::uint32_t>(addresses, offset));
  }
};

std::optional<TableList> table_list(PhysicalMemory& memory, const RootPointer& root) {
  if (root.xsdt.value() != 0) {
    if (const auto table = table_at(memory, root.xsdt); table && table->signature == "XSDT") {
      return TableList{table->bytes.subspan(header_size), 8};
    }
  }
  if (root.rsdt.value() != 0) {
    if (const auto table = table_at(memory, root.rsdt); table && table->signature == "RSDT") {
      return TableList{table->bytes.subspan(header_size), 4};
    }
  }
  return std::nullopt;
}

} // namespace

Result<> discover(PhysicalMemory& memory, mm::PhysicalAddress root, AcpiInfo& result) {
  const auto root_pointer = find_root_pointer(memory, root);
  if (!root_pointer) {
    return fail(std::errc::no_such_device);
  }
  const auto list = table_list(memory, *root_pointer);
  if (!list) {
    return fail(std::errc::bad_message);
  }
  result.present = true;
  result.revision = root_pointer->revision;
  if (list->count() > max_tables) {
    log::warning(module, "{} tables; the first {} are looked at", list->count(), max_tables);
  }
  for (std::size_t i = 0; i < list->count() && i < max_tables; ++i) {
    if ((*list)[i].value() != 0) {
      take_table(memory, (*list)[i], result);
    }
  }
  return {};
}

} // namespace skerry::pc::acpi
