// SPDX-License-Identifier: Apache-2.0
// The serial port of a PC: a UART of the 16550 family (National Semiconductor PC16550D data sheet,
// chapter 8), as real boards, QEMU, Firecracker and Cloud Hypervisor have it.
#pragma once

#include <device/console.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace skerry::serial {

/// The eight registers of a UART, wherever they are.
class RegisterAccess {
public:
  virtual std::uint8_t read(unsigned index) = 0;
  virtual void write(unsigned index, std::uint8_t value) = 0;

protected:
  ~RegisterAccess() = default;
};

/// One UART. Output is polled, with a bound on the wait; input comes by interrupt into a ring.
///
/// Lifetime: borrows the register access, which outlives it. Constant-initialised, so that it works
///           before anything else does.
class Ns16550 final : public device::Console {
public:
  constexpr explicit Ns16550(RegisterAccess& registers) : registers_(registers) {}

  /// Looks for the UART and, if it is there, sets it to 115200 baud, 8 data bits, no parity, one
  /// stop bit, FIFOs on, interrupts off. Returns whether it is there. Context: boot, once.
  bool start();

  /// Sends `text`, each line feed as carriage return and line feed. Drops the rest when the UART
  /// takes nothing for a while; asks it only once for each call from then on, until it takes bytes
  /// again. Nothing happens without a UART. Any context; calls that interrupt one another mix their
  /// texts and may lose some of it.
  void write(std::string_view text) override;

  /// Takes up to `buffer.size()` received bytes; returns how many. Any context, one reader at a
  /// time.
  std::size_t read(std::span<char> buffer) override;

  /// Calls `callback` in interrupt context after bytes have arrived. Context: boot,
  /// interrupts off.
  void on_input(void (*callback)(void* context), void* context) override;

  /// Lets the UART interrupt when it has received something. Context: after start(), once its line
  /// leads to handle_interrupt().
  void enable_input();
  [[nodiscard]] bool receives_input() const { return receives_input_; }

  /// Empties the UART into the ring; bytes for which there is no room are dropped and counted.
  /// Returns whether there were any. Context: interrupt.
  bool handle_interrupt();

  /// Bytes that were not sent, and bytes received for which there was no room.
  [[nodiscard]] std::uint64_t dropped_output() const { return dropped_output_; }
  [[nodiscard]] std::uint64_t dropped_input() const { return dropped_input_; }

private:
  bool probe();
  bool has_working_fifo();
  bool wait_until_empty();
  void send(char character, unsigned& room);
  bool drain();
  void receive(char character);

  static constexpr std::size_t ring_size = 256; // a power of two

  RegisterAccess& registers_;
  bool present_ = false;
  bool stuck_ = false;
  bool receives_input_ = false;
  unsigned fifo_depth_ = 1;
  std::uint64_t dropped_output_ = 0;
  std::uint64_t dropped_input_ = 0;

  void (*input_callback_)(void* context) = nullptr;
  void* input_context_ = nullptr;
  // Written by the interrupt handler only, and by the reader only: no lock is needed.
  std::atomic<std::size_t> received_ = 0;
  std::atomic<std::size_t> taken_ = 0;
  char ring_[ring_size] = {};
};

} // namespace skerry::serial
