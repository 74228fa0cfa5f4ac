// SPDX-License-Identifier: Apache-2.0
// Implements hal/cpu.hpp and hal/per_cpu.hpp with threads and plain variables. An interrupt is a
// call, made at the moment at which interrupts are on and its time has come.
#include "platform/hosted/cpu.hpp"

#include "platform/hosted/manual_clock.hpp"
#include "platform/hosted/virtual_cpu.hpp"

#include <core/assert.hpp>
#include <core/spinlock.hpp>
#include <hal/clock.hpp>
#include <hal/cpu.hpp>
#include <kernel/interrupt.hpp>

#include <atomic>
#include <thread>
#include <vector>

namespace skerry::hosted {
namespace {

std::uint32_t& held_ranks_of_this_thread() {
  return virtual_cpu().held_ranks;
}

} // namespace

VirtualCpu& virtual_cpu() {
  thread_local VirtualCpu cpu;
  cpu.shared.self = &cpu.shared;
  return cpu;
}

void serve_alarm() {
  VirtualCpu& cpu = virtual_cpu();
  while (cpu.interrupts_on && cpu.alarm != Instant::never() && cpu.alarm <= hal::monotonic_now()) {
    cpu.alarm = Instant::never();
    cpu.interrupts_on = false;
    ++cpu.shared.interrupt_depth;
    kernel::on_timer_interrupt();
    --cpu.shared.interrupt_depth;
    cpu.interrupts_on = true;
  }
}

void run_on_cpus(unsigned count, const std::function<void(unsigned number)>& work) {
  lock_order::held_ranks = held_ranks_of_this_thread;
  Spinlock::allow_waiting();
  std::vector<std::thread> cpus;
  cpus.reserve(count);
  for (unsigned number = 0; number < count; ++number) {
    cpus.emplace_back([&work, number] {
      virtual_cpu().shared.number = number;
      work(number);
    });
  }
  for (std::thread& cpu : cpus) {
    cpu.join();
  }
}

} // namespace skerry::hosted

namespace skerry::hal {

using hosted::virtual_cpu;

bool disable_interrupts() {
  const bool were_on = virtual_cpu().interrupts_on;
  virtual_cpu().interrupts_on = false;
  return were_on;
}

void restore_interrupts(bool enabled) {
  if (enabled) {
    virtual_cpu().interrupts_on = true;
    hosted::serve_alarm();
  }
}

bool interrupts_enabled() {
  return virtual_cpu().interrupts_on;
}

void wait_for_interrupt() {
  const Instant alarm = virtual_cpu().alarm;
  if (alarm == Instant::never()) {
    panic("this CPU would sleep for ever: no alarm is set and a process has no other interrupts");
  }
  // Nothing else can happen until then, so the time is skipped.
  if (alarm > monotonic_now()) {
    hosted::set_time(alarm);
  }
  restore_interrupts(true);
  disable_interrupts();
}

void order_store_and_load() {
  std::atomic_thread_fence(std::memory_order_seq_cst);
}

void relax() {
  std::this_thread::yield();
}

PerCpu& this_cpu() {
  return virtual_cpu().shared;
}

} // namespace skerry::hal
