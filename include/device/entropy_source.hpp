// SPDX-License-Identifier: Apache-2.0
// A source of true randomness. Its only consumer is the kernel's generator (kernel/random.hpp).
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace skerry::device {

/// Context: thread; fill() may block for a bounded time. Lifetime: lives for ever.
class EntropySource {
public:
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// Fills the front of `buffer`; returns how many bytes, 0 when the source gave none in time or is
  /// broken.
  [[nodiscard]] virtual std::size_t fill(std::span<std::byte> buffer) = 0;

protected:
  ~EntropySource() = default;
};

} // namespace skerry::device
