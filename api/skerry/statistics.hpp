// SPDX-License-Identifier: Apache-2.0
// Counters by name: memory, threads, interrupts, packets and why some were dropped.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skerry {

/// `memory.free_bytes`, `threads.live`, `network.en2.received_packets`. Names with `_bytes`
/// count bytes. What is called free, used or live goes up and down; all else only grows.
struct Statistic {
  std::string name;
  std::uint64_t value = 0;
};

/// All of them, as they are at this moment. Any thread.
[[nodiscard]] std::vector<Statistic> statistics();

/// One of them. Any thread.
[[nodiscard]] std::optional<std::uint64_t> statistic(std::string_view name);

} // namespace skerry
