// SPDX-License-Identifier: Apache-2.0
// From bytes to lines.
#include "src/kernel/line_input.hpp"

namespace skerry::kernel {

void LineInput::put(std::uint16_t entry) {
  if (used() == size) {
    ++dropped_;
    return;
  }
  ring_[added_++ % size] = entry;
  ends_ += (entry & ends_line) != 0 ? 1 : 0;
}

/// Control-D: behind a part of a line it ends that, else it is the end of the input.
void LineInput::end_here() {
  if (used() == 0 || (ring_[(added_ - 1) % size] & ends_line) != 0) {
    put(ends_line | no_byte);
    return;
  }
  ring_[(added_ - 1) % size] |= ends_line;
  ++ends_;
}

void LineInput::add(char typed) {
  expected_ -= expected_ != 0 ? 1 : 0;
  const auto byte = static_cast<std::uint8_t>(typed);
  if (is_literal_) {
    is_literal_ = false;
    put(byte);
  } else if (typed == literal) {
    is_literal_ = true;
  } else if (typed == end_of_input) {
    end_here();
    expected_ = 0;
  } else if (typed == '\r' || typed == '\n') {
    put(ends_line | std::uint16_t{'\n'});
    expected_ = 0;
  } else {
    put(byte);
  }
}

InputPart LineInput::take(std::span<char> buffer) {
  InputPart part;
  while (used() != 0 && part.bytes < buffer.size() && !part.ends) {
    const std::uint16_t entry = ring_[taken_++ % size];
    if ((entry & no_byte) == 0) {
      buffer[part.bytes++] = static_cast<char>(entry & 0xffU);
    }
    part.ends = (entry & ends_line) != 0;
    ends_ -= part.ends ? 1 : 0;
  }
  return part;
}

bool LineInput::asks() {
  if (readable() || expected_ > 1) {
    return false;
  }
  expected_ = most_for_a_question;
  return true;
}

} // namespace skerry::kernel
