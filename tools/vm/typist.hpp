// SPDX-License-Identifier: Apache-2.0
// Types for a guest: a line of some input for each time that the guest asks for one, so that
// nobody's input is read which no program wants (include/kernel/console_input.hpp is the other
// end).
#pragma once

#include "support/file_descriptor.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <thread>

namespace skerry::vm {

/// Takes the guest's questions out of its console's stream; `questions` grows by how many there
/// were.
[[nodiscard]] std::string without_questions(std::string_view bytes, std::size_t& questions);

/// The first answer out of what was read of the input: a line, or a part of one, with what would be
/// a control character marked as an ordinary one. It is removed from `pending`. Control-D when
/// there is nothing pending: the input is at its end.
[[nodiscard]] std::string next_answer(std::string& pending);

/// A thread that answers. The destructor ends it, also while it waits for input.
class Typist {
public:
  /// Reads from `input`, which is borrowed, and writes to `console`. Without an input (-1) every
  /// answer is that it is at its end.
  Typist(int input, int console);
  ~Typist();
  Typist(const Typist&) = delete;
  Typist& operator=(const Typist&) = delete;

  /// The guest has asked. Any thread; never blocks.
  void answer();

private:
  void work() const;
  [[nodiscard]] bool wait_for_question() const;
  [[nodiscard]] bool wait_for_input() const;

  int input_;
  int console_;
  FileDescriptor questions_; ///< eventfd
  FileDescriptor end_;       ///< eventfd
  std::thread thread_;
};

} // namespace skerry::vm
