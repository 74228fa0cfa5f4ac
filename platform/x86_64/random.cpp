// SPDX-License-Identifier: Apache-2.0
// RDSEED where it exists, else RDRAND (Intel SDM vol. 1, 7.3.17).
#include "platform/x86_64/cpuid.hpp"
#include "platform/x86_64/random_words.hpp"

#include <hal/random.hpp>

namespace skerry::hal {
namespace {

using Word = std::optional<std::uint64_t>;

Word rdseed() {
  for (int attempt = 0; attempt < x86_64::random_attempts; ++attempt) {
    std::uint64_t word = 0;
    bool valid = false;
    asm volatile("rdseed %0" : "=r"(word), "=@ccc"(valid));
    if (valid) {
      return word;
    }
    asm volatile("pause"); // the source refills more slowly than it can be drained
  }
  return std::nullopt;
}

Word rdrand() {
  for (int attempt = 0; attempt < x86_64::random_attempts; ++attempt) {
    std::uint64_t word = 0;
    bool valid = false;
    asm volatile("rdrand %0" : "=r"(word), "=@ccc"(valid));
    if (valid) {
      return word;
    }
  }
  return std::nullopt;
}

} // namespace

std::size_t hardware_seed(std::span<std::byte> buffer) {
  std::size_t filled = 0;
  if (x86_64::cpu_has_rdseed()) {
    filled = x86_64::fill_with_random_words(buffer, rdseed);
  }
  if (filled < buffer.size() && x86_64::cpu_has_rdrand()) {
    filled += x86_64::fill_with_random_words(buffer.subspan(filled), rdrand);
  }
  return filled;
}

} // namespace skerry::hal
