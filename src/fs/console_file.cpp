// SPDX-License-Identifier: Apache-2.0
// Standard input, output and error of a service.
#include "src/fs/console_file.hpp"

#include <fs/node.hpp>
#include <kernel/console.hpp>
#include <kernel/wait_queue.hpp>

#include <string_view>
#include <sys/stat.h>
#include <sys/sysmacros.h>

namespace skerry::fs {
namespace {

class ConsoleFile final : public File {
public:
  constexpr ConsoleFile() = default;

  Result<std::size_t> read(UserBuffer&) override { return 0; }

  Result<std::size_t> write(UserBuffer& buffer) override {
    std::size_t done = 0;
    while (buffer.remaining() != 0) {
      char text[256];
      const auto taken = buffer.take(std::as_writable_bytes(std::span(text)));
      if (!taken) {
        return done != 0 ? Result<std::size_t>(done) : taken;
      }
      kernel::write_consoles({text, *taken});
      done += *taken;
    }
    return done;
  }

  /// As a terminal's, it can be watched by an epoll; it is ready from the start and stays so.
  [[nodiscard]] kernel::WaitQueue* wait_queue() override { return &never_woken_; }

  Status status() override {
    return {
        .mode = S_IFCHR | S_IRUSR | S_IWUSR | S_IWGRP, .links = 1, .special_device = makedev(5, 1)};
  }

protected:
  void destroy() override {}

private:
  kernel::WaitQueue never_woken_;
};

[[clang::no_destroy]] constinit ConsoleFile console;

} // namespace

FileReference console_file() {
  console.hold();
  return FileReference::adopt(&console);
}

} // namespace skerry::fs
