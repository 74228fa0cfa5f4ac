// SPDX-License-Identifier: Apache-2.0
// A mounted image, and short words for what tests do to it.
#pragma once

#include "../../mm/world.hpp"
#include "src/fs/erofs/file_system.hpp"

#include <fs/mounts.hpp>

#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace skerry::fs::erofs::test {

class ErofsTest : public testing::Test {
protected:
  ErofsTest() { mm::test::World::get(); }
  ~ErofsTest() override { unmount(); }

  /// Gives up what a real system keeps for ever. Nobody has any other node.
  void unmount() {
    if (system && system->top() != nullptr) {
      system->top()->drop();
    }
    system.reset();
  }

  /// Mounts a copy of the exact size, instead of what was mounted.
  void mount(std::span<const std::byte> image) {
    unmount();
    bytes.assign(image.begin(), image.end());
    bytes.shrink_to_fit();
    system = std::make_unique<ErofsFileSystem>();
    Refusal refusal;
    ASSERT_TRUE(system->open(bytes, refusal)) << refusal.why;
  }

  Result<NodeReference> find(std::string_view path) {
    NodeReference at(system->top());
    while (!path.empty()) {
      const std::string_view name = path.substr(0, path.find('/'));
      path.remove_prefix(std::min(path.size(), name.size() + 1));
      Directory* directory = at->as_directory();
      if (directory == nullptr) {
        return fail(std::errc::not_a_directory);
      }
      at = TRY(directory->find(name));
    }
    return at;
  }
  std::errc error_at(std::string_view path) {
    const auto found = find(path);
    return found ? std::errc{} : found.error();
  }

  /// The contents from `offset` on, or the error as text.
  std::string contents(std::string_view path, std::int64_t offset = 0, std::size_t size = 1 << 20) {
    const auto node = find(path);
    const auto file = node ? (*node)->open(open_flag::read_only) : fail(node.error());
    if (!file) {
      return "error " + std::to_string(static_cast<int>(file.error()));
    }
    std::string text(size, '?');
    UserBuffer buffer(std::as_writable_bytes(std::span(text)));
    const auto read = (*file)->read_at(buffer, offset);
    if (!read) {
      return "error " + std::to_string(static_cast<int>(read.error()));
    }
    text.resize(*read);
    return text;
  }
  std::vector<std::string> names(std::string_view path) {
    const NodeReference node = find(path).value();
    std::vector<std::string> result;
    ListedName name;
    for (std::uint64_t at = 0; node->as_directory()->list(at, name); at = name.next) {
      result.emplace_back(name.name());
    }
    return result;
  }
  Result<std::string> path_to(std::string_view path) {
    const NodeReference node = TRY(find(path));
    std::string text(max_path, '?');
    text.resize(TRY(path_of(*node->as_directory(), text)));
    return text;
  }

  std::vector<std::byte> bytes;
  std::unique_ptr<ErofsFileSystem> system;
};

} // namespace skerry::fs::erofs::test
