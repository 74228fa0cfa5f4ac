// SPDX-License-Identifier: Apache-2.0
// Futexes (futex(2)): waiting for a word of application memory to change.
#pragma once

#include "src/posix/user_pointer.hpp"

#include <core/result.hpp>
#include <core/units.hpp>

#include <cstddef>
#include <cstdint>

namespace skerry::posix {

using FutexWord = std::uint32_t;

/// Every waiter; the bit set of plain wait and wake.
inline constexpr std::uint32_t any_bit = 0xffff'ffff;

/// Sleeps while the word is `expected`, until a wake whose bit set meets `bits`.
/// Errors: resource_unavailable_try_again  the word is another already
///         timed_out, interrupted, bad_address
///         invalid_argument  the address is not aligned, or `bits` is zero
[[nodiscard]] Result<> futex_wait(UserPointer<FutexWord> word, FutexWord expected,
                                  std::uint32_t bits, Instant deadline);

/// Wakes up to `count` waiters whose bit sets meet `bits`; returns how many.
[[nodiscard]] Result<std::size_t> futex_wake(UserPointer<FutexWord> word, std::size_t count,
                                             std::uint32_t bits);

/// Wakes up to `wake_count` and moves up to `move_count` of the rest to `target`; returns both
/// together. With `expected` only if the word is that.
[[nodiscard]] Result<std::size_t> futex_requeue(UserPointer<FutexWord> word, std::size_t wake_count,
                                                std::size_t move_count,
                                                UserPointer<FutexWord> target,
                                                const FutexWord* expected);

/// The owner of a priority-inheriting mutex has died: hands it on, marked FUTEX_OWNER_DIED.
void futex_owner_died(UserPointer<FutexWord> word, bool priority_inheriting);

/// FUTEX_LOCK_PI and, with `only_try`, FUTEX_TRYLOCK_PI.
/// Errors: resource_deadlock_would_occur, timed_out, no_such_process, bad_address,
///         resource_unavailable_try_again  taken, and only tried
[[nodiscard]] Result<> futex_lock_pi(UserPointer<FutexWord> word, Instant deadline, bool only_try);

/// FUTEX_UNLOCK_PI. Errors: operation_not_permitted  another thread owns it
[[nodiscard]] Result<> futex_unlock_pi(UserPointer<FutexWord> word);

} // namespace skerry::posix
