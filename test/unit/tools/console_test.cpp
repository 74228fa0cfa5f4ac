// SPDX-License-Identifier: Apache-2.0
// Tests of the console's collector.
#include "vm/console.hpp"

#include <chrono>
#include <gtest/gtest.h>
#include <thread>

namespace skerry::vm {
namespace {

using std::chrono::minutes;

const Deadline past = Deadline{};

TEST(Console, NormalisesLineEndsAcrossPieces) {
  std::string seen;
  Console console([&seen](std::string_view bytes) { seen += bytes; });
  console.append("one\r");
  console.append("\ntwo\rthree\r\n");
  EXPECT_EQ(console.text(), "one\ntwo\rthree\n");
  EXPECT_EQ(seen, console.text());
}

TEST(Console, WaitsFindTextOneAfterTheOther) {
  Console console;
  console.append("ready\nready\n");
  EXPECT_TRUE(console.wait_for("ready", past));
  EXPECT_TRUE(console.wait_for("ready", past));
  EXPECT_FALSE(console.wait_for("ready", past));
}

TEST(Console, WaitsForCompleteLineThatMatches) {
  Console console;
  console.append("port 80\nport 8");
  const std::regex port("port ([0-9]+)");
  EXPECT_EQ(console.wait_for(port, past).value().at(1), "80");
  EXPECT_FALSE(console.wait_for(port, past));
  console.append("1\n");
  EXPECT_EQ(console.wait_for(port, past).value().at(1), "81");
}

TEST(Console, WakesWaiterWhenTextComes) {
  Console console;
  std::thread writer([&console] {
    console.append("al");
    console.append("most\n");
  });
  EXPECT_TRUE(console.wait_for("almost", deadline_in(minutes(1))));
  writer.join();
}

TEST(Console, EndsWaitWhenStreamEnds) {
  Console console;
  std::thread writer([&console] { console.close(); });
  EXPECT_FALSE(console.wait_for("never", no_deadline));
  writer.join();
}

TEST(Console, RemembersLastLineWithText) {
  Console console;
  EXPECT_EQ(console.last_line(), "");
  console.append("one\n");
  EXPECT_EQ(console.last_line(), "one");
  console.append("two\n \n\n");
  EXPECT_EQ(console.last_line(), "two");
  console.append("three");
  EXPECT_EQ(console.last_line(), "three");
}

TEST(Console, KeepsABoundedTail) {
  Console console;
  const std::string line = std::string(1023, 'x') + "\n";
  for (int i = 0; i < 10'000; ++i)
    console.append(line);
  console.append("end\n");
  EXPECT_LT(console.text().size(), std::size_t{9} << 20);
  EXPECT_TRUE(console.wait_for("end", past));
}

} // namespace
} // namespace skerry::vm
