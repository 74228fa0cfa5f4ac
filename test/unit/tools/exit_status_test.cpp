// SPDX-License-Identifier: Apache-2.0
// Tests of how the end of a guest is understood.
#include "vm/exit_status.hpp"

#include <gtest/gtest.h>

namespace skerry::vm {
namespace {

TEST(ParseExitLine, TakesEveryStatusAndRemark) {
  EXPECT_EQ(parse_exit_line("skerry: exit status 0"), 0);
  EXPECT_EQ(parse_exit_line("skerry: exit status 255"), 255);
  EXPECT_EQ(parse_exit_line("skerry: exit status 134 (panic)"), 134);
}

TEST(ParseExitLine, FindsTheStatusBehindOutputWithoutLineEnd) {
  EXPECT_EQ(parse_exit_line("42skerry: exit status 7"), 7);
  EXPECT_EQ(parse_exit_line("skerry: exit status 1skerry: exit status 2"), 2);
}

TEST(ParseExitLine, RefusesOtherLines) {
  for (const char* line :
       {"", "skerry: exit status ", "skerry: exit status 256", "skerry: exit status -1",
        "skerry: exit status 1 x", "skerry: exit status 1x", "exit status 1"})
    EXPECT_EQ(parse_exit_line(line), std::nullopt) << line;
}

TEST(TranslateExit, GivesTheFullStatusThatQemuConfirms) {
  EXPECT_EQ(translate_exit("skerry: exit status 0", {.code = 1}, ""), GuestResult(0));
  EXPECT_EQ(translate_exit("skerry: exit status 3", {.code = 7}, ""), GuestResult(3));
  EXPECT_EQ(translate_exit("skerry: exit status 255", {.code = 255}, ""), GuestResult(255));
  // 128 and 0 are the same to the exit device: the console tells them apart.
  EXPECT_EQ(translate_exit("skerry: exit status 128", {.code = 1}, ""), GuestResult(128));
}

TEST(TranslateExit, AcceptsGuestThatPoweredItselfOff) {
  EXPECT_EQ(translate_exit("skerry: exit status 5", {.code = 0}, ""), GuestResult(5));
}

TEST(TranslateExit, SaysWhenConsoleAndQemuDisagree) {
  EXPECT_EQ(translate_exit("skerry: exit status 0", {.code = 3}, "").error(),
            "guest said exit status 0, but QEMU ended with exit status 3");
  EXPECT_EQ(translate_exit("skerry: exit status 0", {.signal = 9}, "").error(),
            "guest said exit status 0, but QEMU ended with signal 9 (Killed)");
}

TEST(TranslateExit, SaysWhenThereIsNoStatus) {
  EXPECT_EQ(translate_exit("booting", {.code = 0}, "").error(),
            "guest ended without an exit status (QEMU: exit status 0)");
}

TEST(TranslateExit, QuotesQemusOwnComplaint) {
  EXPECT_EQ(translate_exit("", {.code = 1}, "qemu: note\nqemu: no such device\n").error(),
            "QEMU ended with exit status 1: qemu: no such device");
}

/// Everything that a reader sees of `stream`, which comes in pieces of `size` bytes.
std::string shown(std::string_view stream, std::size_t size) {
  ExitLineFilter filter;
  std::string result;
  for (std::size_t at = 0; at < stream.size(); at += size)
    result += filter.pass(stream.substr(at, size));
  return result + filter.finish();
}

TEST(ExitLineFilter, TakesOutTheExitLineHoweverTheStreamIsCut) {
  constexpr std::string_view stream = "one\n\nskerry: exit status x\ntwo\nskerry: exit status 3\n";
  for (std::size_t size = 1; size <= stream.size(); ++size)
    EXPECT_EQ(shown(stream, size), "one\n\nskerry: exit status x\ntwo\n") << size;
}

TEST(ExitLineFilter, TakesOutExitLineWithoutLineEnd) {
  EXPECT_EQ(shown("one\nskerry: exit status 3", 100), "one\n");
}

TEST(ExitLineFilter, TakesOutExitLineBehindOutputWithoutLineEnd) {
  constexpr std::string_view stream = "one\n42skerskerry: exit status 3 (panic)\n";
  for (std::size_t size = 1; size <= stream.size(); ++size)
    EXPECT_EQ(shown(stream, size), "one\n42sker") << size;
}

TEST(ExitLineFilter, KeepsWhatLooksAlikeBeforeTheEnd) {
  constexpr std::string_view stream = "skerry: exit status 1\nskerry: exit status 2\nx\n";
  for (std::size_t size = 1; size <= stream.size(); ++size)
    EXPECT_EQ(shown(stream, size), stream) << size;
}

TEST(ExitLineFilter, PassesLineWithoutEndAtOnce) {
  ExitLineFilter filter;
  EXPECT_EQ(filter.pass("name? "), "name? ");
  EXPECT_EQ(filter.pass("ske"), "");
  EXPECT_EQ(filter.finish(), "ske");
  EXPECT_EQ(filter.exit_line(), "");
}

TEST(ExitLineFilter, TellsTheLineThatItTookOut) {
  ExitLineFilter filter;
  EXPECT_EQ(filter.pass("one\nskerry: exit status 3\n"), "one\n");
  EXPECT_EQ(filter.finish(), "");
  EXPECT_EQ(filter.exit_line(), "skerry: exit status 3");
}

} // namespace
} // namespace skerry::vm
