// SPDX-License-Identifier: Apache-2.0
// Numbers from text: strtod() to the last bit, strtol() and its kin, and the words of a command
// line.
#include <cerrno>
#include <cfloat>
#include <climits>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <getopt.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace {

TEST(Strtod, RoundsToTheNearestDouble) {
  EXPECT_EQ(std::strtod("9007199254740993", nullptr), 9007199254740992.0); // half: to even
  EXPECT_EQ(std::strtod("9007199254740993.0000000000000000000000000001", nullptr),
            9007199254740994.0);
  EXPECT_EQ(std::strtod("2.2250738585072011e-308", nullptr), 0x0.fffffffffffffp-1022);
  EXPECT_EQ(std::strtod("1.7976931348623158e308", nullptr), DBL_MAX);
  EXPECT_EQ(std::strtod("0x1.fffffffffffff7p1023", nullptr), DBL_MAX);
  EXPECT_EQ(std::strtod("4.9406564584124654e-324", nullptr), 0x1p-1074);
  EXPECT_EQ(std::strtof("16777217.0000001", nullptr), 16777218.0F);
  EXPECT_EQ(std::strtold("0x1.fffffffffffffffep16383", nullptr), LDBL_MAX);
}

TEST(Strtod, TellsOfOverflowAndUnderflow) {
  errno = 0;
  EXPECT_EQ(std::strtod("1e309", nullptr), HUGE_VAL);
  EXPECT_EQ(errno, ERANGE);
  errno = 0;
  EXPECT_EQ(std::strtod("-1e-400", nullptr), 0.0);
  EXPECT_EQ(errno, ERANGE);
  errno = 0;
  EXPECT_EQ(std::strtod("1e99999999999999999999", nullptr), HUGE_VAL);
  EXPECT_EQ(errno, ERANGE);
}

TEST(Strtod, StopsWhereTheNumberEnds) {
  for (const auto& [text, used] : std::vector<std::pair<const char*, long>>{{"1e", 1},
                                                                            {"1e+", 1},
                                                                            {"0x", 1},
                                                                            {"0x.p1", 1},
                                                                            {" +1.5x", 5},
                                                                            {".", 0},
                                                                            {"", 0},
                                                                            {"infinit", 3},
                                                                            {"infinity", 8},
                                                                            {"nan(12)x", 7},
                                                                            {"nan(", 3},
                                                                            {"1,5", 1},
                                                                            {"--1", 0}}) {
    char* end = nullptr;
    std::strtod(text, &end);
    EXPECT_EQ(end - text, used) << text;
  }
}

TEST(Strtod, ReadsThousandsOfDigits) {
  const std::string digits = "1." + std::string(5000, '0') + "1";
  EXPECT_EQ(std::strtod(digits.c_str(), nullptr), 1.0);
  const std::string above = "1.00000000000000011102230246251565404236316680908203125" +
                            std::string(3000, '0') + "1"; // just above a half
  EXPECT_EQ(std::strtod(above.c_str(), nullptr), 1.0 + DBL_EPSILON);
}

TEST(Strtol, KnowsBasesAndLimits) {
  EXPECT_EQ(std::strtol("0x7f", nullptr, 0), 127);
  EXPECT_EQ(std::strtol("077", nullptr, 0), 63);
  EXPECT_EQ(std::strtol("zz", nullptr, 36), 1295);
  EXPECT_EQ(std::strtoul("-1", nullptr, 10), ULONG_MAX);
  errno = 0;
  EXPECT_EQ(std::strtol("9223372036854775808", nullptr, 10), LONG_MAX);
  EXPECT_EQ(errno, ERANGE);
  errno = 0;
  EXPECT_EQ(std::strtol("-9223372036854775809", nullptr, 10), LONG_MIN);
  EXPECT_EQ(errno, ERANGE);
  errno = 0;
  EXPECT_EQ(std::strtol("1", nullptr, 1), 0);
  EXPECT_EQ(errno, EINVAL);
  char* end = nullptr;
  const char* text = "0xg";
  EXPECT_EQ(std::strtol(text, &end, 16), 0);
  EXPECT_EQ(end, text + 1);
}

/// What getopt_long() makes of the words: the options' letters with their values, then the rest.
std::string options(std::vector<std::string> words, const char* letters) {
  static int flag = 0;
  const option names[] = {{"verbose", no_argument, nullptr, 'v'},
                          {"output", required_argument, nullptr, 'o'},
                          {"level", optional_argument, nullptr, 'l'},
                          {"flag", no_argument, &flag, 1},
                          {nullptr, 0, nullptr, 0}};
  words.insert(words.begin(), "program");
  std::vector<char*> pointers;
  for (std::string& word : words)
    pointers.push_back(word.data());
  pointers.push_back(nullptr);
  std::string result;
  optind = 0;
  opterr = 0;
  const auto next = [&] {
    optarg = nullptr;
    return getopt_long(static_cast<int>(words.size()), pointers.data(), letters, names, nullptr);
  };
  for (int letter = next(); letter != -1; letter = next()) {
    result += letter == 0 ? "flag" : std::string(1, static_cast<char>(letter));
    result += optarg == nullptr ? " " : "=" + std::string(optarg) + " ";
  }
  result += "|";
  for (std::size_t index = static_cast<std::size_t>(optind); index < words.size(); ++index)
    result += " " + std::string(pointers[index]);
  return result;
}

TEST(Getopt, ReadsShortAndLongOptions) {
  EXPECT_EQ(options({"-vofile", "-o", "x", "rest"}, "vo:"), "v o=file o=x | rest");
  EXPECT_EQ(
      options({"--verb", "--output=f", "--output", "g", "--level", "--level=3", "--flag"}, "v"),
      "v o=f o=g l l=3 flag |");
  EXPECT_EQ(options({"a", "-v", "b", "--", "-v"}, "v"), "v | a b -v"); // sorts the rest behind
  EXPECT_EQ(options({"a", "-v"}, "+v"), "| a -v");
}

TEST(Getopt, TellsWhatIsWrong) {
  EXPECT_EQ(options({"-x"}, "v"), "? |");
  EXPECT_EQ(options({"-o"}, ":o:"), ": |");
  EXPECT_EQ(options({"--unknown"}, "v"), "? |");
  EXPECT_EQ(options({"--verbose=1"}, "v"), "? |");
}

} // namespace
