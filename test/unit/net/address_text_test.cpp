// SPDX-License-Identifier: Apache-2.0
// Addresses as text: what is one, what is none, and the canonical form.
#include "src/net/address_text.hpp"

#include <gtest/gtest.h>
#include <string>

namespace skerry::net {
namespace {

std::string canonical(std::string_view text) {
  const auto address = parse_address(text);
  if (!address) {
    return "none";
  }
  char buffer[address_text_size];
  return std::string(print_address(*address, buffer));
}

TEST(AddressText, PrintsWhatItReadInCanonicalForm) {
  EXPECT_EQ(canonical("10.0.2.15"), "10.0.2.15");
  EXPECT_EQ(canonical("255.255.255.255"), "255.255.255.255");
  EXPECT_EQ(canonical("::"), "::");
  EXPECT_EQ(canonical("::1"), "::1");
  EXPECT_EQ(canonical("fe80::"), "fe80::");
  EXPECT_EQ(canonical("2001:DB8:0:0:1:0:0:1"), "2001:db8::1:0:0:1");
  EXPECT_EQ(canonical("1:2:3:4:5:6:7:8"), "1:2:3:4:5:6:7:8");
  EXPECT_EQ(canonical("1:0:3:4:5:6:7:8"), "1:0:3:4:5:6:7:8");
  EXPECT_EQ(canonical("::ffff:192.0.2.1"), "::ffff:c000:201");
}

TEST(AddressText, RefusesWhatIsNone) {
  for (const std::string_view text : {"",
                                      "1",
                                      "1.2.3",
                                      "1.2.3.4.5",
                                      "256.1.1.1",
                                      "01.2.3.4",
                                      "1.2.3.4 ",
                                      "a.b.c.d",
                                      ":",
                                      ":::",
                                      "1::2::3",
                                      "1:2:3:4:5:6:7",
                                      "1:2:3:4:5:6:7:8:9",
                                      "12345::",
                                      "::1:",
                                      ":1::",
                                      "g::1",
                                      "1:2:3:4:5:6:7::8:9",
                                      "::1.2.3",
                                      "1:2:3:4:5:6:7:1.2.3.4",
                                      "fe80::1%en0"}) {
    EXPECT_EQ(canonical(text), "none") << text;
  }
}

TEST(AddressText, ReadsPrefixes) {
  const auto prefix = parse_prefix("10.0.0.2/24");
  ASSERT_TRUE(prefix);
  EXPECT_EQ(prefix->bits, 24U);
  EXPECT_TRUE(parse_prefix("fd00::2/128"));
  for (const std::string_view text : {"10.0.0.2", "10.0.0.2/", "10.0.0.2/33", "10.0.0.2/-1",
                                      "fd00::2/129", "/24", "10.0.0.2/24/24"}) {
    EXPECT_FALSE(parse_prefix(text)) << text;
  }
}

} // namespace
} // namespace skerry::net
