// SPDX-License-Identifier: Apache-2.0
// What a program finds when it starts: arguments, environment, auxiliary vector, static objects.
#include <array>
#include <cstdlib>
#include <cstring>
#include <elf.h>
#include <gtest/gtest.h>
#include <string>
#include <sys/auxv.h>
#include <unistd.h>
#include <vector>

extern char** environ;

namespace skerry::test {
namespace {

std::vector<int>& order() {
  static std::vector<int> order;
  return order;
}

struct Constructed {
  explicit Constructed(int number) { order().push_back(number); }
};

[[gnu::init_priority(2000)]] Constructed early(1);
Constructed first_in_file(2);
Constructed second_in_file(3);

const std::string computed = std::string("computed ") + "before main";
std::array<char, 100'000> zeros;
int initialised = 12345;

TEST(Start, ConstructsEachStaticObjectOnceAndInOrder) {
  EXPECT_EQ(order(), (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(computed, "computed before main");
}

TEST(Start, FindsDataAsLinkedAndTheRestZero) {
  EXPECT_EQ(initialised, 12345);
  for (const char byte : zeros)
    ASSERT_EQ(byte, 0);
}

TEST(Start, HasAnEnvironmentThatCanBeChanged) {
  ASSERT_NE(environ, nullptr);
  EXPECT_EQ(std::getenv("SKERRY_SURELY_NOT_SET"), nullptr);
  ASSERT_EQ(::setenv("SKERRY_NEW", "value", 1), 0);
  EXPECT_STREQ(std::getenv("SKERRY_NEW"), "value");
  ASSERT_EQ(::unsetenv("SKERRY_NEW"), 0);
  EXPECT_EQ(std::getenv("SKERRY_NEW"), nullptr);
}

TEST(AuxiliaryVector, SaysWhatTheMachineIsLike) {
  EXPECT_EQ(::getauxval(AT_PAGESZ), 4096U);
  EXPECT_EQ(::sysconf(_SC_PAGESIZE), 4096);
}

TEST(AuxiliaryVector, LeadsToTheProgramHeaders) {
  const auto* headers = reinterpret_cast<const Elf64_Phdr*>(::getauxval(AT_PHDR));
  ASSERT_NE(headers, nullptr);
  EXPECT_EQ(::getauxval(AT_PHENT), sizeof(Elf64_Phdr));
  ASSERT_GT(::getauxval(AT_PHNUM), 0U);
  EXPECT_EQ(headers[0].p_type, static_cast<Elf64_Word>(PT_PHDR));
}

TEST(AuxiliaryVector, HoldsRandomBytesForTheCanary) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(::getauxval(AT_RANDOM));
  ASSERT_NE(bytes, nullptr);
  const std::array<unsigned char, 16> zero{};
  EXPECT_NE(std::memcmp(bytes, zero.data(), 8), 0);
  EXPECT_NE(std::memcmp(bytes + 8, zero.data(), 8), 0);
  EXPECT_NE(std::memcmp(bytes, bytes + 8, 8), 0);
}

} // namespace
} // namespace skerry::test
