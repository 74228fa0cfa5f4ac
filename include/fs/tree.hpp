// SPDX-License-Identifier: Apache-2.0
// A tree of files in memory: directories with names that can be made, moved and removed. One lock
// (LockRank::file_system) guards every name; a hash table finds them.
#pragma once

#include <fs/file_system.hpp>
#include <fs/mounts.hpp>
#include <fs/node.hpp>

#include <cstdint>
#include <string_view>

namespace skerry::kernel {
struct BootInfo;
}

namespace skerry::fs {

struct Entry;
struct EntryTag;
class Tree;

/// What a name must lead to so that it can be removed.
enum class Removal : std::uint8_t { file, empty_directory };

/// What rename does with a name that is there already.
enum class RenameMode : std::uint8_t { replace, keep, exchange };

/// Context of all members: thread, no lock held.
class TreeDirectory final : public Directory {
public:
  TreeDirectory(const FileSystem& home, mode_t permissions);

  [[nodiscard]] TreeDirectory* as_tree() override { return this; }
  [[nodiscard]] Status status() const override;
  [[nodiscard]] Result<NodeReference> find(std::string_view name) override;
  [[nodiscard]] Result<DirectoryReference> parent() override;
  [[nodiscard]] bool list(std::uint64_t position, ListedName& name) override;
  [[nodiscard]] Result<std::size_t> write_path(std::span<char> text) const override;
  [[nodiscard]] Result<> cover() override;

  /// Makes `name` lead to `node`. A directory gets one name only.
  /// Errors: file_exists, filename_too_long, not_enough_memory
  ///         no_such_file_or_directory  this directory was removed
  [[nodiscard]] Result<> enter(std::string_view name, const NodeReference& node);

  /// Takes `name` out. The node lives on while it is open or mapped.
  /// Errors: no_such_file_or_directory; is_a_directory, not_a_directory  another kind is wanted
  ///         directory_not_empty; device_or_resource_busy  something is mounted there
  [[nodiscard]] Result<> remove(std::string_view name, Removal removal);

  /// Moves `name` to `new_name` in `target`, in one step.
  /// Errors: no_such_file_or_directory; file_exists  with keep; is_a_directory, not_a_directory,
  ///         directory_not_empty  of what would be replaced
  ///         device_or_resource_busy  something is mounted at one of the names
  ///         invalid_argument  a directory would come to lie below itself
  [[nodiscard]] Result<> rename(std::string_view name, TreeDirectory& target,
                                std::string_view new_name, RenameMode mode);

private:
  friend class Tree;
  ~TreeDirectory() override = default;
  template <class T> friend struct mm::KernelDelete;

  // All of these belong to the Tree.
  IntrusiveList<Entry, EntryTag> entries_; ///< in the order of their positions
  Entry* place_ = nullptr;                 ///< its own name; null for the root and when removed
  Entry* listed_ = nullptr;                ///< where the last list() was; may be null
  std::uint64_t next_position_ = 1;
  std::uint32_t directories_ = 0; ///< among the entries
  bool is_removed_ = false;
};

/// Makes and mounts the root with what a system has: /dev, /etc, /tmp and the like. A root that
/// cannot be used ends the run. Context: boot, once.
[[nodiscard]] Result<> start_files(const kernel::BootInfo& info);

/// File systems in memory share one limit. This one is the root where an image brings no other;
/// what has no name at all, as memfd_create(2) makes it, belongs to it.
[[nodiscard]] FileSystem& memory_file_system();
/// Another one, whose top has `permissions`. Errors: not_enough_memory
[[nodiscard]] Result<FileSystem*> make_memory_file_system(const FileSystem::Kind& kind,
                                                          mode_t permissions);
inline constexpr FileSystem::Kind tmpfs{.name = "tmpfs", .magic = 0x0102'1994};

/// New nodes without a name, in a file system in memory. Errors: not_enough_memory
[[nodiscard]] Result<NodeReference> make_regular(const FileSystem& home, mode_t permissions);
[[nodiscard]] Result<NodeReference> make_directory(const FileSystem& home, mode_t permissions);
/// `target` is 1 to max_path characters long. Errors: filename_too_long, not_enough_memory
[[nodiscard]] Result<NodeReference> make_symlink(const FileSystem& home, std::string_view target);
/// A regular file that cannot be written to; what `fill` writes into the buffer when it is opened
/// is what is read. It returns the size of all of its text; where that is more than the buffer
/// holds, it is called again with a larger one.
using TextSource = std::size_t (*)(std::span<char> buffer);
[[nodiscard]] Result<NodeReference> make_text(const FileSystem& home, TextSource fill);

} // namespace skerry::fs
