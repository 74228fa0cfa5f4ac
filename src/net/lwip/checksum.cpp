// SPDX-License-Identifier: Apache-2.0
// The Internet checksum (RFC 1071) over 64-bit words with the carry brought round.
#include "src/net/lwip/checksum.hpp"

#include <cstring>

namespace skerry::net {
namespace {

std::uint64_t load(const std::byte* from) {
  std::uint64_t word = 0;
  std::memcpy(&word, from, sizeof word);
  return word;
}

/// Adds with the carry brought round.
std::uint64_t add(std::uint64_t sum, std::uint64_t word) {
  unsigned long long carry = 0;
  const std::uint64_t result = __builtin_addcll(sum, word, 0, &carry);
  return result + carry;
}

std::uint64_t add_block(std::uint64_t sum, const std::byte* at) {
  unsigned long long carry = 0;
  sum = __builtin_addcll(sum, load(at), 0, &carry);
  sum = __builtin_addcll(sum, load(at + 8), carry, &carry);
  sum = __builtin_addcll(sum, load(at + 16), carry, &carry);
  sum = __builtin_addcll(sum, load(at + 24), carry, &carry);
  return sum + carry;
}

} // namespace

std::uint16_t internet_sum(std::span<const std::byte> data) {
  std::uint64_t sum = 0;
  const std::byte* at = data.data();
  std::size_t left = data.size();
  for (; left >= 32; left -= 32, at += 32) {
    sum = add_block(sum, at);
  }
  for (; left >= 8; left -= 8, at += 8) {
    sum = add(sum, load(at));
  }
  std::uint64_t rest = 0; // an odd byte counts as the first of a pair, so zeros follow it
  std::memcpy(&rest, at, left);
  sum = add(sum, rest);
  sum = (sum >> 32U) + (sum & 0xffff'ffffU);
  sum = (sum >> 32U) + (sum & 0xffff'ffffU);
  sum = (sum >> 16U) + (sum & 0xffffU);
  sum = (sum >> 16U) + (sum & 0xffffU);
  return static_cast<std::uint16_t>(sum);
}

} // namespace skerry::net

extern "C" std::uint16_t skerry_net_checksum(const void* data, int size) {
  return skerry::net::internet_sum(
      {static_cast<const std::byte*>(data), static_cast<std::size_t>(size)});
}
