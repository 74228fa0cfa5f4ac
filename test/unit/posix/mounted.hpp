// SPDX-License-Identifier: Apache-2.0
// System calls on files as an application makes them, in the tree that the tests of fs/ have.
#pragma once

#include "../fs/files.hpp"
#include "src/posix/file_tree_calls.hpp"

#include <fcntl.h>

namespace skerry::posix::test {

/// A file system that cannot be written to at /ro, with a file, a directory and a link in it, and
/// one at /rw that can. They stay.
class Mounted : public fs::test::Files {
protected:
  Mounted() {
    static const bool is_made = make();
    EXPECT_TRUE(is_made);
  }

  static UserPath path(const char* text) {
    return UserPath(reinterpret_cast<std::uintptr_t>(text));
  }
  /// The error, or errc{} when there was none.
  static std::errc error(const Result<long>& result) {
    return result ? std::errc{} : result.error();
  }
  static int open(const char* text, int flags) {
    return static_cast<int>(sys_open(path(text), flags, 0644).value());
  }

private:
  static bool make() {
    using namespace fs;
    fs::FileSystem* fixed =
        make_memory_file_system({.name = "fixed", .magic = 5, .is_read_only = true}, 0755).value();
    TreeDirectory& top = *fixed->top()->as_tree();
    const auto enter = [&](std::string_view name, const NodeReference& node) {
      return top.enter(name, node).has_value();
    };
    fs::FileSystem* other = make_memory_file_system(tmpfs, 0755).value();
    TreeDirectory& above = *fs::root().as_tree();
    return enter("file", make_regular(*fixed, 0644).value()) &&
           enter("directory", make_directory(*fixed, 0755).value()) &&
           enter("link", make_symlink(*fixed, "file").value()) &&
           mount(*fixed, make_in(above, "ro")).has_value() &&
           mount(*other, make_in(above, "rw")).has_value();
  }
};

} // namespace skerry::posix::test
