// SPDX-License-Identifier: Apache-2.0
// What a program finds when it starts: arguments, environment, auxiliary vector, static objects.
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <elf.h>
#include <gtest/gtest.h>
#include <linux/version.h>
#include <string>
#include <sys/auxv.h>
#include <sys/utsname.h>
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

TEST(Start, TellsOneVersionOfLinux) {
  utsname name{};
  ASSERT_EQ(uname(&name), 0);
  unsigned major = 0;
  unsigned minor = 0;
  ASSERT_EQ(std::sscanf(name.release, "%u.%u", &major, &minor), 2) << name.release;
  EXPECT_EQ(LINUX_VERSION_CODE, KERNEL_VERSION(major, minor, 0)) << name.release;
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

/// The number that `factor`, which is odd, was multiplied with.
std::uint64_t divide(std::uint64_t product, std::uint64_t factor) {
  std::uint64_t inverse = factor;
  for (int i = 0; i < 6; ++i) {
    inverse *= 2 - factor * inverse;
  }
  return product * inverse;
}

TEST(AuxiliaryVector, HoldsRandomBytesThatDoNotFollowFromTheStack) {
  const auto place = ::getauxval(AT_RANDOM);
  std::array<std::uint64_t, 2> words{};
  std::memcpy(words.data(), reinterpret_cast<const void*>(place), sizeof words);
  // What the kernel falls back to where it has no randomness at all.
  EXPECT_GT(divide(words[0], 0x9e37'79b9'7f4a'7c15) - place, 1U << 20U);
  EXPECT_GT(~divide(words[1], 0xbf58'476d'1ce4'e5b9) - place, 1U << 20U);
}

} // namespace
} // namespace skerry::test
