// SPDX-License-Identifier: Apache-2.0
// Reading and decoding the MC146818 (data sheet, "Time, calendar and alarm locations").
#include "platform/pc/rtc.hpp"

#include <core/bytes.hpp>

namespace skerry::pc {
namespace {

enum Index : std::uint8_t {
  seconds = 0x00,
  minutes = 0x02,
  hours = 0x04,
  day_of_month = 0x07,
  month = 0x08,
  year = 0x09,
  status_a = 0x0a,
  status_b = 0x0b,
  status_c = 0x0c, // reading it acknowledges
};

constexpr unsigned a_update_in_progress = 7;
constexpr unsigned b_update_interrupts = 4;
constexpr unsigned c_update_ended = 4;
constexpr unsigned b_24_hours = 1;
constexpr unsigned b_binary = 2;
constexpr unsigned hour_is_pm = 7;
constexpr std::uint8_t last_index = 0x7f; // bit 7 of the index port masks NMI

// An update lasts 2.2 ms at most and a read a microsecond or two.
constexpr int max_waits = 10'000;
constexpr int max_attempts = 8;

/// Two decimal digits, or -1.
int from_bcd(std::uint8_t value) {
  const int tens = value >> 4;
  const int ones = value & 0xf;
  return tens <= 9 && ones <= 9 ? tens * 10 + ones : -1;
}

int decode_field(std::uint8_t value, std::uint8_t encoding) {
  return has_bit(encoding, b_binary) ? value : from_bcd(value);
}

/// 0 to 23, or -1. In the 12-hour form 12 comes before 1, and bit 7 says "after noon".
int decode_hour(std::uint8_t value, std::uint8_t encoding) {
  if (has_bit(encoding, b_24_hours)) {
    return decode_field(value, encoding);
  }
  const auto clock_face = static_cast<std::uint8_t>(value & ~bit<std::uint8_t>(hour_is_pm));
  const int hour = decode_field(clock_face, encoding);
  if (hour < 1 || hour > 12) {
    return -1;
  }
  return hour % 12 + (has_bit(value, hour_is_pm) ? 12 : 0);
}

int decode_year(const RtcReading& reading) {
  const int in_century = decode_field(reading.year, reading.status_b);
  if (in_century < 0 || in_century > 99) {
    return -1;
  }
  const int century = decode_field(reading.century, reading.status_b);
  if (century >= 19 && century <= 99) {
    return century * 100 + in_century;
  }
  return in_century + (in_century < 70 ? 2000 : 1900);
}

bool is_leap_year(int year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int days_in_month(int year, int month) {
  constexpr std::uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return days[month - 1] + (month == 2 && is_leap_year(year) ? 1 : 0);
}

bool is_between(int value, int least, int greatest) {
  return value >= least && value <= greatest;
}

RtcReading read_once(RtcRegisters& registers, std::uint8_t century_index) {
  return {.seconds = registers.read(Index::seconds),
          .minutes = registers.read(Index::minutes),
          .hours = registers.read(Index::hours),
          .day = registers.read(Index::day_of_month),
          .month = registers.read(Index::month),
          .year = registers.read(Index::year),
          .century = century_index != 0 && century_index <= last_index
                         ? registers.read(century_index)
                         : std::uint8_t{0},
          .status_b = registers.read(Index::status_b)};
}

bool wait_for_end_of_update(RtcRegisters& registers) {
  for (int i = 0; i < max_waits; ++i) {
    if (!has_bit(registers.read(Index::status_a), a_update_in_progress)) {
      return true;
    }
  }
  return false;
}

} // namespace

std::int64_t seconds_since_1970(int year, int month, int day, int hour, int minute, int second) {
  // Years are counted from March, so that the leap day is a year's last; then a year has 365 days
  // and one for every fourth, but not hundredth, but four hundredth.
  const int march_year = month > 2 ? year : year - 1;
  const int march_month = month > 2 ? month - 3 : month + 9;
  const std::int64_t leap_days = march_year / 4 - march_year / 100 + march_year / 400;
  const std::int64_t day_of_year = (153 * march_month + 2) / 5 + day - 1;
  constexpr std::int64_t days_to_1970 = 719'468; // from 0000-03-01
  const std::int64_t days = std::int64_t{march_year} * 365 + leap_days + day_of_year - days_to_1970;
  return ((days * 24 + hour) * 60 + minute) * 60 + second;
}

std::optional<std::int64_t> decode_rtc(const RtcReading& reading) {
  const int second = decode_field(reading.seconds, reading.status_b);
  const int minute = decode_field(reading.minutes, reading.status_b);
  const int hour = decode_hour(reading.hours, reading.status_b);
  const int day = decode_field(reading.day, reading.status_b);
  const int month_number = decode_field(reading.month, reading.status_b);
  const int year_number = decode_year(reading);
  if (!is_between(second, 0, 59) || !is_between(minute, 0, 59) || !is_between(hour, 0, 23) ||
      !is_between(month_number, 1, 12) || year_number < 1970 ||
      !is_between(day, 1, days_in_month(year_number, month_number))) {
    return std::nullopt;
  }
  return seconds_since_1970(year_number, month_number, day, hour, minute, second);
}

std::optional<std::int64_t> read_rtc(RtcRegisters& registers, std::uint8_t century_index) {
  for (int attempt = 0; attempt < max_attempts; ++attempt) {
    if (!wait_for_end_of_update(registers)) {
      return std::nullopt;
    }
    const RtcReading first = read_once(registers, century_index);
    const RtcReading second = read_once(registers, century_index);
    // An update between the two readings shows as a difference, one within both as this bit.
    if (first == second && !has_bit(registers.read(Index::status_a), a_update_in_progress)) {
      return decode_rtc(first);
    }
  }
  return std::nullopt;
}

void start_update_interrupts(RtcRegisters& registers) {
  const std::uint8_t control = registers.read(Index::status_b);
  registers.write(Index::status_b, control | bit<std::uint8_t>(b_update_interrupts));
  (void)registers.read(Index::status_c);
}

std::optional<std::int64_t> take_update_interrupt(RtcRegisters& registers,
                                                  std::uint8_t century_index) {
  if (!has_bit(registers.read(Index::status_c), c_update_ended)) {
    return std::nullopt;
  }
  const std::uint8_t control = registers.read(Index::status_b);
  if (!has_bit(control, b_update_interrupts)) {
    return std::nullopt;
  }
  const auto off = static_cast<std::uint8_t>(~bit<std::uint8_t>(b_update_interrupts));
  registers.write(Index::status_b, control & off);
  return read_rtc(registers, century_index);
}

} // namespace skerry::pc
