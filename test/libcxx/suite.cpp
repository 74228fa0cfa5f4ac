// SPDX-License-Identifier: Apache-2.0
// Runs the tests of a plan; see the header.
#include "test/libcxx/suite.hpp"

#include <algorithm>
#include <format>
#include <future>
#include <print>

namespace skerry::libcxx {
namespace {

constexpr std::size_t batch_size = 40; // some 40 MB of an image
constexpr std::chrono::seconds silence(120);

bool holds(const Test& test, const Outcome& outcome) {
  return outcome.passed != test.expected_to_fail;
}

} // namespace

void Suite::run(unsigned threads) {
  std::vector<std::future<void>> workers;
  for (unsigned number = 0; number < threads; ++number)
    workers.push_back(std::async(std::launch::async, [this] { work(); }));
  for (auto& worker : workers)
    worker.get();
}

void Suite::work() {
  try {
    for (std::size_t batch = next_batch_++; batch * batch_size < tests_.size();
         batch = next_batch_++)
      run_batch(batch);
  } catch (...) {
    next_batch_ = tests_.size(); // the others end too
    throw;
  }
}

void Suite::run_batch(std::size_t batch) {
  const std::size_t first = batch * batch_size;
  std::vector<Builder::Part> together;
  for (const Test& test : tests_.subspan(first, std::min(batch_size, tests_.size() - first))) {
    auto object = builder_.compile(test);
    const Builder::Part part{.test = &test, .object = object.value_or(Object{})};
    if (!object)
      note(test, {.trouble = object.error()});
    else if (object->alone)
      run_linked({&part, 1}, std::format("alone-{}", batch));
    else
      together.push_back(part);
  }
  if (!together.empty())
    run_linked(together, std::format("batch-{}", batch));
  const std::lock_guard lock(mutex_);
  std::println("{} of {} done, {} failed", passed_ + failed_.size(), tests_.size(), failed_.size());
  std::fflush(stdout);
}

void Suite::run_linked(std::span<const Builder::Part> parts, const std::string& name) {
  const auto image = builder_.link(parts, name);
  if (!image) {
    for (const auto& part : parts)
      note(*part.test, {.trouble = image.error()});
    return;
  }
  const std::vector<Outcome> outcomes = boot(parts, *image);
  for (std::size_t index = 0; index < parts.size(); ++index)
    note(*parts[index].test, outcomes[index]);
  std::filesystem::remove(*image);
}

/// Once, and again for those that have failed and may be run again.
std::vector<Outcome> Suite::boot(std::span<const Builder::Part> parts,
                                 const std::filesystem::path& image) {
  const bool alone = parts.front().object.alone;
  const auto run = [&](std::size_t begin, std::size_t end) {
    return alone ? std::vector{run_alone(image, silence)}
                 : run_together(image, begin, end, silence);
  };
  std::vector<Outcome> outcomes = run(0, parts.size());
  for (std::size_t index = 0; index < parts.size(); ++index)
    for (unsigned retry = 0; retry < parts[index].test->retries; ++retry)
      if (!holds(*parts[index].test, outcomes[index]))
        outcomes[index] = run(index, index + 1)[index];
  return outcomes;
}

void Suite::note(const Test& test, const Outcome& outcome) {
  const std::lock_guard lock(mutex_);
  if (holds(test, outcome)) {
    ++passed_;
    return;
  }
  failed_.push_back(test.name);
  std::println("FAILED {}\n{}", test.name,
               outcome.passed ? "it passes, and its XFAIL says that it must not" : outcome.trouble);
  std::fflush(stdout);
}

} // namespace skerry::libcxx
