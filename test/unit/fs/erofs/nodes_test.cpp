// SPDX-License-Identifier: Apache-2.0
// Nodes of an image that was made by hand, whole and damaged.
#include "mounted.hpp"
#include "sample.hpp"

#include <fs/position.hpp>
#include <mm/frames.hpp>

#include <functional>

namespace skerry::fs::erofs {
namespace {

using test::Sample;
constexpr auto damaged = std::errc::io_error;

class ErofsNodes : public test::ErofsTest {
protected:
  ErofsNodes() { mount(Sample().bytes); }

  void mount_changed(const std::function<void(Sample&)>& change) {
    Sample sample;
    change(sample);
    mount(sample.bytes);
  }
  template <class Change> void mount_with_inode(Sample::Number number, Change change) {
    mount_changed(
        [&](Sample& sample) { sample.change<CompactInode>(Sample::inode_at(number), change); });
  }
  template <class Change>
  void mount_with_entry(std::uint32_t block, std::size_t index, Change change) {
    mount_changed([&](Sample& sample) {
      sample.change<DirectoryEntry>(Sample::entry_at(block, index), change);
    });
  }
};

TEST_F(ErofsNodes, AreFoundByTheirNames) {
  EXPECT_EQ(names(""), (std::vector<std::string>{"dir", "file", "link"}));
  EXPECT_EQ(names("dir"), (std::vector<std::string>{"inner"}));
  EXPECT_EQ(contents("file"), "hello");
  EXPECT_EQ(contents("dir/inner"), Sample::inner_text());
  for (const char* missing : {"a", "dis", "file2", "z", "fil"}) {
    EXPECT_EQ(error_at(missing), std::errc::no_such_file_or_directory) << missing;
  }
}

TEST_F(ErofsNodes, AreReadFromAnyOffset) {
  EXPECT_EQ(contents("file", 4), "o");
  EXPECT_EQ(contents("file", 5), "");
  EXPECT_EQ(contents("file", 1, 2), "el");
  EXPECT_EQ(contents("dir/inner", 500, 600), Sample::inner_text().substr(500, 600));
  EXPECT_EQ(contents("dir/inner", std::int64_t{1} << 62U), "");
}

TEST_F(ErofsNodes, TellWhatTheyAre) {
  const Status file = find("dir/inner").value()->status();
  EXPECT_EQ(file.mode, mode_t{S_IFREG | 0600});
  EXPECT_EQ(file.number, std::uint64_t{Sample::inner});
  EXPECT_EQ(file.size_bytes, Sample::inner_size);
  EXPECT_EQ(file.allocated_bytes, 3 * Sample::block);
  EXPECT_EQ(file.modified, Sample::time * 1'000'000'000);
  EXPECT_EQ(file.device, system->device());
  EXPECT_TRUE(file.is_read_only);
  EXPECT_EQ(system->top()->status().links, 3U);
  EXPECT_EQ(system->space().total, 9U);
  EXPECT_EQ(system->space().free, 0U);
}

TEST_F(ErofsNodes, StayTheSameWhileTheyAreInUse) {
  const NodeReference first = find("file").value();
  EXPECT_EQ(find("file").value().get(), first.get());
  EXPECT_EQ(find("dir").value()->as_directory()->parent().value().get(), system->top());
  const NodeReference directory = find("dir").value();
  EXPECT_EQ(find("dir").value().get(), directory.get());
}

TEST_F(ErofsNodes, LeadWhereLinksSay) {
  std::array<char, 100> text{};
  const NodeReference link = find("link").value();
  EXPECT_EQ(link->as_symlink()->read(text), 9U);
  EXPECT_STREQ(text.data(), "dir/inner");
  EXPECT_EQ(link->as_symlink()->read(std::span(text).first(3)), 3U);
  EXPECT_EQ(link->open(open_flag::read_only).error(), std::errc::too_many_symbolic_link_levels);
}

TEST_F(ErofsNodes, KnowTheirPaths) {
  EXPECT_EQ(path_to("dir"), "/dir");
  EXPECT_EQ(path_to(""), "/");
  const NodeReference directory = find("dir").value();
  std::array<char, 3> small;
  EXPECT_EQ(path_of(*directory->as_directory(), small).error(), std::errc::result_out_of_range);
}

TEST_F(ErofsNodes, AreMappedPageByPage) {
  const NodeReference node = find("dir/inner").value();
  mm::MemoryObject& object = *node->memory_object();
  const auto frame = object.take_page(0, false).value();
  std::string text(reinterpret_cast<const char*>(mm::frames().pointer<std::byte>(frame)),
                   mm::page_size);
  EXPECT_EQ(text, Sample::inner_text() + std::string(mm::page_size - Sample::inner_size, '\0'));
  EXPECT_EQ(object.take_page(0, false), frame);
  EXPECT_EQ(object.take_page(1, false).error(), std::errc::no_such_device_or_address);
  EXPECT_EQ(object.take_page(0, true).error(), std::errc::read_only_file_system);
  object.give_back_page(0);
  object.give_back_page(0);
}

TEST_F(ErofsNodes, OpenForReading) {
  const auto file = find("file").value()->open(open_flag::read_only).value();
  EXPECT_EQ(file->seek(0, SEEK_END), 5);
  EXPECT_EQ(file->seek(2, 3), 2) << "SEEK_DATA";
  EXPECT_EQ(file->seek(2, 4), 5) << "SEEK_HOLE";
  EXPECT_EQ(file->seek(5, 3).error(), std::errc::no_such_device_or_address);
  EXPECT_EQ(file->seek(-1, SEEK_SET).error(), std::errc::invalid_argument);
  EXPECT_EQ(file->seek(1, SEEK_SET), 1);
  std::string text(10, '?');
  UserBuffer buffer(std::as_writable_bytes(std::span(text)));
  EXPECT_EQ(file->read(buffer), 4U);
  EXPECT_EQ(text.substr(0, 5), "ello?");
}

TEST_F(ErofsNodes, AreListedFromAnyPosition) {
  ListedName name;
  for (const std::uint64_t position : {std::uint64_t{25}, std::uint64_t{36}}) {
    ASSERT_TRUE(system->top()->list(position, name)) << position;
    EXPECT_EQ(name.name(), "file");
    EXPECT_EQ(name.number, std::uint64_t{Sample::file});
    EXPECT_EQ(name.mode, mode_t{S_IFREG});
  }
  EXPECT_FALSE(system->top()->list(60, name));
  EXPECT_FALSE(system->top()->list(~std::uint64_t{0}, name));
}

TEST_F(ErofsNodes, AreRefusedWhenTheirInodesAreDamaged) {
  mount_with_inode(Sample::file, [](CompactInode& it) { it.format = 1U << 5U; });
  EXPECT_EQ(error_at("file"), damaged);
  EXPECT_EQ(contents("dir/inner"), Sample::inner_text()) << "the rest goes on";
  for (const unsigned layout : {1, 3, 5, 6, 7}) { // compressed, unknown
    mount_with_inode(Sample::file, [&](CompactInode& it) {
      it.format = static_cast<std::uint16_t>(layout << layout_shift);
    });
    EXPECT_EQ(error_at("file"), damaged) << layout;
  }
  mount_with_inode(Sample::file, [](CompactInode& it) { it.mode = 0; });
  EXPECT_EQ(error_at("file"), damaged);
  mount_with_inode(Sample::file, [](CompactInode& it) { it.size = ~0U; });
  EXPECT_EQ(error_at("file"), damaged);
  mount_with_entry(Sample::root_names, 3, [](DirectoryEntry& it) { it.node = ~0ULL; });
  EXPECT_EQ(error_at("file"), damaged);
  mount_with_entry(Sample::root_names, 3, [](DirectoryEntry& it) { it.node = ~0ULL >> 5U; });
  EXPECT_EQ(error_at("file"), damaged);
}

TEST_F(ErofsNodes, AreNotReadFromOutsideOfTheImage) {
  const std::string error = "error " + std::to_string(static_cast<int>(damaged));
  mount_with_inode(Sample::inner, [](CompactInode& it) { it.place = 7; });
  EXPECT_EQ(contents("dir/inner"), error);
  mount_with_inode(Sample::inner, [](CompactInode& it) { it.place = ~0U; });
  EXPECT_EQ(contents("dir/inner"), error);
  EXPECT_EQ(find("dir/inner").value()->memory_object()->take_page(0, false).error(), damaged);
  mount_with_inode(Sample::file, [](CompactInode& it) { it.attributes = 0xffff; });
  EXPECT_EQ(contents("file"), error);
  mount_with_inode(Sample::file, [](CompactInode& it) { it.size = 511; });
  EXPECT_EQ(contents("file"), error) << "the tail would leave its block";
}

TEST_F(ErofsNodes, AreNoLinksOfAnImpossibleLength) {
  std::array<char, 100> text{};
  mount_with_inode(Sample::link, [](CompactInode& it) { it.size = 0; });
  EXPECT_EQ(find("link").value()->as_symlink()->read(text).error(), damaged);
  mount_with_inode(Sample::link, [](CompactInode& it) { it.size = 4096; });
  EXPECT_EQ(find("link").value()->as_symlink()->read(text).error(), damaged);
}

TEST_F(ErofsNodes, AreNotFoundByDamagedNames) {
  for (const unsigned offset : {0U, 11U, 13U, 59U, 512U, 0xffffU}) { // of the first: the count
    mount_with_entry(Sample::root_names, 0, [&](DirectoryEntry& it) {
      it.name_offset = static_cast<std::uint16_t>(offset);
    });
    EXPECT_EQ(error_at("file"), damaged) << offset;
    EXPECT_EQ(names(""), std::vector<std::string>{}) << offset;
  }
  for (const unsigned offset : {0U, 59U, 600U, 0xffffU}) {
    mount_with_entry(Sample::root_names, 3, [&](DirectoryEntry& it) {
      it.name_offset = static_cast<std::uint16_t>(offset);
    });
    EXPECT_EQ(error_at("file"), damaged) << offset;
  }
  mount_with_inode(Sample::root, [](CompactInode& it) { it.size = 0; });
  EXPECT_EQ(error_at("file"), std::errc::no_such_file_or_directory);
  mount_with_inode(Sample::root, [](CompactInode& it) { it.size = 11; });
  EXPECT_EQ(error_at("file"), damaged);
  mount_changed([](Sample& sample) {
    sample.put_text(Sample::root_names * Sample::block + 5 * sizeof(DirectoryEntry) + 3, "a/b");
  });
  EXPECT_EQ(error_at("b"), damaged) << "a name with a slash is met";
}

TEST_F(ErofsNodes, DoNotLeadRoundForEver) {
  mount_with_entry(Sample::dir_names, 1, [](DirectoryEntry& it) { it.node = Sample::dir; });
  EXPECT_EQ(path_to("dir").error(), damaged) << "it is its own parent";
  mount_with_entry(Sample::dir_names, 1, [](DirectoryEntry& it) { it.node = Sample::file; });
  EXPECT_EQ(path_to("dir").error(), damaged) << "its parent is a file";
  EXPECT_EQ(find("dir").value()->as_directory()->parent().error(), damaged);
  // A directory that is in itself, under a name.
  mount_changed([](Sample& sample) {
    sample.change<DirectoryEntry>(Sample::entry_at(Sample::dir_names, 1),
                                  [](DirectoryEntry& it) { it.node = Sample::dir; });
    sample.change<DirectoryEntry>(Sample::entry_at(Sample::dir_names, 2),
                                  [](DirectoryEntry& it) { it.node = Sample::dir; });
  });
  EXPECT_EQ(path_to("dir").error(), std::errc::result_out_of_range);
  EXPECT_EQ(path_to("dir/inner/inner").error(), std::errc::result_out_of_range);
}

TEST_F(ErofsNodes, AreNoDevices) {
  mount_with_inode(Sample::file, [](CompactInode& it) { it.mode = S_IFCHR | 0600; });
  EXPECT_EQ(find("file").value()->open(open_flag::read_only).error(),
            std::errc::no_such_device_or_address);
  EXPECT_EQ(find("file").value()->mode(), mode_t{S_IFCHR | 0600});
}

TEST_F(ErofsNodes, MayHaveHoles) {
  const auto chunked = [](Sample& sample, std::uint32_t form) {
    sample.change<CompactInode>(Sample::inode_at(Sample::inner), [&](CompactInode& it) {
      it.format = static_cast<std::uint16_t>(4U << layout_shift);
      it.place = form;
    });
  };
  // The tables go where the link was, the slot behind.
  const std::size_t table = Sample::inode_at(Sample::link);
  mount_changed([&](Sample& sample) {
    chunked(sample, 0);
    sample.put(table, Le32(Sample::inner_block + 1));
    sample.put(table + 4, Le32(no_block));
    sample.put(table + 8, Le32(Sample::inner_block));
  });
  const std::string text = Sample::inner_text();
  const std::string expected = text.substr(512, 512) + std::string(512, '\0') + text.substr(0, 100);
  EXPECT_EQ(contents("dir/inner"), expected);
  mount_changed([&](Sample& sample) {
    chunked(sample, chunk_index_flag | 1);
    sample.put(table, ChunkIndex{.unused = 0, .device = 0, .block = Sample::inner_block});
    sample.put(table + 8, ChunkIndex{.unused = 0, .device = 0, .block = no_block});
  });
  EXPECT_EQ(contents("dir/inner"), text.substr(0, 1024) + std::string(100, '\0'));
  mount_changed([&](Sample& sample) {
    chunked(sample, chunk_index_flag);
    sample.put(table, ChunkIndex{.unused = 0, .device = 1, .block = 0});
  });
  EXPECT_TRUE(contents("dir/inner").starts_with("error"));
  mount_changed([&](Sample& sample) { chunked(sample, 0x40); });
  EXPECT_EQ(error_at("dir/inner"), damaged);
}

TEST(ErofsRoot, MustBeADirectory) {
  mm::test::World::get();
  Sample sample;
  sample.change<Superblock>(superblock_offset, [](Superblock& it) { it.root_node = Sample::file; });
  ErofsFileSystem system;
  Refusal refusal;
  EXPECT_FALSE(system.open(sample.bytes, refusal));
  EXPECT_EQ(refusal.why, "has no readable root directory");
}

} // namespace
} // namespace skerry::fs::erofs
