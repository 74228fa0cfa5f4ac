// SPDX-License-Identifier: Apache-2.0
// Lives on a root file system that is part of the image (the folder site/), and tells what differs
// from what it expects.
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>
#include <vector>

namespace {

using namespace std::string_view_literals;

int differences = 0;

template <class Found, class Expected>
void expect(const char* what, const Found& found, const Expected& expected) {
  if (!(found == expected)) {
    std::printf("differs: %s\n", what);
    ++differences;
  }
}

void expect_error(const char* what, long result, int code) {
  const int found = result < 0 ? errno : 0;
  if (found != code) {
    std::printf("differs: %s: %s\n", what, std::strerror(found));
    ++differences;
  }
}

std::string contents(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool write(const char* path, std::string_view text) {
  return static_cast<bool>(std::ofstream(path) << text);
}

std::vector<std::string> names(const char* path) {
  std::vector<std::string> result;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    result.push_back(entry.path().filename());
  }
  std::ranges::sort(result);
  return result;
}

struct stat status(const char* path) {
  struct stat found{};
  expect(path, stat(path, &found), 0);
  return found;
}

void read_files() {
  using Names = std::vector<std::string>;
  expect("a file", contents("/index.html"), "<h1>A page of the root</h1>\n");
  expect("a file through a link", contents("/latest"), "two\n");
  expect("a file through a folder's link", contents("/var/papers/one.txt"), "one\n");
  expect("the names in /docs", names("/docs"), (Names{"one.txt", "two.txt"}));
  expect("the names in /", names("/"),
         (Names{"dev", "docs", "etc", "index.html", "large.txt", "latest", "proc", "run", "sys",
                "tmp", "var"}));
  expect("the link's text", std::filesystem::read_symlink("/latest"), "docs/two.txt");
  expect("the mode", status("/docs/one.txt").st_mode & S_IFMT, mode_t{S_IFREG});
  expect("the hosts", contents("/etc/hosts").starts_with("127.0.0.1 localhost\n"), true);
  expect("the link to the name servers", std::filesystem::exists("/etc/resolv.conf"), true);
  expect("walking all",
         std::ranges::distance(std::filesystem::recursive_directory_iterator("/docs")), 2);
  expect("a folder to work in", chdir("/docs/../var/papers"), 0);
  expect("its path", std::filesystem::current_path(), "/docs");
  expect("a relative path", contents("../latest"), "two\n");
}

/// What all files may hold in memory, and do not.
std::uint64_t free_pages() {
  struct statfs told{};
  expect("the memory for files", statfs("/tmp", &told), 0);
  return told.f_bfree;
}

void map_files() {
  const std::string text = contents("/large.txt");
  expect("the size", text.size(), 20'000U);
  const int file = open("/large.txt", O_RDONLY);
  const auto map = [&](int protection, int sharing) {
    return static_cast<char*>(mmap(nullptr, text.size(), protection, sharing, file, 0));
  };
  const std::uint64_t free_before = free_pages();
  const char* shared = map(PROT_READ, MAP_SHARED);
  char* own = map(PROT_READ | PROT_WRITE, MAP_PRIVATE);
  expect("a shared mapping", std::string_view(shared, text.size()) == text, true);
  expect("a private mapping", std::string_view(own, text.size()) == text, true);
  expect("pages that were copied", free_before - free_pages(), 1U); // the last one
  expect("zeros behind the end", std::string_view(shared + text.size(), 480),
         std::string(480, '\0'));
  own[5000] = '!';
  expect("a copy of one's own", shared[5000] == '!', false);
  expect("the rest of the copy", own[5001], text[5001]);
  expect("the file", contents("/large.txt") == text, true);
  expect_error("a shared mapping to write to",
               map(PROT_READ | PROT_WRITE, MAP_SHARED) == MAP_FAILED ? -1 : 0, EACCES);
  close(file);
}

void change_nothing() {
  expect_error("open to write", open("/index.html", O_WRONLY), EROFS);
  expect_error("open to create", open("/new", O_WRONLY | O_CREAT, 0644), EROFS);
  expect_error("open what is there", open("/index.html", O_RDONLY | O_CREAT, 0644), 0);
  expect_error("mkdir", mkdir("/docs/new", 0755), EROFS);
  expect_error("mkdir of what is there", mkdir("/docs", 0755), EEXIST);
  expect_error("unlink", unlink("/index.html"), EROFS);
  expect_error("rmdir of a mount", rmdir("/tmp"), EROFS);
  expect_error("rename", rename("/index.html", "/new"), EROFS);
  expect_error("rename across", rename("/index.html", "/tmp/new"), EXDEV);
  expect_error("link", link("/index.html", "/new"), EROFS);
  expect_error("symlink", symlink("x", "/new"), EROFS);
  expect_error("chmod", chmod("/index.html", 0600), EROFS);
  expect_error("truncate", truncate("/index.html", 0), EROFS);
  expect_error("utimensat", utimensat(AT_FDCWD, "/index.html", nullptr, 0), EROFS);
  expect_error("access", access("/index.html", W_OK), EROFS);
}

void write_where_it_may() {
  for (const char* folder : {"/tmp", "/run", "/var/cache"}) {
    const std::string path = std::string(folder) + "/file";
    expect(path.c_str(), write(path.c_str(), "written"), true);
    expect(path.c_str(), contents(path.c_str()), "written");
    expect(folder, status(folder).st_dev == status("/").st_dev, false);
    struct statfs told{};
    expect(folder, statfs(folder, &told), 0);
    expect(folder, static_cast<unsigned long>(told.f_type), 0x0102'1994UL);
  }
  expect_error("rename across", rename("/tmp/file", "/run/other"), EXDEV);
  const int page = open("/index.html", O_RDONLY);
  const int copy = open("/tmp/file", O_RDWR);
  expect_error("copy_file_range across", copy_file_range(page, nullptr, copy, nullptr, 9, 0),
               EXDEV);
  expect("sendfile across", sendfile(copy, page, nullptr, 9), ssize_t{9});
  expect("what was sent", contents("/tmp/file"), "<h1>A page of the root</h1>\n"sv.substr(0, 9));
  close(page);
  close(copy);
  expect_error("remove", unlink("/tmp/file"), 0);
  struct statfs told{};
  expect("statfs", statfs("/docs", &told), 0);
  expect("the kind of the root", static_cast<unsigned long>(told.f_type), 0xe0f5'e1e2UL);
  expect("a device", write("/dev/null", "away"), true);
}

} // namespace

int main() {
  read_files();
  map_files();
  change_nothing();
  write_where_it_may();
  std::printf("%s", contents("/proc/mounts").c_str());
  std::printf("%d differences\n", differences);
  return differences == 0 ? 0 : 1;
}
