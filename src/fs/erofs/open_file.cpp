// SPDX-License-Identifier: Apache-2.0
// Reading at a position.
#include "src/fs/erofs/regular_node.hpp"
#include "src/fs/regular_file.hpp"

#include <fs/changes.hpp>

namespace skerry::fs::erofs {

Result<std::size_t> ErofsFile::read(UserBuffer& buffer) {
  const std::uint64_t position = position_.get();
  const auto done = read_at(buffer, static_cast<std::int64_t>(position));
  if (done) {
    position_.set(position + *done);
  }
  return done;
}

Result<std::size_t> ErofsFile::read_at(UserBuffer& buffer, std::int64_t offset) {
  const auto done = regular_.read(buffer, static_cast<std::uint64_t>(offset));
  if (done && *done != 0) {
    tell_change(regular_, change::accessed);
  }
  return done;
}

Result<std::size_t> ErofsFile::write_at(UserBuffer&, std::int64_t) {
  return fail(std::errc::bad_file_descriptor);
}

/// All of the file is data, as Linux has it.
Result<std::int64_t> ErofsFile::seek(std::int64_t offset, int whence) {
  if (whence != seek_data && whence != seek_hole) {
    return position_.seek(offset, whence, regular_.size_bytes());
  }
  if (offset < 0 || static_cast<std::uint64_t>(offset) >= regular_.size_bytes()) {
    return fail(std::errc::no_such_device_or_address);
  }
  position_.set(whence == seek_hole ? regular_.size_bytes() : static_cast<std::uint64_t>(offset));
  return static_cast<std::int64_t>(position_.get());
}

Result<long> ErofsFile::ioctl(unsigned long request, std::uint64_t argument) {
  return tell_bytes_left(request, argument, regular_.size_bytes(), position_.get());
}

} // namespace skerry::fs::erofs
