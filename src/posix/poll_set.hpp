// SPDX-License-Identifier: Apache-2.0
// What poll() and select() have in common: a list of files, and waiting for one of them.
#pragma once

#include "src/posix/heap_array.hpp"

#include <core/result.hpp>
#include <core/units.hpp>
#include <fs/file.hpp>
#include <kernel/wait_queue.hpp>

#include <atomic>
#include <cstddef>

namespace skerry::posix {

/// Context: thread; lives for one call.
class PollSet {
public:
  /// One file. `wanted` are bits of poll(2); errors and hang-ups are told in any case.
  struct Entry {
    fs::FileReference file;
    fs::Readiness wanted = 0;
    fs::Readiness found = 0;
  };

  /// Errors: not_enough_memory
  [[nodiscard]] static Result<PollSet> make(std::size_t count);

  [[nodiscard]] Entry& operator[](std::size_t index) { return entries_.all()[index]; }
  [[nodiscard]] std::size_t size() const { return entries_.all().size(); }

  /// Looks at each file; returns how many have something, which is in `found`.
  [[nodiscard]] std::size_t look();
  /// Blocks until look() finds something or `deadline` comes. Returns what look() found.
  /// Errors: interrupted; not_enough_memory
  [[nodiscard]] Result<std::size_t> wait(Instant deadline);

private:
  HeapArray<Entry> entries_;
};

} // namespace skerry::posix
