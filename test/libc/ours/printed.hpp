// SPDX-License-Identifier: Apache-2.0
// What printf makes of a format.
#pragma once

#include <cstdio>
#include <string>

template <typename... Arguments> std::string printed(const char* format, Arguments... arguments) {
  char text[2048];
  const int length = std::snprintf(text, sizeof text, format, arguments...);
  if (length < 0)
    return "snprintf() failed";
  return {text, static_cast<std::size_t>(length)};
}
