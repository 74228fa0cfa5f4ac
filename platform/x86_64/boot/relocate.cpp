// SPDX-License-Identifier: Apache-2.0
// Applies the image's relocations (System V ABI, AMD64, 4.4; generic ABI for DT_RELR). A static PIE
// has only relative ones; the linker's tables are the packed form and, for the rest, RELA.
#include "platform/x86_64/boot/early.hpp"

#include <elf.h>

extern "C" {
extern const Elf64_Rela __rela_start[];
extern const Elf64_Rela __rela_end[];
extern const std::uint64_t __relr_start[];
extern const std::uint64_t __relr_end[];
}

namespace skerry::x86_64::early {
namespace {

/// Finds a word by its link address and adds the slide.
class Relocator {
public:
  explicit Relocator(const kernel::BootInfo& info)
      : to_physical_(info.image.start.value() - info.image_link_base),
        slide_(info.image_base.value() - info.image_link_base) {}

  [[nodiscard]] std::uint64_t* word(std::uint64_t link_address) const {
    return reinterpret_cast<std::uint64_t*>(link_address + to_physical_);
  }
  void slide(std::uint64_t link_address) const { *word(link_address) += slide_; }

  void apply(const Elf64_Rela& relocation) const {
    if (ELF64_R_TYPE(relocation.r_info) != R_X86_64_RELATIVE) {
      refuse("the image has a relocation that is not relative; link it with our toolchain file");
    }
    *word(relocation.r_offset) = static_cast<std::uint64_t>(relocation.r_addend) + slide_;
  }

private:
  std::uint64_t to_physical_;
  std::uint64_t slide_;
};

/// The packed form: an address, then bitmaps (lowest bit set) of the 63 words that follow.
void apply_packed(const Relocator& relocator) {
  std::uint64_t next = 0;
  for (const auto* item = __relr_start; item != __relr_end; ++item) {
    if ((*item & 1) == 0) {
      relocator.slide(*item);
      next = *item + 8;
      continue;
    }
    for (unsigned i = 0; i < 63; ++i) {
      if (has_bit(*item, i + 1)) {
        relocator.slide(next + 8 * i);
      }
    }
    next += 63 * 8;
  }
}

} // namespace

void relocate(const kernel::BootInfo& info) {
  const Relocator relocator(info);
  for (const auto* item = __rela_start; item != __rela_end; ++item) {
    relocator.apply(*item);
  }
  apply_packed(relocator);
}

} // namespace skerry::x86_64::early
