// SPDX-License-Identifier: Apache-2.0
// What a descriptor refers to. Readiness has one mechanism: poll() names the state, and the queue
// from wait_queue() is woken when it changes; poll, select and epoll are built on these two.
#pragma once

#include <core/result.hpp>
#include <fs/user_buffer.hpp>

#include <cstddef>
#include <cstdint>

namespace skerry::kernel {
class WaitQueue;
}

namespace skerry::net {
class Socket;
}

namespace skerry::fs {

/// What a file can do at once; the bits of poll(2).
using Readiness = std::uint32_t;

/// An open file, pipe, socket or device. Reference-counted: each descriptor and each call in
/// progress holds one; close() runs when the last one goes.
/// Context: thread.
class File {
public:
  File() = default;
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  /// Moves bytes to `buffer`; 0 is the end of the file. Blocks unless non_blocking().
  /// Errors: bad_file_descriptor  not open for reading; others as read(2) has them
  [[nodiscard]] virtual Result<std::size_t> read(UserBuffer& buffer);
  /// Moves bytes from `buffer`; may take fewer than offered.
  /// Errors: bad_file_descriptor  not open for writing; others as write(2) has them
  [[nodiscard]] virtual Result<std::size_t> write(UserBuffer& buffer);
  /// Moves the position (`whence` as lseek(2)).
  /// Errors: invalid_seek  the file has no position
  [[nodiscard]] virtual Result<std::int64_t> seek(std::int64_t offset, int whence);
  /// Errors: inappropriate_io_control_operation  not a request for this kind of file
  [[nodiscard]] virtual Result<long> ioctl(unsigned long request, std::uint64_t argument);
  /// What could be done now without blocking.
  [[nodiscard]] virtual Readiness poll();
  /// Woken when poll() may say more than before; null for a file that is always ready.
  [[nodiscard]] virtual kernel::WaitQueue* wait_queue();

  /// The file as a socket, if it is one.
  [[nodiscard]] virtual net::Socket* as_socket() { return nullptr; }

  [[nodiscard]] bool non_blocking() const { return non_blocking_; }
  void set_non_blocking(bool value) { non_blocking_ = value; }

  void hold() { ++references_; }
  /// Gives one reference back; the last one closes and destroys the file.
  void release();

protected:
  virtual ~File() = default;
  /// Frees the object after its last reference went.
  virtual void destroy() = 0;

private:
  std::uint32_t references_ = 1;
  bool non_blocking_ = false;
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
