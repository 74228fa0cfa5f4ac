// SPDX-License-Identifier: Apache-2.0
// Lines of the kernel between those of the service.
#include "platform/hosted/console_capture.hpp"

#include <kernel/console.hpp>

#include <gtest/gtest.h>

namespace skerry::kernel {
namespace {

TEST(Console, StartsALineOfTheKernelBehindAnOpenLineOfTheService) {
  (void)hosted::take_console_text();
  write_consoles("half a line");
  write_kernel_line("kernel\n");
  write_kernel_line("again\n");
  write_consoles(", the rest\n");
  write_kernel_line("last\n");
  EXPECT_EQ(hosted::take_console_text(), "half a line\nkernel\nagain\n, the rest\nlast\n");
}

TEST(Console, LeavesALineOpenBehindAnEmptyWriteAndAControlCharacter) {
  (void)hosted::take_console_text();
  write_consoles("open");
  write_consoles("");
  write_control('\x11');
  write_kernel_line("kernel\n");
  EXPECT_EQ(hosted::take_console_text(), "open\x11\nkernel\n");
}

TEST(Console, KeepsLinesOfTheLogOutOfACallThatWrites) {
  (void)hosted::take_console_text();
  {
    const ServiceOutput outer;
    write_consoles("h");
    write_log_line("log 1\n");
    {
      const ServiceOutput inner;
      write_log_line("log 2\n");
    }
    write_consoles("ello\nopen");
  }
  EXPECT_EQ(hosted::take_console_text(), "hello\nopen\nlog 1\nlog 2\n");
  write_log_line("log 3\n");
  EXPECT_EQ(hosted::take_console_text(), "log 3\n");
}

TEST(Console, LosesNoLineOfTheLogWhenManyWait) {
  (void)hosted::take_console_text();
  const auto line = [](int number) {
    return std::string(99, static_cast<char>('a' + number)) + "\n";
  };
  std::string expected;
  {
    const ServiceOutput output;
    for (int i = 0; i < 12; ++i) {
      write_log_line(line(i));
      expected += i < 11 ? line(i) : "";
    }
    EXPECT_EQ(hosted::take_console_text(), expected) << "ten waited, for the next was no room";
  }
  EXPECT_EQ(hosted::take_console_text(), line(11));
}

TEST(Console, WritesUrgentLinesOfTheKernelAtOnce) {
  (void)hosted::take_console_text();
  const ServiceOutput output;
  write_consoles("open");
  write_log_line("waits\n");
  write_kernel_line("urgent\n");
  EXPECT_EQ(hosted::take_console_text(), "open\nurgent\n");
  write_waiting_lines();
  EXPECT_EQ(hosted::take_console_text(), "waits\n");
}

} // namespace
} // namespace skerry::kernel
