// SPDX-License-Identifier: Apache-2.0
// Packing folders as root file systems.
#include "failure.hpp"
#include "root/pack.hpp"
#include "root/stage.hpp"
#include "support/file.hpp"

#include <cstdlib>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace skerry::root {
namespace {

namespace filesystem = std::filesystem;
using test::failure_of;

class Root : public testing::Test {
protected:
  Root() { filesystem::create_directory(folder); }

  void write(const filesystem::path& path, std::string_view text) const {
    filesystem::create_directories((folder / path).parent_path());
    replace_file(folder / path, text);
  }
  bool pack_it(std::vector<std::string> memory = {}) const {
    return pack({.folder = folder, .image = image, .memory_folders = std::move(memory)});
  }
  std::string refusal(std::vector<std::string> memory = {}) const {
    return failure_of([&] { pack_it(memory); });
  }

  TemporaryFolder place;
  filesystem::path folder = place.path() / "folder";
  filesystem::path image = place.path() / "image";
};

TEST(RootNames, AreUtf8) {
  for (const char* name :
       {"", "plain", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xef\xbf\xbf"})
    EXPECT_TRUE(is_utf8(name)) << name;
  for (const char* name :
       {"\x80", "\xc3", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "a\xff", "\xe2\x82"})
    EXPECT_FALSE(is_utf8(name)) << printable(name);
  EXPECT_EQ(printable("a\nb\xff"), "a\\x0ab\\xff");
  EXPECT_EQ(printable("\xc3\xa9"), "\xc3\xa9");
}

TEST_F(Root, GivesTheSameBytesForTheSameFolder) {
  const auto bytes_of = [&](std::initializer_list<const char*> names) {
    filesystem::remove_all(folder);
    filesystem::create_directory(folder);
    for (const char* name : names)
      write(name, std::string("text of ") + name);
    filesystem::create_symlink("a", folder / "link");
    EXPECT_TRUE(pack_it());
    return read_text(image);
  };
  const std::string first = bytes_of({"a", "b", "in/c", "in/d", "z"});
  EXPECT_FALSE(first.empty());
  EXPECT_TRUE(bytes_of({"z", "in/d", "in/c", "b", "a"}) == first);
}

TEST_F(Root, IsPackedWhenSomethingChanged) {
  write("file", "one");
  write("in/other", "text");
  EXPECT_TRUE(pack_it());
  EXPECT_FALSE(pack_it());
  write("file", "three");
  EXPECT_TRUE(pack_it());
  write("new", "");
  EXPECT_TRUE(pack_it());
  filesystem::remove(folder / "in/other");
  EXPECT_TRUE(pack_it());
  filesystem::permissions(folder / "file", filesystem::perms::owner_read);
  EXPECT_TRUE(pack_it());
  filesystem::create_symlink("file", folder / "link");
  EXPECT_TRUE(pack_it());
  filesystem::remove(folder / "link");
  filesystem::create_symlink("elif", folder / "link");
  EXPECT_TRUE(pack_it());
  filesystem::create_directory(folder / "empty");
  EXPECT_TRUE(pack_it());
  EXPECT_TRUE(pack_it({"/cache"}));
  EXPECT_FALSE(pack_it({"/cache"}));
  filesystem::remove(image);
  EXPECT_TRUE(pack_it({"/cache"}));
}

TEST_F(Root, LeavesNothingElseBehind) {
  write("file", "text");
  filesystem::create_directory(folder / "closed");
  filesystem::permissions(folder / "closed", filesystem::perms::owner_read);
  EXPECT_TRUE(pack_it());
  std::size_t left = 0;
  for ([[maybe_unused]] const auto& entry : filesystem::directory_iterator(place.path()))
    ++left;
  EXPECT_EQ(left, 3U) << "the folder, the image and its list";
}

TEST_F(Root, HasNoPipesSocketsAndDevices) {
  ASSERT_EQ(::mkfifo((folder / "queue").c_str(), 0600), 0);
  EXPECT_EQ(refusal(), (folder / "queue").string() +
                           ": it is a pipe; a root file system has files, folders and links");
  filesystem::remove(folder / "queue");
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = (folder / "door").string();
  ASSERT_LT(path.size(), sizeof address.sun_path);
  path.copy(address.sun_path, path.size());
  ASSERT_EQ(::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ::close(socket);
  EXPECT_EQ(refusal(), path + ": it is a socket; a root file system has files, folders and links");
}

TEST_F(Root, RefusesNamesThatAreNotUtf8) {
  write("bad\xff", "");
  EXPECT_EQ(refusal(), folder.string() + "/bad\\xff: its name is not UTF-8");
}

TEST_F(Root, RefusesWhatIsNoFolderOfItsOwn) {
  const auto refused = [&](const filesystem::path& from, const filesystem::path& to) {
    return failure_of([&] { pack({.folder = from, .image = to}); });
  };
  EXPECT_EQ(refused(place.path() / "none", image),
            (place.path() / "none").string() + ": No such file or directory; expected a folder");
  write("file", "");
  EXPECT_EQ(refused(folder / "file", image), (folder / "file").string() + ": it is not a folder");
  EXPECT_EQ(refused(folder, folder / "image"),
            folder.string() + ": the image " + (folder / "image").string() +
                " would become part of itself; expected a folder that does not hold what is built");
}

TEST_F(Root, NeedsFoldersWhereItIsCovered) {
  write("tmp", "a file");
  EXPECT_EQ(refusal(),
            "/tmp: it is a file; expected a folder, or nothing, since an image needs one there");
  filesystem::remove(folder / "tmp");
  filesystem::create_symlink("/somewhere", folder / "run");
  EXPECT_EQ(refusal(),
            "/run: it is a link; expected a folder, or nothing, since an image needs one there");
  filesystem::remove(folder / "run");
  write("var", "a file");
  EXPECT_EQ(refusal({"/var/cache"}),
            "/var: it is a file; expected a folder, or nothing, since an image needs one there");
}

TEST_F(Root, IsCompletedInACopy) {
  write("etc/hosts", "own");
  write("file", "text");
  filesystem::create_hard_link(folder / "file", folder / "again");
  const auto found = scan(folder);
  filesystem::path gone;
  {
    Stage stage(folder, found, image);
    gone = stage.path();
    stage.add_folder("/var/cache");
    stage.add_link("/etc/hosts", "/run/etc/hosts");
    stage.add_link("/etc/passwd", "/run/etc/passwd");
    EXPECT_TRUE(filesystem::is_directory(gone / "var/cache"));
    EXPECT_EQ(read_text(gone / "etc/hosts"), "own");
    EXPECT_EQ(filesystem::read_symlink(gone / "etc/passwd"), "/run/etc/passwd");
    EXPECT_EQ(filesystem::hard_link_count(gone / "file"), 2U);
  }
  EXPECT_FALSE(filesystem::exists(gone));
  EXPECT_FALSE(filesystem::exists(folder / "var"));
}

TEST_F(Root, NamesThePackageThatIsMissing) {
  const std::string before = ::getenv("PATH");
  ::setenv("PATH", "/nonexistent", 1);
  const std::string refused = refusal();
  ::setenv("PATH", before.c_str(), 1);
  EXPECT_EQ(refused, "mkfs.erofs is missing; install the package erofs-utils as root: apt-get "
                     "install erofs-utils");
}

} // namespace
} // namespace skerry::root
