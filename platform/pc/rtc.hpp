// SPDX-License-Identifier: Apache-2.0
// The real-time clock of a PC: date and time with a resolution of a second (Motorola MC146818 data
// sheet). The decoding is pure; who reads the registers is an interface.
#pragma once

#include <cstdint>
#include <optional>

namespace skerry::pc {

/// The registers of the clock's chip.
class RtcRegisters {
public:
  virtual std::uint8_t read(std::uint8_t index) = 0;
  virtual void write(std::uint8_t index, std::uint8_t value) = 0;

protected:
  ~RtcRegisters() = default;
};

/// What the registers hold, undecoded.
struct RtcReading {
  std::uint8_t seconds = 0;
  std::uint8_t minutes = 0;
  std::uint8_t hours = 0;
  std::uint8_t day = 0;
  std::uint8_t month = 0;
  std::uint8_t year = 0;
  std::uint8_t century = 0;  ///< 0 when there is no such register
  std::uint8_t status_b = 0; ///< says how the others are encoded

  friend bool operator==(const RtcReading&, const RtcReading&) = default;
};

/// Seconds from 1970-01-01 00:00 UTC to a date and time of the Gregorian calendar.
[[nodiscard]] std::int64_t seconds_since_1970(int year, int month, int day, int hour, int minute,
                                              int second);

/// Seconds since 1970 that a reading stands for, the clock taken to keep UTC; nothing when it is
/// no date. Without century register the years are 1970 to 2069.
[[nodiscard]] std::optional<std::int64_t> decode_rtc(const RtcReading& reading);

/// Reads the clock, twice, until both readings agree and no update was under way, which takes two
/// milliseconds at most. `century_index` is the register that ACPI names, or 0. Nothing when the
/// clock is absent, holds no date or never stops to be updated.
[[nodiscard]] std::optional<std::int64_t> read_rtc(RtcRegisters& registers,
                                                   std::uint8_t century_index);

/// Asks for an interrupt after each update, which is where a second begins.
void start_update_interrupts(RtcRegisters& registers);

/// In the handler of the clock's interrupt: acknowledges it. When an update has just ended, returns
/// the second that begins, and asks for no more interrupts.
[[nodiscard]] std::optional<std::int64_t> take_update_interrupt(RtcRegisters& registers,
                                                                std::uint8_t century_index);

/// The machine's own clock. Context: boot or thread.
[[nodiscard]] std::optional<std::int64_t> read_machine_rtc(std::uint8_t century_index);

/// A reading says which second it is, not how much of it has passed. `tell` learns within a second
/// or so when one begins, once, in interrupt context; never where the interrupt does not come.
/// Context: boot, with interrupts.
void tell_of_next_second(std::uint8_t century_index, void (*tell)(std::int64_t seconds));

} // namespace skerry::pc
