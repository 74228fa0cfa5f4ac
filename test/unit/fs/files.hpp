// SPDX-License-Identifier: Apache-2.0
// A tree of files for the process, with short words for what tests do to it.
#pragma once

#include "../mm/world.hpp"

#include <fs/path.hpp>
#include <fs/tree.hpp>
#include <kernel/boot.hpp>

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace skerry::fs::test {

class Files : public testing::Test {
protected:
  Files() {
    mm::test::World::get();
    static const bool started = start_files(kernel::BootInfo{}).has_value();
    EXPECT_TRUE(started);
    top = make_in(*root().as_tree(), "test");
  }
  ~Files() override {
    empty(*top);
    EXPECT_TRUE(root().as_tree()->remove("test", Removal::empty_directory).has_value());
  }

  static NodeRef<TreeDirectory> make_in(TreeDirectory& above, std::string_view name) {
    const auto node = make_directory(above.file_system(), 0755).value();
    EXPECT_TRUE(above.enter(name, node).has_value()) << name;
    return NodeRef<TreeDirectory>(node->as_directory()->as_tree());
  }
  static NodeReference file_in(TreeDirectory& above, std::string_view name) {
    auto node = make_regular(above.file_system(), 0644).value();
    EXPECT_TRUE(above.enter(name, node).has_value()) << name;
    return node;
  }
  static NodeReference link_in(TreeDirectory& above, std::string_view name, std::string_view to) {
    auto node = make_symlink(above.file_system(), to).value();
    EXPECT_TRUE(above.enter(name, node).has_value()) << name;
    return node;
  }

  static std::vector<std::string> names_in(Directory& directory) {
    std::vector<std::string> names;
    ListedName name;
    for (std::uint64_t at = 0; directory.list(at, name); at = name.next) {
      names.emplace_back(name.name());
    }
    return names;
  }

  static void empty(TreeDirectory& directory) {
    for (const std::string& name : names_in(directory)) {
      const NodeReference node = directory.find(name).value();
      Directory* below = node->as_directory();
      if (below != nullptr) {
        empty(*below->as_tree());
      }
      EXPECT_TRUE(
          directory.remove(name, below != nullptr ? Removal::empty_directory : Removal::file)
              .has_value());
    }
  }

  static Result<std::size_t> write_at(File& file, std::string text, std::int64_t offset) {
    UserBuffer buffer(std::as_writable_bytes(std::span(text)));
    return file.write_at(buffer, offset);
  }
  static std::string read_at(File& file, std::size_t size, std::int64_t offset) {
    std::string text(size, '?');
    UserBuffer buffer(std::as_writable_bytes(std::span(text)));
    text.resize(file.read_at(buffer, offset).value());
    return text;
  }

  NodeRef<TreeDirectory> top;
};

} // namespace skerry::fs::test
