// SPDX-License-Identifier: Apache-2.0
// Tables, trees, lists, sorting, and the search for files.
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fnmatch.h>
#include <ftw.h>
#include <glob.h>
#include <gtest/gtest.h>
#include <search.h>
#include <set>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace {

int compare(const void* left, const void* right) {
  const int a = *static_cast<const int*>(left);
  const int b = *static_cast<const int*>(right);
  return (a > b) - (a < b);
}

TEST(Search, FindsInATable) {
  ASSERT_NE(hcreate(10), 0);
  char names[100][8];
  for (long number = 0; number < 100; ++number) { // more than was asked for
    std::snprintf(names[number], sizeof names[number], "key%ld", number);
    ASSERT_NE(hsearch({names[number], reinterpret_cast<void*>(number)}, ENTER), nullptr);
  }
  char wanted[] = "key77";
  const ENTRY* found = hsearch({wanted, nullptr}, FIND);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(reinterpret_cast<long>(found->data), 77);
  char absent[] = "absent";
  EXPECT_EQ(hsearch({absent, nullptr}, FIND), nullptr);
  hdestroy();
}

std::vector<int> walked;

void note(const void* node, VISIT visit, int) {
  if (visit == postorder || visit == leaf)
    walked.push_back(**static_cast<const int* const*>(node));
}

TEST(Search, KeepsATreeInOrder) {
  std::vector<int> numbers(500);
  for (int index = 0; index < 500; ++index)
    numbers[static_cast<std::size_t>(index)] = index * 7919 % 1009;
  void* root = nullptr;
  for (int& number : numbers)
    ASSERT_NE(tsearch(&number, &root, compare), nullptr);
  walked.clear();
  twalk(root, note);
  EXPECT_EQ(walked.size(), 500U);
  EXPECT_TRUE(std::ranges::is_sorted(walked));
  ASSERT_NE(tfind(&numbers[3], &root, compare), nullptr);
  EXPECT_NE(tdelete(&numbers[3], &root, compare), nullptr);
  EXPECT_EQ(tfind(&numbers[3], &root, compare), nullptr);
  tdestroy(root, [](void*) {});
}

TEST(Search, GoesThroughAnArray) {
  int numbers[8] = {5, 3, 8};
  std::size_t count = 3;
  const int three = 3;
  const int nine = 9;
  EXPECT_EQ(lfind(&three, numbers, &count, sizeof *numbers, compare), &numbers[1]);
  EXPECT_EQ(lfind(&nine, numbers, &count, sizeof *numbers, compare), nullptr);
  EXPECT_EQ(lsearch(&nine, numbers, &count, sizeof *numbers, compare), &numbers[3]);
  EXPECT_EQ(count, 4U);
  EXPECT_EQ(numbers[3], 9);
}

struct Element {
  Element* next;
  Element* previous;
};

TEST(Search, LinksAndUnlinks) {
  Element first{};
  Element second{};
  Element third{};
  insque(&first, nullptr);
  insque(&third, &first);
  insque(&second, &first);
  EXPECT_EQ(first.next, &second);
  EXPECT_EQ(third.previous, &second);
  remque(&second);
  EXPECT_EQ(first.next, &third);
  EXPECT_EQ(third.previous, &first);
}

int compare_modulo(const void* left, const void* right, void* modulus) {
  const int by = *static_cast<int*>(modulus);
  return *static_cast<const int*>(left) % by - *static_cast<const int*>(right) % by;
}

TEST(Sort, OrdersElementsOfEachSize) {
  for (const std::size_t size : {std::size_t{1}, std::size_t{3}, std::size_t{8}, std::size_t{33}}) {
    std::vector<unsigned char> bytes(size * 999);
    unsigned state = 1;
    for (unsigned char& byte : bytes)
      byte = static_cast<unsigned char>((state = state * 1103515245 + 12345) >> 16);
    std::qsort(bytes.data(), 999, size, [](const void* left, const void* right) {
      return *static_cast<const unsigned char*>(left) - *static_cast<const unsigned char*>(right);
    });
    for (std::size_t index = 1; index < 999; ++index)
      ASSERT_LE(bytes[(index - 1) * size], bytes[index * size]);
  }
}

TEST(Sort, PassesAnArgumentOn) {
  int numbers[] = {19, 25, 31, 42};
  int ten = 10;
  qsort_r(numbers, 4, sizeof *numbers, compare_modulo, &ten);
  EXPECT_EQ(numbers[0], 31);
  EXPECT_EQ(numbers[1], 42);
  EXPECT_EQ(numbers[3], 19);
}

TEST(Sort, FindsByHalves) {
  int numbers[101];
  for (int index = 0; index < 101; ++index)
    numbers[index] = index * 2;
  for (int wanted = -1; wanted < 203; ++wanted) {
    const void* found = std::bsearch(&wanted, numbers, 101, sizeof *numbers, compare);
    ASSERT_EQ(found != nullptr, wanted >= 0 && wanted % 2 == 0 && wanted <= 200);
  }
}

TEST(Patterns, MatchNames) {
  EXPECT_EQ(fnmatch("*.c", "file.c", 0), 0);
  EXPECT_EQ(fnmatch("[a-c]?[!x]", "bxy", 0), 0);
  EXPECT_EQ(fnmatch("[[:digit:]]*", "7up", 0), 0);
  EXPECT_EQ(fnmatch("a*b", "a/b", 0), 0);
  EXPECT_EQ(fnmatch("a*b", "a/b", FNM_PATHNAME), FNM_NOMATCH);
  EXPECT_EQ(fnmatch("*", ".hidden", FNM_PERIOD), FNM_NOMATCH);
  EXPECT_EQ(fnmatch("a\\*", "a*", 0), 0);
  EXPECT_EQ(fnmatch("a\\*", "a\\x", FNM_NOESCAPE), 0);
  EXPECT_EQ(fnmatch("FILE", "file", FNM_CASEFOLD), 0);
  EXPECT_EQ(fnmatch("dir", "dir/file", FNM_LEADING_DIR), 0);
}

class Tree : public testing::Test {
protected:
  void SetUp() override {
    mkdir("/tmp", 0777);
    ASSERT_NE(mkdtemp(folder_), nullptr);
    ASSERT_EQ(chdir(folder_), 0);
    mkdir("sub", 0777);
    mkdir("sub/deep", 0777);
    for (const char* name : {"b.txt", "a.txt", "c.dat", ".hidden", "sub/d.txt", "sub/deep/e"})
      close(open(name, O_CREAT | O_WRONLY, 0666));
    ASSERT_EQ(symlink("sub", "link"), 0);
  }
  void TearDown() override {
    ASSERT_EQ(chdir("/"), 0);
    nftw(
        folder_, [](const char* path, const struct stat*, int, FTW*) { return std::remove(path); },
        8, FTW_DEPTH | FTW_PHYS);
    EXPECT_NE(access(folder_, F_OK), 0);
  }

  static std::vector<std::string> found(const char* pattern, int flags) {
    glob_t result{};
    const int status = glob(pattern, flags, nullptr, &result);
    std::vector<std::string> names;
    if (status == 0)
      names.assign(result.gl_pathv, result.gl_pathv + result.gl_pathc);
    else
      names.push_back(std::to_string(status));
    globfree(&result);
    return names;
  }

  char folder_[32] = "/tmp/tree-XXXXXX";
};

using Names = std::vector<std::string>;

TEST_F(Tree, IsSearchedByPatterns) {
  EXPECT_EQ(found("*.txt", 0), (Names{"a.txt", "b.txt"}));
  EXPECT_EQ(found("*/*.txt", 0), (Names{"link/d.txt", "sub/d.txt"}));
  EXPECT_EQ(found("s*", GLOB_MARK), Names{"sub/"});
  EXPECT_EQ(found("x*", 0), Names{std::to_string(GLOB_NOMATCH)});
  EXPECT_EQ(found("x*", GLOB_NOCHECK), Names{"x*"});
  EXPECT_EQ(found(".h*", 0), Names{".hidden"});
}

std::set<std::string> seen;

TEST_F(Tree, IsWalked) {
  seen.clear();
  const auto note_path = [](const char* path, const struct stat*, int type, FTW* place) {
    seen.insert(std::string(path) + ' ' + std::to_string(type) + ' ' +
                std::to_string(place->level));
    return 0;
  };
  ASSERT_EQ(nftw(".", note_path, 8, FTW_PHYS), 0);
  EXPECT_EQ(seen.size(), 10U);
  EXPECT_TRUE(seen.contains("./link " + std::to_string(FTW_SL) + " 1"));
  EXPECT_TRUE(seen.contains("./sub/deep " + std::to_string(FTW_D) + " 2"));
  EXPECT_TRUE(seen.contains("./sub/deep/e " + std::to_string(FTW_F) + " 3"));
  EXPECT_EQ(nftw(".", [](const char*, const struct stat*, int, FTW*) { return 7; }, 8, 0), 7);
}

} // namespace
