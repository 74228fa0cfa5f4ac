// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "test/truth/ledger.hpp"

#include "support/failure.hpp"

#include <algorithm>
#include <format>
#include <iterator>
#include <map>
#include <regex>
#include <sstream>

namespace skerry::truth {
namespace {

/// Without comments and empty lines.
template <class Act> void for_each_line(std::string_view text, std::string_view comment, Act act) {
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    line.resize(std::min(line.find(comment), line.size()));
    line.resize(line.find_last_not_of(' ') + 1);
    if (!line.empty())
      act(line);
  }
}

/// The literals of a row, as one.
std::string words_of(std::string text) {
  text = std::regex_replace(text, std::regex("\"\\s+\""), "");
  const std::size_t first = text.find('"');
  return first == std::string::npos ? "" : text.substr(first + 1, text.rfind('"') - first - 1);
}

Kind kind_of(const std::string& macro) {
  return macro == "REFUSED" ? Kind::refused : macro == "PARTLY" ? Kind::partly : Kind::implemented;
}

/// These two end with a signal, which is all that they wait for.
bool always_fails_with(const Call& call, const std::string& error) {
  if (call.name == "pause" || call.name == "rt_sigsuspend")
    return error == "EINTR";
  return call.words.starts_with("always " + error);
}

void compare(const Call& call, const Proof& proof, std::vector<std::string>& wrong) {
  if (!proof.error.empty() && !always_fails_with(call, proof.error))
    wrong.push_back(std::format("{} is proven by {}, with which nothing says it always ends",
                                call.name, proof.error));
}

} // namespace

std::vector<Call> read_calls(std::string_view text) {
  std::string rows;
  for_each_line(text, "//", [&](const std::string& line) { rows += line + ' '; });
  const std::regex row(R"re((CALL|CALL_NUMBERED|PARTLY|REFUSED)\((\w+)([^()"]|"[^"]*")*\))re");
  std::vector<Call> calls;
  for (std::sregex_iterator at(rows.begin(), rows.end(), row), end; at != end; ++at)
    calls.push_back(
        {.name = at->str(2), .kind = kind_of(at->str(1)), .words = words_of(at->str())});
  return calls;
}

std::vector<Proof> read_proofs(std::string_view text) {
  const std::regex by_test(R"((\w+) +(\w+\.\w+)( +(E[A-Z0-9]+))?)");
  const std::regex by_image(R"((\w+) +image:(\w+)(:(\w+))? +(.+))");
  std::vector<Proof> proofs;
  for_each_line(text, "#", [&](const std::string& line) {
    std::smatch part;
    if (std::regex_match(line, part, by_test))
      proofs.push_back({.call = part.str(1), .test = part.str(2), .error = part.str(4)});
    else if (std::regex_match(line, part, by_image))
      proofs.push_back({.call = part.str(1),
                        .image = part.str(2),
                        .arguments = part.str(4),
                        .words = part.str(5)});
    else
      throw Failure("\"{}\" is no proof; expected CALL SUITE.TEST, CALL SUITE.TEST ERROR or CALL "
                    "image:NAME[:ARGUMENTS] WORDS",
                    line);
  });
  return proofs;
}

std::set<std::string> read_names(std::string_view text) {
  std::set<std::string> names;
  for_each_line(text, "#", [&](const std::string& line) { names.insert(line); });
  return names;
}

std::vector<std::string> compare(const std::vector<Call>& calls, const std::vector<Proof>& proofs) {
  std::vector<std::string> wrong;
  std::multimap<std::string, const Proof*> by_call;
  for (const Proof& proof : proofs)
    by_call.emplace(proof.call, &proof);
  for (const Call& call : calls) {
    const auto [first, last] = by_call.equal_range(call.name);
    const auto count = std::distance(first, last);
    if (count > 1)
      wrong.push_back(std::format("{} has {} proofs; expected one", call.name, count));
    if (call.kind == Kind::refused && count != 0)
      wrong.push_back(std::format("{} has a proof, and is refused", call.name));
    if (call.kind != Kind::refused && count == 0)
      wrong.push_back(std::format("{} has no proof", call.name));
    for (auto at = first; at != last; ++at)
      compare(call, *at->second, wrong);
    by_call.erase(first, last);
  }
  for (const auto& [name, proof] : by_call)
    wrong.push_back(std::format("{} has a proof, and is not implemented", name));
  return wrong;
}

std::vector<std::string> compare(const std::vector<Call>& calls, const std::set<std::string>& known,
                                 const std::set<std::string>& listed) {
  std::set<std::string> absent = known;
  for (const Call& call : calls)
    if (call.kind == Kind::refused)
      absent.insert(call.name);
    else
      absent.erase(call.name);
  std::vector<std::string> wrong;
  for (const std::string& name : absent)
    if (!listed.contains(name))
      wrong.push_back(std::format("{} answers ENOSYS, which no further call may do", name));
  for (const std::string& name : listed)
    if (!absent.contains(name))
      wrong.push_back(std::format("{} answers ENOSYS no longer; delete its line", name));
  return wrong;
}

} // namespace skerry::truth
