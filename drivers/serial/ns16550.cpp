// SPDX-License-Identifier: Apache-2.0
// The UART in the order in which it is used: probe, set up, send, receive. Register and bit names
// are the data sheet's.
#include "drivers/serial/ns16550.hpp"

#include <core/bytes.hpp>

namespace skerry::serial {
namespace {

enum Register : unsigned {
  receiver_buffer = 0,     // read
  transmitter_holding = 0, // write
  divisor_low = 0,         // with the divisor latch open
  interrupt_enable = 1,
  divisor_high = 1,             // with the divisor latch open
  interrupt_identification = 2, // read
  fifo_control = 2,             // write
  line_control = 3,
  modem_control = 4,
  line_status = 5,
  modem_status = 6,
  scratch = 7,
};

constexpr std::uint8_t received_data_available = bit<std::uint8_t>(0); // interrupt enable
constexpr unsigned no_interrupt_pending = 0;                           // interrupt identification
constexpr unsigned fifos_enabled_low = 6;
constexpr unsigned fifos_enabled_high = 7;
constexpr std::uint8_t enable_and_clear_fifos = 0x07;
constexpr std::uint8_t eight_bits_no_parity = 0x03; // line control
constexpr std::uint8_t divisor_latch = bit<std::uint8_t>(7);
constexpr std::uint8_t data_terminal_ready = bit<std::uint8_t>(0); // modem control
constexpr std::uint8_t request_to_send = bit<std::uint8_t>(1);
constexpr std::uint8_t out2 = bit<std::uint8_t>(3); // gates the interrupt on a PC
constexpr std::uint8_t loop = bit<std::uint8_t>(4);
constexpr unsigned data_ready = 0; // line status
constexpr unsigned transmitter_holding_empty = 5;

constexpr std::uint8_t divisor_for_115200_baud = 1;
constexpr unsigned fifo_depth = 16;

// Sixteen bytes take 1.4 ms on a real line and a port access about a microsecond. The bound is far
// above that, because a slow reader on the host also counts as waiting.
constexpr unsigned max_waits = 100'000;
// More than a FIFO holds: an interrupt ends even if the device says for ever that there is more.
constexpr unsigned max_bytes_per_interrupt = 64;

} // namespace

bool Ns16550::probe() {
  // Nothing answers: the bus reads all ones.
  if (registers_.read(line_status) == 0xff) {
    return false;
  }
  for (const std::uint8_t pattern : {0x5a, 0xa5}) {
    registers_.write(scratch, pattern);
    if (registers_.read(scratch) != pattern) {
      // The oldest UARTs have no scratch register; in loop mode OUT2 and RTS come back as DCD and
      // CTS.
      registers_.write(modem_control, loop | out2 | request_to_send);
      const bool comes_back = (registers_.read(modem_status) & 0xf0U) == 0x90;
      registers_.write(modem_control, 0);
      return comes_back;
    }
  }
  return true;
}

bool Ns16550::has_working_fifo() {
  registers_.write(fifo_control, enable_and_clear_fifos);
  const std::uint8_t identification = registers_.read(interrupt_identification);
  return has_bit(identification, fifos_enabled_low) && has_bit(identification, fifos_enabled_high);
}

bool Ns16550::start() {
  present_ = probe();
  if (!present_) {
    return false;
  }
  registers_.write(interrupt_enable, 0);
  registers_.write(line_control, divisor_latch | eight_bits_no_parity);
  registers_.write(divisor_low, divisor_for_115200_baud);
  registers_.write(divisor_high, 0);
  registers_.write(line_control, eight_bits_no_parity);
  fifo_depth_ = has_working_fifo() ? fifo_depth : 1;
  registers_.write(modem_control, data_terminal_ready | request_to_send);
  return true;
}

bool Ns16550::wait_until_empty() {
  // A UART that did not get ready last time gets one look.
  const unsigned looks = stuck_ ? 1 : max_waits;
  for (unsigned i = 0; i < looks; ++i) {
    if (has_bit(registers_.read(line_status), transmitter_holding_empty)) {
      stuck_ = false;
      return true;
    }
  }
  stuck_ = true;
  return false;
}

void Ns16550::send(char character, unsigned& room) {
  if (room == 0 && wait_until_empty()) {
    room = fifo_depth_;
  }
  if (room == 0) {
    ++dropped_output_;
    return;
  }
  --room;
  registers_.write(transmitter_holding, static_cast<std::uint8_t>(character));
}

void Ns16550::write(std::string_view text) {
  if (!present_) {
    return;
  }
  // How many bytes the UART takes before it must be asked again; unknown at first.
  unsigned room = 0;
  for (const char character : text) {
    if (character == '\n') {
      send('\r', room);
    }
    send(character, room);
  }
}

std::size_t Ns16550::read(std::span<char> buffer) {
  std::size_t at = taken_.load(std::memory_order_relaxed);
  const std::size_t end = received_.load(std::memory_order_acquire);
  std::size_t count = 0;
  while (at != end && count < buffer.size()) {
    buffer[count++] = ring_[at++ % ring_size];
  }
  taken_.store(at, std::memory_order_release);
  return count;
}

void Ns16550::on_input(void (*callback)(void* context), void* context) {
  input_callback_ = callback;
  input_context_ = context;
}

void Ns16550::enable_input() {
  if (!present_) {
    return;
  }
  registers_.write(modem_control, data_terminal_ready | request_to_send | out2);
  registers_.write(interrupt_enable, received_data_available);
  receives_input_ = true;
}

void Ns16550::receive(char character) {
  const std::size_t end = received_.load(std::memory_order_relaxed);
  if (end - taken_.load(std::memory_order_acquire) == ring_size) {
    ++dropped_input_;
    return;
  }
  ring_[end % ring_size] = character;
  received_.store(end + 1, std::memory_order_release);
}

bool Ns16550::drain() {
  for (unsigned i = 0; i < max_bytes_per_interrupt; ++i) {
    if (!has_bit(registers_.read(line_status), data_ready)) {
      return i != 0;
    }
    receive(static_cast<char>(registers_.read(receiver_buffer)));
  }
  // There is more. The line is edge-triggered on a PC: only after it fell can it interrupt again.
  registers_.write(interrupt_enable, 0);
  registers_.write(interrupt_enable, received_data_available);
  return true;
}

bool Ns16550::handle_interrupt() {
  if (!present_ || has_bit(registers_.read(interrupt_identification), no_interrupt_pending) ||
      !drain()) {
    return false;
  }
  if (input_callback_ != nullptr) {
    input_callback_(input_context_);
  }
  return true;
}

} // namespace skerry::serial
