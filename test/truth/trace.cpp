// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "test/truth/trace.hpp"

#include <algorithm>
#include <format>
#include <ranges>

namespace skerry::truth {
namespace {

constexpr std::string_view start = "[ RUN      ] ";
constexpr std::string_view success = "[       OK ] ";
constexpr std::string_view mark = "] trace: ";

/// The name after `head`, which may follow other output on its line; empty without it.
std::string name_after(std::string_view line, std::string_view head) {
  const std::size_t at = line.find(head);
  if (at == std::string_view::npos)
    return "";
  line.remove_prefix(at + head.size());
  return std::string(line.substr(0, line.find(' ')));
}

template <class Act> void for_each_line(std::string_view text, Act act) {
  for (const auto line : std::views::split(text, '\n'))
    act(std::string_view(line));
}

} // namespace

TracedCall read_traced(std::string_view line) {
  const std::size_t at = line.find(mark);
  const std::size_t equals = line.rfind(") = ");
  if (at == std::string_view::npos || equals == std::string_view::npos || equals < at)
    return {};
  const std::string_view call = line.substr(at + mark.size());
  return {.name = std::string(call.substr(0, call.find('('))),
          .answer = std::string(line.substr(equals + 4))};
}

bool ended_with(const TracedCall& call, std::string_view error) {
  return error.empty() ? !call.answer.starts_with("-1 ")
                       : call.answer == std::format("-1 {}", error);
}

std::string without_trace(std::string_view console) {
  std::string said;
  for_each_line(console, [&](std::string_view line) {
    if (!line.contains(mark))
      said.append(line).append("\n");
  });
  return said;
}

std::map<std::string, Section> cut(std::string_view console) {
  std::map<std::string, Section> sections;
  Section outside;
  Section* now = &outside;
  for_each_line(console, [&](std::string_view line) {
    if (const std::string name = name_after(line, start); !name.empty()) {
      now = &sections[name];
    } else if (const std::string passed = name_after(line, success); !passed.empty()) {
      sections[passed].has_passed = true;
      now = &outside;
    } else if (TracedCall call = read_traced(line); !call.name.empty()) {
      now->calls.push_back(std::move(call));
    }
  });
  return sections;
}

std::string trouble_with(const Proof& proof, const std::map<std::string, Section>& sections) {
  const auto found = sections.find(proof.test);
  if (found == sections.end())
    return std::format("{}: there is no test {}", proof.call, proof.test);
  if (!found->second.has_passed)
    return std::format("{}: {} has not passed", proof.call, proof.test);
  const bool is_proven = std::ranges::any_of(found->second.calls, [&](const TracedCall& call) {
    return call.name == proof.call && ended_with(call, proof.error);
  });
  return is_proven ? ""
                   : std::format("{}: in the trace of {} it does not end with {}", proof.call,
                                 proof.test, proof.error.empty() ? "success" : proof.error);
}

std::string trouble_with(const Proof& proof, std::string_view console) {
  bool was_made = false;
  bool was_shown = false;
  for_each_line(console, [&](std::string_view line) {
    const TracedCall call = read_traced(line);
    was_made = was_made || (call.name == proof.call && ended_with(call, proof.error));
    was_shown = was_shown || (was_made && line.contains(proof.words));
  });
  return was_shown
             ? ""
             : std::format("{}: the image {} {}", proof.call, proof.image,
                           was_made ? std::format("does not show \"{}\" after it", proof.words)
                                    : "does not make it with success");
}

} // namespace skerry::truth
