// SPDX-License-Identifier: Apache-2.0
// The hash against the vectors of its authors.
#include <core/siphash.hpp>

#include <array>
#include <gtest/gtest.h>

namespace skerry {
namespace {

constexpr SipKey key{{0x0706050403020100, 0x0f0e0d0c0b0a0908}};

std::array<std::byte, 15> counting_bytes() {
  std::array<std::byte, 15> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::byte>(i);
  }
  return bytes;
}

TEST(SipHash, MatchesThePaper) {
  EXPECT_EQ(SipHash::hash(key, counting_bytes()), 0xa129ca6149be45e5U);
}

TEST(SipHash, MatchesTheReferenceForShortInputs) {
  const auto bytes = counting_bytes();
  EXPECT_EQ(SipHash::hash(key, std::span(bytes).first(0)), 0x726fdb47dd0e0e31U);
  EXPECT_EQ(SipHash::hash(key, std::span(bytes).first(8)), 0x93f5f5799a932462U);
}

} // namespace
} // namespace skerry
