// SPDX-License-Identifier: Apache-2.0
// The turn of the stack: devices, timers, and rest until one of them wants more.
#include "src/net/stack.hpp"

#include "src/net/interface.hpp"
#include "src/net/lwip.hpp"
#include "src/net/lwip/port.hpp"

#include <hal/clock.hpp>
#include <kernel/thread.hpp>

namespace skerry::net {
namespace {

struct Stack {
  kernel::WaitQueue wake;
  kernel::WaitQueue addresses;
  std::atomic<bool> wanted = false;
  bool up = false;
  unsigned uses = 0;
  /// Until when the serving thread sleeps.
  Instant sleeps_until;
};

[[clang::no_destroy]] constinit Stack stack;

/// When lwIP wants its timers looked at.
Instant next_timer() {
  const u32_t milliseconds = sys_timeouts_sleeptime();
  return milliseconds == SYS_TIMEOUTS_SLEEPTIME_INFINITE
             ? Instant::never()
             : hal::monotonic_now() + Duration::milliseconds(milliseconds);
}

/// Packets to our own addresses; what handles one may send the next.
void deliver_loopback() {
  for (netif* each = netif_list; each != nullptr; each = each->next) {
    netif_poll(each);
  }
}

/// One look at everything, also when only a timer is due: a device that does not interrupt (V13) or
/// waits to be started again is served all the same. Returns whether a device has more.
bool take_turn() {
  const StackUse use;
  const bool more = poll_interfaces();
  sys_check_timeouts();
  return more;
}

void serve(void*) {
  for (;;) {
    stack.wanted.store(false, std::memory_order_relaxed);
    if (take_turn()) {
      // A flood must not keep applications from running: they are of equal rank for a moment.
      kernel::current_thread().priority = kernel::Priority::normal;
      kernel::yield();
      kernel::current_thread().priority = kernel::Priority::loop;
      continue;
    }
    stack.sleeps_until = next_timer();
    (void)stack.wake.wait_until([] { return stack.wanted.load(std::memory_order_relaxed); },
                                stack.sleeps_until, kernel::Interruptible::no);
    stack.sleeps_until = Instant();
  }
}

} // namespace

StackUse::StackUse() {
  if (stack.uses++ == 0) {
    set_time(hal::monotonic_now());
  }
}

StackUse::~StackUse() {
  if (stack.uses == 1) {
    deliver_loopback();
    flush_interfaces();
  }
  if (--stack.uses != 0) {
    return;
  }
  if (stack.sleeps_until != Instant() && next_timer() < stack.sleeps_until) {
    wake_stack();
  }
}

bool stack_is_up() {
  return stack.up;
}

Result<> start_stack() {
  TRY(prepare_port());
  set_time(hal::monotonic_now());
  lwip_init();
  kernel::Thread* thread = TRY(kernel::create_thread(
      {.name = "network", .priority = kernel::Priority::loop, .entry = serve}));
  stack.up = true;
  kernel::make_runnable(*thread);
  return {};
}

void serve_until(bool (*done)(), Duration patience) {
  const Instant end = hal::monotonic_now() + patience;
  do {
    const StackUse use;
    if (done()) {
      return;
    }
    (void)take_turn();
  } while (hal::monotonic_now() < end);
}

void wake_stack() {
  stack.wanted.store(true, std::memory_order_relaxed);
  stack.wake.wake();
}

kernel::WaitQueue& address_changes() {
  return stack.addresses;
}

} // namespace skerry::net
