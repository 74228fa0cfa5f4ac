// SPDX-License-Identifier: Apache-2.0
// Files in memory, without a name.
#pragma once

#include "descriptor.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>

namespace skerry::test {

/// A file in memory with `text` in it and its position at the start.
inline Descriptor file_with(std::string_view text) {
  const int file = ::memfd_create("file", 0);
  EXPECT_EQ(::pwrite(file, text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  return Descriptor(file);
}

/// What is in it, at most 100 bytes.
inline std::string contents(int file) {
  std::string text(100, '?');
  const ssize_t size = ::pread(file, text.data(), text.size(), 0);
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  return text;
}

} // namespace skerry::test
