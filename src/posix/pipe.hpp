// SPDX-License-Identifier: Apache-2.0
// Pipes (pipe(7)): bytes in a ring, and an end to read and one to write.
#pragma once

#include "src/posix/waiting_file.hpp"

#include <mm/heap.hpp>

#include <array>
#include <cstddef>

namespace skerry::posix {

/// What both ends share. Goes with the second of them.
struct PipeBuffer {
  static constexpr std::size_t size = 65536;

  /// A stretch of the ring, which may go on at its start.
  using Pieces = std::array<fs::UserPiece, 2>;

  [[nodiscard]] std::size_t room() const { return size - used; }
  /// The oldest `count` bytes, which are there.
  [[nodiscard]] Pieces oldest(std::size_t count) { return stretch(first, count); }
  /// Where the next `count` bytes come to lie, for which there is room.
  [[nodiscard]] Pieces next(std::size_t count) { return stretch(first + used, count); }
  void drop_oldest(std::size_t count) {
    first = (first + count) % size;
    used -= count;
  }

  std::array<std::byte, size> bytes{};
  std::size_t first = 0; ///< index of the oldest byte
  std::size_t used = 0;
  class PipeEnd* reader = nullptr; ///< null when it is closed
  PipeEnd* writer = nullptr;
  // A call that moves bytes between the ring and another file may block there, and keeps others
  // from the same side of the ring meanwhile.
  bool is_being_emptied = false;
  bool is_being_filled = false;

private:
  [[nodiscard]] Pieces stretch(std::size_t start, std::size_t count);
};

class PipeEnd final : public WaitingFile {
public:
  /// `is_reader` says which end. The buffer belongs to both ends.
  PipeEnd(PipeBuffer& buffer, bool is_reader);
  ~PipeEnd() override = default;

  [[nodiscard]] Result<std::size_t> read(fs::UserBuffer& buffer) override;
  /// Up to 4096 bytes go as a whole (PIPE_BUF).
  [[nodiscard]] Result<std::size_t> write(fs::UserBuffer& buffer) override;
  [[nodiscard]] Result<long> ioctl(unsigned long request, std::uint64_t argument) override;
  [[nodiscard]] fs::Readiness poll() override;
  [[nodiscard]] fs::Status status() override;
  [[nodiscard]] fs::FileKind kind() const override { return fs::FileKind::pipe; }

  /// The ring, for calls that move bytes between it and another file (splice(2)).
  [[nodiscard]] PipeBuffer& ring() { return buffer_; }
  /// Of the end to read: waits until there are bytes and tells how many; 0 when none will come.
  /// Errors: resource_unavailable_try_again  it may not block; interrupted
  [[nodiscard]] Result<std::size_t> wait_for_bytes(bool may_block);
  /// Of the end to write: waits until there is room for `whole` bytes.
  /// Errors: as wait_for_bytes(); broken_pipe  nobody reads; SIGPIPE has been raised
  [[nodiscard]] Result<> wait_for_room(std::size_t whole, bool may_block);
  /// Moves what there is, or what there is room for, without waiting. Errors: bad_address
  [[nodiscard]] Result<std::size_t> take(fs::UserBuffer& buffer);
  [[nodiscard]] Result<std::size_t> put(fs::UserBuffer& buffer);
  /// Makes all who wait for this pipe look again.
  void tell_both();

private:
  void destroy() override;
  /// Tells the other end, if it is open.
  void tell_other();

  PipeBuffer& buffer_;
  bool is_reader_;
};

} // namespace skerry::posix
