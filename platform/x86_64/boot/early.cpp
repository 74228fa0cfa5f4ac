// SPDX-License-Identifier: Apache-2.0
// From the loader's hands to the upper half: read what it left, choose a layout, build the page
// tables, relocate. Runs once, at the load address, before any other C++ of the image.
#include "platform/x86_64/boot/early.hpp"

#include "platform/x86_64/boot/handoff.hpp"
#include "platform/x86_64/boot/image_layout.hpp"
#include "platform/x86_64/boot/memory_map.hpp"

#include <elf.h>

namespace skerry::x86_64 {

constinit kernel::BootInfo boot_info;

namespace early {
namespace {

/// What entry.S needs for the jump; its layout is read there.
struct Jump {
  std::uint64_t page_table_root;
  std::uint64_t stack;
  std::uint64_t entry;
  std::uint64_t argument;
};
static_assert(sizeof(Jump) == 32);

constexpr std::uint64_t least_memory = 2_MiB;

std::uint64_t image_size(std::uint64_t load_address) {
  const auto& header = *reinterpret_cast<const Elf64_Ehdr*>(load_address);
  const auto* segments = reinterpret_cast<const Elf64_Phdr*>(load_address + header.e_phoff);
  std::uint64_t end = 0;
  for (int i = 0; i < header.e_phnum; ++i) {
    if (segments[i].p_type == PT_LOAD && segments[i].p_vaddr + segments[i].p_memsz > end) {
      end = segments[i].p_vaddr + segments[i].p_memsz;
    }
  }
  return align_up(end - boot_info.image_link_base, mm::page_size);
}

std::uint64_t link_base(std::uint64_t load_address) {
  const auto& header = *reinterpret_cast<const Elf64_Ehdr*>(load_address);
  const auto* segments = reinterpret_cast<const Elf64_Phdr*>(load_address + header.e_phoff);
  for (int i = 0; i < header.e_phnum; ++i) {
    if (segments[i].p_type == PT_LOAD) {
      return segments[i].p_vaddr;
    }
  }
  refuse("the image has no segments");
}

void read_multiboot2_handoff(std::uint64_t address) {
  const std::byte* header = physical_bytes(address, sizeof(std::uint64_t));
  if (header == nullptr) {
    refuse("Multiboot2's boot information is out of reach");
  }
  const std::uint32_t size = *reinterpret_cast<const std::uint32_t*>(header);
  const std::byte* bytes = physical_bytes(address, size);
  if (bytes == nullptr || !read_multiboot2({bytes, size}, boot_info)) {
    refuse("Multiboot2's boot information is malformed");
  }
  // ACPI's root pointer lies in there and is read later.
  add_range(boot_info, address, size, kernel::MemoryKind::reserved);
}

void read_pvh_handoff(std::uint64_t address) {
  const auto result = read_pvh(address, physical_bytes, boot_info);
  if (result) {
    return;
  }
  if (result.error() == std::errc::no_such_device) {
    refuse("the loader gave no memory map (PVH start_info version 0)");
  }
  refuse("this is neither a PVH nor a Multiboot2 loader; boot with -kernel, GRUB or Xen");
}

void read_handoff(std::uint32_t magic, std::uint64_t address) {
  // microvm enters PVH with Multiboot1's magic in EAX: only the structure itself tells.
  const std::byte* first = physical_bytes(address, sizeof(std::uint32_t));
  const bool is_pvh =
      first != nullptr && *reinterpret_cast<const std::uint32_t*>(first) == pvh_magic;
  if (magic == multiboot2_magic && !is_pvh) {
    read_multiboot2_handoff(address);
  } else {
    read_pvh_handoff(address);
  }
}

void check_memory() {
  if (boot_info.range_count == 0 || usable_bytes(boot_info) == 0) {
    refuse("the loader's memory map has no usable memory");
  }
  if (usable_bytes(boot_info) < least_memory) {
    refuse("there is too little memory; give the machine 4 MiB at least");
  }
}

void reserve_modules(FrameSource& frames) {
  for (std::size_t i = 0; i < boot_info.module_count; ++i) {
    frames.reserve(boot_info.modules[i].range);
  }
}

/// Where `symbol`, of the mapping that runs now, will be after the jump.
std::uint64_t upper_address(const void* symbol) {
  return reinterpret_cast<std::uintptr_t>(symbol) - boot_info.image.start.value() +
         boot_info.image_base.value();
}

} // namespace
} // namespace early
} // namespace skerry::x86_64

extern "C" {

extern std::byte skerry_boot_stack_top[];
void skerry_kernel_entry(skerry::kernel::BootInfo* info);

[[gnu::no_stack_protector]] void skerry_early_main(std::uint32_t magic, std::uint64_t information,
                                                   std::uint64_t load_address,
                                                   std::uint64_t* early_root,
                                                   skerry::x86_64::early::Jump* jump) {
  using namespace skerry::x86_64;
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  asm volatile("rdtsc" : "=a"(low), "=d"(high));
  boot_info.entry_timestamp = std::uint64_t{high} << 32U | low;

  boot_info.image_link_base = early::link_base(load_address);
  boot_info.image = {skerry::mm::PhysicalAddress(load_address), early::image_size(load_address)};
  early::read_handoff(magic, information);
  normalise(boot_info);
  early::check_memory();

  early::FrameSource frames(boot_info);
  frames.reserve(boot_info.image);
  early::reserve_modules(frames);
  early::choose_layout(boot_info);
  early::relocate(boot_info);
  const std::uint64_t root = early::build_page_tables(boot_info, frames, early_root);
  boot_info.page_table_root = skerry::mm::PhysicalAddress(root);
  *jump = {root, early::upper_address(skerry_boot_stack_top),
           early::upper_address(reinterpret_cast<const void*>(&skerry_kernel_entry)),
           early::upper_address(&boot_info)};
}
}
