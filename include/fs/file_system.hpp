// SPDX-License-Identifier: Apache-2.0
// A file system: a tree of nodes of its own, which stat(2) tells apart by a device number. Each is
// mounted at one place (fs/mounts.hpp) and stays there.
#pragma once

#include <cstdint>
#include <string_view>

namespace skerry::fs {

class Directory;

/// What statfs(2) tells of room, in blocks and in files.
struct Space {
  std::uint64_t block_bytes = 0;
  std::uint64_t total = 0;
  std::uint64_t free = 0;
  std::uint64_t files = 0;
  std::uint64_t free_files = 0;
};

/// Lives for ever. Immutable after boot but for what it holds. Context: thread.
class FileSystem {
public:
  struct Kind {
    std::string_view name;   ///< as /proc/self/mounts has it
    std::uint64_t magic = 0; ///< f_type of statfs(2): linux/magic.h
    bool is_read_only = false;
  };

  /// The device number of the first file system, which is constructed before there is any code.
  static constexpr std::uint64_t first_device = 1;

  constexpr FileSystem(const Kind& kind, std::uint64_t device) : kind_(kind), device_(device) {}
  FileSystem(const FileSystem&) = delete;
  FileSystem& operator=(const FileSystem&) = delete;

  [[nodiscard]] const Kind& kind() const { return kind_; }
  [[nodiscard]] bool is_read_only() const { return kind_.is_read_only; }
  [[nodiscard]] std::uint64_t device() const { return device_; }
  [[nodiscard]] virtual Space space() const = 0;

  /// The directory that all others lie below; null before set_top().
  [[nodiscard]] Directory* top() const { return top_; }
  /// Holds `top` for ever. Context: boot, once.
  void set_top(Directory& top);

protected:
  ~FileSystem() = default;

private:
  friend class MountTable;

  Kind kind_;
  std::uint64_t device_;
  Directory* top_ = nullptr;

  // These belong to the table of mounts.
  Directory* point_ = nullptr; ///< what is covered, held; null for the root
  FileSystem* next_mounted_ = nullptr;
  bool is_mounted_ = false;
};

/// A device number that no file system has yet.
[[nodiscard]] std::uint64_t next_device();

} // namespace skerry::fs
