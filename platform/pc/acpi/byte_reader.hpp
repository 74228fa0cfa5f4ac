// SPDX-License-Identifier: Apache-2.0
// Little-endian fields at offsets of a run of foreign bytes, with every access checked.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

namespace skerry::pc::acpi {

/// The unsigned integer at `offset`, or 0 when it does not lie within `bytes`: ACPI defines fields
/// past the end of an older, shorter table as zero.
template <std::unsigned_integral T>
[[nodiscard]] constexpr T read_le(std::span<const std::byte> bytes, std::size_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) {
    return 0;
  }
  std::uint64_t value = 0;
  for (std::size_t i = sizeof(T); i-- > 0;) {
    value = value << 8U | std::to_integer<std::uint64_t>(bytes[offset + i]);
  }
  return static_cast<T>(value);
}

} // namespace skerry::pc::acpi
