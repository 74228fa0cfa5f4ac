// SPDX-License-Identifier: Apache-2.0
// The way from the floors to the service's main().
#pragma once

#include <core/result.hpp>

namespace skerry::kernel {

/// Prepares the main thread's application stack with arguments, environment and auxiliary vector
/// (System V ABI, AMD64, 3.4.1), and enters the C library there. Returns only on an error.
/// Context: the main thread, once.
/// Errors: not_enough_memory   no room for the stack
///         argument_list_too_long  the arguments do not fit on it
[[nodiscard]] Result<> run_application();

} // namespace skerry::kernel
