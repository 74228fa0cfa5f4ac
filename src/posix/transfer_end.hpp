// SPDX-License-Identifier: Apache-2.0
// One side of a transfer between two files.
#pragma once

#include "src/posix/sockets.hpp"
#include "src/posix/user_pointer.hpp"

#include <core/result.hpp>
#include <fs/file.hpp>

#include <cstddef>
#include <sys/types.h>
#include <unistd.h>

namespace skerry::posix {

/// Reads or writes at the file's own position, or at one that the caller keeps. Borrows the file.
class TransferEnd {
public:
  /// Errors: bad_address; invalid_argument  a negative offset
  static Result<TransferEnd> of(fs::File& file, UserPointer<off_t> offset) {
    TransferEnd end(file, offset);
    if (!offset.is_null()) {
      end.position_ = TRY(offset.read());
      if (end.position_ < 0) {
        return fail(std::errc::invalid_argument);
      }
    }
    return end;
  }

  Result<std::size_t> read(fs::UserBuffer& buffer) {
    return moved(has_own_position() ? file_.read(buffer) : file_.read_at(buffer, position_));
  }

  /// SIGPIPE is raised where the error means it.
  Result<std::size_t> write(fs::UserBuffer& buffer) {
    const auto written =
        has_own_position() ? file_.write(buffer) : file_.write_at(buffer, position_);
    if (!written) {
      tell_broken_pipe(file_, written.error());
    }
    return moved(written);
  }

  /// Goes back over what was read and could not be written.
  Result<> unread(std::size_t count) {
    const auto back = -static_cast<std::int64_t>(count);
    if (has_own_position()) {
      TRY(file_.seek(back, SEEK_CUR));
    } else {
      position_ += back;
    }
    return {};
  }

  /// Where the next byte is read or written.
  Result<off_t> position() {
    return has_own_position() ? file_.seek(0, SEEK_CUR) : Result<std::int64_t>(position_);
  }

  /// Tells the caller where its position is now.
  Result<> finish() { return has_own_position() ? Result<>() : offset_.write(position_); }

private:
  TransferEnd(fs::File& file, UserPointer<off_t> offset) : file_(file), offset_(offset) {}
  [[nodiscard]] bool has_own_position() const { return offset_.is_null(); }
  Result<std::size_t> moved(Result<std::size_t> count) {
    if (count && !has_own_position()) {
      position_ += static_cast<off_t>(*count);
    }
    return count;
  }

  fs::File& file_;
  UserPointer<off_t> offset_;
  off_t position_ = 0;
};

} // namespace skerry::posix
