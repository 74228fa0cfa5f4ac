// SPDX-License-Identifier: Apache-2.0
// Implements hal/console.hpp by collecting.
#include "platform/hosted/console_capture.hpp"

#include <hal/console.hpp>

#include <mutex>
#include <utility>

namespace skerry::hosted {
namespace {

struct Capture {
  std::mutex mutex;
  std::string text;
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

} // namespace skerry::hosted

void skerry::hal::console_write(std::string_view text) {
  const std::lock_guard guard(hosted::capture().mutex);
  hosted::capture().text += text;
}
