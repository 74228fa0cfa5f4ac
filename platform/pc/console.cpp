// SPDX-License-Identifier: Apache-2.0
// The console of a PC: the UART that is called COM1.
#include "drivers/serial/ns16550.hpp"
#include "platform/pc/pc.hpp"
#include "platform/x86_64/clock.hpp"
#include "platform/x86_64/io_port.hpp"

#include <hal/console.hpp>
#include <hal/platform.hpp>

namespace skerry::pc {
namespace {

class PortRegisters final : public serial::RegisterAccess {
public:
  constexpr explicit PortRegisters(std::uint16_t base) : base_(base) {}
  std::uint8_t read(unsigned index) override { return x86_64::in8(port(index)); }
  void write(unsigned index, std::uint8_t value) override { x86_64::out8(port(index), value); }

private:
  [[nodiscard]] std::uint16_t port(unsigned index) const {
    return static_cast<std::uint16_t>(base_ + index);
  }
  std::uint16_t base_;
};

constexpr std::uint16_t com1_base = 0x3f8;
constexpr std::uint8_t com1_irq = 4;

constinit PortRegisters com1_registers(com1_base);
constinit serial::Ns16550 com1(com1_registers);

bool handle_com1_interrupt(void*) {
  return com1.handle_interrupt();
}

} // namespace

device::Console& serial_console() {
  return com1;
}

Result<> start_console_input() {
  TRY(connect_isa_interrupt(com1_irq, handle_com1_interrupt, nullptr));
  com1.enable_input();
  return {};
}

} // namespace skerry::pc

namespace skerry::hal {

void start_console() {
  x86_64::begin_time(0);
  (void)pc::com1.start();
}

void console_write(std::string_view text) {
  pc::com1.write(text);
}

std::size_t console_read(std::span<char> buffer) {
  return pc::com1.read(buffer);
}

bool on_console_input(void (*callback)(void* context), void* context) {
  pc::com1.on_input(callback, context);
  return pc::com1.receives_input();
}

} // namespace skerry::hal
