// SPDX-License-Identifier: Apache-2.0
// The input of the consoles.
#include "platform/hosted/console_capture.hpp"

#include <kernel/console_input.hpp>
#include <kernel/wait_queue.hpp>

#include <gtest/gtest.h>
#include <string>

namespace skerry::kernel {
namespace {

class ConsoleInput : public testing::Test {
protected:
  ConsoleInput() {
    start_console_input();
    (void)hosted::take_console_text();
  }

  static std::string take() {
    std::string text(100, '\0');
    const auto part = take_console_input(text);
    text.resize(part ? part->bytes : 0);
    return part ? text : "(nothing)";
  }
};

TEST_F(ConsoleInput, AsksOnTheConsoleOnlyWhenSomebodyWantsToRead) {
  EXPECT_EQ(hosted::take_console_text(), "");
  EXPECT_FALSE(console_input_ready());
  EXPECT_FALSE(console_input_ready());
  EXPECT_EQ(hosted::take_console_text(), "\x11");
  hosted::type_on_console("a line\n");
  EXPECT_TRUE(console_input_ready());
  EXPECT_EQ(hosted::take_console_text(), "");
  EXPECT_EQ(take(), "a line\n");
}

TEST_F(ConsoleInput, WakesWhoWaits) {
  int calls = 0;
  struct Counting : Observer {
    explicit Counting(int& calls)
        : Observer([](Observer& self) { ++static_cast<Counting&>(self).count; }), count(calls) {}
    int& count;
  } observer(calls);
  console_input_changes().observe(observer);
  hosted::type_on_console("x\n");
  WaitQueue::forget(observer);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(take(), "x\n");
}

TEST_F(ConsoleInput, CountsWhatNobodyReads) {
  const std::uint64_t before = dropped_console_input();
  hosted::type_on_console(std::string(1023, 'x') + "\n");
  hosted::type_on_console("lost\n");
  EXPECT_EQ(dropped_console_input(), before + 5);
  while (console_input_ready()) {
    (void)take();
  }
  hosted::type_on_console("\n"); // for the next test nothing is asked any more
  (void)take();
}

} // namespace
} // namespace skerry::kernel
