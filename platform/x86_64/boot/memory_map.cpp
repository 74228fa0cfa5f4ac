// SPDX-License-Identifier: Apache-2.0
// Sanitising of the firmware's memory map.
#include "platform/x86_64/boot/memory_map.hpp"

#include <utility>

namespace skerry::x86_64 {
namespace {

using kernel::BootInfo;
using kernel::MemoryKind;
using kernel::MemoryRange;
using mm::PhysicalAddress;

/// Physical addresses have at most 52 bits (Intel SDM vol. 3, 4.1.4).
constexpr std::uint64_t physical_limit = std::uint64_t{1} << 52;

void remove(BootInfo& info, std::size_t index) {
  for (std::size_t i = index + 1; i < info.range_count; ++i) {
    info.ranges[i - 1] = info.ranges[i];
  }
  --info.range_count;
}

/// Gives the smallest usable range up. Returns false when there is none.
bool drop_usable(BootInfo& info) {
  std::size_t smallest = info.range_count;
  for (std::size_t i = 0; i < info.range_count; ++i) {
    const bool is_smaller =
        smallest == info.range_count ||
        info.ranges[i].range.size_bytes < info.ranges[smallest].range.size_bytes;
    smallest = info.ranges[i].kind == MemoryKind::usable && is_smaller ? i : smallest;
  }
  if (smallest == info.range_count) {
    return false;
  }
  remove(info, smallest);
  return true;
}

void append(BootInfo& info, std::uint64_t start, std::uint64_t end, MemoryKind kind) {
  if (start >= end) {
    return;
  }
  if (info.range_count == BootInfo::max_ranges) {
    ++info.ranges_dropped;
    // Memory can be done without; what forbids its use cannot, for it may overlap with some.
    if (kind == MemoryKind::usable || !drop_usable(info)) {
      return;
    }
  }
  info.ranges[info.range_count++] = {{PhysicalAddress(start), end - start}, kind};
}

void align_usable(BootInfo& info) {
  for (std::size_t i = 0; i < info.range_count;) {
    auto& [range, kind] = info.ranges[i];
    if (kind == MemoryKind::usable) {
      const std::uint64_t start = align_up(range.start.value(), mm::page_size);
      const std::uint64_t end = align_down(range.end().value(), mm::page_size);
      if (start >= end) {
        remove(info, i);
        continue;
      }
      range = {PhysicalAddress(start), end - start};
    }
    ++i;
  }
}

/// Cuts [start, end) out of every usable range. Leaves empty ones behind, so that no range moves.
void cut_from_usable(BootInfo& info, std::uint64_t start, std::uint64_t end) {
  for (std::size_t i = 0; i < info.range_count; ++i) {
    auto& [range, kind] = info.ranges[i];
    const std::uint64_t low = range.start.value();
    const std::uint64_t high = range.end().value();
    if (kind != MemoryKind::usable || high <= start || end <= low) {
      continue;
    }
    if (low < start) {
      range.size_bytes = start - low;
      append(info, end, high, MemoryKind::usable);
    } else {
      range = {PhysicalAddress(end), end < high ? high - end : 0};
    }
  }
}

void remove_empty(BootInfo& info) {
  for (std::size_t i = 0; i < info.range_count;) {
    if (info.ranges[i].range.size_bytes == 0) {
      remove(info, i);
    } else {
      ++i;
    }
  }
}

void resolve_overlaps(BootInfo& info) {
  for (std::size_t i = 0; i < info.range_count; ++i) {
    const MemoryRange entry = info.ranges[i];
    if (entry.kind != MemoryKind::usable) {
      cut_from_usable(info, align_down(entry.range.start.value(), mm::page_size),
                      align_up(entry.range.end().value(), mm::page_size));
    }
  }
  remove_empty(info);
}

void sort(BootInfo& info) {
  for (std::size_t i = 1; i < info.range_count; ++i) {
    for (std::size_t j = i; j > 0; --j) {
      if (info.ranges[j - 1].range.start <= info.ranges[j].range.start) {
        break;
      }
      std::swap(info.ranges[j - 1], info.ranges[j]);
    }
  }
}

/// Joins usable neighbours and drops what a usable range repeats of its predecessor.
void merge_usable(BootInfo& info) {
  for (std::size_t i = 1; i < info.range_count;) {
    MemoryRange& previous = info.ranges[i - 1];
    const MemoryRange& current = info.ranges[i];
    const bool both = previous.kind == MemoryKind::usable && current.kind == MemoryKind::usable;
    if (!both || current.range.start > previous.range.end()) {
      ++i;
      continue;
    }
    if (current.range.end() > previous.range.end()) {
      previous.range.size_bytes = current.range.end() - previous.range.start;
    }
    remove(info, i);
  }
}

} // namespace

MemoryKind kind_of_type(std::uint32_t type) {
  switch (type) {
  case 1:
    return MemoryKind::usable;
  case 3:
    return MemoryKind::acpi_reclaimable;
  case 4:
    return MemoryKind::acpi_nvs;
  case 5:
    return MemoryKind::bad;
  default:
    return MemoryKind::reserved;
  }
}

void add_range(BootInfo& info, std::uint64_t start, std::uint64_t size_bytes, MemoryKind kind) {
  if (start >= physical_limit) {
    return;
  }
  const std::uint64_t room = physical_limit - start;
  append(info, start, start + (size_bytes < room ? size_bytes : room), kind);
}

void normalise(BootInfo& info) {
  align_usable(info);
  resolve_overlaps(info);
  sort(info);
  merge_usable(info);
}

std::uint64_t usable_bytes(const BootInfo& info) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < info.range_count; ++i) {
    sum += info.ranges[i].kind == MemoryKind::usable ? info.ranges[i].range.size_bytes : 0;
  }
  return sum;
}

} // namespace skerry::x86_64
