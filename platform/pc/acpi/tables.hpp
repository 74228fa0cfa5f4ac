// SPDX-License-Identifier: Apache-2.0
// Parsers of single ACPI tables. They see bytes and return values: no hardware, no allocation, no
// state. The bytes come from firmware or from a host that is not trusted (DESIGN, decision 13), so
// each length is checked and each field is read once.
#pragma once

#include "platform/pc/acpi/acpi_info.hpp"

#include <core/result.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace skerry::pc::acpi {

using Bytes = std::span<const std::byte>;

inline constexpr std::size_t header_size = 36;
inline constexpr std::size_t root_pointer_size_v1 = 20;
inline constexpr std::size_t root_pointer_size_v2 = 36;

/// The four letters at the start of a table.
struct Signature {
  char text[4] = {};
  [[nodiscard]] constexpr std::string_view view() const { return {text, 4}; }
  friend constexpr bool operator==(const Signature& left, std::string_view right) {
    return left.view() == right;
  }
};

/// What every table starts with (5.2.6).
struct TableHeader {
  Signature signature;
  std::uint32_t length = 0; ///< of the whole table in bytes, header included
};

/// The root pointer (5.2.5.3).
struct RootPointer {
  mm::PhysicalAddress rsdt;
  mm::PhysicalAddress xsdt; ///< 0 in ACPI 1.0
  std::uint8_t revision = 0;
};

/// True when the bytes add up to 0, as those of every valid table do.
[[nodiscard]] bool has_valid_checksum(Bytes bytes);

/// Reads the header at the front of `bytes`, which may end right after it.
/// Errors: bad_message  fewer bytes than a header, a signature that is no text, or a length that is
///                      less than a header's
[[nodiscard]] Result<TableHeader> parse_header(Bytes bytes);

/// Reads the root pointer at the front of `bytes` (20 bytes suffice for ACPI 1.0).
/// Errors: bad_message  signature, checksum or length are wrong
[[nodiscard]] Result<RootPointer> parse_root_pointer(Bytes bytes);

// The parsers below take a whole table, header included, whose length and checksum were checked.
// Errors of all: bad_message  the table is shorter than its fixed part, or an entry's length is
//                             less than the entry or reaches past the table

[[nodiscard]] Result<> parse_madt(Bytes table, InterruptControllers& result);
[[nodiscard]] Result<FixedHardware> parse_fadt(Bytes table);
[[nodiscard]] Result<Hpet> parse_hpet(Bytes table);
[[nodiscard]] Result<> parse_mcfg(Bytes table, BoundedList<PciSegment, 16>& result);

/// Looks for `Name(\_S5, Package(){...})` in the AML code of a DSDT or SSDT. AML is not
/// interpreted: the name is searched for byte by byte and what follows must be a package of
/// constants, which is how all known firmware writes it. Nothing is returned when it is missing or
/// computed.
[[nodiscard]] std::optional<SleepTypes> find_soft_off(Bytes table);

} // namespace skerry::pc::acpi
