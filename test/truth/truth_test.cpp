// SPDX-License-Identifier: Apache-2.0
// The table of calls is true: what it says is there was seen to work.
#include "support/file.hpp"
#include "test/system/machines.hpp"
#include "test/truth/trace.hpp"

#include <cstdio>
#include <cstdlib>
#include <gmock/gmock.h>
#include <regex>

namespace skerry::test {
namespace {

using testing::IsEmpty;

std::string text_of(const std::string& path) {
  return read_text(std::filesystem::path(SOURCE_FOLDER) / path);
}

std::vector<truth::Call> all_calls() {
  return truth::read_calls(text_of("src/posix/syscalls.def"));
}

std::vector<truth::Proof> all_proofs() {
  return truth::read_proofs(text_of("test/truth/proofs.txt"));
}

/// Those that the C library has numbers of.
std::set<std::string> known_calls() {
  const char* const sdk = std::getenv("SKERRY_SDK");
  const std::string header =
      read_text(std::filesystem::path(sdk ? sdk : "") / "sysroot/include/bits/syscall.h");
  const std::regex name("__NR_([a-z0-9_]+)");
  std::set<std::string> names;
  for (std::sregex_iterator at(header.begin(), header.end(), name), end; at != end; ++at)
    names.insert(at->str(1));
  return names;
}

/// The console of an image with a network of its own, all of whose calls are traced.
std::string traced(const std::string& name, const std::string& arguments) {
  const Outcome outcome =
      boot(Way::microvm, name, "trace -- " + arguments, [](vm::Machine& machine) {
        machine.network = vm::UserNetwork{.forwards = {}, .restricted = true};
      });
  EXPECT_FALSE(outcome.trouble.contains("did not end")) << outcome;
  return outcome.console;
}

TEST(Truth, HasAProofForEachCallThatIsThere) {
  const auto calls = all_calls();
  EXPECT_GT(calls.size(), 250U);
  EXPECT_THAT(truth::compare(calls, all_proofs()), IsEmpty());
}

TEST(Truth, OfEachCallWasSeenInATracedExecution) {
  std::map<std::string, std::string> consoles;
  const std::string tests = traced("truth/truth_tests", "--gtest_color=no");
  const auto sections = truth::cut(tests);
  std::vector<std::string> trouble;
  const auto proofs = all_proofs();
  for (const truth::Proof& proof : proofs) {
    std::string& console = consoles[proof.image + ' ' + proof.arguments];
    if (proof.image.empty()) {
      trouble.push_back(truth::trouble_with(proof, sections));
      continue;
    }
    if (console.empty())
      console = traced(proof.image, proof.arguments);
    trouble.push_back(truth::trouble_with(proof, console));
  }
  std::erase(trouble, "");
  EXPECT_THAT(trouble, IsEmpty()) << truth::without_trace(tests);
  std::printf("%zu calls, %zu of them proven\n", proofs.size(), proofs.size() - trouble.size());
}

TEST(Truth, AllowsNoFurtherCallToAnswerEnosys) {
  const auto known = known_calls();
  EXPECT_GT(known.size(), 300U);
  EXPECT_THAT(
      truth::compare(all_calls(), known, truth::read_names(text_of("test/truth/refused.txt"))),
      IsEmpty());
}

} // namespace
} // namespace skerry::test
