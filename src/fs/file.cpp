// SPDX-License-Identifier: Apache-2.0
// What a file answers to operations that its kind does not have.
#include <fs/file.hpp>
#include <fs/node.hpp>

#include <poll.h>
#include <sys/stat.h>

namespace skerry::fs {

Result<std::size_t> File::read(UserBuffer&) {
  return fail(std::errc::invalid_argument);
}

Result<std::size_t> File::write(UserBuffer&) {
  return fail(std::errc::invalid_argument);
}

Result<std::size_t> File::read_at(UserBuffer&, std::int64_t) {
  return fail(std::errc::invalid_seek);
}

Result<std::size_t> File::write_at(UserBuffer&, std::int64_t) {
  return fail(std::errc::invalid_seek);
}

bool File::can_read() const {
  const unsigned mode = flags() & (open_flag::access_mask | open_flag::path_only);
  return mode == open_flag::read_only || mode == open_flag::read_write;
}

bool File::can_write() const {
  const unsigned mode = flags() & (open_flag::access_mask | open_flag::path_only);
  return mode == open_flag::write_only || mode == open_flag::read_write;
}

Result<std::int64_t> File::seek(std::int64_t, int) {
  return fail(std::errc::invalid_seek);
}

Result<long> File::ioctl(unsigned long, std::uint64_t) {
  return fail(std::errc::inappropriate_io_control_operation);
}

Status File::status() {
  return {.mode = S_IRUSR | S_IWUSR, .links = 1};
}

Readiness File::poll() {
  return POLLIN | POLLOUT;
}

kernel::WaitQueue* File::wait_queue() {
  return nullptr;
}

void File::release() {
  if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    while (CloseWatcher* watcher = close_watchers_.pop_front()) {
      watcher->file_closes();
    }
    destroy();
  }
}

} // namespace skerry::fs
