// SPDX-License-Identifier: Apache-2.0
// The ring behind the log.
#include <kernel/log_ring.hpp>

#include <algorithm>

namespace skerry::kernel {

void LogRing::append(std::string_view text) {
  for (const char character : text) {
    bytes_[next_] = character;
    next_ = (next_ + 1) % capacity;
  }
  used_ = std::min(capacity, used_ + text.size());
}

std::size_t LogRing::copy_newest(std::span<char> output) const {
  const std::size_t count = std::min(output.size(), used_);
  std::size_t from = (next_ + capacity - count) % capacity;
  for (std::size_t i = 0; i < count; ++i) {
    output[i] = bytes_[from];
    from = (from + 1) % capacity;
  }
  return count;
}

} // namespace skerry::kernel
