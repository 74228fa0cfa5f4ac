// SPDX-License-Identifier: Apache-2.0
// What Skerry takes from the machine's ACPI tables (ACPI 6.5, chapter 5), as plain values. Filled
// once in boot, immutable afterwards. A machine without ACPI (microvm with acpi=off, Xen) has one
// with `present == false`.
#pragma once

#include <mm/address.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace skerry::pc::acpi {

/// An array with a length, for lists that firmware may make too long.
template <class T, std::size_t Capacity> class BoundedList {
public:
  /// Appends, or counts the element as dropped when there is no room.
  constexpr void push(const T& element) {
    if (size_ == Capacity) {
      ++dropped_;
      return;
    }
    elements_[size_++] = element;
  }
  [[nodiscard]] constexpr std::size_t size() const { return size_; }
  [[nodiscard]] constexpr std::size_t dropped() const { return dropped_; }
  [[nodiscard]] constexpr const T& operator[](std::size_t index) const { return elements_[index]; }
  [[nodiscard]] constexpr const T* begin() const { return elements_; }
  [[nodiscard]] constexpr const T* end() const { return elements_ + size_; }

private:
  T elements_[Capacity] = {};
  std::size_t size_ = 0;
  std::size_t dropped_ = 0;
};

/// Where a register of the platform is (Generic Address Structure, 5.2.3.2).
struct Register {
  enum class Space : std::uint8_t { none, memory, port };
  Space space = Space::none;
  std::uint8_t width_bits = 0; ///< 8, 16, 32 or 64: of one access
  std::uint64_t address = 0;

  [[nodiscard]] constexpr bool exists() const { return space != Space::none; }
};

/// A processor (5.2.12.2 and 5.2.12.12).
struct Processor {
  std::uint32_t apic_id = 0;
  std::uint32_t uid = 0;
  bool enabled = false;        ///< may be started
  bool online_capable = false; ///< may be started once the firmware has added it
};

/// An I/O interrupt controller (5.2.12.3).
struct IoApic {
  mm::PhysicalAddress address;
  std::uint32_t first_line = 0; ///< global number of its first line
  std::uint8_t id = 0;
};

/// How an interrupt line is driven.
struct Signalling {
  bool level_triggered = false;
  bool active_low = false;
};

/// An interrupt of the ISA bus that is not the global line of the same number, or is driven in
/// another way than edge-triggered and active high (5.2.12.5).
struct LineOverride {
  std::uint32_t line = 0;
  std::uint8_t isa_irq = 0;
  Signalling signalling;
};

/// A processor's pin that is wired to NMI (5.2.12.7 and 5.2.12.13).
struct LocalNmi {
  static constexpr std::uint32_t every_processor = 0xffff'ffff;
  std::uint32_t processor_uid = every_processor;
  std::uint8_t pin = 1; ///< 0 for LINT0, 1 for LINT1
  Signalling signalling;
};

/// The interrupt controllers (MADT, 5.2.12).
struct InterruptControllers {
  mm::PhysicalAddress local_apic;
  bool has_legacy_controllers = true; ///< a pair of 8259 that must be masked
  BoundedList<Processor, 256> processors;
  BoundedList<IoApic, 16> io_apics;
  BoundedList<LineOverride, 32> overrides;
  BoundedList<LocalNmi, 16> nmis;
};

/// The fixed hardware (FADT, 5.2.9).
struct FixedHardware {
  bool hardware_reduced = false; ///< no PM1 and no PM timer: sleep and reset registers only
  bool has_fixed_power_button = false;
  bool has_keyboard_controller = true;
  bool has_rtc = true;
  bool timer_is_32_bit = false;   ///< the PM timer wraps at 32 bits, not at 24
  std::uint8_t century_index = 0; ///< of the RTC's century register; 0 when it has none

  std::uint16_t sci_irq = 0; ///< line of the system control interrupt
  std::uint16_t smi_command_port = 0;
  std::uint8_t acpi_enable_value = 0;

  Register pm_timer;
  Register pm1a_event;
  Register pm1b_event;
  std::uint8_t pm1_event_bytes = 0; ///< status and enable registers have half of it each
  Register pm1a_control;
  Register pm1b_control;
  Register reset;
  std::uint8_t reset_value = 0;
  Register sleep_control; ///< hardware-reduced only (4.8.3.7)

  mm::PhysicalAddress dsdt;
};

/// What to write to PM1 control, or to the sleep control register, for the state "soft off"
/// (`\_S5`, 7.4.2.6).
struct SleepTypes {
  std::uint8_t pm1a = 0;
  std::uint8_t pm1b = 0;
};

/// The high precision event timer (IA-PC HPET 1.0a, 3.2.4).
struct Hpet {
  mm::PhysicalAddress address;
  std::uint32_t block_id = 0;
};

/// A window on the configuration space of PCI Express (PCI firmware 3.0, 4.1.2).
struct PciSegment {
  mm::PhysicalAddress address; ///< of bus 0, also when first_bus is not 0
  std::uint16_t number = 0;
  std::uint8_t first_bus = 0;
  std::uint8_t last_bus = 0;
};

struct AcpiInfo {
  bool present = false;
  std::uint8_t revision = 0; ///< of the root pointer: 0 for ACPI 1.0, 2 for all later ones

  std::optional<InterruptControllers> interrupts;
  std::optional<FixedHardware> fixed;
  std::optional<SleepTypes> soft_off;
  std::optional<Hpet> hpet;
  BoundedList<PciSegment, 16> pci_segments;
};

/// The global line that ISA interrupt `isa_irq` (0 to 15) arrives on, and how.
[[nodiscard]] constexpr LineOverride line_of_isa_irq(const AcpiInfo& info, std::uint8_t isa_irq) {
  if (info.interrupts) {
    for (const LineOverride& override : info.interrupts->overrides) {
      if (override.isa_irq == isa_irq) {
        return override;
      }
    }
  }
  return {.line = isa_irq, .isa_irq = isa_irq, .signalling = {}};
}

} // namespace skerry::pc::acpi
