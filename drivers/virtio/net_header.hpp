// SPDX-License-Identifier: Apache-2.0
// What stands before each frame in memory of a virtio-net device (virtio 1.2, 5.1.6).
#pragma once

#include "drivers/virtio/net.hpp"

#include <core/endian.hpp>

#include <cstddef>

namespace skerry::virtio {

struct Net::Header {
  std::uint8_t flags = 0;
  std::uint8_t gso_type = 0;
  Le16 header_size;
  Le16 gso_size;
  Le16 checksum_start;
  Le16 checksum_offset;
  Le16 buffer_count; ///< not there in a legacy device
};
inline constexpr unsigned header_needs_checksum_bit = 0;
inline constexpr unsigned header_checksum_valid_bit = 1;
inline constexpr std::uint8_t gso_none = 0;
inline constexpr std::uint8_t gso_tcp_v4 = 1;
inline constexpr std::uint8_t gso_tcp_v6 = 4;

} // namespace skerry::virtio
