// SPDX-License-Identifier: Apache-2.0
// The real-time clock behind its index port and its data port.
#include "platform/pc/pc.hpp"
#include "platform/pc/rtc.hpp"
#include "platform/x86_64/io_port.hpp"

#include <core/log.hpp>
#include <hal/cpu.hpp>

namespace skerry::pc {
namespace {

constexpr std::uint16_t index_port = 0x70;
constexpr std::uint16_t data_port = 0x71;

class RtcPorts final : public RtcRegisters {
public:
  std::uint8_t read(std::uint8_t index) override {
    const hal::InterruptsOff off; // index and data belong together
    x86_64::out8(index_port, index);
    return x86_64::in8(data_port);
  }
  void write(std::uint8_t index, std::uint8_t value) override {
    const hal::InterruptsOff off;
    x86_64::out8(index_port, index);
    x86_64::out8(data_port, value);
  }
};

constexpr std::uint8_t isa_irq = 8;

/// Immutable after boot.
struct Listener {
  std::uint8_t century_index = 0;
  void (*tell)(std::int64_t seconds) = nullptr;
};
constinit Listener listener;

bool on_interrupt(void*) {
  RtcPorts ports;
  if (const auto seconds = take_update_interrupt(ports, listener.century_index)) {
    listener.tell(*seconds);
  }
  return true; // nothing else is on this line
}

} // namespace

std::optional<std::int64_t> read_machine_rtc(std::uint8_t century_index) {
  RtcPorts ports;
  return read_rtc(ports, century_index);
}

void tell_of_next_second(std::uint8_t century_index, void (*tell)(std::int64_t seconds)) {
  listener = {.century_index = century_index, .tell = tell};
  if (const auto connected = connect_isa_interrupt(isa_irq, on_interrupt, nullptr); !connected) {
    log::debug("clock", "the real-time clock's interrupt is not connected: seconds are whole ones");
    return;
  }
  RtcPorts ports;
  start_update_interrupts(ports);
}

} // namespace skerry::pc
