// SPDX-License-Identifier: Apache-2.0
// What an image has without ROOT. A file of its own: the linker takes a file of an archive as a whole,
// and an image may have options without a root. See include/kernel/image_options.hpp.
const struct {
  const void* starter;
  const unsigned char *start, *end;
  const char* const* memory_directories;
} __skerry_image_root = {0, 0, 0, 0};
