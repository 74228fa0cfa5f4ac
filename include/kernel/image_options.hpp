// SPDX-License-Identifier: Apache-2.0
// What skerry_image() writes into an image. cmake/sdk/image.cmake generates it as C, so the layout
// is a contract with that file; cmake/sdk/defaults.c is what an image has without it.
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {

struct SkerryImageOptions {
  /// Bytes of memory that the service asks for; 0: it does not say.
  std::uint64_t memory_bytes;
  /// Read before the line of the boot loader, in the same form; ends with a zero byte.
  const char* command_line;
  /// NAME=VALUE each, ended by a null pointer.
  const char* const* environment;
};

/// Not part of the kernel object. Immutable.
extern const SkerryImageOptions __skerry_image_options;

/// The root file system that ROOT has put into an image; all null without.
struct SkerryImageRoot {
  /// What mounts it (src/fs/image_root.hpp): only an image with ROOT refers to it, and so holds it.
  const void* starter;
  const std::byte* start;
  const std::byte* end;
  /// Absolute paths of directories that get a file system in memory, ended by a null pointer.
  const char* const* memory_directories;
};

/// Not part of the kernel object. Immutable.
extern const SkerryImageRoot __skerry_image_root;
}

static_assert(sizeof(SkerryImageRoot) == 32 && offsetof(SkerryImageRoot, memory_directories) == 24);
static_assert(sizeof(SkerryImageOptions) == 24 && offsetof(SkerryImageOptions, command_line) == 8 &&
              offsetof(SkerryImageOptions, environment) == 16);
