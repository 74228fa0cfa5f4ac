// SPDX-License-Identifier: Apache-2.0
#include "files.hpp"

#include <fs/mounts.hpp>

#include <algorithm>

namespace skerry::fs {
namespace {

/// Mounts stay: each test has directories of its own in the root, which stay too.
class Mounts : public test::Files {
protected:
  static NodeRef<TreeDirectory> point(std::string_view name) {
    return make_in(*root().as_tree(), name);
  }
  static FileSystem& mounted(const NodeRef<TreeDirectory>& at) {
    FileSystem* system = make_memory_file_system(tmpfs, 0755).value();
    EXPECT_TRUE(mount(*system, at).has_value());
    return *system;
  }
  static NodeReference follow(std::string_view path, Directory& start = root()) {
    Place place;
    EXPECT_TRUE(walk(DirectoryReference(&start), path, LastLink::follow, place).has_value())
        << path;
    return place.node;
  }
  static Result<std::string> path(Directory& directory, std::size_t room = max_path) {
    std::string text(room, '?');
    text.resize(TRY(path_of(directory, text)));
    return text;
  }
};

TEST_F(Mounts, AreEnteredAndLeftByPaths) {
  const auto below = point("mounts-walk");
  const auto hidden = file_in(*below, "hidden");
  FileSystem& system = mounted(below);
  EXPECT_EQ(follow("/mounts-walk").get(), system.top());
  const auto inside = make_in(*system.top()->as_tree(), "inside");
  EXPECT_EQ(follow("/mounts-walk/inside").get(), inside.get());
  EXPECT_EQ(follow("mounts-walk/inside/..").get(), system.top());
  EXPECT_EQ(follow("/mounts-walk/inside/../..").get(), &root());
  EXPECT_EQ(follow("..", *system.top()).get(), &root());
  EXPECT_EQ(follow("../mounts-walk/inside", *system.top()).get(), inside.get());
  EXPECT_EQ(follow("/mounts-walk/hidden").get(), nullptr);
  link_in(*top, "link", "/mounts-walk/inside");
  EXPECT_EQ(follow("/test/link").get(), inside.get());
}

TEST_F(Mounts, CoverEachOther) {
  FileSystem& first = mounted(point("mounts-twice"));
  FileSystem* second = make_memory_file_system(tmpfs, 0755).value();
  ASSERT_TRUE(mount(*second, DirectoryReference(first.top())).has_value());
  EXPECT_EQ(follow("/mounts-twice").get(), second->top());
  EXPECT_EQ(follow("/mounts-twice/..").get(), &root());
  EXPECT_EQ(path(*second->top()), "/mounts-twice");
}

TEST_F(Mounts, ArePartOfPaths) {
  FileSystem& outer = mounted(point("mounts-path"));
  const auto middle = make_in(*outer.top()->as_tree(), "middle");
  FileSystem& inner = mounted(middle);
  const auto leaf = make_in(*inner.top()->as_tree(), "leaf");
  EXPECT_EQ(path(*leaf), "/mounts-path/middle/leaf");
  EXPECT_EQ(path(*inner.top()), "/mounts-path/middle");
  EXPECT_EQ(path(*leaf, 24), "/mounts-path/middle/leaf");
  EXPECT_EQ(path(*leaf, 23).error(), std::errc::result_out_of_range);
}

TEST_F(Mounts, HaveDevicesOfTheirOwn) {
  FileSystem& system = mounted(point("mounts-device"));
  const auto file = make_regular(system, 0644).value();
  EXPECT_EQ(root().status().device, FileSystem::first_device);
  EXPECT_NE(system.device(), FileSystem::first_device);
  EXPECT_EQ(system.top()->status().device, system.device());
  EXPECT_EQ(file->status().device, system.device());
  EXPECT_NE(mounted(point("mounts-device-2")).device(), system.device());
}

TEST_F(Mounts, KeepTheirPointsInPlace) {
  TreeDirectory& above = *root().as_tree();
  mounted(point("mounts-point"));
  make_in(*top, "other");
  EXPECT_EQ(above.remove("mounts-point", Removal::empty_directory).error(),
            std::errc::device_or_resource_busy);
  EXPECT_EQ(above.remove("mounts-point", Removal::file).error(), std::errc::is_a_directory);
  for (const RenameMode mode : {RenameMode::replace, RenameMode::keep}) {
    EXPECT_EQ(above.rename("mounts-point", *top, "new", mode).error(),
              std::errc::device_or_resource_busy);
  }
  EXPECT_EQ(top->rename("other", above, "mounts-point", RenameMode::replace).error(),
            std::errc::device_or_resource_busy);
  EXPECT_EQ(top->rename("other", above, "mounts-point", RenameMode::exchange).error(),
            std::errc::device_or_resource_busy);
}

TEST_F(Mounts, HappenOncePerDirectoryAndFileSystem) {
  const auto first = point("mounts-once");
  FileSystem& system = mounted(first);
  FileSystem* other = make_memory_file_system(tmpfs, 0755).value();
  EXPECT_EQ(mount(*other, first).error(), std::errc::device_or_resource_busy);
  EXPECT_EQ(mount(system, point("mounts-once-2")).error(), std::errc::device_or_resource_busy);
  const auto removed = make_in(*top, "removed");
  ASSERT_TRUE(top->remove("removed", Removal::empty_directory).has_value());
  EXPECT_EQ(mount(*other, removed).error(), std::errc::no_such_file_or_directory);
}

TEST_F(Mounts, AreListed) {
  FileSystem* system =
      make_memory_file_system({.name = "kind", .magic = 1, .is_read_only = true}, 0755).value();
  ASSERT_TRUE(mount(*system, point("a b\\c")).has_value());
  std::string text(2048, '?');
  text.resize(list_mounts(text));
  EXPECT_TRUE(text.starts_with("tmpfs / tmpfs rw 0 0\n")) << text;
  EXPECT_NE(text.find("\nkind /a\\040b\\134c kind ro 0 0\n"), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with('\n'));
  std::string small(30, '?');
  small.resize(list_mounts(small));
  EXPECT_EQ(small, "tmpfs / tmpfs rw 0 0\n") << "only whole lines";
}

} // namespace
} // namespace skerry::fs
