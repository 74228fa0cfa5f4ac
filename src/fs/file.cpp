// SPDX-License-Identifier: Apache-2.0
// What a file answers to operations that its kind does not have.
#include <fs/file.hpp>

#include <poll.h>

namespace skerry::fs {

Result<std::size_t> File::read(UserBuffer&) {
  return fail(std::errc::bad_file_descriptor);
}

Result<std::size_t> File::write(UserBuffer&) {
  return fail(std::errc::bad_file_descriptor);
}

Result<std::int64_t> File::seek(std::int64_t, int) {
  return fail(std::errc::invalid_seek);
}

Result<long> File::ioctl(unsigned long, std::uint64_t) {
  return fail(std::errc::inappropriate_io_control_operation);
}

Readiness File::poll() {
  return POLLIN | POLLOUT;
}

kernel::WaitQueue* File::wait_queue() {
  return nullptr;
}

void File::release() {
  if (--references_ == 0) {
    destroy();
  }
}

} // namespace skerry::fs
