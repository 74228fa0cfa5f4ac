// SPDX-License-Identifier: Apache-2.0
// Characters of several bytes, their classes and widths, conversion, what a locale says.
#include <cerrno>
#include <climits>
#include <clocale>
#include <cstdlib>
#include <cstring>
#include <cwchar>
#include <cwctype>
#include <gtest/gtest.h>
#include <iconv.h>
#include <langinfo.h>
#include <string>

namespace {

class Utf8 : public testing::Test {
protected:
  void SetUp() override { ASSERT_NE(std::setlocale(LC_ALL, "C.UTF-8"), nullptr); }
};

TEST_F(Utf8, ReadsCharactersOfEachLength) {
  wchar_t letter = 0;
  std::mbstate_t state{};
  EXPECT_EQ(std::mbrtowc(&letter, "A", 1, &state), 1U);
  EXPECT_EQ(letter, L'A');
  EXPECT_EQ(std::mbrtowc(&letter, "\xc3\xa4", 2, &state), 2U);
  EXPECT_EQ(letter, 0xe4);
  EXPECT_EQ(std::mbrtowc(&letter, "\xe2\x82\xac", 3, &state), 3U);
  EXPECT_EQ(letter, 0x20ac);
  EXPECT_EQ(std::mbrtowc(&letter, "\xf0\x9f\x98\x80", 4, &state), 4U);
  EXPECT_EQ(letter, 0x1f600);
  EXPECT_EQ(std::mbrtowc(&letter, "", 1, &state), 0U);
  EXPECT_EQ(MB_CUR_MAX, 4U);
}

TEST_F(Utf8, GoesOnWithHalfACharacter) {
  wchar_t letter = 0;
  std::mbstate_t state{};
  EXPECT_EQ(std::mbrtowc(&letter, "\xe2\x82", 2, &state), static_cast<std::size_t>(-2));
  EXPECT_FALSE(std::mbsinit(&state));
  EXPECT_EQ(std::mbrtowc(&letter, "\xac", 1, &state), 1U);
  EXPECT_EQ(letter, 0x20ac);
  EXPECT_TRUE(std::mbsinit(&state));
}

TEST_F(Utf8, RefusesWhatIsNoCharacter) {
  for (const char* wrong : {"\x80", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                            "\xf8\x88\x80\x80\x80", "\xc3\x28", "\xff"}) {
    wchar_t letter = 0;
    std::mbstate_t state{};
    errno = 0;
    EXPECT_EQ(std::mbrtowc(&letter, wrong, std::strlen(wrong), &state),
              static_cast<std::size_t>(-1));
    EXPECT_EQ(errno, EILSEQ);
  }
  char bytes[MB_LEN_MAX];
  std::mbstate_t state{};
  EXPECT_EQ(std::wcrtomb(bytes, 0xd800, &state), static_cast<std::size_t>(-1));
  EXPECT_EQ(std::wcrtomb(bytes, 0x110000, &state), static_cast<std::size_t>(-1));
}

TEST_F(Utf8, ConvertsEachCharacterThereAndBack) {
  for (wchar_t letter = 1; letter < 0x110000; letter += letter < 0x800 ? 1 : 61) {
    if (letter >= 0xd800 && letter < 0xe000)
      continue;
    char bytes[MB_LEN_MAX];
    std::mbstate_t state{};
    const std::size_t size = std::wcrtomb(bytes, letter, &state);
    ASSERT_LE(size, 4U);
    wchar_t back = 0;
    ASSERT_EQ(std::mbrtowc(&back, bytes, size, &state), size);
    ASSERT_EQ(back, letter);
  }
}

TEST_F(Utf8, ConvertsWholeTexts) {
  const char* text = "\u00e4\u20ac!";
  wchar_t wide[8];
  EXPECT_EQ(std::mbstowcs(wide, text, 8), 3U);
  EXPECT_STREQ(wide, L"\u00e4\u20ac!");
  char narrow[16];
  EXPECT_EQ(std::wcstombs(narrow, wide, sizeof narrow), 6U);
  EXPECT_STREQ(narrow, text);
  const char* rest = text;
  std::mbstate_t state{};
  EXPECT_EQ(mbsnrtowcs(wide, &rest, 3, 8, &state), 1U);
  EXPECT_EQ(std::mbstowcs(nullptr, text, 0), 3U);
}

TEST_F(Utf8, KnowsClassesCasesAndWidths) {
  EXPECT_TRUE(std::iswalpha(0xe4));
  EXPECT_TRUE(std::iswupper(0xc4));
  EXPECT_EQ(std::towupper(0xe4), 0xc4U);
  EXPECT_EQ(std::towlower(0x0416), 0x0436U); // Cyrillic
  EXPECT_TRUE(std::iswspace(0x2003));
  EXPECT_TRUE(std::iswpunct(0x20ac));
  EXPECT_FALSE(std::iswdigit(0x0661));
  EXPECT_TRUE(std::iswctype(L'f', std::wctype("xdigit")));
  EXPECT_EQ(std::towctrans(L'a', std::wctrans("toupper")), static_cast<std::wint_t>(L'A'));
  EXPECT_EQ(wcwidth(L'a'), 1);
  EXPECT_EQ(wcwidth(0x4e00), 2);
  EXPECT_EQ(wcwidth(0x0301), 0);
  EXPECT_EQ(wcwidth(0x07), -1);
  EXPECT_EQ(wcswidth(L"a\u4e00", 2), 3);
}

TEST(Locale, IsCAndKnowsItsCodeset) {
  ASSERT_STREQ(std::setlocale(LC_ALL, "C"), "C");
  EXPECT_STREQ(std::localeconv()->decimal_point, ".");
  EXPECT_STREQ(std::localeconv()->thousands_sep, "");
  EXPECT_STREQ(nl_langinfo(DAY_1), "Sunday");
  EXPECT_STREQ(nl_langinfo(ABMON_12), "Dec");
  EXPECT_STREQ(nl_langinfo(D_FMT), "%m/%d/%y");
  EXPECT_STREQ(nl_langinfo(RADIXCHAR), ".");
  EXPECT_STREQ(nl_langinfo(YESEXPR), "^[yY]");
  ASSERT_NE(std::setlocale(LC_ALL, "C.UTF-8"), nullptr);
  EXPECT_STREQ(nl_langinfo(CODESET), "UTF-8");
}

TEST(Locale, BelongsToAThreadWithUselocale) {
  const locale_t locale = newlocale(LC_ALL_MASK, "C.UTF-8", nullptr);
  ASSERT_NE(locale, nullptr);
  std::setlocale(LC_ALL, "C");
  const locale_t before = uselocale(locale);
  EXPECT_EQ(MB_CUR_MAX, 4U);
  EXPECT_EQ(uselocale(before), locale);
  EXPECT_EQ(MB_CUR_MAX, 1U);
  EXPECT_EQ(towupper_l(0xe4, locale), 0xc4U);
  freelocale(locale);
}

/// Nothing when there is no such conversion, or when it fails.
std::string converted(const char* to, const char* from, std::string text) {
  const iconv_t conversion = iconv_open(to, from);
  if (conversion == reinterpret_cast<iconv_t>(-1))
    return "";
  char result[64];
  char* in = text.data();
  char* out = result;
  std::size_t in_left = text.size();
  std::size_t out_left = sizeof result;
  const std::size_t status = iconv(conversion, &in, &in_left, &out, &out_left);
  iconv_close(conversion);
  return status == static_cast<std::size_t>(-1) ? "" : std::string(result, out);
}

TEST(Iconv, ConvertsBetweenCodesets) {
  EXPECT_EQ(converted("UTF-8", "ISO-8859-1", "\xe4\xdf"), "\u00e4\u00df");
  EXPECT_EQ(converted("ISO-8859-15", "UTF-8", "\u20ac"), "\xa4");
  EXPECT_EQ(converted("UTF-16LE", "UTF-8", "\U0001f600"), std::string("\x3d\xd8\x00\xde", 4));
  EXPECT_EQ(converted("UTF-8", "KOI8-R", "\xd4"), "\u0442");
  EXPECT_EQ(converted("UTF-8", "SHIFT_JIS", "\x83\x65"), "\u30c6");
  EXPECT_EQ(converted("UTF-8", "GB18030", "\xd6\xd0"), "\u4e2d");
  EXPECT_EQ(converted("UTF-8", "EUC-KR", "\xc7\xd1"), "\ud55c");
}

TEST(Iconv, TellsWhatIsWrong) {
  EXPECT_EQ(iconv_open("UTF-8", "no-such-codeset"), reinterpret_cast<iconv_t>(-1));
  EXPECT_EQ(errno, EINVAL);
  EXPECT_EQ(converted("UTF-16", "UTF-8", "\xc3"), "");
  EXPECT_EQ(errno, EINVAL); // half a character
  EXPECT_EQ(converted("UTF-16", "UTF-8", "\xff"), "");
  EXPECT_EQ(errno, EILSEQ);
  EXPECT_EQ(converted("UTF-8", "ISO-8859-1", std::string(100, 'x')), "");
  EXPECT_EQ(errno, E2BIG);
}

} // namespace
