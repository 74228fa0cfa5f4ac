// SPDX-License-Identifier: Apache-2.0
// The Internet checksum.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace skerry::net {

/// The one's complement sum of `data` as 16-bit words in memory order, not complemented (RFC 1071).
[[nodiscard]] std::uint16_t internet_sum(std::span<const std::byte> data);

} // namespace skerry::net
