// SPDX-License-Identifier: Apache-2.0
// The one process: what must stand before the application's first instruction.
#pragma once

#include <core/result.hpp>

#include <cstdint>
#include <string_view>

namespace skerry::posix {

/// The only process, as it sees itself. Not 1: programs take 1 for an init that must reap.
inline constexpr int process_id = 2;

/// Makes the boot thread the application's main thread, enters the files that programs look for
/// and opens descriptors 0, 1 and 2.
/// Context: boot, once, after threads and files.
/// Errors: not_enough_memory
[[nodiscard]] Result<> start_process();

/// Ends the run as the application asked: connections end first. Context: thread, in no lock.
[[noreturn]] void end_process(std::uint8_t status, std::string_view reason = {});

} // namespace skerry::posix
