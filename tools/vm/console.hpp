// SPDX-License-Identifier: Apache-2.0
// What a guest has written to its console: collected by one thread, awaited by others.
#pragma once

#include "support/deadline.hpp"

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace skerry::vm {

/// Line ends are normalised to "\n". Only the last few MiB are kept. Thread-safe.
class Console {
public:
  /// Gets each piece of the stream as it comes, on the collecting thread.
  using Sink = std::function<void(std::string_view bytes)>;

  explicit Console(Sink sink = {}) : sink_(std::move(sink)) {}

  /// Called by the collecting thread: bytes have come; the stream has ended.
  void append(std::string_view bytes);
  void close();

  /// Waits until `text` has been written, after what the last successful wait found. False when
  /// `deadline` comes or the stream ends first.
  [[nodiscard]] bool wait_for(std::string_view text, Deadline deadline);

  /// Waits for a complete line in which `pattern` is found, after what the last successful wait
  /// found. Returns the match and its groups.
  [[nodiscard]] std::optional<std::vector<std::string>> wait_for(const std::regex& pattern,
                                                                 Deadline deadline);

  /// Everything that is still kept.
  [[nodiscard]] std::string text() const;
  /// The last line with more than blanks in it, complete or not.
  [[nodiscard]] std::string last_line() const;

private:
  using Lock = std::unique_lock<std::mutex>;

  /// Waits for more bytes than `seen`; false at the deadline or the end of the stream.
  [[nodiscard]] bool wait_for_more(Lock& lock, std::size_t seen, Deadline deadline);
  void drop_oldest();

  Sink sink_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::string text_;
  std::size_t received_ = 0;    // bytes ever appended to text_
  std::size_t cursor_ = 0;      // in text_: where the next wait starts to look
  bool pending_return_ = false; // a "\r" came last: is it half of a "\r\n"?
  bool closed_ = false;
};

} // namespace skerry::vm
