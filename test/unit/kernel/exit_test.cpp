// SPDX-License-Identifier: Apache-2.0
// The end of a run: the last line and the status. Tools read both.
#include "platform/hosted/console_capture.hpp"
#include "platform/hosted/end_of_run.hpp"

#include <core/assert.hpp>
#include <hal/cpu.hpp>
#include <kernel/exit.hpp>
#include <kernel/trap.hpp>

#include <gtest/gtest.h>

namespace skerry::kernel {
namespace {

/// Runs `end` and returns the status with which the machine went off.
int status_of(void (*end)()) {
  (void)hosted::take_console_text();
  const hal::InterruptsOff keeps_the_flag;
  try {
    end();
  } catch (const hosted::PoweredOff& off) {
    return off.status;
  }
  return -1;
}

TEST(EndOfRun, WritesTheWholeStatusInTheLastLine) {
  EXPECT_EQ(status_of([] { end_run(0); }), 0);
  EXPECT_EQ(hosted::take_console_text(), "skerry: exit status 0\n");
  EXPECT_EQ(status_of([] { end_run(255); }), 255);
  EXPECT_EQ(hosted::take_console_text(), "skerry: exit status 255\n");
}

TEST(EndOfRun, NamesAPanic) {
  EXPECT_EQ(status_of(stop_after_report), panic_status);
  EXPECT_EQ(hosted::take_console_text(), "skerry: exit status 134 (panic)\n");
}

TEST(EndOfRun, RefusesWithOneLineAndAStatusOfItsOwn) {
  EXPECT_EQ(status_of([] { refuse_to_run("there is no memory"); }), usage_status);
  EXPECT_EQ(hosted::take_console_text(), "skerry: there is no memory\nskerry: exit status 2\n");
}

/// Where something may interrupt, its log lines came behind the last one once in thirty boots by
/// UEFI.
TEST(EndOfRun, IsDisturbedByNobody) {
  ASSERT_TRUE(hal::interrupts_enabled());
  EXPECT_THROW(end_run(0), hosted::PoweredOff);
  EXPECT_FALSE(hal::interrupts_enabled());
  hal::restore_interrupts(true);
  EXPECT_THROW(restart("reason"), hosted::Rebooted);
  EXPECT_FALSE(hal::interrupts_enabled());
  hal::restore_interrupts(true);
}

TEST(EndOfRunDeathTest, AbortsOnAPanicInAProcess) {
  EXPECT_DEATH(SKERRY_ASSERT(1 + 1 == 3), "panic: assertion failed: 1 \\+ 1 == 3\n.*exit_test.cpp");
}

} // namespace
} // namespace skerry::kernel
