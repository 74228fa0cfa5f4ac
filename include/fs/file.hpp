// SPDX-License-Identifier: Apache-2.0
// What a descriptor refers to. Readiness has one mechanism: poll() names the state, and the queue
// from wait_queue() is woken when it changes; poll, select and epoll are built on these two.
#pragma once

#include <core/intrusive_list.hpp>
#include <core/result.hpp>
#include <fs/user_buffer.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace skerry::kernel {
class WaitQueue;
}

namespace skerry::net {
class Socket;
}

namespace skerry::fs {

class Node;
struct Status;

/// What a file can do at once; the bits of poll(2).
using Readiness = std::uint32_t;

/// What a file was opened for, and how it behaves: the status flags of open(2), with Linux' values
/// on x86-64. Other bits of open(2) are no state of an open file.
namespace open_flag {
inline constexpr unsigned read_only = 0;
inline constexpr unsigned write_only = 1;
inline constexpr unsigned read_write = 2;
inline constexpr unsigned access_mask = 3;
inline constexpr unsigned append = 02000;
inline constexpr unsigned non_block = 04000;
/// Refers to a place only: neither read nor written (O_PATH).
inline constexpr unsigned path_only = 010000000;
} // namespace open_flag

/// Kinds of files that some calls are for alone.
enum class FileKind : std::uint8_t { other, epoll, timer, signal, directory, pipe, inotify };

struct CloseWatcherTag;

/// Is told when a file ends, without keeping it: an entry of an epoll.
class CloseWatcher : public ListNode<CloseWatcherTag> {
public:
  /// The last reference has gone. Called once; the watcher is in no list any more.
  virtual void file_closes() = 0;

protected:
  ~CloseWatcher() = default;
};

/// An open file, pipe, socket or device (POSIX: an open file description). Reference-counted: each
/// descriptor and each call in progress holds one, so a call goes on safely when another thread
/// closes its descriptor; destroy() runs when the last one goes.
/// Context: thread.
class File {
public:
  constexpr explicit File(unsigned flags = open_flag::read_write) : flags_(flags) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  /// Moves bytes to `buffer`; 0 is the end of the file. Blocks unless non_blocking().
  /// Errors: bad_file_descriptor  not open for reading; others as read(2) has them
  [[nodiscard]] virtual Result<std::size_t> read(UserBuffer& buffer);
  /// Moves bytes from `buffer`; may take fewer than offered.
  /// Errors: bad_file_descriptor  not open for writing; others as write(2) has them
  [[nodiscard]] virtual Result<std::size_t> write(UserBuffer& buffer);
  /// The same at `offset`, which is not negative, without moving the position.
  /// Errors: invalid_seek  the file has no position
  [[nodiscard]] virtual Result<std::size_t> read_at(UserBuffer& buffer, std::int64_t offset);
  [[nodiscard]] virtual Result<std::size_t> write_at(UserBuffer& buffer, std::int64_t offset);
  /// Moves the position (`whence` as lseek(2)).
  /// Errors: invalid_seek  the file has no position
  [[nodiscard]] virtual Result<std::int64_t> seek(std::int64_t offset, int whence);
  /// Errors: inappropriate_io_control_operation  not a request for this kind of file
  [[nodiscard]] virtual Result<long> ioctl(unsigned long request, std::uint64_t argument);
  /// What could be done now without blocking.
  [[nodiscard]] virtual Readiness poll();
  /// Woken when poll() may say more than before; null for a file that is always ready.
  [[nodiscard]] virtual kernel::WaitQueue* wait_queue();

  /// What fstat(2) tells. By default: something that has no name.
  [[nodiscard]] virtual Status status();
  /// What of the tree of files it is open on; null for pipes, sockets and such.
  [[nodiscard]] virtual Node* node() { return nullptr; }

  [[nodiscard]] virtual FileKind kind() const { return FileKind::other; }
  /// The file as a socket, if it is one.
  [[nodiscard]] virtual net::Socket* as_socket() { return nullptr; }

  /// The bits of open_flag. Any of them but the access mode may change at any time.
  [[nodiscard]] unsigned flags() const { return flags_.load(std::memory_order_relaxed); }
  void set_flags(unsigned flags) { flags_.store(flags, std::memory_order_relaxed); }
  [[nodiscard]] bool can_read() const;
  [[nodiscard]] bool can_write() const;
  [[nodiscard]] bool non_blocking() const { return (flags() & open_flag::non_block) != 0; }
  void set_non_blocking(bool value) {
    set_flags(value ? flags() | open_flag::non_block : flags() & ~open_flag::non_block);
  }

  /// Tells `watcher` when the file ends, unless it is unlinked before.
  void watch_close(CloseWatcher& watcher) { close_watchers_.push_back(watcher); }

  void hold() { references_.fetch_add(1, std::memory_order_relaxed); }
  /// Gives one reference back; the last one closes and destroys the file.
  void release();

protected:
  virtual ~File() = default;
  /// Frees the object after its last reference went.
  virtual void destroy() = 0;

private:
  IntrusiveList<CloseWatcher, CloseWatcherTag> close_watchers_;
  std::atomic<std::uint32_t> references_ = 1;
  std::atomic<unsigned> flags_;
};

/// Holds one reference to a file.
class FileReference {
public:
  FileReference() = default;
  /// Takes over a reference that the caller has.
  static FileReference adopt(File* file) {
    FileReference reference;
    reference.file_ = file;
    return reference;
  }
  FileReference(const FileReference& other) : file_(other.file_) {
    if (file_ != nullptr) {
      file_->hold();
    }
  }
  FileReference(FileReference&& other) noexcept : file_(other.file_) { other.file_ = nullptr; }
  FileReference& operator=(FileReference other) noexcept {
    File* old = file_;
    file_ = other.file_;
    other.file_ = old;
    return *this;
  }
  ~FileReference() {
    if (file_ != nullptr) {
      file_->release();
    }
  }

  [[nodiscard]] File* get() const { return file_; }
  File* operator->() const { return file_; }
  File& operator*() const { return *file_; }
  explicit operator bool() const { return file_ != nullptr; }

private:
  File* file_ = nullptr;
};

} // namespace skerry::fs
