// SPDX-License-Identifier: Apache-2.0
// Turns an instruction that yields random words into bytes, and takes a broken one for absent:
// processors are known whose RDRAND returned all ones after a suspend, with every sign of success.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>

namespace skerry::x86_64 {

/// How often a word is asked for before the source counts as exhausted (Intel SDM vol. 1,
/// 7.3.17.1).
inline constexpr int random_attempts = 10;

/// Fills the front of `buffer` with words from `next_word`, a callable that returns
/// std::optional<std::uint64_t>. Returns how many bytes were filled; 0 when any word was all zeros,
/// all ones or the same as the one before, for then none of them can be trusted. A healthy source
/// is wrongly refused once in 2^62 words.
template <class NextWord>
[[nodiscard]] std::size_t fill_with_random_words(std::span<std::byte> buffer,
                                                 NextWord&& next_word) {
  const auto healthy_word = [&](std::uint64_t previous) -> std::optional<std::uint64_t> {
    const std::optional<std::uint64_t> word = next_word();
    if (word && (*word == 0 || *word == ~std::uint64_t{0} || *word == previous)) {
      return std::uint64_t{0}; // stands for "broken"
    }
    return word;
  };
  // One word more than is used, so that a constant is noticed in the shortest buffer too.
  std::optional<std::uint64_t> word = healthy_word(0);
  std::size_t filled = 0;
  while (filled < buffer.size()) {
    word = word && *word != 0 ? healthy_word(*word) : word;
    if (!word) {
      break;
    }
    if (*word == 0) {
      std::memset(buffer.data(), 0, filled);
      return 0;
    }
    const std::size_t size = buffer.size() - filled < 8 ? buffer.size() - filled : 8;
    std::memcpy(buffer.data() + filled, &*word, size);
    filled += size;
  }
  return filled;
}

} // namespace skerry::x86_64
