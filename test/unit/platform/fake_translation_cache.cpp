// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "fake_translation_cache.hpp"

#include "platform/x86_64/translation_cache.hpp"

#include <iterator>

namespace skerry::x86_64 {
namespace test {

void FakeTranslationCache::remember(const PageTables& tables, mm::VirtualAddress address) {
  const auto leaf = tables.find(address);
  if (leaf && leaf->access != hal::Access::none) {
    remembered_[mm::VirtualAddress(align_down(address.value(), leaf->size_bytes))] = *leaf;
  }
}

bool FakeTranslationCache::agrees_with(const PageTables& tables) const {
  for (const auto& [start, remembered] : remembered_) {
    for (std::uint64_t offset = 0; offset < remembered.size_bytes; offset += mm::page_size) {
      const auto now = tables.find(start + offset);
      if (!now || now->access != remembered.access) {
        return false;
      }
      const std::uint64_t within = (start + offset).value() & (now->size_bytes - 1);
      if (now->frame + within != remembered.frame + offset) {
        return false;
      }
    }
  }
  return true;
}

void FakeTranslationCache::forget_page(mm::VirtualAddress address) {
  ++single_flushes;
  const auto next = remembered_.upper_bound(address);
  if (next == remembered_.begin()) {
    return;
  }
  const auto leaf = std::prev(next);
  if (address < leaf->first + leaf->second.size_bytes) {
    remembered_.erase(leaf);
  }
}

void FakeTranslationCache::forget_all(bool global_ones_too) {
  ++whole_flushes;
  std::erase_if(remembered_, [&](const auto& leaf) {
    return global_ones_too || !has_bit(leaf.first.value(), 63);
  });
}

FakeTranslationCache& translation_cache() {
  static FakeTranslationCache cache;
  return cache;
}

} // namespace test

void flush_page(mm::VirtualAddress address) {
  test::translation_cache().forget_page(address);
}
void flush_local_pages() {
  test::translation_cache().forget_all(false);
}
void flush_all_pages() {
  test::translation_cache().forget_all(true);
}

} // namespace skerry::x86_64
