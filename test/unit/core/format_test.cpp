// SPDX-License-Identifier: Apache-2.0
// The formatter: every style, every edge of its numbers, and what happens when there is no room.
#include <core/format.hpp>

#include <cinttypes>
#include <cstdio>
#include <gtest/gtest.h>
#include <limits>
#include <random>
#include <string>

namespace skerry {
namespace {

template <class... Arguments>
std::string text_of(std::type_identity_t<FormatPattern<Arguments...>> pattern,
                    const Arguments&... arguments) {
  char buffer[256];
  return std::string(format_to<Arguments...>(buffer, pattern, arguments...));
}

TEST(Format, WritesEachKindOfArgument) {
  EXPECT_EQ(text_of("{} {} {} {} {}", 1, 2U, 'c', true, "text"), "1 2 c true text");
  EXPECT_EQ(text_of("{}", false), "false");
  EXPECT_EQ(text_of("{}", std::string_view("view")), "view");
  EXPECT_EQ(text_of("{}", std::string_view()), "");
}

TEST(Format, TakesCharSizedIntegersForNumbers) {
  EXPECT_EQ(text_of("{} {}", std::uint8_t{200}, std::int8_t{-100}), "200 -100");
}

TEST(Format, WritesTheLimitsOfIntegers) {
  EXPECT_EQ(text_of("{}", std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(text_of("{}", std::numeric_limits<std::int64_t>::max()), "9223372036854775807");
  EXPECT_EQ(text_of("{}", std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
  EXPECT_EQ(text_of("{:x}", std::numeric_limits<std::uint64_t>::max()), "ffffffffffffffff");
  EXPECT_EQ(text_of("{:x}", std::numeric_limits<std::int64_t>::min()), "-8000000000000000");
  EXPECT_EQ(text_of("{} {:x} {:#x}", 0, 0, 0), "0 0 0x0");
}

TEST(Format, FillsNumbersFromTheLeft) {
  EXPECT_EQ(text_of("[{:5}] [{:05}]", 42, 42), "[   42] [00042]");
  EXPECT_EQ(text_of("[{:5}] [{:05}]", -42, -42), "[  -42] [-0042]");
  EXPECT_EQ(text_of("[{:010x}] [{:#010x}] [{:#10x}]", 0xbeef, 0xbeef, 0xbeef),
            "[000000beef] [0x0000beef] [    0xbeef]");
  EXPECT_EQ(text_of("{:016x}", std::uint64_t{1} << 63), "8000000000000000");
}

TEST(Format, NeverCutsANumberToItsWidth) {
  EXPECT_EQ(text_of("{:2} {:02} {:#2x}", 12345, 12345, 0x12345), "12345 12345 0x12345");
}

TEST(Format, FillsTextFromTheRight) {
  EXPECT_EQ(text_of("[{:6}] [{:6}] [{:2}]", "abc", true, "abc"), "[abc   ] [true  ] [abc]");
  EXPECT_EQ(text_of("[{:3}]", 'x'), "[x  ]");
}

TEST(Format, UndoublesBraces) {
  EXPECT_EQ(text_of("{{}}"), "{}");
  EXPECT_EQ(text_of("{{{}}}", 7), "{7}");
  EXPECT_EQ(text_of("}}{{ {} {{{{", 7), "}{ 7 {{");
}

TEST(Format, LeavesBracesOfArgumentsAlone) {
  EXPECT_EQ(text_of("{} {}", "{}", "}}"), "{} }}");
}

TEST(Format, CutsOffWhatDoesNotFit) {
  char buffer[8];
  EXPECT_EQ(format_to(buffer, "{}{}", "12345", 678'999), "12345678");
  EXPECT_EQ(format_to(buffer, "{:100}", 1), "        ");
  EXPECT_EQ(format_to(std::span<char>(), "{}", 1), "");
  EXPECT_EQ(format_to(std::span<char>(), "text"), "");
}

TEST(Format, WritesNothingBehindItsOutput) {
  char buffer[6] = {'#', '#', '#', '#', '#', '#'};
  (void)format_to(std::span(buffer).first(4), "{}", 123'456);
  EXPECT_EQ(std::string_view(buffer, 6), "1234##");
}

TEST(Format, AgreesWithPrintfOnRandomNumbers) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t number = random() >> (random() % 64);
    const auto negative = static_cast<std::int64_t>(0 - number);
    char expected[160];
    std::snprintf(expected, sizeof expected,
                  "%" PRIu64 " %" PRIx64 " %020" PRIu64 " %9" PRIu64 " %#" PRIx64 " %" PRId64
                  " %022" PRId64,
                  number, number, number, number, number | 1, negative, negative);
    ASSERT_EQ(text_of("{} {:x} {:020} {:9} {:#x} {} {:022}", number, number, number, number,
                      number | 1, negative, negative),
              expected);
  }
}

// Patterns are checked when the caller is compiled; these are the rules of that check.
static_assert(detail::count_fields("") == 0);
static_assert(detail::count_fields("{} {:x}") == 2);
static_assert(detail::count_fields("{{}}") == 0);
static_assert(detail::count_fields("{{{}}}") == 1);
static_assert(detail::count_fields("{") == -1);
static_assert(detail::count_fields("}") == -1);
static_assert(detail::count_fields("{} }") == -1);
static_assert(detail::count_fields("{{}") == -1);

} // namespace
} // namespace skerry
