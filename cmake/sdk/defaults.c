// SPDX-License-Identifier: Apache-2.0
// What an image has without skerry_image(): no options. See include/kernel/image_options.hpp.
static const char* const no_environment[] = {0};

const struct {
  unsigned long long memory_bytes;
  const char* command_line;
  const char* const* environment;
} __skerry_image_options = {0, "", no_environment};
