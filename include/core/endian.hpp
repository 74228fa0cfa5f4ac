// SPDX-License-Identifier: Apache-2.0
// Integers with a fixed byte order in memory, for structures shared with devices, firmware and the
// network. They have alignment 1 and are converted on every access.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>

namespace skerry {

/// An integer stored in the byte order `Order`, without alignment.
template <std::integral T, std::endian Order> class Ordered {
public:
  constexpr Ordered() = default;
  constexpr Ordered(T value) : bytes_(std::bit_cast<Bytes>(swap_if_foreign(value))) {}
  constexpr operator T() const { return swap_if_foreign(std::bit_cast<T>(bytes_)); }
  [[nodiscard]] constexpr T value() const { return *this; }

private:
  struct Bytes {
    unsigned char byte[sizeof(T)];
  };

  static constexpr T swap_if_foreign(T value) {
    return Order == std::endian::native ? value : std::byteswap(value);
  }

  Bytes bytes_{};
};

using Le16 = Ordered<std::uint16_t, std::endian::little>;
using Le32 = Ordered<std::uint32_t, std::endian::little>;
using Le64 = Ordered<std::uint64_t, std::endian::little>;
using Be16 = Ordered<std::uint16_t, std::endian::big>;
using Be32 = Ordered<std::uint32_t, std::endian::big>;
using Be64 = Ordered<std::uint64_t, std::endian::big>;

static_assert(sizeof(Le64) == 8 && alignof(Le64) == 1);

} // namespace skerry
