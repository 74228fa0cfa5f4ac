// SPDX-License-Identifier: Apache-2.0
// Tests of the words that users type: sizes, numbers, kernel command lines.
#include "failure.hpp"
#include "support/parse.hpp"

#include <gtest/gtest.h>

namespace skerry {
namespace {

using test::failure_of;

constexpr std::uint64_t mebibyte = 1U << 20;

TEST(ParseSize, UnderstandsEachUnitInEitherCase) {
  EXPECT_EQ(parse_size("--memory", "64M", 1, 1ULL << 40), 64 * mebibyte);
  EXPECT_EQ(parse_size("--memory", "2g", 1, 1ULL << 40), 2048 * mebibyte);
  EXPECT_EQ(parse_size("--memory", "512k", 1, 1ULL << 40), mebibyte / 2);
}

TEST(ParseSize, RefusesNumberWithoutUnit) {
  EXPECT_EQ(failure_of([] { (void)parse_size("--memory", "64", 1, mebibyte); }),
            "--memory 64: expected a size with its unit, such as 64M or 1G");
}

TEST(ParseSize, RefusesWhatIsNoSize) {
  for (const char* word :
       {"", "M", "-1M", "1.5G", "64MB", "0x10M", " 1M", "99999999999999999999G", "17179869184G"})
    EXPECT_THROW((void)parse_size("--memory", word, 1, mebibyte), Failure) << word;
}

TEST(ParseSize, NamesTheLimitsOfSizeOutOfRange) {
  EXPECT_EQ(failure_of([] { (void)parse_size("--memory", "1K", mebibyte, 1ULL << 30); }),
            "--memory 1K: expected a size from 1M to 1G");
}

TEST(FormatSize, PicksTheLargestExactUnit) {
  EXPECT_EQ(format_size(3ULL << 30), "3G");
  EXPECT_EQ(format_size(1536 * 1024), "1536K");
  EXPECT_EQ(format_size(1000), "1000");
  EXPECT_EQ(format_size(0), "0");
}

TEST(ParseNumber, RefusesOtherThanWholeNumberInRange) {
  EXPECT_EQ(parse_number("--cpus", "255", 1, 255), 255U);
  for (const char* word : {"", "0", "256", "-1", "1x", "one", "+1"})
    EXPECT_EQ(failure_of([word] { (void)parse_number("--cpus", word, 1, 255); }),
              std::format("--cpus {}: expected a number from 1 to 255", word));
}

TEST(SplitWords, GroupsByDoubleQuotes) {
  EXPECT_EQ(split_words("  ip=dhcp\tquiet -- \"two words\" a\"b c\"d \"\""),
            (std::vector<std::string>{"ip=dhcp", "quiet", "--", "two words", "ab cd", ""}));
  EXPECT_TRUE(split_words("").empty());
}

TEST(SplitWords, RefusesOpenQuote) {
  EXPECT_EQ(failure_of([] { (void)split_words("a \"b"); }),
            "kernel command line a \"b: a double quote is left open");
}

TEST(JoinWords, GivesWhatSplitWordsTakesApart) {
  const std::vector<std::string> words{"plain", "two words", "", "tab\there", "it's"};
  EXPECT_EQ(split_words(join_words(words)), words);
}

TEST(JoinWords, RefusesWhatCommandLineCannotCarry) {
  EXPECT_THROW((void)join_words({"say \"hi\""}), Failure);
  EXPECT_THROW((void)join_words({"two\nlines"}), Failure);
}

} // namespace
} // namespace skerry
