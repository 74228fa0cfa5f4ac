// SPDX-License-Identifier: Apache-2.0
// Paths as the application passes them, and what they are relative to.
#pragma once

#include "src/posix/user_pointer.hpp"

#include <core/result.hpp>
#include <fs/mounts.hpp>
#include <fs/path.hpp>
#include <mm/heap.hpp>

#include <array>
#include <cstdint>
#include <string_view>

namespace skerry::posix {

/// A descriptor of a directory, or AT_FDCWD, and a path that starts there.
struct PathFrom {
  int directory;
  UserPointer<const char> path;
};

/// A path, copied in.
class PathText {
public:
  /// Errors: bad_address
  ///         filename_too_long  more than fs::max_path characters
  ///         not_enough_memory
  [[nodiscard]] static Result<PathText> read(UserPointer<const char> path);

  [[nodiscard]] std::string_view text() const { return {text_->data(), size_}; }

private:
  mm::Owned<std::array<char, fs::max_path + 1>> text_;
  std::size_t size_ = 0;
};

/// Where a path begins that `text` is, which decides alone when it is absolute.
/// Errors: bad_file_descriptor, not_a_directory
[[nodiscard]] Result<fs::DirectoryReference> start_of(int directory, std::string_view text);

/// As fs::walk(). Errors: those of it, of PathText and of start_of()
[[nodiscard]] Result<> walk(const PathFrom& from, fs::LastLink how, fs::Place& place);

/// What the path leads to. Errors: no_such_file_or_directory  also when there is nothing
[[nodiscard]] Result<fs::NodeReference> find_node(const PathFrom& from, fs::LastLink how);
/// The same with AT_SYMLINK_NOFOLLOW among `flags`, and with AT_EMPTY_PATH what the descriptor is
/// open on.
/// Errors: bad_file_descriptor  it is open on nothing in the tree
[[nodiscard]] Result<fs::NodeReference> find_node_at(const PathFrom& from, int flags);

/// The node that a descriptor is open on.
/// Errors: bad_file_descriptor
///         invalid_argument     it is open on nothing in the tree: a pipe, a socket
[[nodiscard]] Result<fs::NodeReference> node_of(int descriptor);

/// Errors: read_only_file_system
[[nodiscard]] Result<> check_writable(const fs::Node& node);

/// The directory that relative paths start from.
[[nodiscard]] fs::DirectoryReference working_directory();
void set_working_directory(fs::DirectoryReference directory);

/// Permissions for a new file: those asked for without those of umask(2).
[[nodiscard]] mode_t permissions_of(mode_t mode);
/// Returns what it was.
mode_t exchange_mask(mode_t mask);

} // namespace skerry::posix
