// SPDX-License-Identifier: Apache-2.0
// Reads the lists of readv(2) and writev(2).
#include "src/posix/vectors.hpp"

#include <mm/heap.hpp>

#include <algorithm>
#include <climits>
#include <sys/types.h>
#include <utility>

namespace skerry::posix {

Vectors::Vectors(Vectors&& other) noexcept
    : few_(other.few_), large_(std::exchange(other.large_, nullptr)), count_(other.count_) {}

Vectors::~Vectors() {
  mm::heap().free(large_);
}

Result<> Vectors::allocate(std::size_t count) {
  if (count > few_.size()) {
    large_ = static_cast<fs::UserPiece*>(TRY(mm::heap().allocate(count * sizeof(fs::UserPiece))));
  }
  count_ = count;
  return {};
}

Result<Vectors> Vectors::of(std::uint64_t buffer, std::size_t size) {
  constexpr std::size_t largest = std::size_t{1} << 47; // more than all addresses of an application
  if (buffer + size < buffer || size >= largest) {
    return fail(std::errc::bad_address); // as on Linux: nothing of such a buffer is touched
  }
  Vectors vectors;
  vectors.few_[0] = {mm::VirtualAddress(buffer), std::min(size, max_transfer)};
  vectors.count_ = 1;
  return vectors;
}

Result<Vectors> Vectors::read(UserPointer<const iovec> from, int count) {
  if (count < 0 || count > IOV_MAX) {
    return fail(std::errc::invalid_argument);
  }
  Vectors vectors;
  TRY(vectors.allocate(static_cast<std::size_t>(count)));
  fs::UserPiece* pieces = vectors.large_ != nullptr ? vectors.large_ : vectors.few_.data();
  std::size_t left = max_transfer;
  for (std::size_t i = 0; i < vectors.count_; ++i) {
    const iovec vector = TRY(from.element(i).read());
    if (static_cast<ssize_t>(vector.iov_len) < 0) {
      return fail(std::errc::invalid_argument);
    }
    const std::size_t size = std::min(vector.iov_len, left);
    pieces[i] = {mm::VirtualAddress(vector.iov_base), size};
    left -= size;
  }
  return vectors;
}

} // namespace skerry::posix
