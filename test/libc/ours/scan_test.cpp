// SPDX-License-Identifier: Apache-2.0
// scanf(): each conversion, sets, widths, and where it stops.
#include <climits>
#include <clocale>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cwchar>
#include <gtest/gtest.h>

namespace {

TEST(Scan, ReadsIntegersOfEachLength) {
  signed char tiny = 0;
  short small = 0;
  int plain = 0;
  long large = 0;
  EXPECT_EQ(std::sscanf("-5 77 -2147483648 9223372036854775807", "%hhd %hd %d %ld", &tiny, &small,
                        &plain, &large),
            4);
  EXPECT_EQ(tiny, -5);
  EXPECT_EQ(small, 77);
  EXPECT_EQ(plain, INT_MIN);
  EXPECT_EQ(large, LONG_MAX);
}

TEST(Scan, KnowsTheBasesOfI) {
  int numbers[3] = {};
  EXPECT_EQ(std::sscanf("0x1f 017 19", "%i %i %i", &numbers[0], &numbers[1], &numbers[2]), 3);
  EXPECT_EQ(numbers[0], 31);
  EXPECT_EQ(numbers[1], 15);
  EXPECT_EQ(numbers[2], 19);
  unsigned hexadecimal = 0;
  unsigned octal = 0;
  EXPECT_EQ(std::sscanf("BeEf 777", "%x %o", &hexadecimal, &octal), 2);
  EXPECT_EQ(hexadecimal, 0xbeefU);
  EXPECT_EQ(octal, 0777U);
}

TEST(Scan, StopsAtTheWidth) {
  int first = 0;
  int second = 0;
  char text[4] = {};
  EXPECT_EQ(std::sscanf("123456abcdef", "%3d%2d%*c%3s", &first, &second, text), 3);
  EXPECT_EQ(first, 123);
  EXPECT_EQ(second, 45);
  EXPECT_STREQ(text, "abc");
}

TEST(Scan, ReadsFloatingPoint) {
  float single = 0;
  double plain = 0;
  long double large = 0;
  EXPECT_EQ(std::sscanf("1.5 -0x1.8p3 1e-4932", "%f %lf %Lf", &single, &plain, &large), 3);
  EXPECT_EQ(single, 1.5F);
  EXPECT_EQ(plain, -12.0);
  EXPECT_EQ(large, 1e-4932L);
  double infinite = 0;
  double none = 0;
  EXPECT_EQ(std::sscanf("-Infinity nan", "%lf %lf", &infinite, &none), 2);
  EXPECT_EQ(infinite, -INFINITY);
  EXPECT_TRUE(std::isnan(none));
}

TEST(Scan, ReadsSetsOfCharacters) {
  char first[16] = {};
  char second[16] = {};
  char third[16] = {};
  EXPECT_EQ(std::sscanf("abc-12]rest of it", "%[a-c-]%[0-9]%*[]]%15[^\n]", first, second, third),
            3);
  EXPECT_STREQ(first, "abc-");
  EXPECT_STREQ(second, "12");
  EXPECT_STREQ(third, "rest of it");
}

TEST(Scan, TellsHowFarItCame) {
  int number = 0;
  int place = -1;
  EXPECT_EQ(std::sscanf("12 34", "%d%n", &number, &place), 1);
  EXPECT_EQ(place, 2);
  EXPECT_EQ(std::sscanf("", "%d", &number), EOF);
  EXPECT_EQ(std::sscanf("x", "%d", &number), 0);
  EXPECT_EQ(std::sscanf("  ", " %d", &number), EOF);
  EXPECT_EQ(std::sscanf("5%", "%d%%%n", &number, &place), 1);
  EXPECT_EQ(place, 2);
}

TEST(Scan, AllocatesWithM) {
  char* text = nullptr;
  ASSERT_EQ(std::sscanf("allocated text", "%ms", &text), 1);
  EXPECT_STREQ(text, "allocated");
  std::free(text);
}

TEST(Scan, TakesArgumentsByTheirPosition) {
  int first = 0;
  int second = 0;
  EXPECT_EQ(std::sscanf("1 2", "%2$d %1$d", &first, &second), 2);
  EXPECT_EQ(first, 2);
  EXPECT_EQ(second, 1);
}

TEST(Scan, ReadsPointersAndWideText) {
  ASSERT_NE(std::setlocale(LC_ALL, "C.UTF-8"), nullptr);
  void* pointer = nullptr;
  wchar_t wide[8] = {};
  EXPECT_EQ(std::sscanf("0xbeef \u00e4\u20ac", "%p %ls", &pointer, wide), 2);
  EXPECT_EQ(pointer, reinterpret_cast<void*>(0xbeef));
  EXPECT_STREQ(wide, L"\u00e4\u20ac");
  int number = 0;
  EXPECT_EQ(std::swscanf(L"77 x", L"%d", &number), 1);
  EXPECT_EQ(number, 77);
}

} // namespace
