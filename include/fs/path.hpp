// SPDX-License-Identifier: Apache-2.0
// Where a path leads (POSIX.1-2017, 4.13 Pathname Resolution).
#pragma once

#include <fs/node.hpp>

#include <array>
#include <cstdint>
#include <string_view>

namespace skerry::fs {

/// What happens to a symbolic link that the last part of a path names. Those before are followed.
enum class LastLink : std::uint8_t { follow, keep };

/// What the last part of a path is.
enum class LastPart : std::uint8_t { name, dot, dot_dot, root };

/// The end of a walk.
class Place {
public:
  DirectoryReference directory; ///< where the last part was looked for
  NodeReference node;           ///< what it leads to; empty when it leads to nothing
  LastPart last = LastPart::root;
  bool wants_directory = false; ///< slashes follow the last part

  [[nodiscard]] std::string_view name() const { return {name_.data(), size_}; }
  void set_name(std::string_view name);

private:
  std::uint8_t size_ = 0;
  std::array<char, max_name> name_;
};

/// Walks along `path` from `start`, or from the root when it begins with a slash, up and down
/// across mounts. Context: thread. Errors: no_such_file_or_directory  `path` is empty, or a part
/// before the last leads to nothing
///         not_a_directory, filename_too_long
///         too_many_symbolic_link_levels  more than 40
[[nodiscard]] Result<> walk(const DirectoryReference& start, std::string_view path, LastLink how,
                            Place& place);

} // namespace skerry::fs
