// SPDX-License-Identifier: Apache-2.0
// A pipe with both its ends.
#pragma once

#include "descriptor.hpp"

#include <array>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <unistd.h>

namespace skerry::test {

class PipePair {
  std::array<int, 2> ends_;

public:
  explicit PipePair(int flags = 0) : ends_(open(flags)), reader(ends_[0]), writer(ends_[1]) {}

  /// Puts bytes in, for which there is room.
  void put(std::string_view text) {
    EXPECT_EQ(::write(writer, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  /// Takes what there is, at most `size` bytes.
  std::string take(std::size_t size = 100) {
    std::string text(size, '?');
    const ssize_t count = ::read(reader, text.data(), size);
    EXPECT_GE(count, 0);
    text.resize(static_cast<std::size_t>(count < 0 ? 0 : count));
    return text;
  }

private:
  static std::array<int, 2> open(int flags) {
    std::array<int, 2> ends{-1, -1};
    EXPECT_EQ(::pipe2(ends.data(), flags), 0);
    return ends;
  }

public:
  Descriptor reader;
  Descriptor writer;
};

} // namespace skerry::test
