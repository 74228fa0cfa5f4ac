// SPDX-License-Identifier: Apache-2.0
// The command line: words, quotes, options, and what is refused in which words.
#include "platform/hosted/console_capture.hpp"
#include "platform/hosted/end_of_run.hpp"

#include <hal/cpu.hpp>
#include <kernel/command_line.hpp>
#include <kernel/exit.hpp>

#include <gtest/gtest.h>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace skerry::kernel {
namespace {

/// A line and what became of it.
struct Parsed {
  explicit Parsed(std::string_view text)
      : line(std::make_unique<CommandLine>()), accepted(parse_command_line(text, *line, error)) {}

  [[nodiscard]] std::vector<std::string> service() const {
    return {line->service_arguments().begin(), line->service_arguments().end()};
  }
  [[nodiscard]] std::vector<std::string> mmio() const {
    return {line->mmio_devices().begin(), line->mmio_devices().end()};
  }

  CommandLineError error;
  std::unique_ptr<CommandLine> line;
  bool accepted;
};

using Words = std::vector<std::string>;

TEST(CommandLine, MayBeEmpty) {
  for (const char* text : {"", " ", "\t  ", "--", " -- "}) {
    const Parsed parsed(text);
    EXPECT_TRUE(parsed.accepted) << text;
    EXPECT_EQ(parsed.service(), Words());
    EXPECT_EQ(parsed.line->console_level, log::Level::info);
    EXPECT_FALSE(parsed.line->trace_calls);
  }
}

TEST(CommandLine, ReadsKernelOptionsBeforeTheSeparator) {
  EXPECT_EQ(Parsed("quiet").line->console_level, log::Level::error);
  EXPECT_EQ(Parsed("log=warning").line->console_level, log::Level::warning);
  EXPECT_EQ(Parsed("log=info").line->console_level, log::Level::info);
  EXPECT_EQ(Parsed("quiet log=debug").line->console_level, log::Level::debug);
  EXPECT_TRUE(Parsed("log=error trace").line->trace_calls);
  EXPECT_EQ(Parsed("").line->status_seconds, 0U);
  EXPECT_EQ(Parsed("status=10").line->status_seconds, 10U);
  EXPECT_EQ(Parsed("status=86400").line->status_seconds, 86'400U);
}

TEST(CommandLine, RefusesTimesThatAreNone) {
  for (const char* text : {"status=", "status=0", "status=-1", "status=86401", "status=1s",
                           "status=99999999999999999999", "status"}) {
    EXPECT_FALSE(Parsed(text).accepted) << text;
  }
}

TEST(CommandLine, LeavesEverythingBehindTheSeparatorToTheService) {
  const Parsed parsed("quiet -- one --two log=debug -- trace");
  ASSERT_TRUE(parsed.accepted);
  EXPECT_EQ(parsed.service(), (Words{"one", "--two", "log=debug", "--", "trace"}));
  EXPECT_EQ(parsed.line->console_level, log::Level::error);
  EXPECT_FALSE(parsed.line->trace_calls);
}

TEST(CommandLine, KeepsBlanksInsideQuotes) {
  EXPECT_EQ(Parsed(R"(-- "a b" c)").service(), (Words{"a b", "c"}));
  EXPECT_EQ(Parsed(R"(-- --name="two words"tail)").service(), (Words{"--name=two wordstail"}));
  EXPECT_EQ(Parsed("-- \t a\tb  ").service(), (Words{"a", "b"}));
}

TEST(CommandLine, KeepsEmptyWordsThatAreQuoted) {
  EXPECT_EQ(Parsed(R"(-- "" x "")").service(), (Words{"", "x", ""}));
}

TEST(CommandLine, TakesQuotesAndBackslashesInsideQuotesLiterally) {
  EXPECT_EQ(Parsed(R"(-- "say \"hi\"" "a\\b" "c\d")").service(),
            (Words{R"(say "hi")", R"(a\b)", R"(c\d)"}));
  EXPECT_EQ(Parsed(R"(-- a\b \\ \n)").service(), (Words{R"(a\b)", R"(\\)", R"(\n)"}));
}

TEST(CommandLine, TakesQuotedSeparatorForASeparator) {
  EXPECT_EQ(Parsed(R"("--" a)").service(), (Words{"a"}));
}

TEST(CommandLine, EndsEveryServiceWordWithAZero) {
  const Parsed parsed(R"(-- one "" three)");
  for (const std::string_view word : parsed.line->service_arguments()) {
    EXPECT_EQ(word.data()[word.size()], '\0');
  }
}

TEST(CommandLine, TakesVirtioDevicesWhereverTheyStand) {
  const Parsed parsed("virtio_mmio.device=512@0xfeb00000:5 -- one "
                      "virtio_mmio.device=512@0xfeb00200:6 two virtio_mmio.device=");
  ASSERT_TRUE(parsed.accepted);
  EXPECT_EQ(parsed.mmio(), (Words{"512@0xfeb00000:5", "512@0xfeb00200:6", ""}));
  EXPECT_EQ(parsed.service(), (Words{"one", "two"}));
}

TEST(CommandLine, KeepsAddressesForTheNetwork) {
  const Parsed parsed("ip=10.0.0.2/24,10.0.0.1 ip=fd00::2/64 -- ip=none");
  ASSERT_TRUE(parsed.accepted);
  const auto words = parsed.line->ip_arguments();
  EXPECT_EQ(Words(words.begin(), words.end()), (Words{"10.0.0.2/24,10.0.0.1", "fd00::2/64"}));
  EXPECT_FALSE(Parsed("ip=dhcp ip=none ip=none").accepted);
}

TEST(CommandLine, NamesAnUnknownOptionAndWhatThereIs) {
  for (const char* word : {"qiet", "quiet=1", "log", "trace=on", "-", "---", "ipp=dhcp"}) {
    const Parsed parsed(word);
    EXPECT_FALSE(parsed.accepted) << word;
    EXPECT_EQ(parsed.error.word, word);
    EXPECT_EQ(parsed.error.what, "is not known");
    EXPECT_NE(parsed.error.expected.find("log=LEVEL"), std::string_view::npos);
  }
}

TEST(CommandLine, NamesAValueThatIsNotPossible) {
  for (const char* word : {"log=", "log=Debug", "log=debug2"}) {
    const Parsed parsed(word);
    EXPECT_FALSE(parsed.accepted) << word;
    EXPECT_EQ(parsed.error.word, word);
    EXPECT_EQ(parsed.error.expected, "error, warning, info or debug");
  }
}

TEST(CommandLine, RefusesQuotesThatDoNotEnd) {
  for (const char* text : {R"(")", R"(-- "a b)", R"(-- a "b\")"}) {
    const Parsed parsed(text);
    EXPECT_FALSE(parsed.accepted) << text;
    EXPECT_EQ(parsed.error.expected, "a second double quote");
  }
}

std::string repeated(std::string_view word, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += word;
  }
  return text;
}

TEST(CommandLine, TakesAsManyWordsAsThereIsRoomFor) {
  const Parsed full("-- " + repeated("x ", CommandLine::max_words));
  ASSERT_TRUE(full.accepted);
  EXPECT_EQ(full.service().size(), CommandLine::max_words);

  const Parsed over("-- " + repeated("x ", CommandLine::max_words) + "last");
  EXPECT_FALSE(over.accepted);
  EXPECT_EQ(over.error.word, "last");

  const Parsed devices(repeated("virtio_mmio.device=1 ", CommandLine::max_words + 1));
  EXPECT_FALSE(devices.accepted);
}

TEST(CommandLine, HasRoomForTheLongestLineHoweverItIsCut) {
  const std::string blanks = "-- " + std::string(CommandLine::max_text - 3, ' ');
  EXPECT_TRUE(Parsed(blanks).accepted);
  const std::string one = "-- " + std::string(CommandLine::max_text - 3, 'x');
  EXPECT_EQ(Parsed(one).service(), Words{one.substr(3)});
  EXPECT_FALSE(Parsed(one + "x").accepted);

  const std::string options = repeated("trace ", 341);
  EXPECT_TRUE(Parsed(options.substr(0, CommandLine::max_text)).accepted);
}

/// Writes a word so that it reads as itself.
std::string in_quotes(std::string_view word) {
  std::string text = "\"";
  for (const char character : word) {
    if (character == '"' || character == '\\') {
      text += '\\';
    }
    text += character;
  }
  return text + '"';
}

TEST(CommandLine, ReadsBackRandomWordsThatWereQuoted) {
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    Words words;
    std::string text = "--";
    for (std::size_t n = random() % 10; n > 0; --n) {
      std::string word;
      for (std::size_t length = random() % 12; length > 0; --length) {
        word += R"(ab "\	-=)"[random() % 8];
      }
      text += ' ' + in_quotes(word);
      words.push_back(word);
    }
    const Parsed parsed(text);
    ASSERT_TRUE(parsed.accepted) << text;
    ASSERT_EQ(parsed.service(), words) << text;
  }
}

TEST(CommandLine, CollectsVariables) {
  const Parsed parsed(R"(env=A=1 env="B=two words" env=C=)");
  ASSERT_TRUE(parsed.accepted);
  EXPECT_EQ(Words(parsed.line->variables().begin(), parsed.line->variables().end()),
            (Words{"A=1", "B=two words", "C="}));
}

TEST(CommandLine, RefusesVariableWithoutNameOrSign) {
  for (const char* text : {"env=", "env=A", "env==1"}) {
    const Parsed parsed(text);
    EXPECT_FALSE(parsed.accepted) << text;
    EXPECT_EQ(parsed.error.expected, "NAME=VALUE, 64 of them at most");
  }
}

TEST(CommandLine, AddsTheSecondLineToTheFirst) {
  const auto line = std::make_unique<CommandLine>();
  CommandLineError error;
  ASSERT_TRUE(parse_command_line("env=A=1 ip=dhcp ip=fd00::2/64 -- one", *line, error));
  line->ip_is_default = true;
  ASSERT_TRUE(parse_command_line("trace ip=none -- two", *line, error));
  EXPECT_TRUE(line->trace_calls);
  EXPECT_EQ(Words(line->service_arguments().begin(), line->service_arguments().end()),
            (Words{"one", "two"}));
  EXPECT_EQ(Words(line->ip_arguments().begin(), line->ip_arguments().end()), (Words{"none"}));
}

TEST(CommandLine, HasRoomForTwoLinesOfTheGreatestLength) {
  const auto line = std::make_unique<CommandLine>();
  CommandLineError error;
  const std::string word(CommandLine::max_text - 3, 'x');
  ASSERT_TRUE(parse_command_line("-- " + word, *line, error));
  ASSERT_TRUE(parse_command_line("-- " + word, *line, error));
  EXPECT_EQ(Words(line->service_arguments().begin(), line->service_arguments().end()),
            (Words{word, word}));
}

TEST(CommandLine, EndsTheRunInOneLineWhenItIsWrong) {
  (void)hosted::take_console_text();
  const hal::InterruptsOff keeps_the_flag;
  try {
    read_command_line("", "quiett");
    FAIL() << "went on";
  } catch (const hosted::PoweredOff& off) {
    EXPECT_EQ(off.status, usage_status);
  }
  EXPECT_EQ(hosted::take_console_text(),
            "skerry: kernel argument \"quiett\" is not known; expected quiet, log=LEVEL, trace, "
            "status=SECONDS, ip=ADDRESS, env=NAME=VALUE or virtio_mmio.device=…; the service's own "
            "arguments come "
            "after --\n"
            "skerry: exit status 2\n");
}

} // namespace
} // namespace skerry::kernel
