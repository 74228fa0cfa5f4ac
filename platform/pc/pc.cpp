// SPDX-License-Identifier: Apache-2.0
// How a PC comes up: the phases of hal/platform.hpp. The console's phase is in console.cpp.
#include "platform/pc/pc.hpp"

#include "platform/pc/acpi/mapped_memory.hpp"
#include "platform/pc/firmware_config.hpp"
#include "platform/pc/legacy_interrupts.hpp"
#include "platform/pc/pit.hpp"
#include "platform/pc/pm_timer.hpp"
#include "platform/pc/power.hpp"
#include "platform/pc/rtc.hpp"
#include "platform/x86_64/clock.hpp"
#include "platform/x86_64/cpuid.hpp"
#include "platform/x86_64/ioapic.hpp"
#include "platform/x86_64/lapic.hpp"
#include "platform/x86_64/lapic_timer.hpp"
#include "platform/x86_64/tsc.hpp"

#include <core/log.hpp>
#include <hal/clock.hpp>
#include <hal/cpu.hpp>
#include <hal/platform.hpp>
#include <kernel/boot.hpp>

namespace skerry::pc {
namespace {

constinit acpi::AcpiInfo info;

/// Tables also list places for processors that may be plugged in later.
unsigned enabled_processors(const acpi::InterruptControllers& controllers) {
  unsigned count = 0;
  for (const acpi::Processor& processor : controllers.processors) {
    count += processor.enabled ? 1 : 0;
  }
  return count;
}

void report_acpi() {
  const auto& controllers = info.interrupts;
  log::info("acpi", "revision {}: {} processors, {} I/O APICs, {}PM timer, {}soft off",
            info.revision, controllers ? enabled_processors(*controllers) : 0,
            controllers ? controllers->io_apics.size() : 0,
            info.fixed && info.fixed->pm_timer.exists() ? "" : "no ", info.soft_off ? "" : "no ");
  if (controllers && controllers->io_apics.dropped() + controllers->overrides.dropped() != 0) {
    log::warning("acpi", "more interrupt controllers or overrides than Skerry can use");
  }
}

void report_processors() {
  const auto& controllers = info.interrupts;
  const unsigned count =
      controllers ? enabled_processors(*controllers) : qemu_processor_count().value_or(1);
  if (count > 1) {
    log::info("cpu", "1 of {} CPUs used", count);
  }
}

/// The pins of this CPU that lead to NMI, as a mask.
unsigned nmi_pins() {
  constexpr unsigned usual_pins = 1U << 1U; // LINT1 (Intel MP specification 1.4, 3.6.2.1)
  if (!info.interrupts || info.interrupts->nmis.size() == 0) {
    return usual_pins;
  }
  std::uint32_t uid = acpi::LocalNmi::every_processor;
  for (const acpi::Processor& processor : info.interrupts->processors) {
    if (processor.apic_id == x86_64::cpu_initial_apic_id()) {
      uid = processor.uid;
      break;
    }
  }
  unsigned pins = 0;
  for (const acpi::LocalNmi& nmi : info.interrupts->nmis) {
    if (nmi.processor_uid == acpi::LocalNmi::every_processor || nmi.processor_uid == uid) {
      pins |= 1U << nmi.pin;
    }
  }
  return pins;
}

void start_io_apics() {
  if (!info.interrupts) {
    // microvm without ACPI has one all the same, where all machines have the first.
    if (!x86_64::add_io_apic(x86_64::default_io_apic, 0)) {
      log::warning("apic", "no I/O APIC: devices with interrupt lines will not work");
    }
    return;
  }
  for (const acpi::IoApic& io_apic : info.interrupts->io_apics) {
    if (!x86_64::add_io_apic(io_apic.address, io_apic.first_line)) {
      log::warning("apic", "the I/O APIC at {:#x} does not answer", io_apic.address.value());
    }
  }
}

/// KVM's clock. Returns whether there is one.
bool start_kvm_clock() {
  const auto kvm = x86_64::start_kvm_clock();
  if (!kvm || !x86_64::read_pvclock(*kvm->time, x86_64::read_tsc)) {
    return false;
  }
  x86_64::start_clock_from_pvclock(*kvm->time);
  const auto start = x86_64::read_pvclock_wall_clock(*kvm->wall);
  const auto elapsed = x86_64::read_pvclock(*kvm->time, x86_64::read_tsc);
  if (start && elapsed) {
    x86_64::set_wall_clock(*start + static_cast<std::int64_t>(*elapsed));
  }
  return true;
}

/// The best source of time that there is, as platform/x86_64/clock.hpp orders them.
Result<> start_monotonic_clock() {
  if (start_kvm_clock()) {
    return {};
  }
  if (const auto hertz = x86_64::announced_tsc_hertz()) {
    if (x86_64::start_clock_from_tsc(*hertz)) {
      return {};
    }
  }
  if (const auto pm_timer = start_pm_timer(info)) {
    if (x86_64::start_clock_from_reference(*pm_timer)) {
      return {};
    }
    log::warning("clock", "ACPI's PM timer stands still");
  }
  if (const auto hertz = x86_64::nominal_tsc_hertz()) {
    if (x86_64::start_clock_from_tsc(*hertz)) {
      log::warning("clock", "nothing to measure the time-stamp counter with: {} MHz by its name",
                   *hertz / 1'000'000);
      return {};
    }
  }
  const auto pit = x86_64::start_clock_from_reference(start_pit_counter());
  if (!pit) {
    log::error("clock", "no source of time: no pvclock, no announced TSC rate, no ACPI PM timer, "
                        "no PIT");
  }
  return pit;
}

std::uint8_t century_index() {
  return info.fixed ? info.fixed->century_index : std::uint8_t{0};
}

void set_wall_clock_to_second(std::int64_t seconds) {
  constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;
  x86_64::set_wall_clock(seconds * nanoseconds_per_second);
}

/// Whether the date is the real-time clock's.
constinit bool has_rtc_date = false;

void start_wall_clock() {
  if (hal::wall_clock_nanoseconds() || (info.fixed && !info.fixed->has_rtc)) {
    return;
  }
  const auto seconds = read_machine_rtc(century_index());
  if (!seconds) {
    log::warning("clock", "no real-time clock: the date is unknown");
    return;
  }
  set_wall_clock_to_second(*seconds);
  has_rtc_date = true;
}

/// Until then the date is up to a second late, and never ahead: it only steps forward.
void correct_wall_clock_soon() {
  if (has_rtc_date) {
    tell_of_next_second(century_index(), set_wall_clock_to_second);
  }
}

} // namespace

const acpi::AcpiInfo& acpi_info() {
  return info;
}

Result<> connect_isa_interrupt(std::uint8_t irq, hal::InterruptHandler handler, void* context) {
  const acpi::LineOverride line = acpi::line_of_isa_irq(info, irq);
  return hal::connect_line_interrupt(line.line, line.signalling.level_triggered,
                                     line.signalling.active_low, handler, context);
}

Result<> connect_system_control_interrupt(std::uint16_t number, hal::InterruptHandler handler,
                                          void* context) {
  acpi::LineOverride line{.line = number, .isa_irq = 0, .signalling = {}};
  if (number <= 15) {
    line = acpi::line_of_isa_irq(info, static_cast<std::uint8_t>(number));
  }
  // Unless the firmware says how, it is shared: level-triggered and active low (ACPI 6.5, 5.2.9).
  const bool is_said = line.signalling.level_triggered || line.signalling.active_low;
  return hal::connect_line_interrupt(line.line, is_said ? line.signalling.level_triggered : true,
                                     is_said ? line.signalling.active_low : true, handler, context);
}

} // namespace skerry::pc

namespace skerry::hal {

Result<> discover_platform(const kernel::BootInfo& info) {
  x86_64::begin_time(info.entry_timestamp);
  pc::acpi::MappedMemory memory;
  const auto found = pc::acpi::discover(memory, info.acpi_root, pc::info);
  if (found) {
    pc::report_acpi();
  } else if (found.error() == std::errc::no_such_device) {
    log::info("acpi", "none");
  } else {
    log::warning("acpi", "the root pointer leads to no usable table");
  }
  pc::report_processors();
  return pc::prepare_power(pc::info);
}

Result<> start_clock() {
  TRY(pc::start_monotonic_clock());
  pc::start_wall_clock();
  return {};
}

Result<> start_interrupts() {
  (void)disable_interrupts();
  const auto& controllers = pc::info.interrupts;
  if (!controllers || controllers->has_legacy_controllers) {
    pc::silence_legacy_controllers();
    pc::quiet_pit();
  }
  const mm::PhysicalAddress local_apic =
      controllers ? controllers->local_apic : x86_64::default_local_apic;
  TRY(x86_64::start_local_apic(local_apic, pc::nmi_pins()));
  pc::start_io_apics();
  x86_64::start_local_timer();
  if (!pc::start_console_input()) {
    log::debug("console", "COM1's interrupt is not connected: no input from there");
  }
  pc::correct_wall_clock_soon();
  restore_interrupts(true);
  return {};
}

} // namespace skerry::hal
