// SPDX-License-Identifier: Apache-2.0
// Memory management as the boot page sees it.
#pragma once

#include <core/result.hpp>

#include <cstdint>

namespace skerry::kernel {
struct BootInfo;
}

namespace skerry::mm {

/// Brings up frames, page tables, heap and the regions of kernel and application. Context: boot.
/// Errors: not_enough_memory
[[nodiscard]] Result<> start_memory(const kernel::BootInfo& info);

/// Memory of the machine that can be given out, whether it is or not.
[[nodiscard]] std::uint64_t total_bytes();

} // namespace skerry::mm
