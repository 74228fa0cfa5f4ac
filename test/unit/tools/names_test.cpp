// SPDX-License-Identifier: Apache-2.0
// Tests of how symbol names are made readable.
#include "link/names.hpp"

#include <gtest/gtest.h>

namespace skerry::link {
namespace {

TEST(ReadableName, DemanglesCxxNamesOnly) {
  EXPECT_EQ(readable_name("_ZN6skerry6kernel5panicEPKc"), "skerry::kernel::panic(char const*)");
  EXPECT_EQ(readable_name("memcpy"), "memcpy");
  EXPECT_EQ(readable_name("_Z not mangled"), "_Z not mangled");
  EXPECT_EQ(readable_name(""), "");
}

TEST(ReadableName, SpellsLibcxxsNamesAsTheyAreWritten) {
  EXPECT_EQ(readable_name("_ZNSt3__16thread4joinEv"), "std::thread::join()");
  EXPECT_EQ(readable_name("_Z1fNSt3__117basic_string_viewIcNS_11char_traitsIcEEEE"),
            "f(std::string_view)");
  EXPECT_EQ(readable_name("_Z1fNSt3__14spanIKcLm18446744073709551615EEE"),
            "f(std::span<char const>)");
  EXPECT_EQ(readable_name("_ZNSt3__13getB8fe190107Ev"), "std::get()");
}

TEST(Shorten, KeepsNameThatFits) {
  EXPECT_EQ(shorten("f<int>(int)", 11), "f<int>(int)");
}

TEST(Shorten, DropsTemplateArgumentsFirst) {
  EXPECT_EQ(shorten("std::map<int, std::less<int>>::find(int const&)", 30),
            "std::map<>::find(int const&)");
  EXPECT_EQ(shorten("f<(a > b), g<int>>(int)", 10), "f<>(int)");
}

TEST(Shorten, DoesNotTakeOperatorsForBrackets) {
  EXPECT_EQ(shorten("a::operator<(b<int>, c<int>)", 26), "a::operator<(b<>, c<>)");
  EXPECT_EQ(shorten("a<int, char>::operator->() const", 24), "a<>::operator->() const");
  EXPECT_EQ(shorten("a<int, char>::operator<=>(a<int, char>)", 30), "a<>::operator<=>(a<>)");
}

TEST(Shorten, DropsParametersNext) {
  EXPECT_EQ(shorten("(anonymous namespace)::parse(std::string_view, int) const", 40),
            "(anonymous namespace)::parse() const");
  EXPECT_EQ(shorten("f(void (*)(int), int)::{lambda(int)#1}::operator()(int, char) const", 62),
            "f(void (*)(int), int)::{lambda(int)#1}::operator()() const");
}

TEST(Shorten, CutsWhatIsStillTooLong) {
  EXPECT_EQ(shorten("a_plain_name_without_any_structure", 10), "a_plain...");
}

TEST(Shorten, EndsForUnbalancedBrackets) {
  for (const char* name : {"f<", "f<(", "(((((", ">>>", "operator", "operator<", "f(<)>"})
    for (std::size_t limit = 3; limit < 6; ++limit)
      EXPECT_LE(shorten(name, limit).size(), limit) << name;
}

} // namespace
} // namespace skerry::link
