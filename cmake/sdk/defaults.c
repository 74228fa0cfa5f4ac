// SPDX-License-Identifier: Apache-2.0
// What an image has without skerry_image(): no options, no root. See include/kernel/image_options.hpp.
static const char* const no_environment[] = {0};

const struct {
  unsigned long long memory_bytes;
  const char* command_line;
  const char* const* environment;
} __skerry_image_options = {0, "", no_environment};

const struct {
  const void* starter;
  const unsigned char *start, *end;
  const char* const* memory_directories;
} __skerry_image_root = {0, 0, 0, 0};
