// SPDX-License-Identifier: Apache-2.0
// The newest part of the log in memory: what a debugger, a crash report or a service may read.
#pragma once

#include <core/log.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace skerry::kernel {

/// A ring of text: appending drops the oldest bytes. Not synchronised.
class LogRing {
public:
  static constexpr std::size_t capacity = 16384;

  constexpr LogRing() = default;

  void append(std::string_view text);
  /// Copies the newest bytes that fit into `output`, oldest first; returns how many.
  [[nodiscard]] std::size_t copy_newest(std::span<char> output) const;
  [[nodiscard]] std::size_t size() const { return used_; }

private:
  std::array<char, capacity> bytes_{};
  std::size_t next_ = 0;
  std::size_t used_ = 0;
};

/// Lines less important than `level` go to the ring but not to the console.
void set_console_level(log::Level level);

/// Copies the newest log text; see LogRing::copy_newest(). Any context.
std::size_t copy_newest_log(std::span<char> output);

} // namespace skerry::kernel
