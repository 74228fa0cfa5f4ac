// SPDX-License-Identifier: Apache-2.0
#include "src/posix/status_line.hpp"

#include "src/posix/descriptors.hpp"

#include <core/log.hpp>
#include <hal/clock.hpp>
#include <kernel/command_line.hpp>
#include <kernel/thread.hpp>
#include <kernel/wait_queue.hpp>
#include <mm/frames.hpp>

#include <algorithm>

namespace skerry::posix {
namespace {

int open_descriptors() {
  int count = 0;
  for (auto next = next_descriptor(0); next; next = next_descriptor(*next + 1)) {
    ++count;
  }
  return count;
}

void serve(void*) {
  const auto period = Duration::seconds(kernel::command_line().status_seconds);
  kernel::WaitQueue nobody;
  // Where the machine stood still nothing is made up for.
  for (Instant next = hal::monotonic_now() + period;;
       next = std::max(next + period, hal::monotonic_now())) {
    (void)nobody.wait_until([] { return false; }, next, kernel::Interruptible::no);
    log::info("status", "{} KiB free, {} descriptors, {} threads",
              mm::frames().free_count() * mm::page_size / 1024, open_descriptors(),
              kernel::thread_count());
  }
}

} // namespace

Result<> start_status_line() {
  if (kernel::command_line().status_seconds == 0) {
    return {};
  }
  kernel::Thread* thread = TRY(kernel::create_thread(
      {.name = "status", .priority = kernel::Priority::loop, .entry = serve}));
  kernel::make_runnable(*thread);
  return {};
}

} // namespace skerry::posix
