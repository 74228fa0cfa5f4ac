// SPDX-License-Identifier: Apache-2.0
// printf(): each conversion, flag, width and length, and the rounding of doubles.
#include "printed.hpp"

#include <cerrno>
#include <cfloat>
#include <cinttypes>
#include <climits>
#include <clocale>
#include <cmath>
#include <cstddef>
#include <cwchar>
#include <gtest/gtest.h>

namespace {

TEST(Print, WritesIntegersOfEachLength) {
  EXPECT_EQ(printed("%hhd %hd %d %ld %lld", 300, 70000, INT_MIN, LONG_MIN, LLONG_MAX),
            "44 4464 -2147483648 -9223372036854775808 9223372036854775807");
  EXPECT_EQ(printed("%hhu %hu %u %lu", 300, 70000, UINT_MAX, ULONG_MAX),
            "44 4464 4294967295 18446744073709551615");
  EXPECT_EQ(printed("%jd %zu %td", INTMAX_MIN, SIZE_MAX, PTRDIFF_MIN),
            "-9223372036854775808 18446744073709551615 -9223372036854775808");
  EXPECT_EQ(printed("%o %x %X", 511U, 48879U, 48879U), "777 beef BEEF");
}

TEST(Print, ObeysFlagsWidthAndPrecisionOfIntegers) {
  EXPECT_EQ(printed("[%5d] [%-5d] [%05d] [%+d] [% d]", 42, 42, 42, 42, 42),
            "[   42] [42   ] [00042] [+42] [ 42]");
  EXPECT_EQ(printed("[%.3d] [%6.3d] [%06.3d] [%.0d]", 7, 7, 7, 0), "[007] [   007] [   007] []");
  EXPECT_EQ(printed("%#o %#x %#X %#x", 8, 255, 255, 0), "010 0xff 0XFF 0");
  EXPECT_EQ(printed("[%*d] [%-*d] [%.*d] [%*d]", 4, 1, 4, 1, 3, 1, -4, 1),
            "[   1] [1   ] [001] [1   ]");
  EXPECT_EQ(printed("%.*d", -1, 5), "5");
}

TEST(Print, WritesTextCharactersAndPointers) {
  EXPECT_EQ(printed("[%s] [%10s] [%-10s] [%.2s]", "text", "text", "text", "text"),
            "[text] [      text] [text      ] [te]");
  EXPECT_EQ(printed("%c%c%%", 'a', 'b'), "ab%");
  EXPECT_EQ(printed("%p", reinterpret_cast<void*>(0xbeef)), "0xbeef");
  EXPECT_EQ(printed("%c", 0), std::string(1, '\0'));
}

TEST(Print, CountsWhatItHasWritten) {
  int here = 0;
  long later = 0;
  char text[32];
  std::snprintf(text, sizeof text, "abc%ndef%ln", &here, &later);
  EXPECT_EQ(here, 3);
  EXPECT_EQ(later, 6);
}

TEST(Print, TakesArgumentsByTheirPosition) {
  EXPECT_EQ(printed("%2$s %1$s %2$s", "a", "b"), "b a b");
  EXPECT_EQ(printed("%1$*2$d|%1$.*3$d", 7, 4, 2), "   7|07");
}

TEST(Print, RoundsDoublesToTheNearestAndHalvesToEven) {
  EXPECT_EQ(printed("%.0f %.0f %.0f %.0f", 0.5, 1.5, 2.5, -0.5), "0 2 2 -0");
  EXPECT_EQ(printed("%.1f %.2f", 0.25, 1.005), "0.2 1.00");
  EXPECT_EQ(printed("%.3e", 12345.0), "1.234e+04");
  EXPECT_EQ(printed("%.20f", 0.1), "0.10000000000000000555");
  EXPECT_EQ(printed("%.0e %.0e", 2.5, 3.5), "2e+00 4e+00");
}

TEST(Print, WritesDoublesToTheLastDigit) {
  EXPECT_EQ(printed("%.17g", 0.1), "0.10000000000000001");
  EXPECT_EQ(printed("%.0f", 1e23), "99999999999999991611392");
  EXPECT_EQ(printed("%.0f", DBL_MAX).size(), 309U);
  EXPECT_EQ(printed("%.0f", DBL_MAX).substr(0, 20), "17976931348623157081");
  const std::string smallest = printed("%.1074f", 0x1p-1074);
  EXPECT_EQ(smallest.size(), 1023U + 53U);
  EXPECT_TRUE(smallest.ends_with("625"));
}

TEST(Print, ChoosesTheShorterFormForG) {
  EXPECT_EQ(printed("%g %g %g %g", 100000.0, 1000000.0, 0.0001, 0.00001),
            "100000 1e+06 0.0001 1e-05");
  EXPECT_EQ(printed("%g %#g %G", 1.0, 1.0, 1e-10), "1 1.00000 1E-10");
  EXPECT_EQ(printed("%.3g %.3g", 1234.0, 0.00012345), "1.23e+03 0.000123");
}

TEST(Print, WritesInfinityAndWhatIsNoNumber) {
  EXPECT_EQ(printed("%f %F %e %g %a", INFINITY, INFINITY, -INFINITY, NAN, -INFINITY),
            "inf INF -inf nan -inf");
  EXPECT_EQ(printed("[%6f] [%-6f] [%06f]", INFINITY, INFINITY, INFINITY),
            "[   inf] [inf   ] [   inf]");
}

TEST(Print, WritesHexadecimalDoubles) {
  EXPECT_EQ(printed("%a %a %A", 1.0, -0.1, 0.5), "0x1p+0 -0x1.999999999999ap-4 0X1P-1");
  EXPECT_EQ(printed("%.2a %.0a", 1.999, 1.5), "0x2.00p+0 0x2p+0");
  EXPECT_EQ(printed("%a", 0.0), "0x0p+0");
}

TEST(Print, WritesLongDoubles) {
  EXPECT_EQ(printed("%.20Lf", 0.1L), "0.10000000000000000000");
  EXPECT_EQ(printed("%Lg", LDBL_MAX), "1.18973e+4932");
}

TEST(Print, TellsWhatWouldHaveBeenWritten) {
  char text[4];
  EXPECT_EQ(std::snprintf(text, sizeof text, "123456"), 6);
  EXPECT_STREQ(text, "123");
  EXPECT_EQ(std::snprintf(nullptr, 0, "%d", 1234), 4);
}

TEST(Print, RefusesMoreThanAnIntCanCount) {
  errno = 0;
  EXPECT_EQ(std::snprintf(nullptr, 0, "x%*d", INT_MAX, 1), -1);
  EXPECT_EQ(errno, EOVERFLOW);
}

TEST(Print, WritesWideText) {
  ASSERT_NE(std::setlocale(LC_ALL, "C.UTF-8"), nullptr);
  EXPECT_EQ(printed("%ls|%lc", L"\u00e4\u20ac", static_cast<std::wint_t>(L'\u00df')),
            "\u00e4\u20ac|\u00df");
  EXPECT_EQ(printed("[%.3ls]", L"\u00e4\u20ac"), "[\u00e4]"); // no part of a character
  wchar_t wide[64];
  EXPECT_EQ(std::swprintf(wide, 64, L"%d %s %ls", 5, "\u00e4", L"\u20ac"), 5);
  EXPECT_STREQ(wide, L"5 \u00e4 \u20ac");
  EXPECT_LT(std::swprintf(wide, 2, L"abc"), 0);
}

} // namespace
