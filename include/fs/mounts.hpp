// SPDX-License-Identifier: Apache-2.0
// Where file systems are mounted: one is the root, each of the others covers a directory. What is
// covered stays, out of sight. Boot mounts, nothing is ever taken away.
#pragma once

#include <fs/file_system.hpp>
#include <fs/node.hpp>

#include <cstddef>
#include <span>

namespace skerry::fs {

/// Makes `system` the root. Context: boot, before anything else of this page.
void mount_root(FileSystem& system);
/// Where absolute paths begin. Lives for ever.
[[nodiscard]] Directory& root();

/// Shows `system` where `point` was. Context: thread.
/// Errors: device_or_resource_busy    `point` is covered, or `system` is mounted
///         no_such_file_or_directory  `point` was removed
[[nodiscard]] Result<> mount(FileSystem& system, const DirectoryReference& point);

/// What is seen where `directory` is: itself, or what covers it. Context: thread.
[[nodiscard]] DirectoryReference visible(DirectoryReference directory);

/// The directory above across mounts; the root is above itself. Context: thread.
/// Errors: no_such_file_or_directory  the directory was removed
[[nodiscard]] Result<DirectoryReference> above(const DirectoryReference& directory);

/// Writes the absolute path of a directory and returns its length. Context: thread.
/// Errors: no_such_file_or_directory  it was removed, or it is of a kind that has no path
///         result_out_of_range        `text` is too small
[[nodiscard]] Result<std::size_t> path_of(Directory& directory, std::span<char> text);

/// Writes a line for each mount, in the form of fstab(5), and returns the size of those that there
/// was room for. Context: thread.
[[nodiscard]] std::size_t list_mounts(std::span<char> text);

} // namespace skerry::fs
