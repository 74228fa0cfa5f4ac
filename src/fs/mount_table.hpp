// SPDX-License-Identifier: Apache-2.0
// All mounts under one lock, which comes before that of the names.
#pragma once

#include <fs/mounts.hpp>
#include <kernel/locked.hpp>

namespace skerry::fs {

/// A list of the file systems that are mounted, in the order in which they were.
class MountTable {
public:
  /// `point` is null for the root. Errors: as mount()
  [[nodiscard]] Result<> add(FileSystem& system, Directory* point);
  /// The top of what is mounted on `point`, or null.
  [[nodiscard]] Directory* on(const Directory& point) const;
  /// What `system` covers; null for the root and for what is not mounted.
  [[nodiscard]] static Directory* point_of(const FileSystem& system) { return system.point_; }
  /// The first one, or that behind `system`; null at the end.
  [[nodiscard]] const FileSystem* first() const { return first_; }
  [[nodiscard]] static const FileSystem* next(const FileSystem& system) {
    return system.next_mounted_;
  }

private:
  FileSystem* first_ = nullptr;
  FileSystem* last_ = nullptr;
};

[[nodiscard]] Locked<MountTable, LockMode::thread_only>& mounts();

} // namespace skerry::fs
