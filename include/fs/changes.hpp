// SPDX-License-Identifier: Apache-2.0
// What whoever watches files is told of. An image that has no such call has no listener: what tells
// costs it a look at one pointer.
#pragma once

#include <fs/tree.hpp>

#include <atomic>
#include <cstdint>
#include <string_view>

namespace skerry::fs {

/// Kinds of changes, with the values that inotify(7) gives them.
namespace change {
inline constexpr std::uint32_t accessed = 0x1;
inline constexpr std::uint32_t modified = 0x2;
inline constexpr std::uint32_t attributes = 0x4;
inline constexpr std::uint32_t closed_after_writing = 0x8;
inline constexpr std::uint32_t closed = 0x10; ///< was not open for writing
inline constexpr std::uint32_t opened = 0x20;
inline constexpr std::uint32_t moved_from = 0x40;
inline constexpr std::uint32_t moved_to = 0x80;
inline constexpr std::uint32_t created = 0x100;
inline constexpr std::uint32_t deleted = 0x200;
inline constexpr std::uint32_t node_deleted = 0x400;
inline constexpr std::uint32_t node_moved = 0x800;
} // namespace change

/// A name that was moved.
struct Renaming {
  TreeDirectory& from;
  std::string_view old_name;
  TreeDirectory& to;
  std::string_view new_name;
  Node* replaced; ///< what the new name led to before; may be null
  bool exchanged; ///< what the new name led to has the old name now
};

/// Context of all members: thread; no lock held, but for ended().
class ChangeListener {
public:
  /// Something happened to a file whatever its name: one of the first six kinds.
  virtual void happened(Node& node, std::uint32_t change) = 0;
  /// A name was created or deleted; `node` is what it leads to, or led to.
  virtual void name_changed(TreeDirectory& directory, std::string_view name, Node& node,
                            std::uint32_t change) = 0;
  virtual void renamed(const Renaming& renaming) = 0;
  /// Nothing refers to `node` any more. Any lock outside LockRank::file_nodes may be held.
  virtual void ended(Node& node) = 0;

protected:
  ~ChangeListener() = default;
};

/// Null until somebody listens; stays what it was set to.
extern constinit std::atomic<ChangeListener*> change_listener;

/// See ChangeListener::happened().
inline void tell_change(Node& node, std::uint32_t change) {
  if (ChangeListener* listener = change_listener.load(std::memory_order_acquire)) [[unlikely]] {
    listener->happened(node, change);
  }
}

} // namespace skerry::fs
