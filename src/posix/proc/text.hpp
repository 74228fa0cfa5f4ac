// SPDX-License-Identifier: Apache-2.0
// Text of a file in /proc or /sys, which is made when it is opened.
#pragma once

#include <core/format.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace skerry::posix {

/// Fills a buffer as far as there is room, and counts what all of it takes.
class FileText {
public:
  explicit FileText(std::span<char> room) : room_(room) {}

  void add(std::string_view text) {
    const std::size_t start = std::min(size_, room_.size());
    std::ranges::copy(text.substr(0, room_.size() - start), room_.subspan(start).begin());
    size_ += text.size();
  }
  /// A piece of at most 250 characters.
  template <class... Arguments>
  void put(std::type_identity_t<FormatPattern<Arguments...>> pattern,
           const Arguments&... arguments) {
    std::array<char, 250> piece;
    add(format_to<Arguments...>(piece, pattern, arguments...));
  }

  [[nodiscard]] std::size_t size() const { return size_; }

private:
  std::span<char> room_;
  std::size_t size_ = 0;
};

} // namespace skerry::posix
