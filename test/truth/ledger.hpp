// SPDX-License-Identifier: Apache-2.0
// What is said of system calls: by the kernel's own list of them (src/posix/syscalls.def), by the
// list of proofs and by the list of what answers ENOSYS.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace skerry::truth {

enum class Kind { implemented, partly, refused };

struct Call {
  std::string name{};
  Kind kind = Kind::implemented;
  std::string words{}; ///< what is missing, or why it is refused
};

/// The rows of a file like syscalls.def.
[[nodiscard]] std::vector<Call> read_calls(std::string_view text);

/// `CALL SUITE.TEST`, `CALL SUITE.TEST ERROR` or `CALL image:NAME[:ARGUMENTS] WORDS`.
struct Proof {
  std::string call{};
  std::string test{};  ///< empty where an image proves it
  std::string error{}; ///< how the call ends when all goes well; empty: without an error
  std::string image{};
  std::string arguments{};
  std::string words{}; ///< that the image shows after it has made the call
};

/// Throws Failure for a line that is none of these. What follows # is a comment.
[[nodiscard]] std::vector<Proof> read_proofs(std::string_view text);

/// One name a line.
[[nodiscard]] std::set<std::string> read_names(std::string_view text);

/// What is wrong with the proofs before anything has run: calls without one, or with two; proofs
/// of calls that are not there, or by an error that the call does not always have.
[[nodiscard]] std::vector<std::string> compare(const std::vector<Call>& calls,
                                               const std::vector<Proof>& proofs);

/// What is wrong with the list of calls that answer ENOSYS. `known` are all that there could be.
[[nodiscard]] std::vector<std::string> compare(const std::vector<Call>& calls,
                                               const std::set<std::string>& known,
                                               const std::set<std::string>& listed);

} // namespace skerry::truth
