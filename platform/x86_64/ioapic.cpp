// SPDX-License-Identifier: Apache-2.0
// Registers of an I/O APIC: an index and a window, and behind them a redirection entry of 64 bits
// for each line (82093AA data sheet, 3.2).
#include "platform/x86_64/ioapic.hpp"

#include <core/bytes.hpp>
#include <core/log.hpp>
#include <hal/cpu.hpp>
#include <hal/paging.hpp>

namespace skerry::x86_64 {
namespace {

constexpr std::size_t register_space = 0x20;
constexpr std::size_t index_word = 0x00 / sizeof(std::uint32_t);
constexpr std::size_t window_word = 0x10 / sizeof(std::uint32_t);

constexpr std::uint32_t version_register = 0x01;
constexpr std::uint32_t first_redirection = 0x10;

// Redirection entry, low word.
constexpr unsigned entry_active_low = 13;
constexpr unsigned entry_level = 15;
constexpr std::uint32_t entry_masked = bit<std::uint32_t>(16);
// High word: the local APIC's number in bits 31:24.
constexpr unsigned entry_destination = 24;

// The 82093AA has 24 lines, later ones up to 240 (an entry's index has eight bits).
constexpr std::uint32_t max_lines = 240;

class IoApic {
public:
  constexpr IoApic() = default;
  IoApic(volatile std::uint32_t* registers, std::uint32_t first_line)
      : registers_(registers), first_line_(first_line) {}

  /// Reads how many lines there are; 0 when the answer is not that of an I/O APIC.
  std::uint32_t count_lines() {
    const std::uint32_t version = read(version_register);
    const std::uint32_t lines = (version >> 16U & 0xffU) + 1;
    // Reserved bits are zero in all versions; all ones is an empty bus.
    const bool plausible = (version & 0xff00'7f00U) == 0 && (version & 0xffU) != 0;
    line_count_ = plausible && lines > 1 && lines <= max_lines ? lines : 0;
    return line_count_;
  }

  [[nodiscard]] bool has(std::uint32_t line) const {
    return line >= first_line_ && line - first_line_ < line_count_;
  }

  void set(std::uint32_t line, std::uint32_t low, std::uint32_t high) {
    const std::uint32_t entry = first_redirection + 2 * (line - first_line_);
    const hal::InterruptsOff off; // index and window belong together
    write(entry, entry_masked);
    write(entry + 1, high);
    write(entry, low);
  }

  void mask_all() {
    for (std::uint32_t i = 0; i < line_count_; ++i) {
      write(first_redirection + 2 * i, entry_masked);
    }
  }

private:
  // SAFETY: registers_ is a device mapping of register_space that add_io_apic() made.
  std::uint32_t read(std::uint32_t index) {
    registers_[index_word] = index;
    return registers_[window_word];
  }
  void write(std::uint32_t index, std::uint32_t value) {
    registers_[index_word] = index;
    registers_[window_word] = value;
  }

  volatile std::uint32_t* registers_ = nullptr;
  std::uint32_t first_line_ = 0;
  std::uint32_t line_count_ = 0;
};

constexpr std::size_t max_io_apics = 16;
constinit IoApic io_apics[max_io_apics];
constinit std::size_t io_apic_count = 0;

IoApic* find(std::uint32_t line) {
  for (std::size_t i = 0; i < io_apic_count; ++i) {
    if (io_apics[i].has(line)) {
      return &io_apics[i];
    }
  }
  return nullptr;
}

} // namespace

Result<> add_io_apic(mm::PhysicalAddress address, std::uint32_t first_line) {
  if (io_apic_count == max_io_apics) {
    return fail(std::errc::no_space_on_device);
  }
  const auto space = TRY(hal::map_physical({address, register_space}, hal::Caching::device));
  IoApic found(space.as_pointer<volatile std::uint32_t>(), first_line);
  const std::uint32_t lines = found.count_lines();
  if (lines == 0) {
    return fail(std::errc::no_such_device);
  }
  found.mask_all();
  io_apics[io_apic_count++] = found;
  log::debug("apic", "I/O APIC at {:#x} has lines {} to {}", address.value(), first_line,
             first_line + lines - 1);
  return {};
}

bool has_line(std::uint32_t line) {
  return find(line) != nullptr;
}

Result<> route_line(std::uint32_t line, const LineRoute& route) {
  IoApic* io_apic = find(line);
  if (io_apic == nullptr) {
    return fail(std::errc::no_such_device);
  }
  std::uint32_t low = route.vector; // fixed delivery, physical destination
  low |= route.active_low ? bit<std::uint32_t>(entry_active_low) : 0;
  low |= route.level_triggered ? bit<std::uint32_t>(entry_level) : 0;
  io_apic->set(line, low, std::uint32_t{route.local_apic_id} << entry_destination);
  return {};
}

void mask_line(std::uint32_t line) {
  if (IoApic* io_apic = find(line)) {
    io_apic->set(line, entry_masked, 0);
  }
}

} // namespace skerry::x86_64
