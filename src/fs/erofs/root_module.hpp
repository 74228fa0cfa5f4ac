// SPDX-License-Identifier: Apache-2.0
// A root file system that the boot loader put into memory beside the image.
#pragma once

#include <kernel/boot.hpp>

namespace skerry::fs::erofs {

/// The boot module that is the root: the first whose command line begins with the word `root`, and
/// else the first that has none, as QEMU's -initrd passes it. Null without.
[[nodiscard]] const kernel::BootModule* find_root_module(const kernel::BootInfo& info);

/// Whether all of `range` is usable memory, which the kernel can reach.
[[nodiscard]] bool is_in_memory(const kernel::BootInfo& info, mm::PhysicalRange range);

} // namespace skerry::fs::erofs
