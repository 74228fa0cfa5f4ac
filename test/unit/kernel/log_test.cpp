// SPDX-License-Identifier: Apache-2.0
// Log lines: what they look like, and which of them reach the console.
#include "platform/hosted/console_capture.hpp"
#include "platform/hosted/manual_clock.hpp"

#include <core/log.hpp>
#include <hal/cpu.hpp>
#include <kernel/log_ring.hpp>

#include <gtest/gtest.h>
#include <string>

namespace skerry {
namespace {

class LogTest : public testing::Test {
protected:
  LogTest() {
    hosted::restart_clock();
    (void)hosted::take_console_text();
  }
  ~LogTest() override { kernel::set_console_level(log::Level::info); }

  static std::string newest(std::size_t size) {
    std::string text(size, '\0');
    text.resize(kernel::copy_newest_log(text));
    return text;
  }
};

TEST_F(LogTest, StampsALineWithTheTimeSinceBoot) {
  hosted::advance_time(Duration::microseconds(12'000'034));
  log::info("acpi", "{} tables", 3);
  EXPECT_EQ(hosted::take_console_text(), "[   12.000034] acpi: 3 tables\n");
}

TEST_F(LogTest, NamesTheLevelOfWarningsAndErrors) {
  log::warning("net", "late");
  log::error("net", "gone");
  EXPECT_EQ(hosted::take_console_text(),
            "[    0.000000] net: warning: late\n[    0.000000] net: error: gone\n");
}

TEST_F(LogTest, KeepsLinesInTheRingThatDoNotReachTheConsole) {
  log::debug("boot", "detail");
  EXPECT_EQ(hosted::take_console_text(), "");
  EXPECT_TRUE(newest(100).ends_with("boot: detail\n"));

  kernel::set_console_level(log::Level::error);
  log::warning("boot", "quiet");
  EXPECT_EQ(hosted::take_console_text(), "");
  EXPECT_TRUE(newest(100).ends_with("boot: warning: quiet\n"));

  kernel::set_console_level(log::Level::debug);
  log::debug("boot", "loud");
  EXPECT_EQ(hosted::take_console_text(), "[    0.000000] boot: loud\n");
}

TEST_F(LogTest, CutsALineThatIsTooLongAndStillEndsIt) {
  log::info("x", "{}", std::string_view(std::string(1000, 'y')));
  const std::string text = hosted::take_console_text();
  EXPECT_LE(text.size(), log::max_line + 64);
  EXPECT_EQ(text.back(), '\n');
}

TEST_F(LogTest, EndsALineWhoseModuleNameIsTooLong) {
  log::info(std::string(500, 'm'), "{}", 1);
  log::info("x", "next");
  EXPECT_TRUE(hosted::take_console_text().ends_with("\n[    0.000000] x: next\n"));
}

TEST_F(LogTest, MayBeCalledWithInterruptsOff) {
  const hal::InterruptsOff off;
  log::info("irq", "here");
  EXPECT_FALSE(hal::interrupts_enabled());
  EXPECT_EQ(hosted::take_console_text(), "[    0.000000] irq: here\n");
}

} // namespace
} // namespace skerry
