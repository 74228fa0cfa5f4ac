// SPDX-License-Identifier: Apache-2.0
// What the C++ library makes of files: fstream, filesystem, random_device.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <system_error>
#include <vector>

namespace {

namespace fs = std::filesystem;

class Filesystem : public testing::Test {
protected:
  Filesystem() { EXPECT_TRUE(fs::create_directories(top)); }
  ~Filesystem() override { fs::remove_all(top); }

  static void make(const fs::path& path, std::string_view text) {
    std::ofstream file(path);
    file << text;
    EXPECT_TRUE(file.flush().good()) << path;
  }

  fs::path top = fs::temp_directory_path() / "filesystem" / "test";
};

TEST_F(Filesystem, StreamsReadWhatStreamsWrote) {
  make(top / "file", "one\ntwo\n");
  {
    std::fstream file(top / "file", std::ios::in | std::ios::out | std::ios::ate);
    EXPECT_EQ(file.tellp(), 8);
    file << "three\n";
    file.seekg(4);
    std::string line;
    EXPECT_TRUE(std::getline(file, line));
    EXPECT_EQ(line, "two");
    EXPECT_TRUE(std::getline(file, line));
    EXPECT_EQ(line, "three");
  }
  EXPECT_EQ(fs::file_size(top / "file"), 14U);
  EXPECT_FALSE(std::ifstream(top / "none").is_open());
}

TEST_F(Filesystem, StreamsMegabytes) {
  std::vector<std::uint32_t> numbers(500'000);
  std::ranges::generate(numbers, std::mt19937(1));
  const std::size_t size = numbers.size() * sizeof numbers[0];
  std::ofstream(top / "file", std::ios::binary)
      .write(reinterpret_cast<const char*>(numbers.data()), static_cast<std::streamsize>(size));
  std::vector<std::uint32_t> read(numbers.size());
  std::ifstream(top / "file", std::ios::binary)
      .read(reinterpret_cast<char*>(read.data()), static_cast<std::streamsize>(size));
  EXPECT_EQ(read, numbers);
}

TEST_F(Filesystem, CopiesMovesAndRemovesTrees) {
  fs::create_directories(top / "a/b/c");
  make(top / "a/one", "1");
  make(top / "a/b/two", "22");
  fs::create_symlink("../one", top / "a/b/link");
  fs::create_hard_link(top / "a/one", top / "a/hard");
  EXPECT_EQ(fs::hard_link_count(top / "a/one"), 2U);
  fs::copy(top / "a", top / "copy", fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  EXPECT_EQ(fs::read_symlink(top / "copy/b/link"), "../one");
  EXPECT_EQ(fs::file_size(top / "copy/b/link"), 1U);
  fs::rename(top / "copy", top / "a/b/moved");
  std::vector<std::string> found;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(top / "a")) {
    found.push_back(entry.path().lexically_relative(top / "a"));
  }
  std::ranges::sort(found);
  EXPECT_EQ(found,
            (std::vector<std::string>{"b", "b/c", "b/link", "b/moved", "b/moved/b", "b/moved/b/c",
                                      "b/moved/b/link", "b/moved/b/two", "b/moved/hard",
                                      "b/moved/one", "b/two", "hard", "one"}));
  EXPECT_EQ(fs::remove_all(top / "a"), 14U);
}

TEST_F(Filesystem, KnowsPathsAndKinds) {
  make(top / "file", "");
  fs::create_symlink("file", top / "link");
  EXPECT_EQ(fs::canonical(top / ".." / "test" / "link"), top / "file");
  EXPECT_EQ(fs::weakly_canonical(top / "link" / ".." / "none"), top / "none");
  EXPECT_TRUE(fs::is_symlink(top / "link"));
  EXPECT_TRUE(fs::is_regular_file(top / "link"));
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  EXPECT_TRUE(fs::is_empty(top / "file"));
  EXPECT_TRUE(fs::equivalent(top / "file", top / "link"));
  EXPECT_EQ(fs::status(top / "none").type(), fs::file_type::not_found);
  const fs::path before = fs::current_path();
  fs::current_path(top);
  EXPECT_EQ(fs::absolute("file"), top / "file");
  fs::current_path(before);
  EXPECT_GT(fs::space(top).capacity, 0U);
}

TEST_F(Filesystem, SetsTimesPermissionsAndSizes) {
  make(top / "file", "text");
  const auto time = fs::file_time_type(std::chrono::hours(24 * 365));
  fs::last_write_time(top / "file", time);
  EXPECT_EQ(fs::last_write_time(top / "file"), time);
  fs::permissions(top / "file", fs::perms::owner_exec, fs::perm_options::add);
  EXPECT_NE(fs::status(top / "file").permissions() & fs::perms::owner_exec, fs::perms::none);
  fs::resize_file(top / "file", 100'000);
  EXPECT_EQ(fs::file_size(top / "file"), 100'000U);
  std::error_code error;
  fs::file_size(top / "none", error);
  EXPECT_EQ(error, std::errc::no_such_file_or_directory);
  EXPECT_THROW(fs::create_directory(top / "none/more"), fs::filesystem_error);
}

TEST(RandomDevice, GivesDifferentNumbers) {
  std::random_device device;
  std::vector<unsigned> numbers(100);
  std::ranges::generate(numbers, std::ref(device));
  std::ranges::sort(numbers);
  EXPECT_EQ(std::ranges::adjacent_find(numbers), numbers.end());
}

} // namespace
