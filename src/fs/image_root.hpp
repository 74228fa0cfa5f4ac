// SPDX-License-Identifier: Apache-2.0
// How boot reaches what mounts the root of an image: by a pointer that only an image with ROOT has,
// so that no other holds the code.
#pragma once

#include <fs/tree.hpp>
#include <kernel/boot.hpp>
#include <kernel/image_options.hpp>

namespace skerry::fs {

struct ImageRoot {
  /// Mounts the root and what is in memory beside it. A root that cannot be used ends the run.
  Result<> (*start)(const SkerryImageRoot& image, const kernel::BootInfo& info);
};

/// Enters what /dev holds. Context: boot. Errors: not_enough_memory
[[nodiscard]] Result<> fill_dev(TreeDirectory& dev);

/// Makes /proc/self, in which src/posix enters more, and returns it. Context and errors: as above
[[nodiscard]] Result<TreeDirectory*> fill_proc(TreeDirectory& proc);

} // namespace skerry::fs
