// SPDX-License-Identifier: Apache-2.0
// Twenty rounds on sixteen words.
#include <core/chacha20.hpp>

#include <bit>
#include <cstring>

namespace skerry {
namespace {

using State = std::array<std::uint32_t, 16>;

/// RFC 8439, 2.1.
void quarter_round(std::uint32_t& a, std::uint32_t& b, std::uint32_t& c, std::uint32_t& d) {
  a += b;
  d = std::rotl(d ^ a, 16);
  c += d;
  b = std::rotl(b ^ c, 12);
  a += b;
  d = std::rotl(d ^ a, 8);
  c += d;
  b = std::rotl(b ^ c, 7);
}

void double_round(State& x) {
  quarter_round(x[0], x[4], x[8], x[12]);
  quarter_round(x[1], x[5], x[9], x[13]);
  quarter_round(x[2], x[6], x[10], x[14]);
  quarter_round(x[3], x[7], x[11], x[15]);
  quarter_round(x[0], x[5], x[10], x[15]);
  quarter_round(x[1], x[6], x[11], x[12]);
  quarter_round(x[2], x[7], x[8], x[13]);
  quarter_round(x[3], x[4], x[9], x[14]);
}

} // namespace

void chacha20_block(const ChaChaKey& key, std::uint32_t counter,
                    const std::array<std::uint32_t, 3>& nonce,
                    std::span<std::byte, chacha_block_bytes> output) {
  static_assert(std::endian::native == std::endian::little);
  const State start = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, key[0], key[1],
                       key[2],     key[3],     key[4],     key[5],     key[6], key[7],
                       counter,    nonce[0],   nonce[1],   nonce[2]};
  State state = start;
  for (int round = 0; round < 10; ++round) {
    double_round(state);
  }
  for (std::size_t i = 0; i < state.size(); ++i) {
    state[i] += start[i];
  }
  std::memcpy(output.data(), state.data(), output.size());
}

} // namespace skerry
