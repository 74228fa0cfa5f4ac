// SPDX-License-Identifier: Apache-2.0
// Reading and writing at a position.
#include "src/fs/regular_file.hpp"

#include <mm/user_copy.hpp>

#include <algorithm>
#include <limits>
#include <sys/ioctl.h>
#include <unistd.h>

namespace skerry::fs {

Result<std::size_t> RegularFile::read_from(UserBuffer& buffer, std::uint64_t position) {
  const auto done = regular_.read(buffer, position);
  if (done && (flags() & keep_accessed) == 0) {
    regular_.touch_accessed();
  }
  return done;
}

Result<std::size_t> RegularFile::read(UserBuffer& buffer) {
  const std::uint64_t position = position_.get();
  const auto done = read_from(buffer, position);
  if (done) {
    position_.set(position + *done);
  }
  return done;
}

Result<std::size_t> RegularFile::write(UserBuffer& buffer) {
  const bool appends = (flags() & open_flag::append) != 0;
  const std::uint64_t position = appends ? regular_.size_bytes() : position_.get();
  const auto done = regular_.write(buffer, position);
  if (done) {
    position_.set(position + *done);
  }
  return done;
}

Result<std::size_t> RegularFile::read_at(UserBuffer& buffer, std::int64_t offset) {
  return read_from(buffer, static_cast<std::uint64_t>(offset));
}

Result<std::size_t> RegularFile::write_at(UserBuffer& buffer, std::int64_t offset) {
  // O_APPEND wins over the offset: pwrite(2), "BUGS"; programs for Linux count on it.
  const bool appends = (flags() & open_flag::append) != 0;
  return regular_.write(buffer,
                        appends ? regular_.size_bytes() : static_cast<std::uint64_t>(offset));
}

Result<std::int64_t> RegularFile::seek(std::int64_t offset, int whence) {
  if (whence == seek_data || whence == seek_hole) {
    if (offset < 0) {
      return fail(std::errc::no_such_device_or_address);
    }
    const auto found =
        TRY(regular_.seek_data(static_cast<std::uint64_t>(offset), whence == seek_hole));
    position_.set(found);
    return static_cast<std::int64_t>(found);
  }
  return position_.seek(offset, whence, regular_.size_bytes());
}

Result<long> RegularFile::ioctl(unsigned long request, std::uint64_t argument) {
  return tell_bytes_left(request, argument, regular_.size_bytes(), position_.get());
}

Result<long> tell_bytes_left(unsigned long request, std::uint64_t argument,
                             std::uint64_t size_bytes, std::uint64_t position) {
  if (request != FIONREAD) {
    return fail(std::errc::inappropriate_io_control_operation);
  }
  const std::uint64_t left = size_bytes > position ? size_bytes - position : 0;
  const int told = static_cast<int>(std::min<std::uint64_t>(left, std::numeric_limits<int>::max()));
  TRY(mm::copy_out(mm::VirtualAddress(argument), std::as_bytes(std::span(&told, 1))));
  return 0;
}

} // namespace skerry::fs
