// SPDX-License-Identifier: Apache-2.0
// Follows a robust list.
#include "src/posix/robust_list.hpp"

#include "src/posix/futex.hpp"
#include "src/posix/task.hpp"

namespace skerry::posix {
namespace {

/// ROBUST_LIST_LIMIT of Linux.
constexpr unsigned max_steps = 2048;

/// What set_robust_list(2) points to.
struct Head {
  std::uint64_t next;
  std::int64_t futex_offset;
  std::uint64_t pending;
};

/// Bit 0 of a link says that the mutex inherits priority.
constexpr std::uint64_t inheriting_bit = 1;

void release_entry(std::uint64_t link, std::int64_t futex_offset) {
  const std::uint64_t entry = link & ~inheriting_bit;
  const UserPointer<FutexWord> word(entry + static_cast<std::uint64_t>(futex_offset));
  futex_owner_died(word, (link & inheriting_bit) != 0);
}

} // namespace

void release_robust_list(Task& task) {
  if (task.robust_list.is_null()) {
    return;
  }
  const std::uint64_t head_address = task.robust_list.address().value();
  const auto head = UserPointer<Head>(head_address).read();
  if (!head) {
    return;
  }
  std::uint64_t link = head->next;
  for (unsigned step = 0; step < max_steps && (link & ~inheriting_bit) != head_address; ++step) {
    // The next link is read first: a thread that is woken may free the mutex.
    const auto next = UserPointer<std::uint64_t>(link & ~inheriting_bit).read();
    if (link != head->pending) {
      release_entry(link, head->futex_offset);
    }
    if (!next) {
      break;
    }
    link = *next;
  }
  if (head->pending != 0) {
    release_entry(head->pending, head->futex_offset);
  }
}

} // namespace skerry::posix
