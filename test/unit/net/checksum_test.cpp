// SPDX-License-Identifier: Apache-2.0
// The checksum against the definition, for every size and alignment that matters.
#include "src/net/lwip/checksum.hpp"

#include <cstring>
#include <gtest/gtest.h>
#include <vector>

namespace skerry::net {
namespace {

std::uint16_t by_definition(std::span<const std::byte> data) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < data.size(); i += 2) {
    std::uint16_t word = 0;
    std::memcpy(&word, data.data() + i, std::min<std::size_t>(2, data.size() - i));
    sum += word;
    sum = (sum & 0xffffU) + (sum >> 16U);
  }
  return static_cast<std::uint16_t>(sum);
}

TEST(InternetSum, IsThatOfRfc1071) {
  std::vector<std::byte> data(2048);
  std::uint32_t state = 7;
  for (std::byte& byte : data) {
    state = state * 1664525 + 1013904223;
    byte = static_cast<std::byte>(state >> 24U);
  }
  for (std::size_t start = 0; start < 9; ++start) {
    for (std::size_t size = 0; size < 300; ++size) {
      const auto part = std::span(data).subspan(start, size);
      ASSERT_EQ(internet_sum(part), by_definition(part)) << start << " " << size;
    }
  }
  std::fill(data.begin(), data.end(), std::byte{0xff});
  EXPECT_EQ(internet_sum(data), 0xffff);
}

} // namespace
} // namespace skerry::net
