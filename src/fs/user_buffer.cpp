// SPDX-License-Identifier: Apache-2.0
// Copying between floors and pieces of application memory.
#include <fs/user_buffer.hpp>
#include <mm/user_copy.hpp>

#include <algorithm>
#include <cstring>

namespace skerry::fs {

UserBuffer::UserBuffer(std::span<const UserPiece> pieces, Owner owner)
    : owner_(owner), pieces_(pieces) {
  for (const UserPiece& piece : pieces_) {
    remaining_ += piece.size_bytes;
  }
}

UserBuffer::UserBuffer(std::span<std::byte> own)
    : own_{mm::VirtualAddress(own.data()), own.size()}, owner_(Owner::kernel), pieces_(&own_, 1),
      remaining_(own.size()) {}

UserPiece UserBuffer::current(std::size_t limit) const {
  const UserPiece& piece = pieces_.front();
  return {piece.address + offset_, std::min(limit, piece.size_bytes - offset_)};
}

void UserBuffer::advance(std::size_t count) {
  offset_ += count;
  remaining_ -= count;
}

/// Calls `copy` for piece after piece, with how much was done before.
template <class Copy> Result<std::size_t> UserBuffer::move(std::size_t size, Copy copy) {
  std::size_t done = 0;
  while (done < size && !pieces_.empty()) {
    const UserPiece piece = current(size - done);
    if (piece.size_bytes == 0) {
      pieces_ = pieces_.subspan(1);
      offset_ = 0;
      continue;
    }
    if (!copy(piece, done)) {
      return done != 0 ? Result<std::size_t>(done) : fail(std::errc::bad_address);
    }
    advance(piece.size_bytes);
    done += piece.size_bytes;
  }
  return done;
}

Result<std::size_t> UserBuffer::take(std::span<std::byte> output) {
  return move(output.size(), [&](const UserPiece& piece, std::size_t done) -> Result<> {
    if (owner_ == Owner::kernel) {
      std::memcpy(&output[done], piece.address.as_pointer(), piece.size_bytes);
      return {};
    }
    return mm::copy_in(output.subspan(done, piece.size_bytes), piece.address);
  });
}

Result<std::size_t> UserBuffer::put(std::span<const std::byte> input) {
  return move(input.size(), [&](const UserPiece& piece, std::size_t done) -> Result<> {
    if (owner_ == Owner::kernel) {
      std::memcpy(piece.address.as_pointer(), &input[done], piece.size_bytes);
      return {};
    }
    return mm::copy_out(piece.address, input.subspan(done, piece.size_bytes));
  });
}

UserBuffer::Mark UserBuffer::mark() const {
  Mark mark;
  mark.pieces_ = pieces_;
  mark.offset_ = offset_;
  mark.remaining_ = remaining_;
  return mark;
}

void UserBuffer::return_to(const Mark& mark) {
  pieces_ = mark.pieces_;
  offset_ = mark.offset_;
  remaining_ = mark.remaining_;
}

void UserBuffer::skip(std::size_t count) {
  (void)move(std::min(count, remaining_), [](const UserPiece&, std::size_t) { return Result<>(); });
}

} // namespace skerry::fs
