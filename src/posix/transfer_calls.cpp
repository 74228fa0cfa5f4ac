// SPDX-License-Identifier: Apache-2.0
// Moving bytes from file to file: sendfile(2) and copy_file_range(2).
#include "src/posix/descriptors.hpp"
#include "src/posix/file_tree_calls.hpp"
#include "src/posix/sockets.hpp"
#include "src/posix/vectors.hpp"

#include <fs/node.hpp>
#include <mm/heap.hpp>

#include <algorithm>
#include <array>
#include <sys/stat.h>
#include <unistd.h>

namespace skerry::posix {
namespace {

using Chunk = std::array<std::byte, 16_KiB>;

/// One end of a transfer: the file's own position, or one that the caller keeps.
class End {
public:
  /// Errors: bad_address; invalid_argument  a negative offset
  static Result<End> of(fs::File& file, UserPointer<off_t> offset) {
    End end(file, offset);
    if (!offset.is_null()) {
      end.position_ = TRY(offset.read());
      if (end.position_ < 0) {
        return fail(std::errc::invalid_argument);
      }
    }
    return end;
  }

  Result<std::size_t> read(std::span<std::byte> bytes) {
    fs::UserBuffer buffer(bytes);
    return moved(has_own_position() ? file_.read(buffer) : file_.read_at(buffer, position_));
  }

  Result<std::size_t> write(std::span<std::byte> bytes) {
    fs::UserBuffer buffer(bytes);
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
  End(fs::File& file, UserPointer<off_t> offset) : file_(file), offset_(offset) {}
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

/// Moves at most `size` bytes; an error counts when nothing was moved before.
Result<long> transfer(End& from, End& to, std::size_t size) {
  const auto chunk = TRY(mm::make_owned<Chunk>());
  size = std::min(size, max_transfer);
  std::size_t done = 0;
  while (done < size) {
    const auto part = std::span(*chunk).first(std::min(chunk->size(), size - done));
    const auto count = from.read(part);
    if (!count || *count == 0) {
      if (!count && done == 0) {
        return fail(count.error());
      }
      break;
    }
    const auto written = to.write(part.first(*count));
    const std::size_t taken = written ? *written : 0;
    if (taken < *count) {
      TRY(from.unread(*count - taken));
    }
    done += taken;
    if (taken < *count) {
      if (!written && done == 0) {
        return fail(written.error());
      }
      break;
    }
  }
  TRY(from.finish());
  TRY(to.finish());
  return static_cast<long>(done);
}

Result<> check_ends(const fs::File& from, const fs::File& to) {
  return from.can_read() && to.can_write() ? Result<>() : fail(std::errc::bad_file_descriptor);
}

/// Ranges of one file that meet would be copied over themselves.
/// Errors: invalid_argument
Result<> check_overlap(const fs::Node& file, End& from, End& to, std::size_t size) {
  const auto start = static_cast<std::uint64_t>(TRY(from.position()));
  const auto target = static_cast<std::uint64_t>(TRY(to.position()));
  const std::uint64_t file_size = file.status().size_bytes;
  const std::uint64_t count = std::min<std::uint64_t>(size, file_size - std::min(start, file_size));
  const bool meet = target < start + count && start < target + count;
  return meet ? fail(std::errc::invalid_argument) : Result<>();
}

} // namespace

Result<long> sys_sendfile(int to, int from, UserPointer<off_t> offset, std::size_t size) {
  const auto source = TRY(find_file(from));
  const auto target = TRY(find_file(to));
  TRY(check_ends(*source, *target));
  // What was read and cannot be written goes back, which a pipe or a socket could not do.
  if (source->node() == nullptr || (target->flags() & fs::open_flag::append) != 0) {
    return fail(std::errc::invalid_argument);
  }
  End start = TRY(End::of(*source, offset));
  End end = TRY(End::of(*target, {}));
  return transfer(start, end, size);
}

Result<long> sys_copy_file_range(int from, UserPointer<off_t> from_offset, int to,
                                 UserPointer<off_t> to_offset, std::size_t size, unsigned flags) {
  const auto source = TRY(find_file(from));
  const auto target = TRY(find_file(to));
  TRY(check_ends(*source, *target));
  const fs::Node* old = source->node();
  const fs::Node* copy = target->node();
  if (flags != 0 || old == nullptr || copy == nullptr || !S_ISREG(old->mode()) ||
      !S_ISREG(copy->mode())) {
    return fail(std::errc::invalid_argument);
  }
  if ((target->flags() & fs::open_flag::append) != 0) {
    return fail(std::errc::bad_file_descriptor);
  }
  End start = TRY(End::of(*source, from_offset));
  End end = TRY(End::of(*target, to_offset));
  if (old == copy) {
    TRY(check_overlap(*old, start, end, size));
  }
  return transfer(start, end, size);
}

} // namespace skerry::posix
