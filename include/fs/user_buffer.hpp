// SPDX-License-Identifier: Apache-2.0
// The application's side of a read or a write: a list of pieces of its memory, taken in order.
#pragma once

#include <core/result.hpp>
#include <mm/address.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace skerry::fs {

/// One piece. Lies in the application's half, or so it says: access goes through copies.
struct UserPiece {
  mm::VirtualAddress address;
  std::size_t size_bytes = 0;
};

/// Whose memory pieces are. The kernel's are for bytes that go from one file to another.
enum class Owner : std::uint8_t { application, kernel };

/// A cursor over pieces of memory, as a rule of the application. Borrows the list; lives as long as
/// one call.
class UserBuffer {
public:
  explicit UserBuffer(std::span<const UserPiece> pieces, Owner owner = Owner::application);
  /// One piece of the kernel's memory.
  explicit UserBuffer(std::span<std::byte> own);
  UserBuffer(const UserBuffer&) = delete;
  UserBuffer& operator=(const UserBuffer&) = delete;

  /// Bytes from the cursor to the end.
  [[nodiscard]] std::size_t remaining() const { return remaining_; }

  /// Copies from the application, at most `output.size()` bytes, and moves on by what was copied;
  /// returns how many, fewer only at the end.
  /// Errors: bad_address  nothing could be copied; after a part the part is returned
  [[nodiscard]] Result<std::size_t> take(std::span<std::byte> output);

  /// Copies to the application; as take().
  [[nodiscard]] Result<std::size_t> put(std::span<const std::byte> input);

  /// Where the cursor is, to go back there with.
  class Mark {
    friend class UserBuffer;
    std::span<const UserPiece> pieces_;
    std::size_t offset_ = 0;
    std::size_t remaining_ = 0;
  };
  [[nodiscard]] Mark mark() const;
  void return_to(const Mark& mark);

  /// Moves on by `count` bytes, or to the end, without a look at them.
  void skip(std::size_t count);

private:
  [[nodiscard]] UserPiece current(std::size_t limit) const;
  void advance(std::size_t count);
  template <class Copy> Result<std::size_t> move(std::size_t size, Copy copy);

  UserPiece own_; ///< the piece, when the list is not the caller's
  Owner owner_ = Owner::application;
  std::span<const UserPiece> pieces_;
  std::size_t offset_ = 0;
  std::size_t remaining_ = 0;
};

} // namespace skerry::fs
