// SPDX-License-Identifier: Apache-2.0
// The kernel's heap: small blocks from slabs, larger ones as whole frames. The owner's word of a
// block's first frame says what it is, out of reach of whoever writes past the block.
#include <core/assert.hpp>
#include <mm/heap.hpp>

#include <algorithm>
#include <array>
#include <bit>

namespace skerry::mm {
namespace {

constexpr unsigned kind_bits = 6;
constexpr std::uint64_t kind_mask = (1U << kind_bits) - 1;

HeapFrame kind_of(std::uint64_t owner) {
  return static_cast<HeapFrame>(owner & kind_mask);
}

constexpr std::uint8_t no_class = 0xff;

/// The smallest class for each size in steps of 16 bytes.
constexpr auto class_by_size = [] {
  std::array<std::uint8_t, largest_block_size / 16 + 1> table{};
  std::uint8_t size_class = 0;
  for (std::size_t step = 0; step < table.size(); ++step) {
    while (block_sizes[size_class] < step * 16) {
      ++size_class;
    }
    table[step] = size_class;
  }
  return table;
}();

std::uint8_t class_for(std::size_t size, std::size_t alignment) {
  if (size > largest_block_size || alignment > largest_block_size) {
    return no_class;
  }
  const std::size_t needed = std::max(size, alignment);
  std::uint8_t size_class = class_by_size[(needed + 15) / 16];
  while (!is_aligned(std::size_t{block_sizes[size_class]}, alignment)) {
    ++size_class; // ends at the last class at the latest, whose size is the largest alignment
  }
  return size_class;
}

} // namespace

void Heap::initialize(std::uint64_t secret) {
  auto slabs = slabs_.lock();
  SKERRY_ASSERT(slabs->frames_held() == 0);
  slabs->set_secret(secret);
}

Result<void*> Heap::allocate(std::size_t size, std::size_t alignment) {
  SKERRY_ASSERT(std::has_single_bit(alignment));
  const std::uint8_t size_class = class_for(size, alignment);
  if (size_class == no_class) {
    return allocate_large(size, alignment);
  }
  const std::size_t large = large_pages_.load(std::memory_order_relaxed);
  std::byte* block = slabs_.lock()->allocate(size_class, limit_ - std::min(large, limit_));
  if (block == nullptr) {
    return fail(std::errc::not_enough_memory);
  }
  return block;
}

Result<void*> Heap::allocate_large(std::size_t size, std::size_t alignment) {
  // A run is aligned to the power of two at or above its number of frames.
  const std::size_t pages = std::max(pages_for(size), alignment >> page_bits);
  const std::size_t held = statistics().frames_held;
  if (held > limit_ || pages > limit_ - held) {
    return fail(std::errc::not_enough_memory);
  }
  const PhysicalAddress block = TRY(frames_.allocate_run(pages));
  frames_.set_owner(block, pages << kind_bits | static_cast<std::uint64_t>(HeapFrame::large));
  large_pages_.fetch_add(pages, std::memory_order_relaxed);
  return frames_.pointer<void>(block);
}

void Heap::free(void* block) {
  if (block != nullptr) {
    release(block);
  }
}

void Heap::free(void* block, std::size_t size) {
  if (block == nullptr) {
    return;
  }
  // Alignment may have asked for a larger block than the size alone.
  if (release(block) < size) {
    panic("heap: a block is freed with a size larger than it has");
  }
}

std::size_t Heap::release(void* block) {
  const PhysicalAddress address = frames_.physical(block);
  const std::uint64_t owner = frames_.owner(address.page());
  switch (kind_of(owner)) {
  case HeapFrame::slab: {
    auto& slab = *frames_.pointer<Slab>(PhysicalAddress(owner & ~kind_mask));
    const std::size_t size = slab.block_size();
    slabs_.lock()->release(slab, static_cast<std::byte*>(block));
    return size;
  }
  case HeapFrame::large:
    if (address.is_page_aligned()) {
      return release_large(address, owner >> kind_bits);
    }
    panic("heap: a large block is freed at an address inside it");
  case HeapFrame::none:
  case HeapFrame::slab_records:
    break;
  }
  panic("heap: what is freed is no block of the heap, or was freed before");
}

std::size_t Heap::release_large(PhysicalAddress block, std::size_t pages) {
  frames_.free_run(block, pages);
  large_pages_.fetch_sub(pages, std::memory_order_relaxed);
  return pages * page_size;
}

HeapStatistics Heap::statistics() {
  const std::size_t large = large_pages_.load(std::memory_order_relaxed);
  auto slabs = slabs_.lock();
  return {.bytes_in_use = slabs->bytes_in_use() + large * page_size,
          .frames_held = slabs->frames_held() + large};
}

namespace {
constinit Heap the_heap(frames());
} // namespace

Heap& heap() {
  return the_heap;
}

} // namespace skerry::mm
