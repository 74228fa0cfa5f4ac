// SPDX-License-Identifier: Apache-2.0
// See the header.
#include <fs/file_system.hpp>
#include <fs/node.hpp>

#include <atomic>

namespace skerry::fs {
namespace {

constinit std::atomic<std::uint64_t> last_device = FileSystem::first_device;

} // namespace

void FileSystem::set_top(Directory& top) {
  top.hold();
  top_ = &top;
}

std::uint64_t next_device() {
  return last_device.fetch_add(1, std::memory_order_relaxed) + 1;
}

} // namespace skerry::fs
