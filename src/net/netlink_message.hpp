// SPDX-License-Identifier: Apache-2.0
// One message of netlink as it is put together: a header, a fixed part, attributes.
#pragma once

#include "src/net/netlink_abi.hpp"

#include <core/assert.hpp>
#include <core/intrusive_list.hpp>

#include <array>
#include <cstddef>
#include <cstring>
#include <span>

namespace skerry::net {

/// On the kernel's heap. Everything in it begins at a multiple of 4 bytes.
class NetlinkMessage : public ListNode<> {
public:
  NetlinkMessage(std::uint16_t type, std::uint16_t flags, const netlink::Header& answered)
      : header_{
            .type = type, .flags = flags, .sequence = answered.sequence, .port = answered.port} {}

  template <class T> void put(const T& value) { put(std::as_bytes(std::span(&value, 1))); }

  template <class T> void attribute(std::uint16_t type, const T& value) {
    attribute(type, std::as_bytes(std::span(&value, 1)));
  }
  void attribute(std::uint16_t type, std::span<const std::byte> value) {
    const struct {
      std::uint16_t size_bytes;
      std::uint16_t type;
    } head{static_cast<std::uint16_t>(sizeof head + value.size()), type};
    put(head);
    put(value);
  }

  /// All of it, with the length in its place.
  [[nodiscard]] std::span<const std::byte> bytes() {
    header_.size_bytes = static_cast<std::uint32_t>(size_);
    std::memcpy(bytes_.data(), &header_, sizeof header_);
    return std::span(bytes_).first(size_);
  }

private:
  void put(std::span<const std::byte> value) {
    const std::size_t space = (value.size() + 3) / 4 * 4;
    SKERRY_ASSERT(size_ + space <= bytes_.size());
    std::memcpy(bytes_.data() + size_, value.data(), value.size());
    size_ += space;
  }

  netlink::Header header_;
  std::size_t size_ = sizeof(netlink::Header);
  alignas(4) std::array<std::byte, 128> bytes_{};
};

} // namespace skerry::net
