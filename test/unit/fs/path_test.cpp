// SPDX-License-Identifier: Apache-2.0
#include "files.hpp"

#include <format>

namespace skerry::fs {
namespace {

class Path : public test::Files {
protected:
  Result<Node*> follow(std::string_view path, LastLink how = LastLink::follow) {
    place = {};
    const auto walked = walk(top, path, how, place);
    return walked ? Result<Node*>(place.node.get()) : fail(walked.error());
  }
  Place place;
};

TEST_F(Path, LeadsThroughDirectories) {
  const auto one = make_in(*top, "one");
  const auto file = file_in(*one, "file");
  EXPECT_EQ(follow("one/file"), file.get());
  EXPECT_EQ(place.name(), "file");
  EXPECT_EQ(place.directory.get(), one.get());
  EXPECT_EQ(follow("/test//one/./../one/file"), file.get());
  EXPECT_EQ(follow("one/"), one.get());
  EXPECT_TRUE(place.wants_directory);
  EXPECT_EQ(follow("one/.."), top.get());
  EXPECT_EQ(place.last, LastPart::dot_dot);
  EXPECT_EQ(follow("///"), &root());
  EXPECT_EQ(place.last, LastPart::root);
  EXPECT_EQ(follow("/../.."), &root());
}

TEST_F(Path, EndsWhereTheLastPartIsMissing) {
  EXPECT_EQ(follow("missing"), nullptr);
  EXPECT_EQ(place.name(), "missing");
  EXPECT_EQ(place.directory.get(), top.get());
  EXPECT_FALSE(place.wants_directory);
  EXPECT_EQ(follow("missing//"), nullptr);
  EXPECT_TRUE(place.wants_directory);
  EXPECT_EQ(follow("missing/more").error(), std::errc::no_such_file_or_directory);
  EXPECT_EQ(follow("").error(), std::errc::no_such_file_or_directory);
}

TEST_F(Path, DoesNotGoThroughFiles) {
  file_in(*top, "file");
  EXPECT_EQ(follow("file/more").error(), std::errc::not_a_directory);
  EXPECT_EQ(follow("file/").error(), std::errc::not_a_directory);
  EXPECT_EQ(follow("file/..").error(), std::errc::not_a_directory);
}

TEST_F(Path, FollowsLinks) {
  const auto one = make_in(*top, "one");
  const auto file = file_in(*one, "file");
  const auto link = link_in(*top, "link", "one/file");
  link_in(*one, "up", "../link");
  link_in(*top, "absolute", "/test/one");
  EXPECT_EQ(follow("link"), file.get());
  EXPECT_EQ(follow("link", LastLink::keep), link.get());
  EXPECT_EQ(follow("absolute/up"), file.get());
  EXPECT_EQ(follow("absolute/", LastLink::keep), one.get());
  EXPECT_EQ(follow("link/").error(), std::errc::not_a_directory);
}

TEST_F(Path, EndsInTheDirectoryThatALinkToNothingNames) {
  const auto one = make_in(*top, "one");
  link_in(*top, "link", "one/new");
  EXPECT_EQ(follow("link"), nullptr);
  EXPECT_EQ(place.directory.get(), one.get());
  EXPECT_EQ(place.name(), "new");
}

TEST_F(Path, GivesUpAfterFortyLinks) {
  file_in(*top, "0");
  for (int i = 1; i <= 41; ++i) {
    link_in(*top, std::format("{}", i), std::format("{}", i - 1));
  }
  link_in(*top, "self", "self");
  EXPECT_TRUE(follow("40").has_value());
  EXPECT_EQ(follow("41").error(), std::errc::too_many_symbolic_link_levels);
  EXPECT_EQ(follow("self").error(), std::errc::too_many_symbolic_link_levels);
}

TEST_F(Path, RefusesWhatIsTooLong) {
  EXPECT_EQ(follow(std::string(256, 'x')).error(), std::errc::filename_too_long);
  EXPECT_EQ(follow(std::string(255, 'x')), nullptr);
  link_in(*top, "link", std::string(3000, '/'));
  EXPECT_EQ(follow("link" + std::string(3000, '/') + "x").error(), std::errc::filename_too_long);
}

} // namespace
} // namespace skerry::fs
