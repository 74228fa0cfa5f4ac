// SPDX-License-Identifier: Apache-2.0
// The kernel's heap, apart from the application's. Running out of memory is an error value; misuse
// (freed twice, freed inside, written to after it was freed) stops the machine in words.
#pragma once

#include <core/result.hpp>
#include <kernel/locked.hpp>
#include <mm/frames.hpp>
#include <mm/slabs.hpp>

#include <concepts>
#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace skerry::mm {

struct HeapStatistics {
  std::size_t bytes_in_use = 0; ///< with what sizes were rounded up by
  std::size_t frames_held = 0;
};

/// Context: thread and boot, interrupts on or off. Never blocks.
class Heap {
public:
  constexpr explicit Heap(Frames& frames) : frames_(frames), slabs_(LockRank::heap, frames) {}

  /// `secret` is random; it protects free blocks. Called once, before the first allocate().
  void initialize(std::uint64_t secret);

  /// The most frames that the heap may hold; without a call as many as there are. What it holds
  /// already it keeps.
  void set_limit(std::size_t frames) { limit_ = frames; }

  /// `size` bytes (at most 128 MiB, contiguous in physical memory too) at a multiple of
  /// `alignment`, a power of two. Contents are arbitrary. Never null, not even for 0 bytes.
  /// Errors: not_enough_memory
  [[nodiscard]] Result<void*> allocate(std::size_t size, std::size_t alignment = 16);

  /// Takes back what allocate() returned. Null is allowed.
  void free(void* block);
  /// The same, for a block that was allocated with `size` bytes; stops the machine if it was not.
  void free(void* block, std::size_t size);

  [[nodiscard]] HeapStatistics statistics();

private:
  Result<void*> allocate_large(std::size_t size, std::size_t alignment);
  /// Frees and returns how many bytes the block had.
  std::size_t release(void* block);
  std::size_t release_large(PhysicalAddress block, std::size_t pages);

  Frames& frames_;
  Locked<Slabs> slabs_;
  std::atomic<std::size_t> large_pages_ = 0;
  std::size_t limit_ = SIZE_MAX;
};

/// The kernel's heap.
[[nodiscard]] Heap& heap();

/// Ends the life of an object on the kernel's heap. A pointer to a base class works when the base
/// has a virtual destructor.
template <class T> struct KernelDelete {
  constexpr KernelDelete() = default;
  template <class U>
    requires std::convertible_to<U*, T*> && std::has_virtual_destructor_v<T>
  constexpr KernelDelete(const KernelDelete<U>&) {}

  void operator()(T* object) const {
    if constexpr (std::is_polymorphic_v<T>) {
      void* block = dynamic_cast<void*>(object); // the base may lie inside the object
      object->~T();
      heap().free(block);
    } else {
      object->~T();
      heap().free(object, sizeof(T));
    }
  }
};

/// An object on the kernel's heap and who owns it.
template <class T> using Owned = std::unique_ptr<T, KernelDelete<T>>;

/// Makes a T on the kernel's heap.
/// Errors: not_enough_memory
template <class T, class... Arguments>
[[nodiscard]] Result<Owned<T>> make_owned(Arguments&&... arguments) {
  void* block = TRY(heap().allocate(sizeof(T), alignof(T)));
  return Owned<T>(new (block) T(std::forward<Arguments>(arguments)...));
}

} // namespace skerry::mm
