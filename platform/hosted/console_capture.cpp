// SPDX-License-Identifier: Apache-2.0
// Implements hal/console.hpp by collecting.
#include "platform/hosted/console_capture.hpp"

#include <hal/console.hpp>

#include <algorithm>
#include <mutex>
#include <utility>

namespace skerry::hosted {
namespace {

struct Capture {
  std::mutex mutex;
  std::string text;
  std::string typed;
  void (*on_input)(void* context) = nullptr;
  void* context = nullptr;
};

Capture& capture() {
  static Capture the_capture;
  return the_capture;
}

} // namespace

std::string take_console_text() {
  const std::lock_guard guard(capture().mutex);
  return std::exchange(capture().text, {});
}

void type_on_console(std::string_view text) {
  Capture& console = capture();
  std::unique_lock guard(console.mutex);
  console.typed += text;
  const auto callback = console.on_input;
  void* const context = console.context;
  guard.unlock();
  if (callback != nullptr) {
    callback(context);
  }
}

} // namespace skerry::hosted

void skerry::hal::console_write(std::string_view text) {
  const std::lock_guard guard(hosted::capture().mutex);
  hosted::capture().text += text;
}

std::size_t skerry::hal::console_read(std::span<char> buffer) {
  const std::lock_guard guard(hosted::capture().mutex);
  std::string& typed = hosted::capture().typed;
  const std::size_t count = std::min(buffer.size(), typed.size());
  std::ranges::copy(typed.substr(0, count), buffer.begin());
  typed.erase(0, count);
  return count;
}

bool skerry::hal::on_console_input(void (*callback)(void* context), void* context) {
  const std::lock_guard guard(hosted::capture().mutex);
  hosted::capture().on_input = callback;
  hosted::capture().context = context;
  return true;
}
