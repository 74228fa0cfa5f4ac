// SPDX-License-Identifier: Apache-2.0
// Two CPUs at work in the table of mounts and in the nodes of an EROFS image.
#include "../fs/erofs/sample.hpp"
#include "../mm/world.hpp"
#include "platform/hosted/cpu.hpp"
#include "root.hpp"
#include "src/fs/erofs/file_system.hpp"

#include <fs/mounts.hpp>
#include <fs/path.hpp>

#include <array>
#include <atomic>
#include <gtest/gtest.h>
#include <random>
#include <string>

namespace skerry::fs {
namespace {

constexpr unsigned cpus = 2;
constexpr int rounds = 3000;

TEST(FileSystemDomains, MountsAppearWhileOthersWalk) {
  mm::test::World::get();
  ASSERT_TRUE(test::start_files_once());
  TreeDirectory& above = *root().as_tree();
  std::atomic<bool> is_done = false;
  hosted::run_on_cpus(cpus, [&](unsigned number) {
    if (number == 0) {
      for (int i = 0; i < 20; ++i) {
        const auto point = make_directory(above.file_system(), 0755).value();
        ASSERT_TRUE(above.enter("mount" + std::to_string(i), point).has_value());
        FileSystem* system = make_memory_file_system(tmpfs, 0755).value();
        ASSERT_TRUE(mount(*system, DirectoryReference(point->as_directory())).has_value());
      }
      is_done = true;
      return;
    }
    while (!is_done) {
      for (int i = 0; i < 20; ++i) {
        const std::string path = "/mount" + std::to_string(i);
        Place place;
        ASSERT_TRUE(walk(DirectoryReference(&root()), path, LastLink::follow, place).has_value());
        if (place.node) {
          std::array<char, 100> text{};
          ASSERT_TRUE(path_of(*place.node->as_directory(), text).has_value());
          ASSERT_EQ(text.data(), path);
          const auto up = fs::above(DirectoryReference(place.node->as_directory()));
          ASSERT_EQ(up.value().get(), &root());
        }
      }
      std::array<char, 2048> text{};
      ASSERT_GT(list_mounts(text), 0U);
    }
  });
  const auto busy = above.remove("mount0", Removal::empty_directory);
  EXPECT_EQ(busy.error(), std::errc::device_or_resource_busy);
}

TEST(FileSystemDomains, NodesOfAnImageComeAndGo) {
  mm::test::World::get();
  const erofs::test::Sample sample;
  erofs::ErofsFileSystem system;
  erofs::Refusal refusal;
  ASSERT_TRUE(system.open(sample.bytes, refusal)) << refusal.why;
  hosted::run_on_cpus(cpus, [&](unsigned number) {
    std::minstd_rand random(number + 1);
    NodeReference kept;
    for (int round = 0; round < rounds; ++round) {
      const auto directory = system.top()->find("dir").value();
      const auto inner = directory->as_directory()->find("inner").value();
      ASSERT_EQ(inner->number(), std::uint64_t{erofs::test::Sample::inner});
      mm::MemoryObject& object = *inner->memory_object();
      ASSERT_TRUE(object.take_page(0, false).has_value());
      if (kept) {
        ASSERT_EQ(kept.get(), inner.get()) << "one node for an inode in use";
      }
      object.give_back_page(0);
      kept = random() % 2 == 0 ? inner : NodeReference();
    }
  });
  system.top()->drop();
}

} // namespace
} // namespace skerry::fs
