// SPDX-License-Identifier: Apache-2.0
// File systems in memory, and the nodes that they are made of.
#include "src/fs/page_tree.hpp"
#include "src/fs/regular_node.hpp"

#include <fs/tree.hpp>

#include <algorithm>
#include <sys/stat.h>

namespace skerry::fs {
namespace {

class MemoryFileSystem final : public FileSystem {
public:
  using FileSystem::FileSystem;

  [[nodiscard]] Space space() const override {
    const PageBudget budget = page_budget();
    const std::uint64_t free = budget.limit - std::min(budget.limit, budget.used);
    return {.block_bytes = mm::page_size,
            .total = budget.limit,
            .free = free,
            .files = budget.limit,
            .free_files = free};
  }
};

constinit MemoryFileSystem the_first{tmpfs, FileSystem::first_device};

} // namespace

FileSystem& memory_file_system() {
  return the_first;
}

Result<FileSystem*> make_memory_file_system(const FileSystem::Kind& kind, mode_t permissions) {
  void* room = TRY(mm::heap().allocate(sizeof(MemoryFileSystem), alignof(MemoryFileSystem)));
  auto* made = new (room) MemoryFileSystem(kind, next_device());
  const auto top = make_directory(*made, permissions);
  if (!top) {
    mm::heap().free(room);
    return fail(top.error());
  }
  (*top)->add_link(); // it has a name, if not in itself
  made->set_top(*(*top)->as_directory());
  return made;
}

Result<NodeReference> make_regular(const FileSystem& home, mode_t permissions) {
  return NodeReference(TRY(make_node<RegularNode>(home, S_IFREG | permissions)));
}

Result<NodeReference> make_directory(const FileSystem& home, mode_t permissions) {
  return NodeReference(TRY(make_node<TreeDirectory>(home, permissions)));
}

} // namespace skerry::fs
