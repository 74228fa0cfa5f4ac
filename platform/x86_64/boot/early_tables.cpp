// SPDX-License-Identifier: Apache-2.0
// The final page tables (Intel SDM vol. 3, 4.5): every segment of the image with its own rights,
// usable memory read-write and never executable. No frame of the image is in the direct map, so
// code has no writable alias.
#include "platform/x86_64/boot/early.hpp"
#include "platform/x86_64/boot/image_layout.hpp"
#include "platform/x86_64/cpuid.hpp"
#include "platform/x86_64/page_table.hpp"

#include <elf.h>

namespace skerry::x86_64::early {
namespace {

constexpr std::uint64_t table_flags = entry::present | entry::writable;

class Builder {
public:
  Builder(FrameSource& frames, bool has_gigabyte_pages)
      : frames_(frames), root_(frames.allocate()), has_gigabyte_pages_(has_gigabyte_pages) {}

  [[nodiscard]] std::uint64_t* root() const { return root_; }

  /// Maps [physical, physical + size) with the largest leaves that fit.
  void map(std::uint64_t address, std::uint64_t physical, std::uint64_t size, std::uint64_t flags) {
    while (size != 0) {
      const std::uint64_t step = leaf_size(address, physical, size);
      put_leaf(address, physical, step, flags);
      address += step;
      physical += step;
      size -= step;
    }
  }

private:
  [[nodiscard]] std::uint64_t leaf_size(std::uint64_t address, std::uint64_t physical,
                                        std::uint64_t size) const {
    const std::uint64_t both = address | physical;
    if (has_gigabyte_pages_ && is_aligned(both, 1_GiB) && size >= 1_GiB) {
      return 1_GiB;
    }
    return is_aligned(both, 2_MiB) && size >= 2_MiB ? 2_MiB : mm::page_size;
  }

  void put_leaf(std::uint64_t address, std::uint64_t physical, std::uint64_t step,
                std::uint64_t flags) {
    std::uint64_t* table = child(root_, address >> 39);
    if (step == 1_GiB) {
      table[(address >> 30) % 512] = physical | flags | entry::large;
      return;
    }
    table = child(table, address >> 30);
    if (step == 2_MiB) {
      table[(address >> 21) % 512] = physical | flags | entry::large;
      return;
    }
    child(table, address >> 21)[(address >> 12) % 512] = physical | flags;
  }

  std::uint64_t* child(std::uint64_t* table, std::uint64_t index) {
    std::uint64_t& slot = table[index % 512];
    if (slot == 0) {
      slot = reinterpret_cast<std::uintptr_t>(frames_.allocate()) | table_flags;
    }
    return reinterpret_cast<std::uint64_t*>(slot & entry::address_mask);
  }

  FrameSource& frames_;
  std::uint64_t* root_;
  bool has_gigabyte_pages_;
};

std::uint64_t flags_of(std::uint32_t segment_flags) {
  const std::uint64_t common = entry::present | entry::global;
  if ((segment_flags & PF_W) != 0) {
    return common | entry::writable | entry::no_execute;
  }
  return (segment_flags & PF_X) != 0 ? common : common | entry::no_execute;
}

void map_segment(Builder& builder, const kernel::BootInfo& info, const Elf64_Phdr& segment) {
  if ((segment.p_flags & PF_W) != 0 && (segment.p_flags & PF_X) != 0) {
    refuse("a segment of the image is both writable and executable");
  }
  const std::uint64_t start = align_down(segment.p_vaddr, mm::page_size);
  const std::uint64_t end = align_up(segment.p_vaddr + segment.p_memsz, mm::page_size);
  for (std::uint64_t page = start; page < end; page += mm::page_size) {
    const std::uint64_t offset = page - info.image_link_base;
    if (!is_stack_guard(info.image.start.value() + offset)) {
      builder.map(info.image_base.value() + offset, info.image.start.value() + offset,
                  mm::page_size, flags_of(segment.p_flags));
    }
  }
}

void map_image(Builder& builder, const kernel::BootInfo& info) {
  const auto& header = *reinterpret_cast<const Elf64_Ehdr*>(info.image.start.value());
  const auto* segments =
      reinterpret_cast<const Elf64_Phdr*>(info.image.start.value() + header.e_phoff);
  for (int i = 0; i < header.e_phnum; ++i) {
    if (segments[i].p_type == PT_LOAD) {
      map_segment(builder, info, segments[i]);
    }
  }
}

void map_memory_part(Builder& builder, const kernel::BootInfo& info, std::uint64_t start,
                     std::uint64_t end) {
  if (start < end) {
    const std::uint64_t flags =
        entry::present | entry::writable | entry::no_execute | entry::global;
    builder.map(info.direct_map.value() + start, start, end - start, flags);
  }
}

void map_memory(Builder& builder, const kernel::BootInfo& info) {
  const std::uint64_t image_start = info.image.start.value();
  const std::uint64_t image_end = align_up(info.image.end().value(), mm::page_size);
  for (const auto& [range, kind] : info.memory()) {
    if (kind != kernel::MemoryKind::usable) {
      continue;
    }
    const std::uint64_t start = range.start.value();
    const std::uint64_t end = range.end().value();
    map_memory_part(builder, info, start, end < image_start ? end : image_start);
    map_memory_part(builder, info, start > image_end ? start : image_end, end);
  }
}

} // namespace

std::uint64_t build_page_tables(kernel::BootInfo& info, FrameSource& frames,
                                const std::uint64_t* early_root) {
  Builder builder(frames, cpu_has_gigabyte_pages());
  map_image(builder, info);
  map_memory(builder, info);
  // The code that switches tables runs in the identity map once more: executable, not writable.
  builder.root()[0] = early_root[0] & ~entry::writable;
  return reinterpret_cast<std::uintptr_t>(builder.root());
}

} // namespace skerry::x86_64::early
