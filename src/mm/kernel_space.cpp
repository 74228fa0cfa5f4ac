// SPDX-License-Identifier: Apache-2.0
// Kernel stacks: address space from a few classes of places, memory from single frames.
#include <core/assert.hpp>
#include <hal/paging.hpp>
#include <mm/frames.hpp>
#include <mm/heap.hpp>
#include <mm/kernel_space.hpp>

#include <algorithm>
#include <bit>
#include <utility>

namespace skerry::mm {
namespace {

constexpr std::uint64_t region_size = layout::kernel_space_end - layout::kernel_space_start;

constexpr std::uint64_t place_size(std::size_t size_class) {
  return page_size << (size_class + 1);
}

/// Unmaps single pages that are all mapped, and frees their frames once nobody can reach them.
void unmap_and_free(VirtualAddress start, std::size_t count) {
  std::array<PhysicalAddress, 32> gone;
  while (count != 0) {
    const std::size_t part = std::min(count, gone.size());
    for (std::size_t i = 0; i < part; ++i) {
      gone[i] = hal::find_mapping(start + i * page_size)->frame;
    }
    const Result<> unmapped = hal::unmap_pages(start, part);
    SKERRY_ASSERT(unmapped.has_value()); // single pages need no split
    for (std::size_t i = 0; i < part; ++i) {
      frames().free(gone[i]);
    }
    start = start + part * page_size;
    count -= part;
  }
}

Result<> map_one(VirtualAddress address) {
  const PhysicalAddress frame = TRY(frames().allocate());
  const Result<> mapped = hal::map_pages(address, frame, 1, hal::Access::read_write);
  if (!mapped) {
    frames().free(frame);
  }
  return mapped;
}

/// Maps `count` fresh frames from `start` on; all or none.
Result<> map_fresh(VirtualAddress start, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (const Result<> mapped = map_one(start + i * page_size); !mapped) {
      unmap_and_free(start, i);
      return mapped;
    }
  }
  return {};
}

} // namespace

KernelStack::KernelStack(KernelStack&& other) noexcept
    : block_(std::exchange(other.block_, nullptr)), bottom_(other.bottom_),
      size_bytes_(std::exchange(other.size_bytes_, 0)) {}

KernelStack& KernelStack::operator=(KernelStack&& other) noexcept {
  if (this != &other) {
    free();
    block_ = std::exchange(other.block_, nullptr);
    bottom_ = other.bottom_;
    size_bytes_ = std::exchange(other.size_bytes_, 0);
  }
  return *this;
}

KernelStack::~KernelStack() {
  free();
}

void KernelStack::free() {
  if (block_ == nullptr) {
    return;
  }
  unmap_and_free(bottom_, size_bytes_ >> page_bits);
  block_->space_.give_back(*block_, bottom_ - page_size);
  block_ = nullptr;
  size_bytes_ = 0;
}

void KernelSpace::initialize(std::uint64_t seed) {
  // The classes lie side by side in one half of the region; where it begins is random.
  constexpr std::uint64_t half = region_size / 2;
  constexpr std::uint64_t class_size = half / class_count;
  VirtualAddress next = layout::kernel_space_start + seed % (half / page_size) * page_size;
  auto places = places_.lock();
  for (SizeClass& size_class : *places) {
    size_class.next = next;
    next = next + class_size;
    size_class.end = next;
  }
}

Result<KernelStack> KernelSpace::allocate_stack(std::size_t size_bytes) {
  if (size_bytes == 0 || size_bytes > max_stack_size) {
    return fail(std::errc::invalid_argument);
  }
  const std::size_t pages = pages_for(size_bytes);
  // One page more for the guard, rounded up to a power of two.
  const auto size_class = static_cast<std::uint8_t>(std::bit_width(pages) - 1);
  const Place place = TRY(reserve(size_class));
  const VirtualAddress bottom = place.guard + page_size;
  if (const Result<> mapped = map_fresh(bottom, pages); !mapped) {
    give_back(*place.block, place.guard);
    return fail(mapped.error());
  }
  return KernelStack(*place.block, bottom, pages * page_size);
}

Result<KernelSpace::Place> KernelSpace::reserve(std::uint8_t size_class) {
  auto places = places_.lock();
  SizeClass& all = (*places)[size_class];
  StackBlock* block = all.with_room.front();
  if (block == nullptr) {
    const std::uint64_t size = places_in_block * place_size(size_class);
    // The page behind the last place of a block is the guard of the next block, or unused.
    if (all.end - all.next < size + page_size) {
      return fail(std::errc::not_enough_memory);
    }
    block = TRY(make_owned<StackBlock>(*this, all.next, size_class)).release();
    all.next = all.next + size;
    all.with_room.push_back(*block);
  }
  const int number = std::countr_zero(block->free_);
  block->free_ &= block->free_ - 1;
  if (block->free_ == 0) {
    block->unlink();
  }
  return Place{block, block->start_ + static_cast<unsigned>(number) * place_size(size_class)};
}

void KernelSpace::give_back(StackBlock& block, VirtualAddress guard) {
  auto places = places_.lock();
  const std::uint64_t number = (guard - block.start_) / place_size(block.size_class_);
  SKERRY_ASSERT(!has_bit(block.free_, static_cast<unsigned>(number)));
  block.free_ |= bit(static_cast<unsigned>(number));
  if (!block.is_linked()) {
    (*places)[block.size_class_].with_room.push_front(block);
  }
}

namespace {
constinit KernelSpace the_kernel_space;
} // namespace

KernelSpace& kernel_space() {
  return the_kernel_space;
}

bool is_stack_guard(VirtualAddress address) {
  return address >= layout::kernel_space_start && address < layout::kernel_space_end &&
         !hal::find_mapping(address);
}

} // namespace skerry::mm
