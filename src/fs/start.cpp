// SPDX-License-Identifier: Apache-2.0
// What the tree of files holds when a service starts.
#include "src/fs/devices.hpp"
#include "src/fs/page_tree.hpp"
#include "src/fs/regular_node.hpp"
#include "src/fs/tree.hpp"

#include <core/assert.hpp>
#include <kernel/random.hpp>

#include <sys/stat.h>

namespace skerry::fs {
namespace {

constinit TreeDirectory* the_root = nullptr;

Result<NodeRef<TreeDirectory>> add_directory(TreeDirectory& above, std::string_view name,
                                             mode_t permissions) {
  auto made = TRY(make_node<TreeDirectory>(permissions));
  TRY(above.enter(name, made));
  return made;
}

} // namespace

Result<> start_files() {
  // Without entropy the names of files can be guessed to collide; nothing else depends on the key.
  if (const auto key = kernel::random_value<SipKey>()) {
    tree().lock()->set_key(*key);
  }
  auto made = TRY(make_node<TreeDirectory>(mode_t{0755}));
  made->add_link();
  made->hold(); // for ever
  the_root = made.get();
  constexpr mode_t for_all = S_ISVTX | 0777;
  TRY(add_directory(root(), "etc", 0755));
  TRY(add_directory(root(), "tmp", for_all));
  const auto var = TRY(add_directory(root(), "var", 0755));
  TRY(add_directory(*var, "tmp", for_all));
  const auto dev = TRY(add_directory(root(), "dev", 0755));
  TRY(add_directory(*dev, "shm", for_all));
  return enter_devices(*dev);
}

TreeDirectory& root() {
  SKERRY_ASSERT(the_root != nullptr);
  return *the_root;
}

Result<NodeReference> make_regular(mode_t permissions) {
  return NodeReference(TRY(make_node<RegularNode>(S_IFREG | permissions)));
}

Result<NodeReference> make_directory(mode_t permissions) {
  return NodeReference(TRY(make_node<TreeDirectory>(permissions)));
}

Space space() {
  const PageBudget budget = page_budget();
  return {.total = budget.limit, .free = budget.limit - std::min(budget.limit, budget.used)};
}

} // namespace skerry::fs
