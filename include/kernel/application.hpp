// SPDX-License-Identifier: Apache-2.0
// The way from the floors to the service's main().
#pragma once

#include <core/result.hpp>

#include <string_view>

namespace skerry::kernel {

/// Prepares the main thread's application stack with arguments, environment and auxiliary vector
/// (System V ABI, AMD64, 3.4.1), and enters the C library there. Returns only on an error.
/// Context: the main thread, once.
/// Errors: not_enough_memory   no room for the stack
///         argument_list_too_long  the arguments do not fit on it
[[nodiscard]] Result<> run_application();

/// What the program is called, as its own argument 0.
inline constexpr std::string_view program_name = "service";

/// Call `visit` with each word that the program is started with: its arguments, from argument 0 on,
/// and the NAME=VALUE words of its environment. Context: thread.
void for_each_argument(void (*visit)(std::string_view word, void* context), void* context);
void for_each_variable(void (*visit)(std::string_view word, void* context), void* context);

} // namespace skerry::kernel
