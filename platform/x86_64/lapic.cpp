// SPDX-License-Identifier: Apache-2.0
// Registers of the local APIC (Intel SDM vol. 3, table 11-1 and, for x2APIC, 11-6).
#include "platform/x86_64/lapic.hpp"

#include "platform/x86_64/cpuid.hpp"
#include "platform/x86_64/interrupt_vectors.hpp"
#include "platform/x86_64/msr.hpp"

#include <core/bytes.hpp>
#include <core/log.hpp>
#include <hal/paging.hpp>

namespace skerry::x86_64 {
namespace {

// Offsets of the MMIO form. The x2APIC form has the register at offset 0x10 * n in MSR 0x800 + n.
enum class Register : std::uint32_t {
  id = 0x20,
  version = 0x30,
  task_priority = 0x80,
  end_of_interrupt = 0xb0,
  spurious_interrupt = 0xf0,
  in_service_first = 0x100,
  error_status = 0x280,
  corrected_machine_check = 0x2f0,
  timer = 0x320,
  thermal_monitor = 0x330,
  performance_counter = 0x340,
  lint0 = 0x350,
  lint1 = 0x360,
  error = 0x370,
  initial_count = 0x380,
  current_count = 0x390,
  divide_configuration = 0x3e0,
};

// IA32_APIC_BASE.
constexpr unsigned base_x2apic = 10;
constexpr unsigned base_enable = 11;
// Spurious-interrupt vector register.
constexpr unsigned software_enable = 8;
// Local vector table.
constexpr std::uint32_t masked = bit<std::uint32_t>(16);
constexpr std::uint32_t delivery_nmi = 4U << 8U;
constexpr std::uint32_t timer_tsc_deadline = 2U << 17U;
constexpr std::uint32_t divide_by_16 = 0x3;
static_assert(local_timer::divisor == 16);

constexpr std::size_t register_space = 0x400;

constinit volatile std::uint32_t* mapped = nullptr;
constinit bool is_x2apic = false;
constinit bool is_up = false;

constexpr Msr msr_of(Register name) {
  return Msr{static_cast<std::uint32_t>(Msr::x2apic_first) +
             (static_cast<std::uint32_t>(name) >> 4U)};
}

std::uint32_t read(Register name) {
  if (is_x2apic) {
    return static_cast<std::uint32_t>(read_msr(msr_of(name)));
  }
  // SAFETY: mapped by start_local_apic() over register_space; registers are read as 32-bit words.
  return mapped[static_cast<std::uint32_t>(name) / sizeof(std::uint32_t)];
}

void write(Register name, std::uint32_t value) {
  if (is_x2apic) {
    write_msr(msr_of(name), value);
    return;
  }
  mapped[static_cast<std::uint32_t>(name) / sizeof(std::uint32_t)] = value;
}

/// Turns the APIC on, in the form that is to be used. What firmware left as x2APIC cannot go back.
Result<> choose_form(mm::PhysicalAddress address) {
  std::uint64_t base = read_msr(Msr::apic_base) | bit(base_enable);
  write_msr(Msr::apic_base, base);
  if (cpu_has_x2apic() || has_bit(base, base_x2apic)) {
    base |= bit(base_x2apic);
    write_msr(Msr::apic_base, base);
    is_x2apic = true;
    return {};
  }
  const auto space = TRY(hal::map_physical({address, register_space}, hal::Caching::device));
  mapped = space.as_pointer<volatile std::uint32_t>();
  return {};
}

/// How many entries the local vector table has; the last ones are missing in old APICs.
unsigned local_vectors() {
  return (read(Register::version) >> 16U & 0xffU) + 1;
}

void mask_all_sources(unsigned nmi_pins) {
  const unsigned entries = local_vectors();
  write(Register::timer, masked | timer_vector);
  write(Register::lint0, has_bit(nmi_pins, 0) ? delivery_nmi : masked);
  write(Register::lint1, has_bit(nmi_pins, 1) ? delivery_nmi : masked);
  write(Register::error, masked | spurious_vector);
  if (entries >= 5) {
    write(Register::performance_counter, masked);
  }
  if (entries >= 6) {
    write(Register::thermal_monitor, masked);
  }
  if (entries >= 7) {
    write(Register::corrected_machine_check, masked);
  }
}

} // namespace

Result<> start_local_apic(mm::PhysicalAddress address, unsigned nmi_pins) {
  if (!cpu_has_apic()) {
    log::error("apic", "the processor has no local APIC (CPUID 1, EDX bit 9)");
    return fail(std::errc::no_such_device);
  }
  TRY(choose_form(address));
  // A bus without a device reads all ones or zeros; external APICs (0x0…) are from before this CPU.
  const std::uint32_t version = read(Register::version);
  if (version == ~0U || (version & 0xf0U) != 0x10) {
    log::error("apic", "no local APIC answers at {:#x}: version register is {:#x}", address.value(),
               version);
    return fail(std::errc::no_such_device);
  }
  write(Register::task_priority, 0);
  mask_all_sources(nmi_pins);
  write(Register::spurious_interrupt, bit<std::uint32_t>(software_enable) | spurious_vector);
  write(Register::error_status, 0);
  is_up = true;
  log::debug("apic", "local APIC {} as {}", local_apic_id(), is_x2apic ? "x2APIC" : "xAPIC");
  return {};
}

bool local_apic_is_up() {
  return is_up;
}

std::uint32_t local_apic_id() {
  return is_x2apic ? read(Register::id) : read(Register::id) >> 24U;
}

void end_of_interrupt() {
  write(Register::end_of_interrupt, 0);
}

bool is_in_service(unsigned vector) {
  const std::uint32_t offset = vector / 32 * 0x10;
  const auto word = Register{static_cast<std::uint32_t>(Register::in_service_first) + offset};
  return has_bit(read(word), vector % 32);
}

namespace local_timer {

void set_up(Mode mode, unsigned vector) {
  write(Register::initial_count, 0);
  write(Register::divide_configuration, divide_by_16);
  write(Register::timer, mode == Mode::tsc_deadline ? timer_tsc_deadline | vector : vector);
  // The MMIO write above must be done before the first WRMSR of a deadline (SDM vol. 3, 11.5.4.1).
  asm volatile("mfence" : : : "memory");
}

void set_count(std::uint32_t count) {
  write(Register::initial_count, count);
}

std::uint32_t count() {
  return read(Register::current_count);
}

void set_deadline(std::uint64_t tsc) {
  write_msr(Msr::tsc_deadline, tsc);
}

} // namespace local_timer

} // namespace skerry::x86_64
