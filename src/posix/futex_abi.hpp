// SPDX-License-Identifier: Apache-2.0
// Numbers of the futex interface (Linux, include/uapi/linux/futex.h; futex(2)).
#pragma once

#include <cstdint>

namespace skerry::posix::futex_abi {

enum Operation : int {
  wait = 0,
  wake = 1,
  requeue = 3,
  compare_requeue = 4,
  wake_operation = 5,
  lock_pi = 6,
  unlock_pi = 7,
  trylock_pi = 8,
  wait_bitset = 9,
  wake_bitset = 10,
};

/// Flags beside the operation; all futexes are private here, so the first changes nothing.
inline constexpr int private_flag = 128;
inline constexpr int clock_realtime = 256;

/// Bits of a word that names its owner.
inline constexpr std::uint32_t waiters = 0x8000'0000;
inline constexpr std::uint32_t owner_died = 0x4000'0000;
inline constexpr std::uint32_t owner_mask = 0x3fff'ffff;

} // namespace skerry::posix::futex_abi
