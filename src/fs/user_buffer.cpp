// SPDX-License-Identifier: Apache-2.0
// Copying between floors and pieces of application memory.
#include <fs/user_buffer.hpp>
#include <mm/user_copy.hpp>

#include <algorithm>

namespace skerry::fs {

UserBuffer::UserBuffer(std::span<const UserPiece> pieces) : pieces_(pieces) {
  for (const UserPiece& piece : pieces_) {
    remaining_ += piece.size_bytes;
  }
}

UserPiece UserBuffer::current(std::size_t limit) const {
  const UserPiece& piece = pieces_.front();
  return {piece.address + offset_, std::min(limit, piece.size_bytes - offset_)};
}

void UserBuffer::advance(std::size_t count) {
  offset_ += count;
  remaining_ -= count;
}

Result<std::size_t> UserBuffer::take(std::span<std::byte> output) {
  std::size_t done = 0;
  while (done < output.size() && !pieces_.empty()) {
    const UserPiece piece = current(output.size() - done);
    if (piece.size_bytes == 0) {
      pieces_ = pieces_.subspan(1);
      offset_ = 0;
      continue;
    }
    if (!mm::copy_in(output.subspan(done, piece.size_bytes), piece.address)) {
      return done != 0 ? Result<std::size_t>(done) : fail(std::errc::bad_address);
    }
    advance(piece.size_bytes);
    done += piece.size_bytes;
  }
  return done;
}

Result<std::size_t> UserBuffer::put(std::span<const std::byte> input) {
  std::size_t done = 0;
  while (done < input.size() && !pieces_.empty()) {
    const UserPiece piece = current(input.size() - done);
    if (piece.size_bytes == 0) {
      pieces_ = pieces_.subspan(1);
      offset_ = 0;
      continue;
    }
    if (!mm::copy_out(piece.address, input.subspan(done, piece.size_bytes))) {
      return done != 0 ? Result<std::size_t>(done) : fail(std::errc::bad_address);
    }
    advance(piece.size_bytes);
    done += piece.size_bytes;
  }
  return done;
}

} // namespace skerry::fs
