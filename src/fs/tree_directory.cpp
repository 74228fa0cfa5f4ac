// SPDX-License-Identifier: Apache-2.0
// Directories of the tree, and what is common to all directories.
#include "src/fs/tree.hpp"

#include <core/assert.hpp>
#include <fs/changes.hpp>
#include <fs/open_directory.hpp>
#include <kernel/random.hpp>

#include <sys/stat.h>

namespace skerry::fs {
namespace {

Result<> check_name(std::string_view name) {
  return name.size() <= max_name ? Result<>() : fail(std::errc::filename_too_long);
}

void tell_name(TreeDirectory& directory, std::string_view name, Node& node, std::uint32_t change) {
  if (ChangeListener* listener = change_listener.load(std::memory_order_acquire)) [[unlikely]] {
    listener->name_changed(directory, name, node, change);
  }
}

} // namespace

Result<FileReference> Directory::open(unsigned flags) {
  const unsigned access = flags & open_flag::access_mask;
  if (access != open_flag::read_only && (flags & open_flag::path_only) == 0) {
    return fail(std::errc::is_a_directory);
  }
  return make_file<OpenDirectory>(*this, flags);
}

Result<> Directory::resize(std::uint64_t) {
  return fail(std::errc::is_a_directory);
}

Result<std::size_t> Directory::write_path(std::span<char>) const {
  return fail(std::errc::no_such_file_or_directory);
}

Result<> Directory::cover() {
  return is_covered_.exchange(true, std::memory_order_acq_rel)
             ? fail(std::errc::device_or_resource_busy)
             : Result<>();
}

TreeDirectory::TreeDirectory(const FileSystem& home, mode_t permissions)
    : Directory(home, S_IFDIR | permissions) {}

Status TreeDirectory::status() const {
  Status status = Node::status();
  const auto guard = tree().lock();
  status.links += 1 + guard->directories_in(*this); // its own "." and the ".." below it
  return status;
}

Result<NodeReference> TreeDirectory::find(std::string_view name) {
  return tree().lock()->find(*this, name);
}

Result<DirectoryReference> TreeDirectory::parent() {
  const auto guard = tree().lock();
  return guard->parent(*this);
}

bool TreeDirectory::list(std::uint64_t position, ListedName& name) {
  const auto guard = tree().lock();
  return guard->list(*this, position, name);
}

Result<> TreeDirectory::enter(std::string_view name, const NodeReference& node) {
  TRY(check_name(name));
  Entry* entry = TRY(make_entry(name));
  entry->node = node;
  const Result<> entered = tree().lock()->enter(*this, *entry);
  if (!entered) {
    free_entry(entry);
  } else {
    tell_name(*this, name, *node, change::created);
  }
  return entered;
}

Result<> TreeDirectory::remove(std::string_view name, Removal removal) {
  Entry* removed = TRY(tree().lock()->remove(*this, name, removal));
  tell_name(*this, name, *removed->node, change::deleted);
  free_entry(removed);
  return {};
}

Result<> TreeDirectory::rename(std::string_view name, TreeDirectory& target,
                               std::string_view new_name, RenameMode mode) {
  TRY(check_name(new_name));
  Entry* entry = TRY(make_entry(new_name));
  const auto moved = tree().lock()->rename(
      {.from = *this, .name = name, .to = target, .new_entry = *entry, .mode = mode});
  if (!moved) {
    free_entry(entry);
    return fail(moved.error());
  }
  ChangeListener* listener = change_listener.load(std::memory_order_acquire);
  const bool exchanged = mode == RenameMode::exchange;
  if (listener != nullptr && (exchanged || moved->first->node)) {
    Node* replaced = moved->second != nullptr ? moved->second->node.get() : nullptr;
    listener->renamed({*this, name, target, new_name, replaced, exchanged});
  }
  free_entry(moved->first);
  free_entry(moved->second);
  return {};
}

Result<std::size_t> TreeDirectory::write_path(std::span<char> text) const {
  const auto guard = tree().lock();
  return guard->write_path(*this, text);
}

Result<> TreeDirectory::cover() {
  const auto guard = tree().lock();
  return guard->is_removed(*this) ? fail(std::errc::no_such_file_or_directory) : Directory::cover();
}

} // namespace skerry::fs
