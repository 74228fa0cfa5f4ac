// SPDX-License-Identifier: Apache-2.0
// Power off, reset and the power button (ACPI 6.5, 4.8.3 and 4.8.4; what hypervisors have besides).
#include "platform/pc/power.hpp"

#include "platform/pc/pc.hpp"
#include "platform/pc/registers.hpp"
#include "platform/x86_64/cpuid.hpp"

#include <core/bytes.hpp>
#include <core/log.hpp>
#include <hal/cpu.hpp>
#include <hal/power.hpp>

namespace skerry::pc {
namespace {

// PM1 status and enable registers (4.8.3.1.1, tables 4.9 and 4.10).
constexpr unsigned power_button_bit = 8;
// PM1 control registers (4.8.3.2.1, table 4.11).
constexpr unsigned sci_enabled = 0;
constexpr unsigned pm1_sleep_type = 10;
constexpr unsigned pm1_sleep_enable = 13;
// Sleep control register of reduced hardware (4.8.3.7, table 4.18).
constexpr unsigned reduced_sleep_type = 2;
constexpr unsigned reduced_sleep_enable = 5;

// QEMU's device "isa-debug-exit": the process ends with status (value << 1) | 1.
constexpr std::uint16_t debug_exit_port = 0xf4;
constexpr std::uint32_t debug_exit_mask = 0x7f;

// PM1 control as QEMU's machines "q35" and "pc" and older Bochs place it, for a boot without
// tables.
constexpr std::uint16_t fallback_pm1_control_ports[] = {0x604, 0xb004};

constexpr std::uint16_t reset_control_port = 0xcf9; // of Intel's chip sets and their imitations
constexpr std::uint8_t reset_processor = 0x02;
constexpr std::uint8_t reset_now = 0x06;
constexpr std::uint16_t keyboard_command_port = 0x64;
constexpr std::uint8_t keyboard_pulse_reset = 0xfe;

/// How long a write that should have ended the run is given, in port reads of a microsecond or so.
constexpr int settle_reads = 20'000;

struct PowerRegisters {
  PlatformRegister pm1a_status;
  PlatformRegister pm1a_enable;
  PlatformRegister pm1b_status;
  PlatformRegister pm1b_enable;
  PlatformRegister pm1a_control;
  PlatformRegister pm1b_control;
  PlatformRegister sleep_control;
  PlatformRegister reset;
};

constinit PowerRegisters registers;
constinit void (*button_handler)(void*) = nullptr;
constinit void* button_context = nullptr;

void settle() {
  for (int i = 0; i < settle_reads; ++i) {
    (void)x86_64::in8(debug_exit_port);
  }
}

/// The sleep enable bit must be set by a second write, with the type already there: some chips
/// latch it only then.
void enter_soft_off(const PlatformRegister& control, std::uint8_t sleep_type, unsigned type_bit,
                    unsigned enable_bit) {
  if (!control.exists()) {
    return;
  }
  const std::uint32_t cleared = control.read() & ~(7U << type_bit | 1U << enable_bit);
  const std::uint32_t typed = cleared | std::uint32_t{sleep_type} << type_bit;
  control.write(typed);
  control.write(typed | 1U << enable_bit);
}

void power_off_by_acpi() {
  const auto& types = acpi_info().soft_off;
  if (!types) {
    return;
  }
  enter_soft_off(registers.pm1a_control, types->pm1a, pm1_sleep_type, pm1_sleep_enable);
  enter_soft_off(registers.pm1b_control, types->pm1b, pm1_sleep_type, pm1_sleep_enable);
  enter_soft_off(registers.sleep_control, types->pm1a, reduced_sleep_type, reduced_sleep_enable);
}

void power_off_by_guess() {
  for (const std::uint16_t port : fallback_pm1_control_ports) {
    // QEMU and Bochs take sleep type 0 for soft off.
    x86_64::out16(port, 1U << pm1_sleep_enable);
  }
}

[[noreturn]] void halt_for_ever() {
  for (;;) {
    asm volatile("cli; hlt");
  }
}

/// A fault that cannot be delivered, because there is no table to find handlers in, resets.
[[noreturn]] void triple_fault() {
  struct [[gnu::packed]] {
    std::uint16_t limit = 0;
    std::uint64_t base = 0;
  } empty;
  asm volatile("lidt %0; int3" : : "m"(empty));
  halt_for_ever();
}

/// Takes the machine over from the firmware's SMM handler, after which events raise the SCI.
void enable_acpi_mode(const acpi::FixedHardware& fixed) {
  if (has_bit(registers.pm1a_control.read(), sci_enabled) || fixed.smi_command_port == 0 ||
      fixed.acpi_enable_value == 0) {
    return;
  }
  x86_64::out8(fixed.smi_command_port, fixed.acpi_enable_value);
  for (int i = 0; i < settle_reads; ++i) {
    if (has_bit(registers.pm1a_control.read(), sci_enabled)) {
      return;
    }
  }
  log::warning("power", "the firmware does not hand over ACPI events; no power button");
}

bool handle_system_control_interrupt(void*) {
  bool any = false;
  bool pressed = false;
  for (const PlatformRegister* status : {&registers.pm1a_status, &registers.pm1b_status}) {
    const std::uint32_t events = status->read();
    // Writing a one clears it. All are cleared, so that none keeps the line up.
    status->write(events);
    any = any || events != 0;
    pressed = pressed || has_bit(events, power_button_bit);
  }
  if (pressed && button_handler != nullptr) {
    button_handler(button_context);
  }
  return any;
}

} // namespace

Result<> prepare_power(const acpi::AcpiInfo& info) {
  if (!info.fixed) {
    return {};
  }
  const acpi::FixedHardware& fixed = *info.fixed;
  const std::uint64_t enable_offset = fixed.pm1_event_bytes / 2;
  registers.pm1a_control = TRY(PlatformRegister::map(fixed.pm1a_control, 16));
  registers.pm1b_control = TRY(PlatformRegister::map(fixed.pm1b_control, 16));
  registers.sleep_control = TRY(PlatformRegister::map(fixed.sleep_control, 8));
  registers.reset = TRY(PlatformRegister::map(fixed.reset, 8));
  if (enable_offset >= 2) {
    registers.pm1a_status = TRY(PlatformRegister::map(fixed.pm1a_event, 16));
    registers.pm1a_enable = TRY(PlatformRegister::map(fixed.pm1a_event, 16, enable_offset));
    registers.pm1b_status = TRY(PlatformRegister::map(fixed.pm1b_event, 16));
    registers.pm1b_enable = TRY(PlatformRegister::map(fixed.pm1b_event, 16, enable_offset));
  }
  return {};
}

} // namespace skerry::pc

namespace skerry::hal {

// A machine without ACPI's fixed hardware may have a button behind a GED, which is not supported.
Result<> on_power_button(void (*handler)(void*), void* context) {
  using namespace pc;
  const auto& fixed = acpi_info().fixed;
  if (!fixed || !fixed->has_fixed_power_button || !registers.pm1a_enable.exists()) {
    return fail(std::errc::no_such_device);
  }
  const bool was_connected = button_handler != nullptr;
  {
    const InterruptsOff off;
    button_handler = handler;
    button_context = context;
  }
  if (was_connected) {
    return {};
  }
  enable_acpi_mode(*fixed);
  registers.pm1a_status.write(registers.pm1a_status.read());
  TRY(connect_system_control_interrupt(fixed->sci_irq, handle_system_control_interrupt, nullptr));
  registers.pm1a_enable.write(1U << power_button_bit);
  registers.pm1b_enable.write(0);
  return {};
}

void power_off(std::uint8_t status) {
  (void)disable_interrupts();
  x86_64::out32(pc::debug_exit_port, status & pc::debug_exit_mask);
  pc::power_off_by_acpi();
  pc::settle();
  if (!pc::acpi_info().soft_off && x86_64::cpu_has_hypervisor()) {
    pc::power_off_by_guess();
  }
  pc::halt_for_ever();
}

void reboot() {
  (void)disable_interrupts();
  if (pc::registers.reset.exists()) {
    pc::registers.reset.write(pc::acpi_info().fixed->reset_value);
    pc::settle();
  }
  x86_64::out8(pc::reset_control_port, pc::reset_processor);
  x86_64::out8(pc::reset_control_port, pc::reset_now);
  pc::settle();
  x86_64::out8(pc::keyboard_command_port, pc::keyboard_pulse_reset);
  pc::settle();
  pc::triple_fault();
}

} // namespace skerry::hal
