// SPDX-License-Identifier: Apache-2.0
// Stands in for the processor's memory of translations: it remembers all that it was told, until
// it is made to forget.
#pragma once

#include "platform/x86_64/page_tables.hpp"

#include <cstdint>
#include <map>

namespace skerry::x86_64::test {

class FakeTranslationCache {
public:
  /// Remembers the leaf that maps `address`, as an access would.
  void remember(const PageTables& tables, mm::VirtualAddress address);
  /// True when all that it remembers is still so.
  [[nodiscard]] bool agrees_with(const PageTables& tables) const;

  void forget_page(mm::VirtualAddress address);
  void forget_all(bool global_ones_too);
  void reset() { *this = FakeTranslationCache(); }

  int single_flushes = 0;
  int whole_flushes = 0;

private:
  std::map<mm::VirtualAddress, hal::Mapping> remembered_; // by start of the leaf
};

/// The one that flush_page() and its kin work on.
FakeTranslationCache& translation_cache();

} // namespace skerry::x86_64::test
