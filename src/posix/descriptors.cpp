// SPDX-License-Identifier: Apache-2.0
// The descriptor table.
#include "src/posix/descriptors.hpp"

#include "src/fs/console_file.hpp"

#include <kernel/locked.hpp>

#include <array>

namespace skerry::posix {
namespace {

struct Slot {
  fs::FileReference file;
  bool close_on_exec = false;
};

using Slots = std::array<Slot, max_descriptors>;
[[clang::no_destroy]] constinit Locked<Slots> table{LockRank::descriptors};

/// The lock holds for a few instructions; a file that goes is released after it.
fs::FileReference exchange(Slot& slot, fs::FileReference file, bool close_on_exec) {
  fs::FileReference old = std::move(slot.file);
  slot = {std::move(file), close_on_exec};
  return old;
}

} // namespace

Result<fs::FileReference> find_file(int descriptor) {
  if (descriptor < 0 || descriptor >= max_descriptors) {
    return fail(std::errc::bad_file_descriptor);
  }
  const auto slots = table.lock();
  const fs::FileReference& file = (*slots)[static_cast<std::size_t>(descriptor)].file;
  return file ? Result<fs::FileReference>(file) : fail(std::errc::bad_file_descriptor);
}

Result<int> open_descriptor(fs::FileReference file, bool close_on_exec, int lowest) {
  const auto slots = table.lock();
  for (int number = lowest; number < max_descriptors; ++number) {
    Slot& slot = (*slots)[static_cast<std::size_t>(number)];
    if (!slot.file) {
      slot = {std::move(file), close_on_exec};
      return number;
    }
  }
  return fail(std::errc::too_many_files_open);
}

Result<> close_descriptor(int descriptor) {
  TRY(find_file(descriptor));
  fs::FileReference old;
  {
    const auto slots = table.lock();
    old = exchange((*slots)[static_cast<std::size_t>(descriptor)], {}, false);
  }
  return {};
}

Result<> open_standard_descriptors() {
  for (int number = 0; number < 3; ++number) {
    TRY(open_descriptor(fs::console_file(), false));
  }
  return {};
}

} // namespace skerry::posix
