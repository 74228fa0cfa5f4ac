// SPDX-License-Identifier: Apache-2.0
// What goes beside the bytes of a message (cmsg(3)): a list of pieces, each with a header.
#pragma once

#include <core/result.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>

namespace skerry::net {

/// A cmsghdr, with the length in 64 bits as Linux has it.
struct ControlHeader {
  std::uint64_t size_bytes = 0; ///< with the header itself
  int level = 0;
  int type = 0;
};
static_assert(sizeof(ControlHeader) == 16);

/// What a piece takes of the room: each begins at a multiple of 8.
[[nodiscard]] constexpr std::size_t control_space(std::size_t size_bytes) {
  return (size_bytes + 7) / 8 * 8;
}

struct ControlPiece {
  int level = 0;
  int type = 0;
  std::span<const std::byte> data;
};

/// Walks along pieces that the application wrote. Borrows them.
class ControlReader {
public:
  explicit ControlReader(std::span<const std::byte> all) : rest_(all) {}

  /// The next piece; nothing at the end. Errors: invalid_argument  a length that cannot be
  [[nodiscard]] Result<std::optional<ControlPiece>> next() {
    ControlHeader header;
    if (rest_.size() < sizeof header) {
      return std::nullopt;
    }
    std::memcpy(&header, rest_.data(), sizeof header);
    if (header.size_bytes < sizeof header || header.size_bytes > rest_.size()) {
      return fail(std::errc::invalid_argument);
    }
    const auto data = rest_.first(header.size_bytes).subspan(sizeof header);
    rest_ = rest_.subspan(std::min(control_space(header.size_bytes), rest_.size()));
    return ControlPiece{.level = header.level, .type = header.type, .data = data};
  }

private:
  std::span<const std::byte> rest_;
};

} // namespace skerry::net
