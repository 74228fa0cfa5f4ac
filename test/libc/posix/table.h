// SPDX-License-Identifier: Apache-2.0
// The tests of an image: CMakeLists.txt writes the table.
#pragma once

struct Test {
  const char* name; // null in the row behind the last
  int (*main)(int, char**);
};

extern const struct Test tests[];
