// SPDX-License-Identifier: Apache-2.0
// The tests of an image, as the suite on the host writes them down for what is in the image.
#pragma once

/// A file that a test wants to find in its folder.
struct TestFile {
  const char* name;
  const char* bytes;
  unsigned long size_bytes;
};

struct Test {
  using Constructor = void (*)(int, char**, char**);

  const char* name;
  int (*main)(int, char**);
  const Constructor* constructors; ///< run just before main()
  unsigned long constructor_count;
  const TestFile* files;
  unsigned long file_count;
};

extern const Test tests_of_image[];
extern const unsigned long test_count;
