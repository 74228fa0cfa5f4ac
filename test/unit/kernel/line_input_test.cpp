// SPDX-License-Identifier: Apache-2.0
// What is typed becomes lines.
#include "src/kernel/line_input.hpp"

#include <gtest/gtest.h>
#include <string>

namespace skerry::kernel {
namespace {

void type(LineInput& lines, std::string_view text) {
  for (const char byte : text) {
    lines.add(byte);
  }
}

/// What one take gives; "(end)" for the end of the input, "(nothing)" when there is nothing.
std::string take(LineInput& lines, std::size_t size = LineInput::size) {
  if (!lines.readable()) {
    return "(nothing)";
  }
  std::string text(size, '\0');
  const InputPart part = lines.take(text);
  text.resize(part.bytes);
  return part.bytes == 0 && part.ends ? "(end)" : text;
}

TEST(LineInput, GivesALineWhenItHasEnded) {
  LineInput lines;
  type(lines, "on");
  EXPECT_EQ(take(lines), "(nothing)");
  type(lines, "e\rtwo\nthree");
  EXPECT_EQ(take(lines), "one\n");
  EXPECT_EQ(take(lines), "two\n");
  EXPECT_EQ(take(lines), "(nothing)");
}

TEST(LineInput, GivesALineInPiecesToASmallBuffer) {
  LineInput lines;
  type(lines, "abcde\nf\n");
  EXPECT_EQ(take(lines, 4), "abcd");
  EXPECT_EQ(take(lines, 4), "e\n");
  EXPECT_EQ(take(lines, 4), "f\n");
}

TEST(LineInput, EndsALineWithoutItsEndByControlD) {
  LineInput lines;
  type(lines, "part\x04");
  EXPECT_EQ(take(lines), "part");
  EXPECT_EQ(take(lines), "(nothing)");
}

TEST(LineInput, TellsTheEndOfTheInputOnceForEachControlD) {
  LineInput lines;
  type(lines, "\x04line\n\x04\x04");
  EXPECT_EQ(take(lines), "(end)");
  EXPECT_EQ(take(lines), "line\n");
  EXPECT_EQ(take(lines), "(end)");
  EXPECT_EQ(take(lines), "(end)");
  EXPECT_EQ(take(lines), "(nothing)");
}

TEST(LineInput, TakesTheByteBehindControlVAsItIs) {
  LineInput lines;
  type(lines, "a\x16\x04\x16\x16\x16\r\x16\nb\n");
  EXPECT_EQ(take(lines), "a\x04\x16\r\nb\n");
}

TEST(LineInput, GivesWhatItHasWhenALineIsLongerThanTheRoom) {
  LineInput lines;
  const std::string full(LineInput::size - LineInput::most_for_a_question + 1, 'x');
  type(lines, full);
  EXPECT_EQ(take(lines), full);
  EXPECT_EQ(take(lines), "(nothing)");
}

TEST(LineInput, DropsAndCountsWhatThereIsNoRoomFor) {
  LineInput lines;
  type(lines, std::string(LineInput::size, 'x') + "lost\n");
  EXPECT_EQ(lines.dropped(), 5U);
  EXPECT_EQ(take(lines), std::string(LineInput::size, 'x'));
  type(lines, "again\n");
  EXPECT_EQ(take(lines), "again\n");
}

TEST(LineInput, KeepsLinesAcrossTheEndOfTheRing) {
  LineInput lines;
  for (int round = 0; round < 300; ++round) {
    const std::string line = "line " + std::to_string(round) + "\n";
    type(lines, line);
    ASSERT_EQ(take(lines), line);
  }
  EXPECT_EQ(lines.dropped(), 0U);
}

TEST(LineInput, AsksOnceUntilTheAnswerIsComplete) {
  LineInput lines;
  EXPECT_TRUE(lines.asks());
  EXPECT_FALSE(lines.asks());
  type(lines, "begun");
  EXPECT_FALSE(lines.asks());
  type(lines, " and ended\n");
  EXPECT_FALSE(lines.asks()) << "there is a line";
  EXPECT_EQ(take(lines), "begun and ended\n");
  EXPECT_TRUE(lines.asks());
  type(lines, "\x04");
  EXPECT_EQ(take(lines), "(end)");
  EXPECT_TRUE(lines.asks());
  type(lines, std::string(LineInput::most_for_a_question, 'x'));
  EXPECT_TRUE(lines.asks()) << "the part of the line that may come for a question has come";
}

TEST(LineInput, HasRoomForEveryAnswer) {
  LineInput lines;
  for (int round = 0; round < 1000; ++round) {
    if (lines.asks()) {
      type(lines, std::string(LineInput::most_for_a_question, 'x'));
    } else {
      ASSERT_NE(take(lines, 100), "(nothing)");
    }
  }
  EXPECT_EQ(lines.dropped(), 0U);
}

} // namespace
} // namespace skerry::kernel
