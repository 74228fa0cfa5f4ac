// SPDX-License-Identifier: Apache-2.0
// One client: what it has sent and what it has still to get.
#pragma once

#include <cstddef>
#include <string_view>

/// Owns its descriptor.
class Connection {
public:
  explicit Connection(int descriptor) : descriptor_(descriptor) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] bool wants_to_write() const { return sent_ < output_size_; }

  /// Reads, answers and writes as much as can be done now. False when the connection is over.
  [[nodiscard]] bool advance();

private:
  [[nodiscard]] bool fill_input();
  [[nodiscard]] bool flush_output();
  /// Answers the requests that are complete, as long as there is room for the answers.
  void answer_requests();
  void answer(std::string_view request);
  void respond(std::string_view status, std::string_view body, bool with_body);

  static constexpr std::size_t input_bytes = 4096; // the longest request that is taken
  static constexpr std::size_t output_bytes = 8192;
  static constexpr std::size_t answer_bytes = 1024; // room that an answer needs at most

  int descriptor_;
  bool keep_alive_ = true;
  std::size_t input_size_ = 0;
  std::size_t output_size_ = 0;
  std::size_t sent_ = 0;
  char input_[input_bytes];
  char output_[output_bytes];
};
