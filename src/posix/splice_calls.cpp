// SPDX-License-Identifier: Apache-2.0
// splice(2), tee(2) and vmsplice(2). Bytes are copied, once: straight between the ring of a pipe
// and the other file. No page is passed on, so an application may write to its own as soon as the
// call is back.
#include "src/posix/descriptors.hpp"
#include "src/posix/file_tree_calls.hpp"
#include "src/posix/pipe.hpp"
#include "src/posix/transfer_end.hpp"
#include "src/posix/vectors.hpp"

#include <fs/node.hpp>

#include <algorithm>
#include <climits>
#include <fcntl.h>

namespace skerry::posix {
namespace {

constexpr unsigned known_flags = SPLICE_F_MOVE | SPLICE_F_NONBLOCK | SPLICE_F_MORE | SPLICE_F_GIFT;

PipeEnd* as_pipe(const fs::FileReference& file) {
  return file->kind() == fs::FileKind::pipe ? static_cast<PipeEnd*>(file.get()) : nullptr;
}

/// Files without a ring: what lies in the tree, but for directories, and sockets.
bool has_bytes_to_move(fs::File& file) {
  return file.kind() != fs::FileKind::directory &&
         (file.node() != nullptr || file.as_socket() != nullptr);
}

/// Whether a call may wait for `pipe`.
bool may_wait(const PipeEnd& pipe, unsigned flags) {
  return (flags & SPLICE_F_NONBLOCK) == 0 && !pipe.non_blocking();
}

/// Two pipes and how a call goes about them.
struct PipePair {
  PipeEnd& from;
  PipeEnd& to;
  bool may_block;

  /// Waits until bytes can be moved; returns how many there are, 0 at the end.
  [[nodiscard]] Result<std::size_t> wait() const {
    for (;;) {
      TRY(from.wait_for_bytes(may_block));
      TRY(to.wait_for_room(1, may_block));
      // Another thread may have taken what was there while this one waited for room.
      const PipeBuffer& ring = from.ring();
      if (!ring.is_being_emptied && (ring.used != 0 || ring.writer == nullptr)) {
        return ring.used;
      }
    }
  }
};

/// Copies what there is, as far as there is room and at most `size` bytes.
Result<std::size_t> copy_ring(const PipePair& pair, std::size_t size) {
  const std::size_t there = TRY(pair.wait());
  const auto pieces = pair.from.ring().oldest(std::min(size, there));
  fs::UserBuffer bytes(pieces, fs::Owner::kernel);
  const std::size_t done = TRY(pair.to.put(bytes));
  pair.to.tell_both();
  return done;
}

Result<long> move_between(const PipePair& pair, std::size_t size) {
  const std::size_t done = TRY(copy_ring(pair, size));
  pair.from.ring().drop_oldest(done);
  pair.from.tell_both();
  return static_cast<long>(done);
}

/// Reads once, as much as there is room for.
Result<long> fill_from(TransferEnd& from, PipeEnd& to, std::size_t size, bool may_block) {
  TRY(to.wait_for_room(1, may_block));
  PipeBuffer& ring = to.ring();
  const auto pieces = ring.next(std::min(size, ring.room()));
  fs::UserBuffer room(pieces, fs::Owner::kernel);
  ring.is_being_filled = true;
  const auto count = from.read(room);
  ring.is_being_filled = false;
  ring.used += count ? *count : 0;
  to.tell_both();
  if (!count) {
    return fail(count.error());
  }
  TRY(from.finish());
  return static_cast<long>(*count);
}

/// Writes what there is, once; 0 when nothing will come.
Result<std::size_t> write_ring(PipeEnd& from, TransferEnd& to, std::size_t size, bool may_block) {
  const std::size_t there = TRY(from.wait_for_bytes(may_block));
  if (there == 0) {
    return 0;
  }
  PipeBuffer& ring = from.ring();
  const auto pieces = ring.oldest(std::min(size, there));
  fs::UserBuffer bytes(pieces, fs::Owner::kernel);
  ring.is_being_emptied = true;
  const auto written = to.write(bytes);
  ring.is_being_emptied = false;
  ring.drop_oldest(written ? *written : 0);
  from.tell_both();
  return written;
}

/// Waits for the first bytes alone; an error counts when nothing was moved before.
Result<long> empty_into(PipeEnd& from, TransferEnd& to, std::size_t size, bool may_block) {
  std::size_t done = 0;
  while (done < size) {
    const auto count = write_ring(from, to, size - done, may_block && done == 0);
    if (!count && done == 0) {
      return fail(count.error());
    }
    if (!count || *count == 0) {
      break;
    }
    done += *count;
  }
  TRY(to.finish());
  return static_cast<long>(done);
}

/// Errors: invalid_seek  a pipe has no offsets; invalid_argument  a socket has none
Result<> check_offset(fs::File& file, UserPointer<off_t> offset) {
  if (offset.is_null()) {
    return {};
  }
  if (file.kind() == fs::FileKind::pipe) {
    return fail(std::errc::invalid_seek);
  }
  return file.node() != nullptr ? Result<>() : fail(std::errc::invalid_argument);
}

Result<> check_ends(const fs::File& from, const fs::File& to) {
  return from.can_read() && to.can_write() ? Result<>() : fail(std::errc::bad_file_descriptor);
}

/// Two pipes that are not the two ends of one. Errors: invalid_argument  they are, or one is none
Result<PipePair> pair_of(PipeEnd* from, PipeEnd* to, unsigned flags) {
  if (from == nullptr || to == nullptr || &from->ring() == &to->ring()) {
    return fail(std::errc::invalid_argument);
  }
  return PipePair{*from, *to, may_wait(*from, flags) && may_wait(*to, flags)};
}

} // namespace

Result<long> sys_splice(int from, UserPointer<off_t> from_offset, int to,
                        UserPointer<off_t> to_offset, std::size_t size, unsigned flags) {
  if (size == 0) {
    return 0;
  }
  if ((flags & ~known_flags) != 0) {
    return fail(std::errc::invalid_argument);
  }
  const auto source = TRY(find_file(from));
  const auto target = TRY(find_file(to));
  TRY(check_offset(*source, from_offset));
  TRY(check_offset(*target, to_offset));
  TRY(check_ends(*source, *target));
  size = std::min(size, max_transfer);
  PipeEnd* in = as_pipe(source);
  PipeEnd* out = as_pipe(target);
  if (in != nullptr && out != nullptr) {
    return move_between(TRY(pair_of(in, out, flags)), size);
  }
  if (in != nullptr && has_bytes_to_move(*target) &&
      (target->flags() & fs::open_flag::append) == 0) {
    TransferEnd end = TRY(TransferEnd::of(*target, to_offset));
    return empty_into(*in, end, size, may_wait(*in, flags));
  }
  if (out != nullptr && has_bytes_to_move(*source)) {
    TransferEnd start = TRY(TransferEnd::of(*source, from_offset));
    return fill_from(start, *out, size, may_wait(*out, flags));
  }
  return fail(std::errc::invalid_argument);
}

Result<long> sys_tee(int from, int to, std::size_t size, unsigned flags) {
  if ((flags & ~known_flags) != 0) {
    return fail(std::errc::invalid_argument);
  }
  if (size == 0) {
    return 0;
  }
  const auto source = TRY(find_file(from));
  const auto target = TRY(find_file(to));
  TRY(check_ends(*source, *target));
  return static_cast<long>(
      TRY(copy_ring(TRY(pair_of(as_pipe(source), as_pipe(target), flags)), size)));
}

/// Whether it may block is for `flags` to say alone, as on Linux.
Result<long> sys_vmsplice(int descriptor, UserPointer<const iovec> vectors, std::size_t count,
                          unsigned flags) {
  if ((flags & ~known_flags) != 0) {
    return fail(std::errc::invalid_argument);
  }
  const auto file = TRY(find_file(descriptor));
  const Vectors memory =
      TRY(Vectors::read(vectors, static_cast<int>(std::min<std::size_t>(count, INT_MAX))));
  fs::UserBuffer buffer(memory.pieces());
  PipeEnd* pipe = as_pipe(file);
  if (buffer.remaining() == 0) {
    return 0;
  }
  if (pipe == nullptr) {
    return fail(std::errc::bad_file_descriptor);
  }
  const bool may_block = (flags & SPLICE_F_NONBLOCK) == 0;
  const auto moved = [&]() -> Result<std::size_t> {
    if (pipe->can_write()) {
      TRY(pipe->wait_for_room(1, may_block));
      return pipe->put(buffer);
    }
    TRY(pipe->wait_for_bytes(may_block));
    return pipe->take(buffer);
  }();
  pipe->tell_both();
  return static_cast<long>(TRY(moved));
}

} // namespace skerry::posix
