// SPDX-License-Identifier: Apache-2.0
// The parts of the code that runs before the image is mapped and relocated. It executes at the
// address where the loader put it, under an identity map of the first 4 GiB: it must form every
// address relative to the instruction pointer and keep no pointers in constants (checked by
// check_early_objects in cmake/).
#pragma once

#include <core/result.hpp>
#include <kernel/boot.hpp>
#include <mm/address.hpp>

#include <cstddef>
#include <cstdint>

namespace skerry::x86_64::early {

/// Reaches `size` bytes of physical memory, or null when they are out of the early map's reach.
[[nodiscard]] const std::byte* physical_bytes(std::uint64_t address, std::uint64_t size);

/// Writes to COM1 whether or not there is one; bounded time.
void print(const char* text);
/// Says why the image cannot run and stops. `text` is one line without its end.
[[noreturn]] void refuse(const char* text);

/// Hands out zeroed frames of usable memory in ascending order, past everything that the loader
/// or the image occupies.
class FrameSource {
public:
  explicit FrameSource(kernel::BootInfo& info);

  /// Keeps `range` out of what is given out; called before the first allocate().
  void reserve(mm::PhysicalRange range);
  /// The next frame; refuses to boot when there is none.
  std::uint64_t* allocate();

private:
  [[nodiscard]] std::uint64_t skip_reserved(std::uint64_t frame) const;
  [[nodiscard]] std::uint64_t next_usable(std::uint64_t frame) const;

  static constexpr std::size_t max_reserved = 16;
  kernel::BootInfo& info_;
  mm::PhysicalRange reserved_[max_reserved];
  std::size_t reserved_count_ = 0;
  std::uint64_t next_ = 0;
};

/// 64 bits for the layout: from the processor's random source, else from stirred timers, which is
/// recorded in `source` (DESIGN, decision 16).
[[nodiscard]] std::uint64_t random_word(kernel::SlideSource& source);

/// Chooses where image and direct map go and records it in `info`.
void choose_layout(kernel::BootInfo& info);

/// Builds the final tables: the image with its segments' rights, the usable memory, and an
/// executable, read-only window on the first 4 GiB for the jump. Returns the root's address.
std::uint64_t build_page_tables(kernel::BootInfo& info, FrameSource& frames,
                                const std::uint64_t* early_root);

/// Applies the image's relative relocations for its chosen base, in place.
void relocate(const kernel::BootInfo& info);

} // namespace skerry::x86_64::early
