// SPDX-License-Identifier: Apache-2.0
// The block function against the vectors of RFC 8439.
#include <core/chacha20.hpp>

#include <gtest/gtest.h>
#include <string>

namespace skerry {
namespace {

std::string hex(std::span<const std::byte> bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const std::byte byte : bytes) {
    text += digits[std::to_integer<unsigned>(byte) >> 4U];
    text += digits[std::to_integer<unsigned>(byte) & 15U];
  }
  return text;
}

TEST(ChaCha20, MatchesSection232) {
  ChaChaKey key;
  for (std::uint32_t i = 0; i < 8; ++i) {
    key[i] = 0x03020100 + 0x04040404 * i;
  }
  std::array<std::byte, chacha_block_bytes> block;
  chacha20_block(key, 1, {0x09000000, 0x4a000000, 0}, block);
  EXPECT_EQ(hex(block), "10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4e"
                        "d2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e");
}

TEST(ChaCha20, MatchesTheAllZeroVector) {
  std::array<std::byte, chacha_block_bytes> block;
  chacha20_block({}, 0, {}, block);
  EXPECT_EQ(hex(block), "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7"
                        "da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586");
}

} // namespace
} // namespace skerry
