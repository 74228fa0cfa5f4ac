// SPDX-License-Identifier: Apache-2.0
// CRC-32C (Castagnoli; RFC 3720, appendix B.4), bit by bit: for headers, not for data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace skerry {

/// Goes on with `crc` over `bytes`. Begins with all ones; the usual result is the complement.
[[nodiscard]] constexpr std::uint32_t crc32c(std::uint32_t crc, std::span<const std::byte> bytes) {
  constexpr std::uint32_t polynomial = 0x82f6'3b78; // reflected
  for (const std::byte byte : bytes) {
    crc ^= std::to_integer<std::uint32_t>(byte);
    for (int i = 0; i < 8; ++i) {
      crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? polynomial : 0);
    }
  }
  return crc;
}

} // namespace skerry
