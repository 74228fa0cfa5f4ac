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

} // namespace
} // namespace skerry::kernel
