// SPDX-License-Identifier: Apache-2.0
// Kernel memory that needs unmapped neighbours: stacks. It has a region of its own in the upper
// half (mm/layout.hpp), in which every page that is not mapped is a guard.
#pragma once

#include <core/intrusive_list.hpp>
#include <core/result.hpp>
#include <kernel/locked.hpp>
#include <mm/address.hpp>
#include <mm/layout.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace skerry::mm {

class KernelSpace;

/// 64 places for stacks of similar size. Private to KernelSpace.
class StackBlock : public ListNode<> {
public:
  StackBlock(KernelSpace& space, VirtualAddress start, std::uint8_t size_class)
      : space_(space), start_(start), size_class_(size_class) {}

private:
  friend class KernelSpace;
  friend class KernelStack;
  KernelSpace& space_;
  VirtualAddress start_;
  std::uint64_t free_ = ~std::uint64_t{0};
  std::uint8_t size_class_;
};

/// A kernel stack, mapped read-write, with an unmapped page below and above. Frees itself; nothing
/// may run on it then.
class KernelStack {
public:
  constexpr KernelStack() = default;
  KernelStack(KernelStack&& other) noexcept;
  KernelStack& operator=(KernelStack&& other) noexcept;
  ~KernelStack();

  /// Gives the memory back at once and leaves the object as if default-constructed.
  void free();

  /// One past the highest byte; aligned to pages.
  [[nodiscard]] VirtualAddress top() const { return bottom_ + size_bytes_; }
  [[nodiscard]] VirtualAddress bottom() const { return bottom_; }
  /// 0 for the default-constructed, which has no memory.
  [[nodiscard]] std::size_t size_bytes() const { return size_bytes_; }

private:
  friend class KernelSpace;
  KernelStack(StackBlock& block, VirtualAddress bottom, std::size_t size_bytes)
      : block_(&block), bottom_(bottom), size_bytes_(size_bytes) {}

  StackBlock* block_ = nullptr;
  VirtualAddress bottom_;
  std::size_t size_bytes_ = 0;
};

/// Context: thread and boot, never an interrupt handler. Never blocks.
class KernelSpace {
public:
  static constexpr std::size_t max_stack_size = 1_MiB - page_size;

  constexpr KernelSpace() : places_(LockRank::kernel_space) {}

  /// `seed` is random and decides where in the region stacks lie. Called once in boot, when page
  /// tables and heap work.
  void initialize(std::uint64_t seed);

  /// A stack of at least `size_bytes`, at most max_stack_size, rounded up to pages. Not zeroed.
  /// Errors: not_enough_memory  no frames, or no place left in the region
  ///         invalid_argument   0 bytes or more than max_stack_size
  [[nodiscard]] Result<KernelStack> allocate_stack(std::size_t size_bytes);

private:
  friend class KernelStack;

  /// Stacks are sorted by size into classes; in class c a place has 2^(c+1) pages, the first of
  /// which is never mapped.
  static constexpr std::size_t class_count = 8;
  static constexpr std::size_t places_in_block = 64;

  struct SizeClass {
    IntrusiveList<StackBlock> with_room;
    VirtualAddress next; ///< where the next block starts
    VirtualAddress end;
  };
  using Places = std::array<SizeClass, class_count>;
  struct Place {
    StackBlock* block = nullptr;
    VirtualAddress guard;
  };

  Result<Place> reserve(std::uint8_t size_class);
  void give_back(StackBlock& block, VirtualAddress guard);

  Locked<Places> places_;
};

/// The kernel's region of stacks.
[[nodiscard]] KernelSpace& kernel_space();

/// True when `address` is an unmapped place among the kernel's stacks: whoever faulted there ran
/// over the end of one. Any context.
[[nodiscard]] bool is_stack_guard(VirtualAddress address);

} // namespace skerry::mm
