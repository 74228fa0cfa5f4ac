// SPDX-License-Identifier: Apache-2.0
// I/O APICs: they turn interrupt lines into vectors of a CPU (Intel 82093AA data sheet; ICH9 data
// sheet, 13.5).
#pragma once

#include <core/result.hpp>
#include <mm/address.hpp>

#include <cstdint>

namespace skerry::x86_64 {

/// Where the first one is when nobody says otherwise.
inline constexpr mm::PhysicalAddress default_io_apic{0xfec0'0000};

/// Where a line leads, and how it is driven.
struct LineRoute {
  std::uint8_t vector = 0;
  std::uint8_t local_apic_id = 0;
  bool level_triggered = false;
  bool active_low = false;
};

/// Takes an I/O APIC into use whose first line has the global number `first_line`; masks all of
/// its lines. Context: boot.
/// Errors: no_such_device      nothing at `address` behaves like one
///         no_space_on_device  there are more than Skerry can use (16)
///         not_enough_memory   its registers could not be mapped
[[nodiscard]] Result<> add_io_apic(mm::PhysicalAddress address, std::uint32_t first_line);

/// Whether some I/O APIC has the line. Any context.
[[nodiscard]] bool has_line(std::uint32_t line);

/// Lets `line` interrupt. Context: boot or thread.
/// Errors: no_such_device  no I/O APIC has the line
[[nodiscard]] Result<> route_line(std::uint32_t line, const LineRoute& route);

/// Keeps `line` from interrupting; one that does not exist is left alone. Any context.
void mask_line(std::uint32_t line);

} // namespace skerry::x86_64
