// SPDX-License-Identifier: Apache-2.0
// Finds the ACPI tables from the root pointer on (ACPI 6.5, 5.2.5 to 5.2.8) and parses those that
// Skerry uses. Physical memory is reached through an interface, so that tests and the fuzzer can
// play the firmware.
#pragma once

#include "platform/pc/acpi/acpi_info.hpp"

#include <core/result.hpp>

#include <cstddef>
#include <span>

namespace skerry::pc::acpi {

/// Reads physical memory.
class PhysicalMemory {
public:
  /// The `size` bytes at `start`, or nothing when they cannot be reached. What was returned stays
  /// valid while the object lives.
  virtual std::span<const std::byte> view(mm::PhysicalAddress start, std::size_t size) = 0;

protected:
  ~PhysicalMemory() = default;
};

/// Fills `result`. `root` is the address that the boot loader gave, or 0 to search where the BIOS
/// puts the root pointer. A table that is malformed is left out with a line in the log and the rest
/// is used. Context: boot.
/// Errors: no_such_device  there is no valid root pointer: the machine has no ACPI
///         bad_message     there is one, but the list of tables that it names is unusable
[[nodiscard]] Result<> discover(PhysicalMemory& memory, mm::PhysicalAddress root, AcpiInfo& result);

} // namespace skerry::pc::acpi
