// SPDX-License-Identifier: Apache-2.0
// futex(2): which operation is meant, and until when.
#include "src/posix/calls.hpp"
#include "src/posix/futex.hpp"
#include "src/posix/futex_abi.hpp"
#include "src/posix/time.hpp"

#include <hal/clock.hpp>

namespace skerry::posix {
namespace {

using namespace futex_abi;

struct Request {
  UserPointer<FutexWord> word;
  int operation;
  FutexWord value;
  std::uint64_t timeout_or_count;
  UserPointer<FutexWord> second_word;
  FutexWord third_value;
};

/// A relative span for plain wait, a point on a clock for the rest.
Result<Instant> deadline_of(const Request& request, int operation, int flags) {
  const UserPointer<const timespec> timeout(request.timeout_or_count);
  if (timeout.is_null()) {
    return Instant::never();
  }
  const timespec value = TRY(timeout.read());
  if (operation == wait) {
    return hal::monotonic_now() + TRY(to_duration(value));
  }
  const bool by_date = operation == lock_pi || (flags & clock_realtime) != 0;
  return deadline_on(by_date ? CLOCK_REALTIME : CLOCK_MONOTONIC, value);
}

Result<long> count_of(Result<std::size_t> result) {
  return static_cast<long>(TRY(result));
}

/// The lowest 12 bits as a number with a sign.
constexpr FutexWord sign_extend_12(std::uint32_t bits) {
  return static_cast<FutexWord>(static_cast<std::int32_t>(bits << 20) >> 20);
}

/// FUTEX_WAKE_OP: changes the second word, wakes waiters of the first, and those of the second
/// when its old value compares as asked (futex(2)).
Result<long> wake_and_change(const Request& request) {
  const std::uint32_t code = request.third_value;
  FutexWord operand = sign_extend_12(code >> 12);
  if (has_bit(code, 31)) {
    operand = std::uint32_t{1} << (operand & 31);
  }
  const FutexWord old = TRY(request.second_word.read());
  FutexWord changed = 0;
  switch (code >> 28 & 7) {
  case 0:
    changed = operand;
    break;
  case 1:
    changed = old + operand;
    break;
  case 2:
    changed = old | operand;
    break;
  case 3:
    changed = old & ~operand;
    break;
  case 4:
    changed = old ^ operand;
    break;
  default:
    return fail(std::errc::function_not_supported);
  }
  TRY(request.second_word.write(changed));
  const auto left = static_cast<std::int32_t>(old);
  const auto right = static_cast<std::int32_t>(sign_extend_12(code));
  bool holds = false;
  switch (code >> 24 & 15) {
  case 0:
    holds = left == right;
    break;
  case 1:
    holds = left != right;
    break;
  case 2:
    holds = left < right;
    break;
  case 3:
    holds = left <= right;
    break;
  case 4:
    holds = left > right;
    break;
  case 5:
    holds = left >= right;
    break;
  default:
    return fail(std::errc::function_not_supported);
  }
  std::size_t woken = TRY(futex_wake(request.word, request.value, any_bit));
  if (holds) {
    woken += TRY(futex_wake(request.second_word, request.timeout_or_count, any_bit));
  }
  return static_cast<long>(woken);
}

Result<long> perform(const Request& request, int operation, Instant deadline) {
  switch (operation) {
  case wait:
    TRY(futex_wait(request.word, request.value, any_bit, deadline));
    return 0;
  case wait_bitset:
    TRY(futex_wait(request.word, request.value, request.third_value, deadline));
    return 0;
  case lock_pi:
    TRY(futex_lock_pi(request.word, deadline, false));
    return 0;
  case trylock_pi:
    TRY(futex_lock_pi(request.word, deadline, true));
    return 0;
  case unlock_pi:
    TRY(futex_unlock_pi(request.word));
    return 0;
  case wake:
    return count_of(futex_wake(request.word, request.value, any_bit));
  case wake_bitset:
    return count_of(futex_wake(request.word, request.value, request.third_value));
  case requeue:
    return count_of(futex_requeue(request.word, request.value, request.timeout_or_count,
                                  request.second_word, nullptr));
  case compare_requeue:
    return count_of(futex_requeue(request.word, request.value, request.timeout_or_count,
                                  request.second_word, &request.third_value));
  case wake_operation:
    return wake_and_change(request);
  default:
    return fail(std::errc::function_not_supported);
  }
}

} // namespace

Result<long> sys_futex(UserPointer<std::uint32_t> word, int operation, std::uint32_t value,
                       std::uint64_t timeout_or_count, UserPointer<std::uint32_t> second_word,
                       std::uint32_t third_value) {
  const Request request{word, operation, value, timeout_or_count, second_word, third_value};
  const int flags = operation & (private_flag | clock_realtime);
  const int plain = operation & ~(private_flag | clock_realtime);
  const bool waits = plain == wait || plain == wait_bitset || plain == lock_pi;
  const Instant deadline = waits ? TRY(deadline_of(request, plain, flags)) : Instant::never();
  return perform(request, plain, deadline);
}

} // namespace skerry::posix
