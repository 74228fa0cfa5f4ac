// SPDX-License-Identifier: Apache-2.0
// The pieces of a transfer, as read(2), readv(2) and their kin name them: copied in and checked.
#pragma once

#include "src/posix/user_pointer.hpp"

#include <core/result.hpp>
#include <fs/user_buffer.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <sys/uio.h>

namespace skerry::posix {

/// Linux' limit on one transfer: the largest int, less a page.
inline constexpr std::size_t max_transfer = 0x7fff'f000;

/// Lives as long as one call; all pieces are there at once, so that a datagram stays one.
class Vectors {
public:
  /// One buffer.
  /// Errors: bad_address  it runs past the end of addresses
  [[nodiscard]] static Result<Vectors> of(std::uint64_t buffer, std::size_t size);
  /// `count` elements at `from`. What goes beyond max_transfer is left out.
  /// Errors: bad_address
  ///         invalid_argument   more than IOV_MAX, or a length that is negative
  ///         not_enough_memory
  [[nodiscard]] static Result<Vectors> read(UserPointer<const iovec> from, int count);

  Vectors(Vectors&& other) noexcept;
  Vectors& operator=(Vectors&&) = delete;
  ~Vectors();

  [[nodiscard]] std::span<const fs::UserPiece> pieces() const {
    return {large_ != nullptr ? large_ : few_.data(), count_};
  }

private:
  Vectors() = default;
  Result<> allocate(std::size_t count);

  std::array<fs::UserPiece, 8> few_{};
  fs::UserPiece* large_ = nullptr;
  std::size_t count_ = 0;
};

} // namespace skerry::posix
