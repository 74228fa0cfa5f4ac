// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "src/posix/signal_thread.hpp"

#include "src/posix/signals.hpp"
#include "src/posix/timers.hpp"

#include <core/log.hpp>
#include <kernel/thread.hpp>
#include <kernel/wait_queue.hpp>

#include <atomic>

namespace skerry::posix {
namespace {

struct Work {
  std::atomic<bool> is_wanted = false;
  std::atomic<bool> button_was_pressed = false;
  kernel::WaitQueue wake;
};

constinit Work work;

void serve(void*) {
  for (;;) {
    (void)work.wake.wait_until([] { return work.is_wanted.exchange(false); }, Instant::never(),
                               kernel::Interruptible::no);
    if (work.button_was_pressed.exchange(false)) {
      log::info("power", "the power button was pressed: SIGTERM");
      (void)send_to_process(make_info(SIGTERM, SI_KERNEL)); // pressing again is the remedy
    }
    send_timer_signals();
  }
}

} // namespace

Result<> start_signal_thread() {
  kernel::Thread* thread = TRY(kernel::create_thread(
      {.name = "signals", .priority = kernel::Priority::loop, .entry = serve}));
  kernel::make_runnable(*thread);
  return {};
}

void wake_signal_thread() {
  work.is_wanted.store(true);
  work.wake.wake();
}

void on_power_button(void*) {
  work.button_was_pressed.store(true);
  wake_signal_thread();
}

} // namespace skerry::posix
