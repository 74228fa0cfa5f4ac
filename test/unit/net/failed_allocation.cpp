// SPDX-License-Identifier: Apache-2.0
// See the header. `ld --wrap=NAME` makes lwIP call __wrap_NAME, and __real_NAME is the port's.
#include "failed_allocation.hpp"

#include "src/net/lwip.hpp"

namespace skerry::net::test {
namespace {

struct Failure {
  bool is_wanted = false;
  Failing failing = Failing::once;
  std::size_t left = 0;
};

constinit Failure failure;

bool fails_now() {
  if (!failure.is_wanted) {
    return false;
  }
  if (failure.left > 0) {
    --failure.left;
    return failure.left == 0;
  }
  return failure.failing == Failing::ever_after;
}

} // namespace

FailedAllocation::FailedAllocation(std::size_t nth, Failing failing) {
  failure = {.is_wanted = true, .failing = failing, .left = nth};
}

FailedAllocation::~FailedAllocation() {
  failure = {};
}

// NOLINTNEXTLINE(readability-convert-member-functions-to-static): it asks of one that lives
bool FailedAllocation::has_failed() const {
  return failure.left == 0;
}

} // namespace skerry::net::test

// NOLINTBEGIN(bugprone-reserved-identifier): the linker makes these names
extern "C" {

void* __real_skerry_net_malloc(size_t size);
void* __real_skerry_net_calloc(size_t count, size_t size);

void* __wrap_skerry_net_malloc(size_t size) {
  return skerry::net::test::fails_now() ? nullptr : __real_skerry_net_malloc(size);
}

void* __wrap_skerry_net_calloc(size_t count, size_t size) {
  return skerry::net::test::fails_now() ? nullptr : __real_skerry_net_calloc(count, size);
}

} // extern "C"
// NOLINTEND(bugprone-reserved-identifier)
