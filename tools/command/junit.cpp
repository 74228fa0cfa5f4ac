// SPDX-License-Identifier: Apache-2.0
// The result of a test run; see the header. Specification: ctest(1), --output-junit.
#include "command/junit.hpp"

#include "support/failure.hpp"

#include <array>
#include <utility>

namespace skerry::command {
namespace {

/// The value of an attribute in the text of a tag; empty without it.
std::string_view attribute(std::string_view tag, std::string_view name) {
  const std::string start = std::format(" {}=\"", name);
  const std::size_t at = tag.find(start);
  if (at == std::string_view::npos)
    return {};
  const std::string_view value = tag.substr(at + start.size());
  return value.substr(0, value.find('"'));
}

std::string unescaped(std::string_view text) {
  constexpr std::array entities{
      std::pair{std::string_view("&lt;"), '<'}, std::pair{std::string_view("&gt;"), '>'},
      std::pair{std::string_view("&quot;"), '"'}, std::pair{std::string_view("&apos;"), '\''},
      std::pair{std::string_view("&amp;"), '&'}};
  std::string result;
  while (!text.empty()) {
    std::size_t length = 1;
    char character = text.front();
    for (const auto& [entity, meaning] : entities) {
      if (text.starts_with(entity)) {
        length = entity.size();
        character = meaning;
      }
    }
    result += character;
    text.remove_prefix(length);
  }
  return result;
}

/// What is written of the test whose tag `rest` follows.
std::string_view own_part(std::string_view rest) {
  return rest.substr(0, rest.find("<testcase "));
}

/// ctest takes a test for skipped when its output has GoogleTest's mark, although it may have
/// failed and show the output of an image, in which another test was skipped.
bool has_failed(std::string_view rest) {
  return own_part(rest).contains("[  FAILED  ]");
}

/// "NAME: why", where GoogleTest has written down why: behind "FILE:LINE: Skipped".
std::string skipped_name(std::string_view tag, std::string_view rest) {
  std::string name = unescaped(attribute(tag, "name"));
  constexpr std::string_view sign = ": Skipped\n";
  const std::string_view own = own_part(rest);
  const std::size_t at = own.find(sign);
  if (at == std::string_view::npos)
    return name;
  const std::string_view why = own.substr(at + sign.size());
  return name + ": " + unescaped(why.substr(0, why.find('\n')));
}

} // namespace

TestCounts& TestCounts::operator+=(const TestCounts& other) {
  passed += other.passed;
  failed += other.failed;
  skipped += other.skipped;
  failed_names.insert(failed_names.end(), other.failed_names.begin(), other.failed_names.end());
  skipped_names.insert(skipped_names.end(), other.skipped_names.begin(), other.skipped_names.end());
  return *this;
}

TestCounts parse_junit(std::string_view xml) {
  constexpr std::string_view opening = "<testcase ";
  TestCounts counts;
  // Output of tests cannot be taken for a tag: its "<" is written "&lt;".
  for (std::size_t at = xml.find(opening); at != std::string_view::npos;
       at = xml.find(opening, at + 1)) {
    const std::string_view tag = xml.substr(at, xml.find('>', at) - at);
    const std::string_view rest = xml.substr(at + tag.size());
    const std::string_view status = attribute(tag, "status");
    if (status == "run") {
      ++counts.passed;
    } else if (status == "fail" || (status == "notrun" && has_failed(rest))) {
      ++counts.failed;
      counts.failed_names.push_back(unescaped(attribute(tag, "name")));
    } else if (status == "notrun" || status == "disabled") {
      ++counts.skipped;
      counts.skipped_names.push_back(skipped_name(tag, rest));
    } else {
      throw Failure("ctest reports a test with the status \"{}\"", status);
    }
  }
  return counts;
}

} // namespace skerry::command
