// SPDX-License-Identifier: Apache-2.0
// A whole machine for code that uses frames(), heap() and hal/paging.hpp: 64 MiB of memory and real
// page tables, which no processor looks at.
#pragma once

#include "../platform/fake_translation_cache.hpp"
#include "machine.hpp"
#include "platform/x86_64/page_tables.hpp"

#include <mm/frames.hpp>

#include <cstddef>
#include <vector>

namespace skerry::mm::test {

/// There is one in the process, as there is one frames().
class World {
public:
  static World& get();

  /// Takes frames until only `left` are free. give_back() ends it.
  void leave_frames(std::size_t left);
  void give_back();

  /// The byte at `address` as the application would reach it, or null where nothing is mapped with
  /// `access` at least.
  [[nodiscard]] std::byte* reach(VirtualAddress address, hal::Access access) const;

  Machine machine{64_MiB};
  x86_64::PageTables tables;

private:
  World();
  std::vector<PhysicalAddress> taken_;
};

} // namespace skerry::mm::test
