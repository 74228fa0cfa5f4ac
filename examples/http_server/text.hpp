// SPDX-License-Identifier: Apache-2.0
// Builds text in a buffer, many times cheaper than printf.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <span>
#include <string_view>

/// Appends to a buffer; what does not fit is cut off.
class Text {
public:
  explicit Text(std::span<char> buffer) : buffer_(buffer) {}

  Text& operator<<(std::string_view text) {
    const std::size_t size = std::min(text.size(), buffer_.size() - used_);
    std::copy_n(text.data(), size, buffer_.data() + used_);
    used_ += size;
    return *this;
  }

  Text& operator<<(unsigned long number) {
    const auto end = std::to_chars(buffer_.data() + used_, buffer_.data() + buffer_.size(), number);
    if (end.ec == std::errc()) {
      used_ = static_cast<std::size_t>(end.ptr - buffer_.data());
    }
    return *this;
  }

  [[nodiscard]] std::size_t size() const { return used_; }
  [[nodiscard]] std::string_view view() const { return {buffer_.data(), used_}; }

private:
  std::span<char> buffer_;
  std::size_t used_ = 0;
};
