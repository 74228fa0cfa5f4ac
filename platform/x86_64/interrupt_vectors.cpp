// SPDX-License-Identifier: Apache-2.0
// From a vector to those who wait for it, and from a device's line or message to a vector (Intel
// SDM vol. 3, 11.8 and 11.11).
#include "platform/x86_64/interrupt_vectors.hpp"

#include "platform/x86_64/interrupt_handlers.hpp"
#include "platform/x86_64/ioapic.hpp"
#include "platform/x86_64/lapic.hpp"
#include "platform/x86_64/lapic_timer.hpp"

#include <core/log.hpp>
#include <hal/cpu.hpp>
#include <hal/interrupts.hpp>

namespace skerry::x86_64 {
namespace {

constinit InterruptHandlers handlers;
constinit std::atomic<std::uint64_t> counts[vector_count] = {};

/// A line that is connected; all of its handlers share one vector.
struct ConnectedLine {
  std::uint32_t line = 0;
  std::uint8_t vector = 0;
};
constexpr std::size_t max_connected_lines = last_device_vector - first_device_vector + 1;
constinit ConnectedLine connected_lines[max_connected_lines];
constinit std::size_t connected_line_count = 0;

const ConnectedLine* find_connected(std::uint32_t line) {
  for (std::size_t i = 0; i < connected_line_count; ++i) {
    if (connected_lines[i].line == line) {
      return &connected_lines[i];
    }
  }
  return nullptr;
}

/// A line that stays up without a reason would interrupt for ever, and nothing else would run.
void silence_storm(unsigned vector) {
  for (std::size_t i = 0; i < connected_line_count; ++i) {
    const ConnectedLine& connected = connected_lines[i];
    if (connected.vector == vector) {
      mask_line(connected.line);
      log::error("interrupt", "line {} came {} times in a row for no device (V13); it is masked",
                 connected.line, InterruptHandlers::max_unclaimed);
    }
  }
}

void serve_unexpected(unsigned vector) {
  if (counts[vector].load(std::memory_order_relaxed) == 1) {
    log::warning("interrupt", "vector {:#x} came and nobody waits for it", vector);
  }
  // A legacy controller's spurious interrupt never passed through the local APIC.
  if (local_apic_is_up() && is_in_service(vector)) {
    end_of_interrupt();
  }
}

void serve_device(unsigned vector) {
  const Served served = handlers.call(vector);
  if (served == Served::nobody_waits) {
    serve_unexpected(vector);
    return;
  }
  if (served == Served::storm) {
    silence_storm(vector);
  }
  // Last: a level-triggered line would interrupt again before its device was served.
  end_of_interrupt();
}

} // namespace

void dispatch_interrupt(unsigned vector) {
  std::atomic<std::uint64_t>& count = counts[vector];
  // Not one locked instruction: while there is one CPU, nothing else counts this vector meanwhile.
  count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  if (vector == timer_vector) {
    // First, so that a deadline which the handler arms can fire again.
    end_of_interrupt();
    handle_local_timer();
  } else if (vector == spurious_vector) {
    return; // has no end of interrupt (SDM vol. 3, 11.9)
  } else {
    serve_device(vector);
  }
}

std::uint64_t interrupt_count(unsigned vector) {
  return counts[vector].load(std::memory_order_relaxed);
}

Result<std::uint8_t> allocate_vector(hal::InterruptHandler handler, void* context) {
  const hal::InterruptsOff off;
  return handlers.allocate(handler, context);
}

Result<> share_vector(std::uint8_t vector, hal::InterruptHandler handler, void* context) {
  const hal::InterruptsOff off;
  return handlers.share(vector, handler, context);
}

} // namespace skerry::x86_64

namespace skerry::hal {

Result<MessageSignal> connect_message_interrupt(InterruptHandler handler, void* context) {
  // Without interrupt remapping a message carries eight bits of the CPU's number (SDM 11.11.1).
  constexpr std::uint64_t message_window = 0xfee0'0000;
  constexpr unsigned destination_shift = 12;
  const std::uint8_t vector = TRY(x86_64::allocate_vector(handler, context));
  const std::uint64_t destination = x86_64::local_apic_id() & 0xffU;
  // Fixed delivery, edge-triggered (11.11.2): the data is the bare vector.
  return MessageSignal{mm::PhysicalAddress(message_window | destination << destination_shift),
                       vector};
}

Result<> connect_line_interrupt(std::uint32_t line, bool level_triggered, bool active_low,
                                InterruptHandler handler, void* context) {
  if (!x86_64::has_line(line)) {
    return fail(std::errc::no_such_device);
  }
  if (const auto* connected = x86_64::find_connected(line)) {
    return x86_64::share_vector(connected->vector, handler, context);
  }
  const std::uint8_t vector = TRY(x86_64::allocate_vector(handler, context));
  x86_64::connected_lines[x86_64::connected_line_count++] = {line, vector};
  return x86_64::route_line(line,
                            {.vector = vector,
                             .local_apic_id = static_cast<std::uint8_t>(x86_64::local_apic_id()),
                             .level_triggered = level_triggered,
                             .active_low = active_low});
}

} // namespace skerry::hal
