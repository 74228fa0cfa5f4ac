// SPDX-License-Identifier: Apache-2.0
// What a guest has written to its console; see the header.
#include "vm/console.hpp"

#include <algorithm>
#include <utility>

namespace skerry::vm {
namespace {

constexpr std::size_t kept_bytes = std::size_t{4} << 20;

/// Makes "\n" of "\r\n", also where the two come in different pieces.
std::string normalised(std::string_view bytes, bool& pending_return) {
  std::string result;
  result.reserve(bytes.size() + 1);
  for (const char c : bytes) {
    if (std::exchange(pending_return, false) && c != '\n')
      result += '\r';
    if (c == '\r')
      pending_return = true;
    else
      result += c;
  }
  return result;
}

} // namespace

void Console::append(std::string_view bytes) {
  std::string piece;
  {
    const std::lock_guard lock(mutex_);
    piece = normalised(bytes, pending_return_);
    text_ += piece;
    received_ += piece.size();
    drop_oldest();
  }
  changed_.notify_all();
  if (sink_)
    sink_(piece);
}

void Console::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
}

void Console::drop_oldest() {
  if (text_.size() <= 2 * kept_bytes)
    return;
  const std::size_t dropped = text_.size() - kept_bytes;
  text_.erase(0, dropped);
  cursor_ -= std::min(cursor_, dropped);
}

bool Console::wait_for_more(Lock& lock, std::size_t seen, Deadline deadline) {
  const auto more = [&] { return received_ > seen || closed_; };
  if (deadline == no_deadline)
    changed_.wait(lock, more);
  else
    changed_.wait_until(lock, deadline, more);
  return received_ > seen;
}

bool Console::wait_for(std::string_view text, Deadline deadline) {
  Lock lock(mutex_);
  do {
    const std::size_t found = text_.find(text, cursor_);
    if (found != std::string::npos) {
      cursor_ = found + text.size();
      return true;
    }
  } while (wait_for_more(lock, received_, deadline));
  return false;
}

std::optional<std::vector<std::string>> Console::wait_for(const std::regex& pattern,
                                                          Deadline deadline) {
  Lock lock(mutex_);
  do {
    std::size_t start = cursor_;
    for (std::size_t end = text_.find('\n', start); end != std::string::npos;
         start = end + 1, end = text_.find('\n', start)) {
      const std::string line = text_.substr(start, end - start);
      std::smatch match;
      if (!std::regex_search(line, match, pattern))
        continue;
      cursor_ = end + 1;
      return std::vector<std::string>(match.begin(), match.end());
    }
  } while (wait_for_more(lock, received_, deadline));
  return std::nullopt;
}

std::string Console::text() const {
  const std::lock_guard lock(mutex_);
  return text_;
}

std::string Console::last_line() const {
  const std::lock_guard lock(mutex_);
  const std::size_t last = text_.find_last_not_of(" \t\r\n");
  if (last == std::string::npos)
    return {};
  const std::size_t line_break = text_.rfind('\n', last);
  const std::size_t start = line_break == std::string::npos ? 0 : line_break + 1;
  return text_.substr(start, last + 1 - start);
}

} // namespace skerry::vm
