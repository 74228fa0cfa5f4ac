// SPDX-License-Identifier: Apache-2.0
#include "files.hpp"

#include <format>

namespace skerry::fs {
namespace {

using Tree = test::Files;

std::string path(Directory& directory) {
  std::array<char, 200> text;
  return {text.data(), path_of(directory, text).value()};
}

TEST_F(Tree, FindsWhatWasEntered) {
  const auto file = file_in(*top, "one");
  EXPECT_EQ(top->find("one").value().get(), file.get());
  EXPECT_EQ(top->find("two").error(), std::errc::no_such_file_or_directory);
  EXPECT_EQ(top->enter("one", file).error(), std::errc::file_exists);
  EXPECT_EQ(top->enter(std::string(256, 'x'), file).error(), std::errc::filename_too_long);
  EXPECT_TRUE(top->enter(std::string(255, 'x'), file).has_value());
  EXPECT_EQ(file->status().links, 2U);
}

TEST_F(Tree, KeepsManyNamesApart) {
  const auto first = make_in(*top, "first");
  const auto second = make_in(*top, "second");
  for (int i = 0; i < 2000; ++i) {
    file_in(*first, std::format("{}", i));
  }
  for (int i = 0; i < 2000; i += 2) {
    EXPECT_TRUE(first->remove(std::format("{}", i), Removal::file).has_value());
  }
  for (int i = 0; i < 2000; ++i) {
    EXPECT_EQ(first->find(std::format("{}", i)).has_value(), i % 2 == 1);
    EXPECT_FALSE(second->find(std::format("{}", i)).has_value());
  }
  EXPECT_EQ(names_in(*first).size(), 1000U);
}

TEST_F(Tree, ListsWhatStaysOnceWhileOthersComeAndGo) {
  for (int i = 0; i < 10; ++i) {
    file_in(*top, std::format("{}", i));
  }
  std::vector<std::string> seen;
  ListedName name;
  for (std::uint64_t at = 0; top->list(at, name); at = name.next) {
    seen.emplace_back(name.name());
    if (seen.size() == 4) {
      EXPECT_TRUE(top->remove("3", Removal::file).has_value()); // where the listing stands
      EXPECT_TRUE(top->remove("5", Removal::file).has_value());
      file_in(*top, "new");
    }
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"0", "1", "2", "3", "4", "6", "7", "8", "9", "new"}));
}

TEST_F(Tree, RemovesOnlyTheKindThatIsMeant) {
  file_in(*top, "file");
  const auto directory = make_in(*top, "directory");
  file_in(*directory, "inside");
  EXPECT_EQ(top->remove("file", Removal::empty_directory).error(), std::errc::not_a_directory);
  EXPECT_EQ(top->remove("directory", Removal::file).error(), std::errc::is_a_directory);
  EXPECT_EQ(top->remove("directory", Removal::empty_directory).error(),
            std::errc::directory_not_empty);
  EXPECT_EQ(top->remove("none", Removal::file).error(), std::errc::no_such_file_or_directory);
}

TEST_F(Tree, TakesNothingNewIntoARemovedDirectory) {
  const auto directory = make_in(*top, "directory");
  EXPECT_TRUE(top->remove("directory", Removal::empty_directory).has_value());
  EXPECT_EQ(directory->enter("x", make_regular(memory_file_system(), 0644).value()).error(),
            std::errc::no_such_file_or_directory);
  EXPECT_EQ(directory->parent().error(), std::errc::no_such_file_or_directory);
  std::array<char, 100> text;
  EXPECT_EQ(path_of(*directory, text).error(), std::errc::no_such_file_or_directory);
}

TEST_F(Tree, KeepsAFileWhoseNameHasGoneWhileItIsOpen) {
  auto node = file_in(*top, "file");
  const FileReference file = node->open(open_flag::read_write).value();
  node = {};
  EXPECT_TRUE(top->remove("file", Removal::file).has_value());
  EXPECT_EQ(write_at(*file, "kept", 0), 4U);
  EXPECT_EQ(read_at(*file, 10, 0), "kept");
  EXPECT_EQ(file->status().links, 0U);
}

TEST_F(Tree, TellsPathsAndCountsDirectories) {
  const auto one = make_in(*top, "one");
  const auto two = make_in(*one, "two");
  EXPECT_EQ(path(*two), "/test/one/two");
  EXPECT_EQ(path(root()), "/");
  EXPECT_EQ(one->status().links, 3U);
  EXPECT_EQ(two->status().links, 2U);
  std::array<char, 5> small;
  EXPECT_EQ(path_of(*two, small).error(), std::errc::result_out_of_range);
}

TEST_F(Tree, MovesDirectoriesWithWhatIsInThem) {
  const auto one = make_in(*top, "one");
  const auto two = make_in(*top, "two");
  const auto deep = make_in(*one, "deep");
  file_in(*deep, "file");
  EXPECT_TRUE(one->rename("deep", *two, "moved", RenameMode::replace).has_value());
  EXPECT_EQ(path(*deep), "/test/two/moved");
  EXPECT_TRUE(deep->find("file").has_value());
  EXPECT_EQ(one->status().links, 2U);
  EXPECT_EQ(two->status().links, 3U);
}

TEST_F(Tree, DoesNotMoveADirectoryBelowItself) {
  const auto one = make_in(*top, "one");
  const auto two = make_in(*one, "two");
  EXPECT_EQ(top->rename("one", *two, "x", RenameMode::replace).error(),
            std::errc::invalid_argument);
  EXPECT_EQ(top->rename("one", *one, "x", RenameMode::replace).error(),
            std::errc::invalid_argument);
  EXPECT_EQ(one->rename("two", *top, "one", RenameMode::replace).error(),
            std::errc::directory_not_empty);
  EXPECT_EQ(one->rename("two", *top, "one", RenameMode::exchange).error(),
            std::errc::invalid_argument);
}

TEST_F(Tree, ReplacesOnlyWhatFits) {
  const auto file = file_in(*top, "file");
  const auto other = file_in(*top, "other");
  const auto full = make_in(*top, "full");
  file_in(*full, "inside");
  const auto bare = make_in(*top, "bare");
  EXPECT_EQ(top->rename("file", *top, "full", RenameMode::replace).error(),
            std::errc::is_a_directory);
  EXPECT_EQ(top->rename("bare", *top, "file", RenameMode::replace).error(),
            std::errc::not_a_directory);
  EXPECT_EQ(top->rename("bare", *top, "full", RenameMode::replace).error(),
            std::errc::directory_not_empty);
  EXPECT_TRUE(top->rename("full", *top, "bare", RenameMode::replace).has_value());
  EXPECT_EQ(path(*full), "/test/bare");
  EXPECT_EQ(top->rename("file", *top, "other", RenameMode::keep).error(), std::errc::file_exists);
  EXPECT_TRUE(top->rename("file", *top, "other", RenameMode::replace).has_value());
  EXPECT_EQ(top->find("other").value().get(), file.get());
  EXPECT_EQ(other->status().links, 0U);
}

TEST_F(Tree, LeavesTwoNamesOfOneFileAsTheyAre) {
  const auto file = file_in(*top, "one");
  EXPECT_TRUE(top->enter("two", file).has_value());
  EXPECT_TRUE(top->rename("one", *top, "two", RenameMode::replace).has_value());
  EXPECT_EQ(names_in(*top), (std::vector<std::string>{"one", "two"}));
}

TEST_F(Tree, ExchangesAFileAndADirectory) {
  const auto below = make_in(*top, "below");
  const auto file = file_in(*below, "name");
  const auto directory = make_in(*top, "directory");
  EXPECT_TRUE(top->rename("directory", *below, "name", RenameMode::exchange).has_value());
  EXPECT_EQ(top->find("directory").value().get(), file.get());
  EXPECT_EQ(path(*directory), "/test/below/name");
  EXPECT_EQ(below->status().links, 3U);
  EXPECT_EQ(top->status().links, 3U);
  EXPECT_EQ(top->rename("directory", *top, "none", RenameMode::exchange).error(),
            std::errc::no_such_file_or_directory);
}

TEST_F(Tree, LosesNothingWhenMemoryEnds) {
  file_in(*top, "file");
  auto& world = mm::test::World::get();
  world.leave_frames(0);
  std::vector<Result<NodeReference>> made;
  while (made.empty() || made.back()) {
    made.push_back(make_regular(memory_file_system(), 0644));
  }
  EXPECT_EQ(made.back().error(), std::errc::not_enough_memory);
  made.clear();
  world.give_back();
  EXPECT_TRUE(top->find("file").has_value());
}

} // namespace
} // namespace skerry::fs
