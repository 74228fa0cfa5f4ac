// SPDX-License-Identifier: Apache-2.0
// Implements hal/random.hpp with getrandom(2).
#include "platform/hosted/random.hpp"

#include <hal/random.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <sys/random.h>

namespace skerry {
namespace {

std::atomic<std::size_t> limit = SIZE_MAX;

} // namespace

void hosted::limit_hardware_seed(std::size_t bytes) {
  limit = bytes;
}

std::size_t hal::hardware_seed(std::span<std::byte> buffer) {
  // Up to 256 bytes come at once or not at all.
  const std::size_t wanted = std::min({buffer.size(), limit.load(), std::size_t{256}});
  const ssize_t filled = getrandom(buffer.data(), wanted, 0);
  return filled < 0 ? 0 : static_cast<std::size_t>(filled);
}

} // namespace skerry
