// SPDX-License-Identifier: Apache-2.0
// A directory that is open: a position in its names.
#pragma once

#include <fs/node.hpp>

namespace skerry::fs {

/// Positions 0 and 1 are "." and "..", all others those of Directory::list() and 2 more.
class OpenDirectory final : public NodeFile {
public:
  OpenDirectory(Directory& directory, unsigned flags)
      : NodeFile(NodeReference(&directory), flags), directory_(directory) {}

  [[nodiscard]] Result<std::size_t> read(UserBuffer& buffer) override;
  [[nodiscard]] Result<std::size_t> read_at(UserBuffer& buffer, std::int64_t offset) override;
  [[nodiscard]] Result<std::int64_t> seek(std::int64_t offset, int whence) override;
  [[nodiscard]] FileKind kind() const override { return FileKind::directory; }

  [[nodiscard]] Directory& directory() { return directory_; }
  [[nodiscard]] std::uint64_t position() const { return position_.load(std::memory_order_relaxed); }
  void set_position(std::uint64_t position) {
    position_.store(position, std::memory_order_relaxed);
  }
  /// The name at `position` or behind it; name.next is the position behind it.
  /// Returns false at the end.
  [[nodiscard]] bool list(std::uint64_t position, ListedName& name);

private:
  ~OpenDirectory() override = default;
  template <class T> friend struct mm::KernelDelete;

  Directory& directory_; // held by NodeFile
  std::atomic<std::uint64_t> position_ = 0;
};

} // namespace skerry::fs
