// SPDX-License-Identifier: Apache-2.0
// Moving bytes from file to file: sendfile(2) and copy_file_range(2).
#include "src/posix/descriptors.hpp"
#include "src/posix/file_tree_calls.hpp"
#include "src/posix/transfer_end.hpp"
#include "src/posix/vectors.hpp"

#include <fs/node.hpp>
#include <mm/heap.hpp>

#include <algorithm>
#include <array>
#include <climits>
#include <sys/stat.h>

namespace skerry::posix {
namespace {

using Chunk = std::array<std::byte, 16_KiB>;

/// Moves at most `size` bytes; an error counts when nothing was moved before.
Result<long> transfer(TransferEnd& from, TransferEnd& to, std::size_t size) {
  const auto chunk = TRY(mm::make_owned<Chunk>());
  size = std::min(size, max_transfer);
  std::size_t done = 0;
  while (done < size) {
    const auto part = std::span(*chunk).first(std::min(chunk->size(), size - done));
    fs::UserBuffer room(part);
    const auto count = from.read(room);
    if (!count || *count == 0) {
      if (!count && done == 0) {
        return fail(count.error());
      }
      break;
    }
    fs::UserBuffer bytes(part.first(*count));
    const auto written = to.write(bytes);
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

/// Errors: is_a_directory; invalid_argument  no regular file
Result<> check_regular(const fs::Node* node) {
  if (node != nullptr && S_ISDIR(node->mode())) {
    return fail(std::errc::is_a_directory);
  }
  return node != nullptr && S_ISREG(node->mode()) ? Result<>() : fail(std::errc::invalid_argument);
}

/// Ranges of one file that meet would be copied over themselves.
/// Errors: invalid_argument
Result<> check_overlap(const fs::Node& file, TransferEnd& from, TransferEnd& to, std::size_t size) {
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
  // What was read and cannot be written goes back, which a pipe or a socket could not do.
  const fs::Node* node = source->node();
  if (node == nullptr && !offset.is_null()) {
    return fail(std::errc::invalid_seek);
  }
  TRY(check_ends(*source, *target));
  if (node == nullptr || S_ISDIR(node->mode()) || size > SSIZE_MAX ||
      (target->flags() & fs::open_flag::append) != 0) {
    return fail(std::errc::invalid_argument);
  }
  TransferEnd start = TRY(TransferEnd::of(*source, offset));
  TransferEnd end = TRY(TransferEnd::of(*target, {}));
  return transfer(start, end, size);
}

Result<long> sys_copy_file_range(int from, UserPointer<off_t> from_offset, int to,
                                 UserPointer<off_t> to_offset, std::size_t size, unsigned flags) {
  const auto source = TRY(find_file(from));
  const auto target = TRY(find_file(to));
  if (flags != 0) {
    return fail(std::errc::invalid_argument);
  }
  const fs::Node* old = source->node();
  const fs::Node* copy = target->node();
  TRY(check_regular(old));
  TRY(check_regular(copy));
  TRY(check_ends(*source, *target));
  if ((target->flags() & fs::open_flag::append) != 0) {
    return fail(std::errc::bad_file_descriptor);
  }
  TransferEnd start = TRY(TransferEnd::of(*source, from_offset));
  TransferEnd end = TRY(TransferEnd::of(*target, to_offset));
  if (&old->file_system() != &copy->file_system()) {
    return fail(std::errc::cross_device_link);
  }
  if (old == copy) {
    TRY(check_overlap(*old, start, end, size));
  }
  return transfer(start, end, size);
}

} // namespace skerry::posix
