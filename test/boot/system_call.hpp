// SPDX-License-Identifier: Apache-2.0
// What a system call answers, as one value: GoogleTest shows both sides of a comparison.
#pragma once

#include <cerrno>
#include <ostream>

namespace skerry::test {

struct Answer {
  long value = 0;
  int error = 0; ///< errno, where value is -1

  bool operator==(const Answer&) const = default;
};

inline std::ostream& operator<<(std::ostream& out, const Answer& answer) {
  return out << "value " << answer.value << ", errno " << answer.error;
}

/// Calls a function that answers -1 and sets errno.
template <typename Call> Answer answer_of(Call&& call) {
  errno = 0;
  const long value = static_cast<long>(call());
  return {.value = value, .error = value == -1 ? errno : 0};
}

inline Answer refusal(int error) {
  return {.value = -1, .error = error};
}

} // namespace skerry::test
