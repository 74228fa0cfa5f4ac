// SPDX-License-Identifier: Apache-2.0
// What lies in a local socket until it is read: bytes, and the descriptors and credentials that
// were sent with them.
#pragma once

#include "src/posix/heap_array.hpp"

#include <core/intrusive_list.hpp>
#include <core/result.hpp>
#include <fs/file.hpp>
#include <fs/user_buffer.hpp>
#include <net/socket.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <sys/socket.h>

namespace skerry::posix::local {

/// Bytes in blocks of the kernel's heap, read from the front.
class Bytes {
public:
  Bytes() = default;
  Bytes(const Bytes&) = delete;
  Bytes& operator=(const Bytes&) = delete;
  ~Bytes();

  /// Appends `size` bytes. Errors: bad_address; no_buffer_space  no memory
  [[nodiscard]] Result<> take(fs::UserBuffer& buffer, std::size_t size);
  /// Copies as much as there is room for, from the front. Errors: bad_address
  [[nodiscard]] Result<std::size_t> put(fs::UserBuffer& buffer) const;
  /// Forgets bytes at the front.
  void drop(std::size_t size);

  [[nodiscard]] std::size_t size() const { return size_; }
  /// What the blocks take of the heap.
  [[nodiscard]] std::size_t cost() const { return cost_; }

private:
  /// No block is larger than this, with its header.
  static constexpr std::size_t block_bytes = 16384;

  /// The header; the bytes lie behind it.
  struct Block {
    [[nodiscard]] std::byte* bytes() { return reinterpret_cast<std::byte*>(this + 1); }
    Block* next = nullptr;
    std::size_t first = 0; ///< index of the first byte that was not read
    std::size_t end = 0;
  };

  [[nodiscard]] Result<Block*> append(std::size_t size);
  void free_first();

public:
  /// What fits into one block.
  static constexpr std::size_t one_block = block_bytes - sizeof(Block);

private:
  Block* first_ = nullptr;
  Block* last_ = nullptr;
  std::size_t size_ = 0;
  std::size_t cost_ = 0;
};

/// Files on their way from one socket to another (SCM_RIGHTS). All that are on their way are
/// counted: as on Linux there may be no more of them than descriptors (RLIMIT_NOFILE), which bounds
/// what sockets that were sent into each other, and closed, keep for ever.
class PassedFiles {
public:
  /// As SCM_MAX_FD of Linux.
  static constexpr std::size_t max_count = 253;

  PassedFiles() = default;
  PassedFiles(PassedFiles&& other) noexcept : files_(std::move(other.files_)) {}
  PassedFiles& operator=(PassedFiles&& other) noexcept;
  ~PassedFiles();

  /// Room for `count` files, empty ones.
  /// Errors: too_many_references (ETOOMANYREFS); not_enough_memory
  [[nodiscard]] static Result<PassedFiles> make(std::size_t count);

  [[nodiscard]] std::span<fs::FileReference> all() const { return files_.all(); }
  [[nodiscard]] bool empty() const { return files_.all().empty(); }

private:
  HeapArray<fs::FileReference> files_;
};

/// What goes beside the bytes.
struct Attachment {
  /// From what sendmsg(2) was given.
  /// Errors: invalid_argument, bad_file_descriptor; no_such_process  of credentials that are not
  ///         this process'; too_many_references, not_enough_memory
  [[nodiscard]] static Result<Attachment> read(std::span<const std::byte> control);

  PassedFiles files;
  std::optional<ucred> credentials;
};

/// Of the one process.
[[nodiscard]] ucred own_credentials();

} // namespace skerry::posix::local
