// SPDX-License-Identifier: Apache-2.0
// What boot does with the page tables beside include/hal/paging.hpp.
#pragma once

#include <kernel/boot.hpp>

namespace skerry::x86_64 {

/// Takes over the tables that the early code built. Before it, nothing of hal/paging.hpp works.
/// Context: boot, once, after initialise_processor().
void paging_initialize(const kernel::BootInfo& info);

/// Removes the identity map of the early code. Nothing may be mapped in the lower half yet.
void paging_drop_identity();

} // namespace skerry::x86_64
