// SPDX-License-Identifier: Apache-2.0
// SipHash-2-4 (Aumasson and Bernstein, 2012): a short keyed hash that cannot be predicted without
// the key. For sequence numbers and hash tables that peers feed.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace skerry {

struct SipKey {
  std::uint64_t words[2] = {};
};

class SipHash {
public:
  /// The hash of `data` under `key`. Any context.
  [[nodiscard]] static std::uint64_t hash(const SipKey& key, std::span<const std::byte> data) {
    SipHash state(key);
    std::size_t at = 0;
    for (; at + 8 <= data.size(); at += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, data.data() + at, 8);
      state.absorb(word);
    }
    std::uint64_t last = static_cast<std::uint64_t>(data.size()) << 56U;
    for (unsigned shift = 0; at < data.size(); ++at, shift += 8) {
      last |= std::to_integer<std::uint64_t>(data[at]) << shift;
    }
    state.absorb(last);
    return state.finish();
  }

private:
  explicit SipHash(const SipKey& key)
      : v0_(key.words[0] ^ 0x736f6d6570736575), v1_(key.words[1] ^ 0x646f72616e646f6d),
        v2_(key.words[0] ^ 0x6c7967656e657261), v3_(key.words[1] ^ 0x7465646279746573) {}

  void round() {
    v0_ += v1_;
    v1_ = std::rotl(v1_, 13) ^ v0_;
    v0_ = std::rotl(v0_, 32);
    v2_ += v3_;
    v3_ = std::rotl(v3_, 16) ^ v2_;
    v0_ += v3_;
    v3_ = std::rotl(v3_, 21) ^ v0_;
    v2_ += v1_;
    v1_ = std::rotl(v1_, 17) ^ v2_;
    v2_ = std::rotl(v2_, 32);
  }

  void absorb(std::uint64_t word) {
    v3_ ^= word;
    round();
    round();
    v0_ ^= word;
  }

  std::uint64_t finish() {
    v2_ ^= 0xff;
    for (int i = 0; i < 4; ++i) {
      round();
    }
    return v0_ ^ v1_ ^ v2_ ^ v3_;
  }

  std::uint64_t v0_;
  std::uint64_t v1_;
  std::uint64_t v2_;
  std::uint64_t v3_;
};

} // namespace skerry
