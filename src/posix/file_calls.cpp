// SPDX-License-Identifier: Apache-2.0
// Calls on descriptors.
#include "src/posix/calls.hpp"
#include "src/posix/descriptors.hpp"

#include <fs/user_buffer.hpp>

#include <array>
#include <limits.h>

namespace skerry::posix {
namespace {

/// Linux' limit on one transfer: the largest int, less a page.
constexpr std::size_t max_transfer = 0x7fff'f000;

/// The pieces of a readv() or writev(), copied in and checked.
class Vectors {
public:
  [[nodiscard]] static Result<Vectors> read(UserPointer<const iovec> from, int count) {
    if (count < 0 || count > IOV_MAX) {
      return fail(std::errc::invalid_argument);
    }
    Vectors vectors;
    vectors.from_ = from;
    vectors.left_ = static_cast<std::size_t>(count);
    return vectors;
  }

  [[nodiscard]] bool done() const { return left_ == 0; }

  /// The next pieces, as many as fit into the batch.
  [[nodiscard]] Result<std::span<const fs::UserPiece>> next() {
    const std::size_t count = std::min(left_, batch_.size());
    for (std::size_t i = 0; i < count; ++i) {
      const iovec vector = TRY(from_.element(i).read());
      if (vector.iov_len > max_transfer - total_) {
        return fail(std::errc::invalid_argument);
      }
      total_ += vector.iov_len;
      batch_[i] = {mm::VirtualAddress(vector.iov_base), vector.iov_len};
    }
    from_ = from_.element(count);
    left_ -= count;
    return std::span<const fs::UserPiece>(batch_).first(count);
  }

private:
  UserPointer<const iovec> from_;
  std::size_t left_ = 0;
  std::size_t total_ = 0;
  std::array<fs::UserPiece, 16> batch_{};
};

} // namespace

Result<long> sys_write(int descriptor, std::uint64_t buffer, std::size_t size) {
  const auto file = TRY(find_file(descriptor));
  if (buffer + size < buffer) {
    return fail(std::errc::bad_address); // as on Linux: nothing of such a buffer is taken
  }
  const fs::UserPiece piece{mm::VirtualAddress(buffer), std::min(size, max_transfer)};
  fs::UserBuffer data({&piece, 1});
  return static_cast<long>(TRY(file->write(data)));
}

Result<long> sys_writev(int descriptor, UserPointer<const iovec> vectors, int count) {
  const auto file = TRY(find_file(descriptor));
  auto pieces = TRY(Vectors::read(vectors, count));
  long done = 0;
  while (!pieces.done()) {
    const auto batch = pieces.next();
    if (!batch) {
      return done != 0 ? Result<long>(done) : fail(batch.error());
    }
    fs::UserBuffer data(*batch);
    const std::size_t wanted = data.remaining();
    const auto written = file->write(data);
    if (!written) {
      return done != 0 ? Result<long>(done) : fail(written.error());
    }
    done += static_cast<long>(*written);
    if (*written < wanted) {
      break;
    }
  }
  return done;
}

Result<long> sys_ioctl(int descriptor, unsigned long request, std::uint64_t argument) {
  const auto file = TRY(find_file(descriptor));
  return file->ioctl(request, argument);
}

} // namespace skerry::posix
