// SPDX-License-Identifier: Apache-2.0
// Images as mkfs.erofs makes them.
#include "mounted.hpp"

#include <mm/frames.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <format>
#include <fstream>

namespace skerry::fs::erofs {
namespace {

namespace filesystem = std::filesystem;

class ErofsMade : public test::ErofsTest {
protected:
  ErofsMade() {
    std::string name = filesystem::temp_directory_path() / "skerry-erofs-XXXXXX";
    place = ::mkdtemp(name.data());
    filesystem::create_directory(place / "root");
  }
  ~ErofsMade() override { filesystem::remove_all(place); }

  /// Contents that differ from page to page.
  static std::string text_of(std::size_t size) {
    std::string text(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
      text[i] = static_cast<char>('a' + (i + i / 4096) % 26);
    return text;
  }
  void write(const filesystem::path& path, std::string_view text) const {
    filesystem::create_directories((place / "root" / path).parent_path());
    std::ofstream(place / "root" / path) << text;
  }
  std::vector<std::byte> made(const std::string& options) const {
    const std::string command =
        std::format("mkfs.erofs --quiet -x-1 {} {}/image {}/root >{}/log 2>&1", options,
                    place.string(), place.string(), place.string());
    EXPECT_EQ(std::system(command.c_str()), 0);
    std::ifstream file(place / "image", std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto view = std::as_bytes(std::span(text));
    return {view.begin(), view.end()};
  }

  filesystem::path place;
};

TEST_F(ErofsMade, HoldsFilesOfAllLengths) {
  constexpr std::size_t lengths[] = {0, 1, 31, 4000, 4064, 4095, 4096, 4097, 8191, 8192, 100'000};
  for (const std::size_t length : lengths)
    write(std::format("{}", length), text_of(length));
  mount(made("-T1600000000 --all-root"));
  for (const std::size_t length : lengths) {
    const std::string name = std::format("{}", length);
    EXPECT_TRUE(contents(name) == text_of(length)) << length;
    EXPECT_EQ(find(name).value()->status().size_bytes, length);
  }
  EXPECT_TRUE(contents("100000", 4090, 5000) == text_of(100'000).substr(4090, 5000));
  const Status status = find("1").value()->status();
  EXPECT_EQ(status.modified, 1'600'000'000'000'000'000);
  EXPECT_EQ(status.user, 0U);
}

TEST_F(ErofsMade, HoldsLargeDirectories) {
  std::vector<std::string> expected;
  for (int i = 0; i < 1500; ++i) {
    expected.push_back(
        std::format("{}-{}", i % 2 == 0 ? "name" : std::string(1 + i % 200, 'x'), i));
    write("large/" + expected.back(), std::format("{}", i));
  }
  mount(made(""));
  for (int i = 0; i < 1500; ++i)
    ASSERT_EQ(contents("large/" + expected[static_cast<std::size_t>(i)]), std::format("{}", i));
  EXPECT_EQ(error_at("large/none"), std::errc::no_such_file_or_directory);
  EXPECT_EQ(error_at("large/zzz"), std::errc::no_such_file_or_directory);
  std::ranges::sort(expected);
  EXPECT_EQ(names("large"), expected);
}

TEST_F(ErofsMade, HoldsLinksOfBothKindsAndPaths) {
  write("one/two/three/file", "text");
  filesystem::create_hard_link(place / "root/one/two/three/file", place / "root/one/other");
  filesystem::create_symlink(std::string(3000, 'l'), place / "root/long");
  filesystem::create_symlink("one/two", place / "root/short");
  mount(made(""));
  const NodeReference file = find("one/two/three/file").value();
  EXPECT_EQ(find("one/other").value().get(), file.get());
  EXPECT_EQ(file->status().links, 2U);
  EXPECT_EQ(path_to("one/two/three"), "/one/two/three");
  EXPECT_EQ(find("one/two").value()->as_directory()->parent().value().get(),
            find("one").value().get());
  std::string text(4095, '?');
  EXPECT_EQ(find("long").value()->as_symlink()->read(text), 3000U);
  EXPECT_EQ(text.substr(0, 3001), std::string(3000, 'l') + "?");
  EXPECT_EQ(find("short").value()->as_symlink()->read(text), 7U);
}

TEST_F(ErofsMade, HoldsExtendedInodes) {
  write("file", "text");
  filesystem::last_write_time(place / "root/file",
                              filesystem::file_time_type(std::chrono::seconds(5)));
  mount(made("--force-uid=70000 --force-gid=80000"));
  const Status status = find("file").value()->status();
  EXPECT_EQ(status.user, 70'000U);
  EXPECT_EQ(status.group, 80'000U);
  EXPECT_EQ(contents("file"), "text");
}

TEST_F(ErofsMade, IsMappedWithoutWhatFollows) {
  write("file", text_of(10'000));
  mount(made(""));
  const NodeReference node = find("file").value();
  mm::MemoryObject& object = *node->memory_object();
  const std::string expected = text_of(10'000) + std::string(3 * 4096 - 10'000, '\0');
  for (std::uint64_t page = 0; page < 3; ++page) {
    const auto frame = object.take_page(page, false).value();
    EXPECT_EQ(std::memcmp(mm::frames().pointer<std::byte>(frame), &expected[page * 4096], 4096), 0)
        << page;
    object.give_back_page(page);
  }
  EXPECT_FALSE(object.take_page(3, false).has_value());
}

TEST_F(ErofsMade, MayBeInChunks) {
  write("file", text_of(50'000));
  write("small", "text");
  mount(made("--chunksize=8192"));
  EXPECT_TRUE(contents("file") == text_of(50'000));
  EXPECT_EQ(contents("small"), "text");
}

TEST_F(ErofsMade, IsRefusedWhenItIsCompressed) {
  write("file", std::string(100'000, 'x'));
  const auto image = made("-zlz4");
  Volume volume;
  Refusal refusal;
  EXPECT_FALSE(volume.open(image, refusal));
  EXPECT_TRUE(refusal.why.starts_with("needs the feature compression")) << refusal.why;
}

TEST_F(ErofsMade, IsRefusedWhenItsSuperblockIsDamaged) {
  write("file", "text");
  auto image = made("");
  image[superblock_offset + 50] ^= std::byte{1}; // in the UUID
  Volume volume;
  Refusal refusal;
  EXPECT_FALSE(volume.open(image, refusal));
  EXPECT_EQ(refusal.why, "is damaged: the checksum of its superblock is wrong");
  image[superblock_offset + 50] ^= std::byte{1};
  image.resize(image.size() - 1);
  EXPECT_FALSE(volume.open(image, refusal));
  EXPECT_TRUE(refusal.why.starts_with("is cut off")) << refusal.why;
}

} // namespace
} // namespace skerry::fs::erofs
