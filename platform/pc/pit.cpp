// SPDX-License-Identifier: Apache-2.0
// Ports of the 8254 and of the system control register B that gates its channel 2.
#include "platform/pc/pit.hpp"

#include "platform/x86_64/io_port.hpp"

#include <core/bytes.hpp>

namespace skerry::pc {
namespace {

constexpr std::uint64_t pit_hertz = 1'193'182;

constexpr std::uint16_t channel0_port = 0x40;
constexpr std::uint16_t channel2_port = 0x42;
constexpr std::uint16_t command_port = 0x43;
constexpr std::uint16_t control_b_port = 0x61;

// Command: channel in bits 7:6, access in 5:4 (0 latches, 3 is low byte then high byte), mode in
// 3:1.
constexpr std::uint8_t channel0_one_shot = 0x30;       // mode 0, interrupt on terminal count
constexpr std::uint8_t channel2_rate_generator = 0xb4; // mode 2
constexpr std::uint8_t latch_channel2 = 0x80;

constexpr unsigned control_gate2 = 0;
constexpr unsigned control_speaker = 1;

/// Counts down from 65536, which is written as 0.
void load_longest(std::uint16_t port) {
  x86_64::out8(port, 0);
  x86_64::out8(port, 0);
}

std::uint64_t read_pit_counter() {
  x86_64::out8(command_port, latch_channel2);
  const std::uint64_t low = x86_64::in8(channel2_port);
  const std::uint64_t high = x86_64::in8(channel2_port);
  return -(high << 8U | low) & 0xffffU; // it counts down, and the clock up
}

} // namespace

x86_64::ReferenceCounter start_pit_counter() {
  const std::uint8_t control = x86_64::in8(control_b_port);
  const auto silent = static_cast<std::uint8_t>(control & ~bit<std::uint8_t>(control_speaker));
  x86_64::out8(control_b_port, silent | bit<std::uint8_t>(control_gate2));
  x86_64::out8(command_port, channel2_rate_generator);
  load_longest(channel2_port);
  return {.name = "pit",
          .properties = {.hertz = pit_hertz, .mask = 0xffff},
          .read = read_pit_counter,
          .may_be_clock = false};
}

void quiet_pit() {
  x86_64::out8(command_port, channel0_one_shot);
  load_longest(channel0_port);
}

} // namespace skerry::pc
