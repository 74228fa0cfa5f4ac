// SPDX-License-Identifier: Apache-2.0
// What the kernel argument "trace" shows: each call with its arguments and its answer.
#pragma once

#include "src/posix/call_text.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace skerry::posix {

/// Writes a line to the log if calls are traced. Context: thread.
void trace_call(const TracedCall& call, long result);
/// The same for a call that does not return.
void trace_last_call(const TracedCall& call);
/// The same for what the C library asks for by a door that has no number.
void trace_door(std::string_view name, std::span<const std::uint64_t> words, long result);

} // namespace skerry::posix
