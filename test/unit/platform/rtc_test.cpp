// SPDX-License-Identifier: Apache-2.0
// The real-time clock: every encoding, the calendar, and a chip that updates while it is read.
#include "platform/pc/rtc.hpp"

#include <ctime>
#include <functional>
#include <gtest/gtest.h>

namespace skerry::pc {
namespace {

constexpr std::uint8_t binary_24 = 0x06;
constexpr std::uint8_t binary_12 = 0x04;
constexpr std::uint8_t bcd_24 = 0x02;
constexpr std::uint8_t bcd_12 = 0x00;
constexpr std::uint8_t pm = 0x80;

// 2024-02-29 23:58:59 UTC
constexpr std::int64_t leap_day_evening = 1'709'251'139;

TEST(RtcDecode, ReadsEveryEncoding) {
  EXPECT_EQ(decode_rtc({59, 58, 23, 29, 2, 24, 20, binary_24}), leap_day_evening);
  EXPECT_EQ(decode_rtc({59, 58, 11 | pm, 29, 2, 24, 20, binary_12}), leap_day_evening);
  EXPECT_EQ(decode_rtc({0x59, 0x58, 0x23, 0x29, 0x02, 0x24, 0x20, bcd_24}), leap_day_evening);
  EXPECT_EQ(decode_rtc({0x59, 0x58, 0x11 | pm, 0x29, 0x02, 0x24, 0x20, bcd_12}), leap_day_evening);
}

TEST(RtcDecode, KnowsThatTwelveComesBeforeOne) {
  const auto midnight = decode_rtc({0, 0, 0, 1, 1, 24, 20, binary_24});
  ASSERT_TRUE(midnight);
  EXPECT_EQ(decode_rtc({0, 0, 12, 1, 1, 24, 20, binary_12}), *midnight);
  EXPECT_EQ(decode_rtc({0, 0, 12 | pm, 1, 1, 24, 20, binary_12}), *midnight + 12 * 3600);
  EXPECT_EQ(decode_rtc({0, 0, 0x12, 1, 1, 0x24, 0x20, bcd_12}), *midnight);
  EXPECT_EQ(decode_rtc({0, 0, 0x12 | pm, 1, 1, 0x24, 0x20, bcd_12}), *midnight + 12 * 3600);
  EXPECT_EQ(decode_rtc({0, 0, 1, 1, 1, 24, 20, binary_12}), *midnight + 3600);
  EXPECT_FALSE(decode_rtc({0, 0, 0, 1, 1, 24, 20, binary_12}));
  EXPECT_FALSE(decode_rtc({0, 0, 13, 1, 1, 24, 20, binary_12}));
}

TEST(RtcDecode, GuessesTheCenturyWithoutItsRegister) {
  EXPECT_EQ(decode_rtc({0, 0, 0, 1, 1, 70, 0, binary_24}), 0);
  EXPECT_EQ(decode_rtc({0, 0, 0, 1, 1, 99, 0, binary_24}), 915'148'800);
  EXPECT_EQ(decode_rtc({0, 0, 0, 1, 1, 0, 0, binary_24}), 946'684'800);
  EXPECT_EQ(decode_rtc({0, 0, 0, 1, 1, 69, 0, binary_24}), 3'124'224'000);
  // A register that holds no century counts as none.
  EXPECT_EQ(decode_rtc({0, 0, 0, 1, 1, 0, 0xff, bcd_24}), 946'684'800);
}

TEST(RtcDecode, UsesTheCenturyRegister) {
  EXPECT_EQ(decode_rtc({0, 0, 0, 1, 1, 0, 21, binary_24}), 4'102'444'800);
  EXPECT_EQ(decode_rtc({0, 0, 0, 1, 1, 0x99, 0x19, bcd_24}), 915'148'800);
  EXPECT_FALSE(decode_rtc({0, 0, 0, 1, 1, 69, 19, binary_24})); // before 1970
}

TEST(RtcDecode, KnowsLeapYears) {
  EXPECT_TRUE(decode_rtc({0, 0, 0, 29, 2, 0, 20, binary_24}));  // 2000 is one
  EXPECT_FALSE(decode_rtc({0, 0, 0, 29, 2, 0, 21, binary_24})); // 2100 is none
  EXPECT_FALSE(decode_rtc({0, 0, 0, 29, 2, 23, 20, binary_24}));
  EXPECT_FALSE(decode_rtc({0, 0, 0, 30, 2, 24, 20, binary_24}));
}

TEST(RtcDecode, RefusesWhatIsNoDate) {
  EXPECT_FALSE(decode_rtc({60, 0, 0, 1, 1, 24, 20, binary_24}));
  EXPECT_FALSE(decode_rtc({0, 60, 0, 1, 1, 24, 20, binary_24}));
  EXPECT_FALSE(decode_rtc({0, 0, 24, 1, 1, 24, 20, binary_24}));
  EXPECT_FALSE(decode_rtc({0, 0, 0, 0, 1, 24, 20, binary_24}));
  EXPECT_FALSE(decode_rtc({0, 0, 0, 31, 4, 24, 20, binary_24}));
  EXPECT_FALSE(decode_rtc({0, 0, 0, 1, 0, 24, 20, binary_24}));
  EXPECT_FALSE(decode_rtc({0, 0, 0, 1, 13, 24, 20, binary_24}));
  EXPECT_FALSE(decode_rtc({0, 0, 0, 1, 1, 100, 20, binary_24}));
  EXPECT_FALSE(decode_rtc({0x0a, 0, 0, 1, 1, 0x24, 0x20, bcd_24}));           // no decimal digit
  EXPECT_FALSE(decode_rtc({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff})); // nothing there
  EXPECT_FALSE(decode_rtc({}));
}

TEST(RtcCalendar, AgreesWithTheHostsForEveryDayOfThreeCenturies) {
  for (std::int64_t day = 0; day < 330 * 365; ++day) {
    const std::time_t moment = day * 86'400 + 4'321;
    std::tm parts = {};
    ASSERT_NE(gmtime_r(&moment, &parts), nullptr);
    ASSERT_EQ(seconds_since_1970(parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                                 parts.tm_hour, parts.tm_min, parts.tm_sec),
              moment);
  }
}

/// A chip whose registers the test sets, and may change at each read.
class FakeRtc final : public RtcRegisters {
public:
  std::uint8_t registers[128] = {};
  int reads = 0;
  std::function<void(FakeRtc&)> before_read = [](FakeRtc&) {};

  FakeRtc() { set(2024, 2, 29, 23, 58, 59); }

  void set(int year, int month, int day, int hour, int minute, int second) {
    registers[0] = static_cast<std::uint8_t>(second);
    registers[2] = static_cast<std::uint8_t>(minute);
    registers[4] = static_cast<std::uint8_t>(hour);
    registers[7] = static_cast<std::uint8_t>(day);
    registers[8] = static_cast<std::uint8_t>(month);
    registers[9] = static_cast<std::uint8_t>(year % 100);
    registers[0x32] = static_cast<std::uint8_t>(year / 100);
    registers[0xb] = binary_24;
  }
  std::uint8_t read(std::uint8_t index) override {
    ++reads;
    before_read(*this);
    const std::uint8_t value = registers[index & 0x7fU];
    if (index == 0xc)
      registers[0xc] = 0; // reading acknowledges
    return value;
  }
  void write(std::uint8_t index, std::uint8_t value) override { registers[index] = value; }
};

TEST(RtcUpdates, AreToldOnceAndThenLeftOff) {
  constexpr std::uint8_t updates = 0x10; // of the registers B and C
  FakeRtc rtc;
  rtc.registers[0xc] = updates; // from before
  start_update_interrupts(rtc);
  EXPECT_EQ(rtc.registers[0xb], binary_24 | updates);
  EXPECT_EQ(rtc.registers[0xc], 0);
  rtc.registers[0xc] = 0x40; // another reason
  EXPECT_EQ(take_update_interrupt(rtc, 0x32), std::nullopt);
  EXPECT_EQ(rtc.registers[0xb], binary_24 | updates);
  rtc.set(2024, 3, 1, 0, 0, 0);
  rtc.registers[0xb] |= updates;
  rtc.registers[0xc] = 0x80 | updates;
  EXPECT_EQ(take_update_interrupt(rtc, 0x32), seconds_since_1970(2024, 3, 1, 0, 0, 0));
  EXPECT_EQ(rtc.registers[0xb], binary_24) << "no more interrupts";
  rtc.registers[0xc] = 0x80 | updates;
  EXPECT_EQ(take_update_interrupt(rtc, 0x32), std::nullopt) << "one that was on its way";
}

TEST(RtcRead, ReadsTheRegistersThatAcpiNames) {
  FakeRtc chip;
  EXPECT_EQ(read_rtc(chip, 0x32), leap_day_evening);
  EXPECT_EQ(read_rtc(chip, 0), leap_day_evening);
  chip.set(2124, 2, 29, 0, 0, 0);
  EXPECT_EQ(read_rtc(chip, 0x32), 4'864'838'400);
  // A number that would set the NMI mask is no register.
  EXPECT_EQ(read_rtc(chip, 0xb2), 1'709'164'800);
}

TEST(RtcRead, WaitsForTheEndOfAnUpdate) {
  FakeRtc chip;
  chip.registers[0xa] = 0x80;
  chip.before_read = [](FakeRtc& self) {
    if (self.reads == 500) {
      self.registers[0xa] = 0;
      self.set(2024, 3, 1, 0, 0, 0);
    }
  };
  EXPECT_EQ(read_rtc(chip, 0x32), 1'709'251'200);
}

TEST(RtcRead, ReadsAgainWhenTheTimeChangedMeanwhile) {
  // The date changes between two registers: 2024-02-29 23:59:59 and then 2024-03-01 00:00:00 must
  // never be mixed.
  for (int change_at = 1; change_at < 25; ++change_at) {
    FakeRtc chip;
    chip.set(2024, 2, 29, 23, 59, 59);
    chip.before_read = [change_at](FakeRtc& self) {
      if (self.reads == change_at) {
        self.set(2024, 3, 1, 0, 0, 0);
      }
    };
    const auto seconds = read_rtc(chip, 0x32);
    ASSERT_TRUE(seconds) << change_at;
    EXPECT_TRUE(*seconds == 1'709'251'199 || *seconds == 1'709'251'200) << change_at;
  }
}

TEST(RtcRead, GivesUpOnAChipThatIsAlwaysUpdating) {
  FakeRtc chip;
  chip.registers[0xa] = 0x80;
  EXPECT_FALSE(read_rtc(chip, 0x32));
  EXPECT_LE(chip.reads, 10'000);
}

TEST(RtcRead, GivesUpOnAChipThatNeverShowsTheSameTwice) {
  FakeRtc chip;
  chip.before_read = [](FakeRtc& self) {
    self.registers[0] = static_cast<std::uint8_t>(self.reads % 59);
  };
  EXPECT_FALSE(read_rtc(chip, 0x32));
}

} // namespace
} // namespace skerry::pc
