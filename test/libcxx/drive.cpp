// SPDX-License-Identifier: Apache-2.0
// Boots images of tests; see the header.
#include "test/libcxx/drive.hpp"

#include "support/file.hpp"
#include "test/libcxx/directives.hpp"
#include "vm/guest.hpp"

#include <atomic>
#include <charconv>
#include <format>
#include <optional>

namespace skerry::libcxx {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t memory_bytes = std::uint64_t{768} << 20;
constexpr std::size_t lines_of_trouble = 15;

struct Boot {
  std::string console;
  std::string ending; ///< empty: with status 0
};

/// Waits for the end, or for a silence that is too long; nullopt then.
std::optional<vm::GuestResult> wait(vm::Guest& guest, const std::atomic<Clock::rep>& last_word,
                                    std::chrono::seconds silence) {
  while (true) {
    const Clock::time_point heard{Clock::duration(last_word.load())};
    const Deadline deadline = heard + silence;
    if (auto result = guest.wait_until(deadline))
      return result;
    if (Clock::time_point(Clock::duration(last_word.load())) == heard)
      return std::nullopt;
  }
}

Boot boot(const std::filesystem::path& image, const std::string& arguments,
          std::chrono::seconds silence) {
  std::string text;
  std::atomic<Clock::rep> last_word = Clock::now().time_since_epoch().count();
  Boot boot;
  {
    vm::Guest guest({.boot = vm::KernelBoot{.image = image, .command_line = arguments},
                     .memory_bytes = memory_bytes},
                    [&](std::string_view bytes) {
                      text += bytes;
                      last_word = Clock::now().time_since_epoch().count();
                    });
    const auto result = wait(guest, last_word, silence);
    if (!result)
      boot.ending = std::format("nothing came for {}", silence);
    else if (!*result)
      boot.ending = result->error();
    else if (**result != 0)
      boot.ending = std::format("exit status {}", **result);
  } // the collecting thread is joined
  std::erase(text, '\r');
  boot.console = std::move(text);
  return boot;
}

/// `@test WORD INDEX [STATUS]`.
struct Mark {
  std::string word;
  std::size_t index = 0;
  std::string status{};
};

std::optional<Mark> parse_mark(const std::string& line) {
  const std::vector<std::string> words = split(line, " ");
  if (words.size() < 3 || words[0] != "@test")
    return std::nullopt;
  Mark mark{.word = words[1], .status = words.size() > 3 ? words[3] : ""};
  const auto& digits = words[2];
  if (std::from_chars(digits.data(), digits.data() + digits.size(), mark.index).ec != std::errc())
    return std::nullopt;
  return mark;
}

std::string trouble(const std::string& ending, const std::string& output) {
  return std::format("{}\n{}", ending, last_lines(output, lines_of_trouble));
}

} // namespace

std::size_t read_console(const std::string& console, const std::string& ending, std::size_t first,
                         std::vector<Outcome>& outcomes) {
  std::optional<std::size_t> running;
  std::size_t next = first;
  std::string output; // of the test that runs
  for (const std::string& line : split(console, "\n")) {
    const auto mark = parse_mark(line);
    if (!mark || mark->index >= outcomes.size()) {
      output += line + "\n";
      continue;
    }
    next = mark->index + 1;
    if (mark->word == "run") {
      running = mark->index;
    } else {
      running.reset();
      outcomes[mark->index].passed = mark->word == "passed";
      if (mark->word != "passed")
        outcomes[mark->index].trouble = trouble("main() returned " + mark->status, output);
    }
    output.clear();
  }
  if (running)
    outcomes[*running] = {.passed = ending.empty(),
                          .trouble = ending.empty() ? "" : trouble(ending, output)};
  else if (next == first && next < outcomes.size()) // not even the first began
    outcomes[next++].trouble = trouble("the image did not run it: " + ending, output);
  return next;
}

std::vector<Outcome> run_together(const std::filesystem::path& image, std::size_t first,
                                  std::size_t end, std::chrono::seconds silence) {
  std::vector<Outcome> outcomes(end);
  while (first < end) {
    const Boot result = boot(image, std::format("-- {} {}", first, end), silence);
    first = read_console(result.console, result.ending, first, outcomes);
  }
  return outcomes;
}

Outcome run_alone(const std::filesystem::path& image, std::chrono::seconds silence) {
  const Boot result = boot(image, "", silence);
  return {.passed = result.ending.empty(),
          .trouble = result.ending.empty() ? "" : trouble(result.ending, result.console)};
}

} // namespace skerry::libcxx
