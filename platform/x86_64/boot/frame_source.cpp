// SPDX-License-Identifier: Apache-2.0
// Frames for the first page tables, taken in ascending order from the firmware's usable memory.
#include "platform/x86_64/boot/early.hpp"

#include <cstring>

namespace skerry::x86_64::early {
namespace {

/// Page tables are reached through the early identity map, which ends at 4 GiB.
constexpr std::uint64_t reach = std::uint64_t{1} << 32;
/// The first mebibyte holds firmware data that no map mentions.
constexpr std::uint64_t first_frame = 0x100000;

} // namespace

const std::byte* physical_bytes(std::uint64_t address, std::uint64_t size) {
  if (address == 0 || address >= reach || size > reach - address) {
    return nullptr;
  }
  return reinterpret_cast<const std::byte*>(address);
}

FrameSource::FrameSource(kernel::BootInfo& info) : info_(info), next_(first_frame) {}

void FrameSource::reserve(mm::PhysicalRange range) {
  if (reserved_count_ == max_reserved) {
    refuse("the boot loader left more pieces in memory than can be kept apart (16)");
  }
  reserved_[reserved_count_++] = range;
}

std::uint64_t FrameSource::skip_reserved(std::uint64_t frame) const {
  for (std::size_t i = 0; i < reserved_count_; ++i) {
    const auto& range = reserved_[i];
    if (frame + mm::page_size > range.start.value() && frame < range.end().value()) {
      return align_up(range.end().value(), mm::page_size);
    }
  }
  return frame;
}

std::uint64_t FrameSource::next_usable(std::uint64_t frame) const {
  for (const auto& entry : info_.memory()) {
    if (entry.kind != kernel::MemoryKind::usable || entry.range.end().value() <= frame) {
      continue;
    }
    return frame > entry.range.start.value() ? frame : entry.range.start.value();
  }
  return reach;
}

std::uint64_t* FrameSource::allocate() {
  std::uint64_t frame = next_;
  for (;;) {
    const std::uint64_t candidate = next_usable(skip_reserved(frame));
    if (candidate == frame) {
      break;
    }
    frame = candidate;
    if (frame >= reach) {
      refuse("there is too little memory for page tables; give the machine more (4 MiB at least)");
    }
  }
  if (info_.early_frames.size_bytes == 0) {
    info_.early_frames.start = mm::PhysicalAddress(frame);
  }
  next_ = frame + mm::page_size;
  info_.early_frames.size_bytes = next_ - info_.early_frames.start.value();
  auto* table = reinterpret_cast<std::uint64_t*>(frame);
  std::memset(table, 0, mm::page_size);
  return table;
}

} // namespace skerry::x86_64::early
