// SPDX-License-Identifier: Apache-2.0
// Where the image and the direct map go: random on every boot.
#include "platform/x86_64/boot/early.hpp"
#include "platform/x86_64/cpuid.hpp"

#include <mm/layout.hpp>

namespace skerry::x86_64::early {
namespace {

constexpr int attempts = 10; // Intel SDM vol. 1, 7.3.17.1

bool read_rdseed(std::uint64_t& word) {
  for (int i = 0; i < attempts; ++i) {
    bool valid = false;
    asm volatile("rdseed %0" : "=r"(word), "=@ccc"(valid));
    if (valid && word != 0 && word != ~std::uint64_t{0}) {
      return true;
    }
  }
  return false;
}

bool read_rdrand(std::uint64_t& word) {
  for (int i = 0; i < attempts; ++i) {
    bool valid = false;
    asm volatile("rdrand %0" : "=r"(word), "=@ccc"(valid));
    if (valid && word != 0 && word != ~std::uint64_t{0}) {
      return true;
    }
  }
  return false;
}

std::uint64_t timestamp() {
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  asm volatile("rdtsc" : "=a"(low), "=d"(high));
  return std::uint64_t{high} << 32U | low;
}

/// The finaliser of SplitMix64: spreads every input bit over the whole word.
std::uint64_t mix(std::uint64_t word) {
  word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9ULL;
  word = (word ^ (word >> 27)) * 0x94d049bb133111ebULL;
  return word ^ (word >> 31);
}

/// The jitter of the time-stamp counter against slow port reads. Weak, and reported as such.
std::uint64_t stirred_timers() {
  std::uint64_t state = timestamp();
  for (int i = 0; i < 64; ++i) {
    std::uint8_t counter = 0;
    asm volatile("outb %1, $0x43; inb $0x40, %0" : "=a"(counter) : "a"(std::uint8_t{0}));
    state = mix(state + timestamp() + counter);
  }
  return state;
}

std::uint64_t random_below(std::uint64_t limit, kernel::SlideSource& source) {
  return limit == 0 ? 0 : random_word(source) % limit;
}

} // namespace

std::uint64_t random_word(kernel::SlideSource& source) {
  std::uint64_t word = 0;
  if ((cpu_has_rdseed() && read_rdseed(word)) || (cpu_has_rdrand() && read_rdrand(word))) {
    source = kernel::SlideSource::hardware;
    return word;
  }
  source = kernel::SlideSource::stirred_timers;
  return stirred_timers();
}

void choose_layout(kernel::BootInfo& info) {
  namespace layout = mm::layout;
  const std::uint64_t image_room = (layout::image_region_end - layout::image_region_start) -
                                   align_up(info.image.size_bytes, mm::page_size);
  info.image_base = layout::image_region_start +
                    random_below(image_room / mm::page_size, info.slide_source) * mm::page_size;

  std::uint64_t top = 0;
  for (const auto& entry : info.memory()) {
    if (entry.kind == kernel::MemoryKind::usable) {
      top = entry.range.end().value();
    }
  }
  info.direct_map_size = align_up(top, 1_GiB);
  const std::uint64_t region = layout::direct_map_end - layout::direct_map_start;
  if (info.direct_map_size > region) {
    refuse("the memory map reaches past 64 TiB, which is more than can be mapped");
  }
  const std::uint64_t slots = (region - info.direct_map_size) / 1_GiB;
  info.direct_map = layout::direct_map_start + random_below(slots, info.slide_source) * 1_GiB;
}

} // namespace skerry::x86_64::early
