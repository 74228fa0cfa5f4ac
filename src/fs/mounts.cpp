// SPDX-License-Identifier: Apache-2.0
// See the headers.
#include "src/fs/mount_table.hpp"

#include <core/assert.hpp>

#include <cstring>

namespace skerry::fs {
namespace {

constinit Locked<MountTable, LockMode::thread_only> the_mounts{LockRank::mounts};
constinit Directory* the_root = nullptr;

} // namespace

Locked<MountTable, LockMode::thread_only>& mounts() {
  return the_mounts;
}

Result<> MountTable::add(FileSystem& system, Directory* point) {
  if (system.is_mounted_) {
    return fail(std::errc::device_or_resource_busy);
  }
  if (point != nullptr) {
    TRY(point->cover());
    point->hold();
  }
  system.is_mounted_ = true;
  system.point_ = point;
  (last_ != nullptr ? last_->next_mounted_ : first_) = &system;
  last_ = &system;
  return {};
}

Directory* MountTable::on(const Directory& point) const {
  const FileSystem* system = first_;
  while (system != nullptr && system->point_ != &point) {
    system = system->next_mounted_;
  }
  return system != nullptr ? system->top() : nullptr;
}

void mount_root(FileSystem& system) {
  SKERRY_ASSERT(the_root == nullptr && system.top() != nullptr);
  const Result<> added = the_mounts.lock()->add(system, nullptr);
  SKERRY_ASSERT(added.has_value());
  the_root = system.top();
}

Directory& root() {
  SKERRY_ASSERT(the_root != nullptr);
  return *the_root;
}

Result<> mount(FileSystem& system, const DirectoryReference& point) {
  return the_mounts.lock()->add(system, point.get());
}

DirectoryReference visible(DirectoryReference directory) {
  while (directory->is_covered()) {
    directory = DirectoryReference(the_mounts.lock()->on(*directory));
  }
  return directory;
}

Result<DirectoryReference> above(const DirectoryReference& directory) {
  Directory* at = directory.get(); // what is covered stays
  while (at == at->file_system().top()) {
    Directory* point = the_mounts.lock()->point_of(at->file_system());
    if (point == nullptr) {
      break;
    }
    at = point;
  }
  return at->parent();
}

Result<std::size_t> path_of(Directory& directory, std::span<char> text) {
  std::size_t start = text.size(); // written from the end
  for (Directory* at = &directory; at != nullptr;) {
    start = TRY(at->write_path(text.first(start)));
    at = the_mounts.lock()->point_of(at->file_system());
  }
  if (start == text.size()) {
    if (text.empty()) {
      return fail(std::errc::result_out_of_range);
    }
    text[--start] = '/';
  }
  std::memmove(text.data(), &text[start], text.size() - start);
  return text.size() - start;
}

} // namespace skerry::fs
