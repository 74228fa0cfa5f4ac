// SPDX-License-Identifier: Apache-2.0
// Standard input, output and error of a service.
#include "src/fs/console_file.hpp"

#include <fs/node.hpp>
#include <kernel/console.hpp>
#include <kernel/console_input.hpp>
#include <kernel/wait_queue.hpp>

#include <algorithm>
#include <optional>
#include <poll.h>
#include <string_view>
#include <sys/stat.h>
#include <sys/sysmacros.h>

namespace skerry::fs {
namespace {

constexpr std::size_t chunk_bytes = 256;

class ConsoleFile final : public File {
public:
  using File::File;

  Result<std::size_t> read(UserBuffer& buffer) override {
    std::size_t done = 0;
    char text[chunk_bytes];
    while (buffer.remaining() != 0) {
      const auto room = std::span(text).first(std::min(sizeof text, buffer.remaining()));
      const auto part = done == 0 ? wait_for_input(room) : more_input(room);
      if (!part) {
        return done != 0 ? Result<std::size_t>(done) : fail(part.error());
      }
      const auto put = buffer.put(std::as_bytes(room.first(part->bytes)));
      if (!put) {
        return done != 0 ? Result<std::size_t>(done) : put;
      }
      done += *put;
      if (part->ends) {
        break;
      }
    }
    return done;
  }

  Result<std::size_t> write(UserBuffer& buffer) override {
    const kernel::ServiceOutput output;
    std::size_t done = 0;
    while (buffer.remaining() != 0) {
      char text[chunk_bytes];
      const auto taken = buffer.take(std::as_writable_bytes(std::span(text)));
      if (!taken) {
        return done != 0 ? Result<std::size_t>(done) : taken;
      }
      kernel::write_consoles({text, *taken});
      done += *taken;
    }
    return done;
  }

  Readiness poll() override {
    const Readiness writable = can_write() ? POLLOUT | POLLWRNORM : 0;
    const bool readable = can_read() && kernel::console_input_ready();
    return writable | (readable ? POLLIN | POLLRDNORM : 0);
  }

  /// As a terminal's, it can be watched by an epoll whichever way it was opened.
  [[nodiscard]] kernel::WaitQueue* wait_queue() override {
    return &kernel::console_input_changes();
  }

  Status status() override {
    return {
        .mode = S_IFCHR | S_IRUSR | S_IWUSR | S_IWGRP, .links = 1, .special_device = makedev(5, 1)};
  }

protected:
  void destroy() override {}

private:
  using Part = Result<kernel::InputPart>;

  static Part more_input(std::span<char> room) {
    const auto part = kernel::take_console_input(room);
    return part ? Part(*part) : fail(std::errc::resource_unavailable_try_again);
  }

  Part wait_for_input(std::span<char> room) {
    if (non_blocking()) {
      return more_input(room);
    }
    std::optional<kernel::InputPart> part;
    const auto result = kernel::console_input_changes().wait_until([&] {
      part = kernel::take_console_input(room);
      return part.has_value();
    });
    return result == kernel::WaitResult::ready ? Part(*part) : fail(std::errc::interrupted);
  }
};

[[clang::no_destroy]] constinit ConsoleFile console;
[[clang::no_destroy]] constinit ConsoleFile input(open_flag::read_only);
[[clang::no_destroy]] constinit ConsoleFile output(open_flag::write_only);

FileReference reference(ConsoleFile& file) {
  file.hold();
  return FileReference::adopt(&file);
}

} // namespace

FileReference console_file() {
  return reference(console);
}

FileReference console_input() {
  return reference(input);
}

FileReference console_output() {
  return reference(output);
}

} // namespace skerry::fs
