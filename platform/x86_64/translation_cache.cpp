// SPDX-License-Identifier: Apache-2.0
// The privileged instructions behind paging.
#include "platform/x86_64/translation_cache.hpp"

#include <core/bytes.hpp>

#include <cstdint>

namespace skerry::x86_64 {
namespace {

constexpr unsigned cr4_global_pages = 7;

std::uint64_t read_cr4() {
  std::uint64_t value = 0;
  asm volatile("movq %%cr4, %0" : "=r"(value));
  return value;
}

void write_cr4(std::uint64_t value) {
  asm volatile("movq %0, %%cr4" : : "r"(value) : "memory");
}

} // namespace

void flush_page(mm::VirtualAddress address) {
  asm volatile("invlpg (%0)" : : "r"(address.value()) : "memory");
}

void flush_local_pages() {
  std::uint64_t root = 0;
  asm volatile("movq %%cr3, %0; movq %0, %%cr3" : "=&r"(root) : : "memory");
}

void flush_all_pages() {
  // A change of CR4.PGE is the one way to reach global entries that every processor has.
  const std::uint64_t value = read_cr4();
  if (!has_bit(value, cr4_global_pages)) {
    flush_local_pages();
    return;
  }
  write_cr4(value & ~bit(cr4_global_pages));
  write_cr4(value);
}

bool global_pages_enabled() {
  return has_bit(read_cr4(), cr4_global_pages);
}

} // namespace skerry::x86_64
