// SPDX-License-Identifier: Apache-2.0
// Functions of <string.h> on bytes of which the neighbours on both sides cannot be touched.
#include <array>
#include <cstddef>
#include <cstring>
#include <cwchar>
#include <functional>
#include <gtest/gtest.h>
#include <string>
#include <strings.h>
#include <sys/mman.h>

namespace {

constexpr std::size_t page = 4096;

/// A page between two that fault.
class Guarded {
public:
  Guarded() {
    void* pages = mmap(nullptr, 3 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
      return;
    start_ = static_cast<char*>(pages) + page;
    mprotect(start_, page, PROT_READ | PROT_WRITE);
  }
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;
  ~Guarded() { munmap(start_ - page, 3 * page); }

  /// `size` bytes that end at the end of the page, or begin at its beginning.
  char* at_end(std::size_t size) { return start_ + page - size; }
  char* at_start() { return start_; }

private:
  char* start_ = nullptr;
};

/// Calls `test` with places for `size` bytes at both ends of a page, for each size up to 80.
void at_both_ends(const std::function<void(char* place, std::size_t size)>& test) {
  Guarded memory;
  for (std::size_t size = 1; size <= 80; ++size) {
    test(memory.at_end(size), size);
    test(memory.at_start(), size);
  }
}

TEST(Strings, FindTheEndOfATextAtTheEndOfAPage) {
  at_both_ends([](char* text, std::size_t size) {
    std::memset(text, 'x', size - 1);
    text[size - 1] = '\0';
    ASSERT_EQ(std::strlen(text), size - 1);
    ASSERT_EQ(strnlen(text, size), size - 1);
    ASSERT_EQ(strnlen(text, size - 1), size - 1);
    ASSERT_EQ(std::strchr(text, 'y'), nullptr);
    ASSERT_EQ(strchrnul(text, 'y'), text + size - 1);
    ASSERT_EQ(std::strrchr(text, '\0'), text + size - 1);
    ASSERT_EQ(std::memchr(text, '\0', size), text + size - 1);
    ASSERT_EQ(std::memchr(text, 'z', size), nullptr);
    ASSERT_EQ(memrchr(text, 'z', size), nullptr);
    ASSERT_EQ(std::strspn(text, "x"), size - 1);
    ASSERT_EQ(std::strcspn(text, "yz"), size - 1);
  });
}

TEST(Strings, CompareNoMoreThanThereIs) {
  Guarded other;
  at_both_ends([&](char* text, std::size_t size) {
    char* same = other.at_end(size);
    std::memset(text, 'a', size);
    std::memset(same, 'a', size);
    ASSERT_EQ(std::memcmp(text, same, size), 0);
    ASSERT_EQ(std::strncmp(text, same, size), 0);
    ASSERT_EQ(strncasecmp(text, same, size), 0);
    same[size - 1] = '\xe4';
    ASSERT_LT(std::memcmp(text, same, size), 0);
    ASSERT_LT(std::strncmp(text, same, size), 0);
    text[size - 1] = '\0';
    same[size - 1] = '\0';
    ASSERT_EQ(std::strcmp(text, same), 0);
    ASSERT_EQ(strcasecmp(text, same), 0);
  });
}

TEST(Strings, CopyNoMoreThanThereIs) {
  Guarded other;
  at_both_ends([&](char* text, std::size_t size) {
    char* target = other.at_end(size);
    for (std::size_t index = 0; index < size; ++index)
      text[index] = static_cast<char>('A' + index % 26);
    text[size - 1] = '\0';
    std::memset(target, '?', size);
    ASSERT_EQ(std::memcpy(target, text, size), target);
    ASSERT_EQ(std::memcmp(target, text, size), 0);
    ASSERT_EQ(stpcpy(target, text), target + size - 1);
    ASSERT_EQ(std::strncpy(target, text, size), target);
    ASSERT_EQ(strlcpy(target, text, size), size - 1);
    target[0] = '\0';
    ASSERT_EQ(strlcat(target, text, size), size - 1);
    ASSERT_STREQ(target, text);
    ASSERT_EQ(mempcpy(target, text, size), target + size);
    ASSERT_EQ(memccpy(target, text, '\0', size), target + size);
  });
}

TEST(Strings, MoveWhatOverlaps) {
  for (std::size_t shift = 1; shift < 40; ++shift) {
    std::array<char, 128> bytes{};
    for (std::size_t index = 0; index < bytes.size(); ++index)
      bytes[index] = static_cast<char>(index);
    const auto before = bytes;
    std::memmove(bytes.data() + shift, bytes.data(), bytes.size() - shift);
    ASSERT_EQ(std::memcmp(bytes.data() + shift, before.data(), bytes.size() - shift), 0);
    std::memmove(bytes.data(), bytes.data() + shift, bytes.size() - shift);
    ASSERT_EQ(std::memcmp(bytes.data(), before.data(), bytes.size() - shift), 0);
  }
}

TEST(Strings, FillWhatTheyAreTold) {
  at_both_ends([](char* bytes, std::size_t size) {
    std::memset(bytes, 0x5a, size);
    for (std::size_t index = 0; index < size; ++index)
      ASSERT_EQ(bytes[index], 0x5a);
    explicit_bzero(bytes, size);
    for (std::size_t index = 0; index < size; ++index)
      ASSERT_EQ(bytes[index], 0);
  });
}

TEST(Strings, SearchForTextsOfEachLength) {
  Guarded memory;
  const char* pattern = "abcabdabcabeabcabdabcabfabcabdabcabe";
  for (std::size_t length = 1; length <= std::strlen(pattern); ++length) {
    const std::string needle(pattern, length);
    const std::string text = "abcabdabcab" + std::string(70, 'a') + needle;
    char* place = memory.at_end(text.size() + 1);
    std::memcpy(place, text.c_str(), text.size() + 1);
    const std::size_t expected = text.find(needle);
    ASSERT_EQ(std::strstr(place, needle.c_str()), place + expected);
    ASSERT_EQ(memmem(place, text.size(), needle.data(), length), place + expected);
    ASSERT_EQ(std::strstr(place, (needle + "!").c_str()), nullptr);
  }
  EXPECT_STREQ(std::strstr("text", ""), "text");
  EXPECT_STREQ(strcasestr("some TEXT", "text"), "TEXT");
}

TEST(Strings, CutWords) {
  char text[] = ";;one;two;;three";
  char* rest = nullptr;
  EXPECT_STREQ(strtok_r(text, ";", &rest), "one");
  EXPECT_STREQ(strtok_r(nullptr, ";", &rest), "two");
  EXPECT_STREQ(strtok_r(nullptr, ";", &rest), "three");
  EXPECT_EQ(strtok_r(nullptr, ";", &rest), nullptr);
  char fields[] = "a::b";
  char* field = fields;
  EXPECT_STREQ(strsep(&field, ":"), "a");
  EXPECT_STREQ(strsep(&field, ":"), "");
  EXPECT_STREQ(strsep(&field, ":"), "b");
  EXPECT_EQ(field, nullptr);
}

TEST(Strings, KnowWideTextAtTheEndOfAPage) {
  Guarded memory;
  for (std::size_t length = 0; length < 40; ++length) {
    auto* wide = reinterpret_cast<wchar_t*>(memory.at_end((length + 1) * sizeof(wchar_t)));
    std::wmemset(wide, L'x', length);
    wide[length] = L'\0';
    ASSERT_EQ(std::wcslen(wide), length);
    ASSERT_EQ(std::wcschr(wide, L'y'), nullptr);
    ASSERT_EQ(std::wmemchr(wide, L'\0', length + 1), wide + length);
  }
}

TEST(Strings, NameErrorsAndSignals) {
  EXPECT_STREQ(std::strerror(2), "No such file or directory");
  char text[64];
  EXPECT_EQ(strerror_r(22, text, sizeof text), 0);
  EXPECT_STREQ(text, "Invalid argument");
  EXPECT_STREQ(strsignal(11), "Segmentation fault");
  EXPECT_LT(strverscmp("file9", "file10"), 0);
}

} // namespace
