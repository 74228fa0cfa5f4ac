// SPDX-License-Identifier: Apache-2.0
// Calendar time: mktime(), timegm(), strftime(), strptime(), time zones by rule and by file.
#include <array>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <gtest/gtest.h>
#include <string>
#include <sys/stat.h>
#include <vector>

namespace {

class Calendar : public testing::Test {
protected:
  void TearDown() override { use(""); }

  static void use(const char* zone) {
    if (*zone == '\0')
      unsetenv("TZ");
    else
      setenv("TZ", zone, 1);
    tzset();
  }

  static std::tm date(int year, int month, int day, int hour = 0, int minute = 0, int second = 0) {
    std::tm fields{};
    fields.tm_year = year - 1900;
    fields.tm_mon = month - 1;
    fields.tm_mday = day;
    fields.tm_hour = hour;
    fields.tm_min = minute;
    fields.tm_sec = second;
    fields.tm_isdst = -1;
    return fields;
  }

  static std::string format(const char* how, const std::tm& fields) {
    char text[256];
    return {text, std::strftime(text, sizeof text, how, &fields)};
  }

  static std::string local(std::time_t time) {
    std::tm fields{};
    localtime_r(&time, &fields);
    return format("%F %T %z %Z", fields);
  }
};

TEST_F(Calendar, CountsSecondsSince1970) {
  std::tm fields = date(1970, 1, 1);
  EXPECT_EQ(timegm(&fields), 0);
  fields = date(2000, 2, 29, 12, 34, 56);
  EXPECT_EQ(timegm(&fields), 951827696);
  EXPECT_EQ(fields.tm_wday, 2);
  EXPECT_EQ(fields.tm_yday, 59);
  fields = date(1900, 1, 1);
  EXPECT_EQ(timegm(&fields), -2208988800);
  fields = date(2038, 1, 19, 3, 14, 8);
  EXPECT_EQ(timegm(&fields), 2147483648);
}

TEST_F(Calendar, ComesBackFromEachDayOfFourCenturies) {
  for (std::time_t day = -146097; day < 146097; day += 13) {
    const std::time_t time = day * 86400 + 4711;
    std::tm fields{};
    ASSERT_NE(gmtime_r(&time, &fields), nullptr);
    ASSERT_EQ(timegm(&fields), time);
  }
}

TEST_F(Calendar, CarriesFieldsThatAreTooLarge) {
  std::tm fields = date(2023, 14, 31, 25, 61, 61);
  EXPECT_EQ(timegm(&fields), 1709431321); // 2024-03-03 02:02:01
  EXPECT_EQ(format("%F %T", fields), "2024-03-03 02:02:01");
  fields = date(2024, 1, 0);
  timegm(&fields);
  EXPECT_EQ(format("%F", fields), "2023-12-31");
}

TEST_F(Calendar, RefusesYearsThatNoIntHolds) {
  const std::time_t time = std::int64_t{1} << 60;
  std::tm fields{};
  errno = 0;
  EXPECT_EQ(gmtime_r(&time, &fields), nullptr);
  EXPECT_EQ(errno, EOVERFLOW);
  fields = date(2000, 1, 1);
  fields.tm_year = INT_MAX;
  fields.tm_mon = INT_MAX;
  errno = 0;
  EXPECT_EQ(std::mktime(&fields), -1);
  EXPECT_EQ(errno, EOVERFLOW);
}

TEST_F(Calendar, WritesEachConversion) {
  std::tm fields = date(2024, 12, 30, 15, 4, 5);
  timegm(&fields);
  EXPECT_EQ(format("%a %A %b %B %h", fields), "Mon Monday Dec December Dec");
  EXPECT_EQ(format("%d %e %H %I %j %m %M %p %S %y %Y %C", fields),
            "30 30 15 03 365 12 04 PM 05 24 2024 20");
  EXPECT_EQ(format("%u %w %U %W %V %g %G", fields), "1 1 52 53 01 25 2025");
  EXPECT_EQ(format("%D %F %R %T %r", fields), "12/30/24 2024-12-30 15:04 15:04:05 03:04:05 PM");
  EXPECT_EQ(format("%c|%x|%X", fields), "Mon Dec 30 15:04:05 2024|12/30/24|15:04:05");
  EXPECT_EQ(format("%n%t%%", fields), "\n\t%");
  EXPECT_EQ(format("%s", fields), "1735571045");
  fields.tm_mday = 3;
  EXPECT_EQ(format("[%e] [%-d] [%+5Y]", fields), "[ 3] [3] [+2024]");
  char small[4];
  EXPECT_EQ(std::strftime(small, sizeof small, "%Y", &fields), 0U);
}

TEST_F(Calendar, ReadsWhatItWrites) {
  std::tm fields{};
  EXPECT_STREQ(strptime("2024-02-29 23:59:58 rest", "%Y-%m-%d %H:%M:%S", &fields), " rest");
  EXPECT_EQ(format("%F %T", fields), "2024-02-29 23:59:58");
  EXPECT_NE(strptime("Tuesday, 5 March 99", "%A, %d %B %y", &fields), nullptr);
  EXPECT_EQ(fields.tm_wday, 2);
  EXPECT_EQ(fields.tm_mon, 2);
  EXPECT_EQ(fields.tm_year, 99);
  EXPECT_NE(strptime("12:30 am", "%I:%M %p", &fields), nullptr);
  EXPECT_EQ(fields.tm_hour, 0);
  EXPECT_EQ(strptime("13", "%m", &fields), nullptr);
  EXPECT_EQ(strptime("x", "%d", &fields), nullptr);
}

TEST_F(Calendar, WritesTheOldFormats) {
  std::tm fields = date(1973, 9, 16, 1, 3, 52);
  timegm(&fields);
  char text[32];
  EXPECT_STREQ(asctime_r(&fields, text), "Sun Sep 16 01:03:52 1973\n");
  const std::time_t time = 0;
  use("UTC0");
  EXPECT_STREQ(ctime_r(&time, text), "Thu Jan  1 00:00:00 1970\n");
}

TEST_F(Calendar, ChangesToSummerTimeByARule) {
  use("CET-1CEST,M3.5.0,M10.5.0/3");
  EXPECT_STREQ(tzname[0], "CET");
  EXPECT_STREQ(tzname[1], "CEST");
  EXPECT_EQ(timezone, -3600);
  EXPECT_TRUE(daylight);
  EXPECT_EQ(local(1711846799), "2024-03-31 01:59:59 +0100 CET");
  EXPECT_EQ(local(1711846800), "2024-03-31 03:00:00 +0200 CEST");
  EXPECT_EQ(local(1729990799), "2024-10-27 02:59:59 +0200 CEST");
  EXPECT_EQ(local(1729990800), "2024-10-27 02:00:00 +0100 CET");
}

TEST_F(Calendar, FindsTheTimeOfALocalDate) {
  use("CET-1CEST,M3.5.0,M10.5.0/3");
  std::tm summer = date(2024, 7, 1, 12);
  EXPECT_EQ(std::mktime(&summer), 1719828000);
  EXPECT_EQ(summer.tm_isdst, 1);
  std::tm winter = date(2024, 1, 1, 12);
  EXPECT_EQ(std::mktime(&winter), 1704106800);
  EXPECT_EQ(winter.tm_isdst, 0);
  std::tm first = date(2024, 10, 27, 2, 30); // twice there
  first.tm_isdst = 1;
  std::tm second = date(2024, 10, 27, 2, 30);
  second.tm_isdst = 0;
  EXPECT_EQ(std::mktime(&second) - std::mktime(&first), 3600);
}

TEST_F(Calendar, KnowsRulesOfTheOtherHalfOfTheWorldAndByDays) {
  use("<-03>3<-02>,M10.3.0/0,M2.3.0/0");
  EXPECT_EQ(local(1704067200), "2023-12-31 22:00:00 -0200 -02");
  EXPECT_EQ(local(1719792000), "2024-06-30 21:00:00 -0300 -03");
  use("XST5XDT,J60,J300"); // the 1st of March, also in a leap year
  EXPECT_EQ(local(1709272800), "2024-03-01 01:00:00 -0500 XST");
  EXPECT_EQ(local(1709276400), "2024-03-01 03:00:00 -0400 XDT");
  use("<+0530>-5:30");
  EXPECT_EQ(local(0), "1970-01-01 05:30:00 +0530 +0530");
}

/// A zone file of version 2 (RFC 9636) as its writer builds it: big-endian numbers.
class ZoneFile {
public:
  void number(std::int64_t value, int bytes) {
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
      bytes_ += static_cast<char>(static_cast<std::uint64_t>(value) >> shift);
  }
  void text(const std::string& text) { bytes_ += text; }
  void header(std::uint32_t changes, std::uint32_t types, std::uint32_t letters) {
    text("TZif2");
    bytes_.append(15, '\0');
    for (const std::uint32_t count : {0U, 0U, 0U, changes, types, letters})
      number(count, 4);
  }
  void write(const char* path) const {
    std::FILE* file = std::fopen(path, "w");
    ASSERT_NE(file, nullptr);
    ASSERT_EQ(std::fwrite(bytes_.data(), 1, bytes_.size(), file), bytes_.size());
    std::fclose(file);
  }

private:
  std::string bytes_;
};

TEST_F(Calendar, ReadsAZoneFile) {
  mkdir("/tmp", 0777);
  ZoneFile zone;
  zone.header(0, 1, 4); // the old part, of nothing
  zone.number(0, 4);
  zone.number(0, 2);
  zone.text(std::string("LMT\0", 4));
  zone.header(2, 3, 12);
  zone.number(-1000000000, 8);
  zone.number(1000000000, 8);
  zone.number(1, 1);
  zone.number(2, 1);
  for (const auto& [offset, summer, name] :
       {std::array{600, 0, 0}, std::array{7200, 1, 4}, std::array{3600, 0, 8}}) {
    zone.number(offset, 4);
    zone.number(summer, 1);
    zone.number(name, 1);
  }
  zone.text(std::string("LMT\0SUM\0WIN\0", 12));
  zone.text("\nWIN-1\n");
  zone.write("/tmp/zone");
  use("/tmp/zone");
  EXPECT_EQ(local(-1000000001), "1938-04-24 22:23:19 +0010 LMT");
  EXPECT_EQ(local(-1000000000), "1938-04-25 00:13:20 +0200 SUM");
  EXPECT_EQ(local(999999999), "2001-09-09 03:46:39 +0200 SUM");
  EXPECT_EQ(local(1000000000), "2001-09-09 02:46:40 +0100 WIN");
  EXPECT_EQ(local(4000000000), "2096-10-02 08:06:40 +0100 WIN");
}

TEST_F(Calendar, TakesWhatItDoesNotKnowForUniversalTime) {
  use("/tmp/there-is-no-such-file");
  EXPECT_EQ(local(0).substr(0, 25), "1970-01-01 00:00:00 +0000");
}

} // namespace
