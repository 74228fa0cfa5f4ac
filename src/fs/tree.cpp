// SPDX-License-Identifier: Apache-2.0
// Names: entering, removing, moving.
#include "src/fs/tree.hpp"

#include <algorithm>
#include <cstring>

namespace skerry::fs {
namespace {

constinit Locked<Tree, LockMode::thread_only> the_tree{LockRank::file_system};

TreeDirectory* tree_directory_of(const Entry& entry) {
  Directory* directory = entry.node->as_directory();
  return directory != nullptr ? directory->as_tree() : nullptr;
}

/// Whether a file system is mounted on what the name leads to.
bool is_covered(const Entry& entry) {
  const Directory* directory = entry.node->as_directory();
  return directory != nullptr && directory->is_covered();
}

/// Whether `directory` is `ancestor` or lies below it.
bool lies_in(const TreeDirectory* directory, const TreeDirectory* ancestor,
             Entry* TreeDirectory::* place) {
  while (directory != nullptr && directory != ancestor) {
    const Entry* entry = directory->*place;
    directory = entry != nullptr ? entry->directory : nullptr;
  }
  return directory == ancestor;
}

} // namespace

Locked<Tree, LockMode::thread_only>& tree() {
  return the_tree;
}

Result<NodeReference> Tree::find(const TreeDirectory& directory, std::string_view name) const {
  const Entry* entry = names_.find(directory, name);
  return entry != nullptr ? Result<NodeReference>(entry->node)
                          : fail(std::errc::no_such_file_or_directory);
}

Result<DirectoryReference> Tree::parent(TreeDirectory& directory) {
  if (directory.is_removed_) {
    return fail(std::errc::no_such_file_or_directory);
  }
  Directory* above = directory.place_ != nullptr ? directory.place_->directory : &directory;
  return DirectoryReference(above);
}

bool Tree::list(TreeDirectory& directory, std::uint64_t position, ListedName& name) {
  const bool goes_on = directory.listed_ != nullptr && directory.listed_->position <= position;
  auto at = goes_on ? decltype(directory.entries_)::Iterator(directory.listed_)
                    : directory.entries_.begin();
  while (at != directory.entries_.end() && at->position < position) {
    ++at;
  }
  if (at == directory.entries_.end()) {
    return false;
  }
  directory.listed_ = &*at;
  name.next = at->position + 1;
  name.number = at->node->number();
  name.mode = at->node->mode();
  name.size = at->size;
  std::memcpy(name.text, at->name().data(), at->size);
  return true;
}

void Tree::attach(TreeDirectory& directory, Entry& entry) {
  names_.insert(entry, directory);
  entry.position = directory.next_position_++;
  directory.entries_.push_back(entry);
  if (TreeDirectory* child = tree_directory_of(entry)) {
    child->place_ = &entry;
    ++directory.directories_;
  }
}

void Tree::detach(Entry& entry) {
  TreeDirectory& directory = *entry.directory;
  names_.remove(entry);
  if (directory.listed_ == &entry) {
    directory.listed_ = nullptr;
  }
  static_cast<ListNode<EntryTag>&>(entry).unlink();
  if (TreeDirectory* child = tree_directory_of(entry)) {
    child->place_ = nullptr;
    --directory.directories_;
  }
}

Result<> Tree::enter(TreeDirectory& directory, Entry& entry) {
  if (directory.is_removed_) {
    return fail(std::errc::no_such_file_or_directory);
  }
  if (names_.find(directory, entry.name()) != nullptr) {
    return fail(std::errc::file_exists);
  }
  TRY(names_.reserve());
  attach(directory, entry);
  entry.node->add_link();
  directory.touch_modified();
  return {};
}

Result<Entry*> Tree::remove(TreeDirectory& directory, std::string_view name, Removal removal) {
  Entry* entry = names_.find(directory, name);
  if (entry == nullptr) {
    return fail(std::errc::no_such_file_or_directory);
  }
  const bool is_directory = entry->node->as_directory() != nullptr;
  if (is_directory != (removal == Removal::empty_directory)) {
    return fail(is_directory ? std::errc::is_a_directory : std::errc::not_a_directory);
  }
  if (is_covered(*entry)) {
    return fail(std::errc::device_or_resource_busy);
  }
  TreeDirectory* child = tree_directory_of(*entry);
  if (child != nullptr && !child->entries_.empty()) {
    return fail(std::errc::directory_not_empty);
  }
  detach(*entry);
  if (child != nullptr) {
    child->is_removed_ = true;
  }
  entry->node->remove_link();
  entry->node->touch_changed();
  directory.touch_modified();
  return entry;
}

Result<> Tree::check_replacement(const Entry& old, const Entry& replaced) const {
  const bool is_directory = replaced.node->as_directory() != nullptr;
  if (old.node->as_directory() != nullptr && !is_directory) {
    return fail(std::errc::not_a_directory);
  }
  if (old.node->as_directory() == nullptr && is_directory) {
    return fail(std::errc::is_a_directory);
  }
  const TreeDirectory* gone = tree_directory_of(replaced);
  return gone == nullptr || gone->entries_.empty() ? Result<>()
                                                   : fail(std::errc::directory_not_empty);
}

void Tree::exchange(Entry& one, Entry& other) {
  TreeDirectory* child_of_one = tree_directory_of(one);
  TreeDirectory* child_of_other = tree_directory_of(other);
  std::swap(one.node, other.node);
  const auto settle = [](Entry& entry, TreeDirectory* came, const TreeDirectory* went) {
    entry.directory->directories_ += (came != nullptr ? 1U : 0U) - (went != nullptr ? 1U : 0U);
    if (came != nullptr) {
      came->place_ = &entry;
    }
  };
  settle(one, child_of_other, child_of_one);
  settle(other, child_of_one, child_of_other);
}

Result<Tree::Leftovers> Tree::rename(const Move& move) {
  Entry* old = names_.find(move.from, move.name);
  if (old == nullptr || move.to.is_removed_) {
    return fail(std::errc::no_such_file_or_directory);
  }
  Entry* replaced = names_.find(move.to, move.new_entry.name());
  const bool exchanges = move.mode == RenameMode::exchange;
  if (replaced == nullptr && exchanges) {
    return fail(std::errc::no_such_file_or_directory);
  }
  if (replaced != nullptr && move.mode == RenameMode::keep) {
    return fail(std::errc::file_exists);
  }
  const TreeDirectory* moved = tree_directory_of(*old);
  if (moved != nullptr && lies_in(&move.to, moved, &TreeDirectory::place_)) {
    return fail(std::errc::invalid_argument);
  }
  const TreeDirectory* met = replaced != nullptr ? tree_directory_of(*replaced) : nullptr;
  if (met != nullptr && lies_in(&move.from, met, &TreeDirectory::place_)) {
    return fail(exchanges ? std::errc::invalid_argument : std::errc::directory_not_empty);
  }
  if (is_covered(*old) || (replaced != nullptr && is_covered(*replaced))) {
    return fail(std::errc::device_or_resource_busy);
  }
  if (replaced != nullptr && replaced->node.get() == old->node.get()) {
    return Leftovers{.first = &move.new_entry}; // two names of one file: nothing is done
  }
  if (exchanges) {
    exchange(*old, *replaced);
  } else {
    if (replaced != nullptr) {
      TRY(check_replacement(*old, *replaced));
      detach(*replaced);
      if (TreeDirectory* gone = tree_directory_of(*replaced)) {
        gone->is_removed_ = true;
      }
      replaced->node->remove_link();
      replaced->node->touch_changed();
    } else {
      TRY(names_.reserve());
    }
    detach(*old);
    move.new_entry.node = old->node;
    attach(move.to, move.new_entry);
  }
  old->node->touch_changed();
  move.from.touch_modified();
  move.to.touch_modified();
  return exchanges ? Leftovers{.first = &move.new_entry}
                   : Leftovers{.first = old, .second = replaced};
}

Result<std::size_t> Tree::write_path(const TreeDirectory& directory, std::span<char> text) {
  if (directory.is_removed_) {
    return fail(std::errc::no_such_file_or_directory);
  }
  std::size_t start = text.size();
  for (const Entry* place = directory.place_; place != nullptr; place = place->directory->place_) {
    if (start < place->size + 1U) {
      return fail(std::errc::result_out_of_range);
    }
    start -= place->size;
    std::memcpy(&text[start], place->name().data(), place->size);
    text[--start] = '/';
  }
  return start;
}

} // namespace skerry::fs
