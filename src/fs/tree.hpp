// SPDX-License-Identifier: Apache-2.0
// What is done to names under the one lock.
#pragma once

#include "src/fs/name_table.hpp"

#include <kernel/locked.hpp>

namespace skerry::fs {

/// Members that may free something hand it out instead, for the time after the lock.
class Tree {
public:
  void set_key(const SipKey& key) { names_.set_key(key); }

  [[nodiscard]] Result<NodeReference> find(const TreeDirectory& directory,
                                           std::string_view name) const;
  [[nodiscard]] static Result<DirectoryReference> parent(TreeDirectory& directory);
  [[nodiscard]] static bool list(TreeDirectory& directory, std::uint64_t position,
                                 ListedName& name);
  [[nodiscard]] static std::uint32_t directories_in(const TreeDirectory& directory) {
    return directory.directories_;
  }

  /// Takes `entry` over when it succeeds.
  [[nodiscard]] Result<> enter(TreeDirectory& directory, Entry& entry);
  [[nodiscard]] Result<Entry*> remove(TreeDirectory& directory, std::string_view name,
                                      Removal removal);

  struct Move {
    TreeDirectory& from;
    std::string_view name;
    TreeDirectory& to;
    Entry& new_entry; ///< has the new name and nothing else
    RenameMode mode;
  };
  /// Returns what is to be freed: entries that are in no list, or null.
  struct Leftovers {
    Entry* first = nullptr;
    Entry* second = nullptr;
  };
  [[nodiscard]] Result<Leftovers> rename(const Move& move);

  [[nodiscard]] static Result<std::size_t> write_path(const TreeDirectory& directory,
                                                      std::span<char> text);
  [[nodiscard]] static bool is_removed(const TreeDirectory& directory) {
    return directory.is_removed_;
  }

private:
  void attach(TreeDirectory& directory, Entry& entry);
  void detach(Entry& entry);
  [[nodiscard]] Result<> check_replacement(const Entry& old, const Entry& replaced) const;
  void exchange(Entry& one, Entry& other);

  NameTable names_;
};

[[nodiscard]] Locked<Tree, LockMode::thread_only>& tree();

} // namespace skerry::fs
