// SPDX-License-Identifier: Apache-2.0
// poll() and select().
#include "src/posix/descriptors.hpp"
#include "src/posix/poll_set.hpp"
#include "src/posix/readiness_calls.hpp"
#include "src/posix/temporary_mask.hpp"
#include "src/posix/time.hpp"

#include <hal/clock.hpp>

#include <algorithm>
#include <array>
#include <sys/select.h>

namespace skerry::posix {
namespace {

constexpr std::int64_t nanoseconds_per_microsecond = 1'000;
constexpr std::int64_t microseconds_per_second = 1'000'000;

/// Reads the entries; those that name no open file are found at once.
Result<PollSet> read_entries(UserPointer<pollfd> entries, std::size_t count) {
  PollSet set = TRY(PollSet::make(count));
  for (std::size_t i = 0; i < count; ++i) {
    const pollfd entry = TRY(entries.element(i).read());
    if (entry.fd < 0) {
      continue;
    }
    auto file = find_file(entry.fd);
    if (!file) {
      set[i].found = POLLNVAL;
      continue;
    }
    set[i].file = std::move(*file);
    set[i].wanted = static_cast<std::uint16_t>(entry.events);
  }
  return set;
}

Result<> write_found(PollSet& set, UserPointer<pollfd> entries) {
  for (std::size_t i = 0; i < set.size(); ++i) {
    const mm::VirtualAddress place = entries.element(i).address() + offsetof(pollfd, revents);
    const auto found = static_cast<short>(set[i].found);
    TRY(mm::copy_out(place, std::as_bytes(std::span(&found, 1))));
  }
  return {};
}

Result<long> poll_until(UserPointer<pollfd> entries, std::size_t count, Instant deadline) {
  if (count > static_cast<std::size_t>(descriptor_limits().soft)) {
    return fail(std::errc::invalid_argument);
  }
  PollSet set = TRY(read_entries(entries, count));
  const std::size_t found = TRY(set.wait(deadline));
  TRY(write_found(set, entries));
  return static_cast<long>(found);
}

/// The deadline that a relative time means; none when the pointer is null.
Result<Instant> deadline_of(UserPointer<timespec> timeout) {
  if (timeout.is_null()) {
    return Instant::never();
  }
  return hal::monotonic_now() + TRY(to_duration(TRY(timeout.read())));
}

/// Linux writes back the time that was left.
void write_left(UserPointer<timespec> timeout, Instant deadline) {
  if (timeout.is_null()) {
    return;
  }
  const Duration left = std::max(deadline - hal::monotonic_now(), Duration());
  // A place that cannot be written is no reason to lose what was found (select(2)).
  (void)timeout.write(to_timespec(left.in_nanoseconds()));
}

/// The three sets of select(), a bit for each descriptor.
class DescriptorSets {
public:
  DescriptorSets(int count, std::uint64_t readable, std::uint64_t writable,
                 std::uint64_t exceptional)
      : words_((static_cast<std::size_t>(count) + bits_per_word - 1) / bits_per_word),
        count_(static_cast<std::size_t>(count)), addresses_{readable, writable, exceptional} {}

  /// Errors: bad_address; bad_file_descriptor  a bit of a descriptor that is not open
  Result<PollSet> read() {
    words_of_sets_ = TRY(HeapArray<std::uint64_t>::make(3 * words_));
    for (std::size_t kind = 0; kind < 3; ++kind) {
      if (addresses_[kind] != 0) {
        TRY(mm::copy_in(std::as_writable_bytes(of(kind)), mm::VirtualAddress(addresses_[kind])));
      }
    }
    PollSet set = TRY(PollSet::make(count_));
    for (std::size_t descriptor = 0; descriptor < count_; ++descriptor) {
      const fs::Readiness wanted = wanted_of(descriptor);
      if (wanted != 0) {
        set[descriptor].file = TRY(find_file(static_cast<int>(descriptor)));
        set[descriptor].wanted = wanted;
      }
    }
    return set;
  }

  /// Leaves the bits of what was found; returns how many.
  Result<long> write(PollSet& set) {
    long count = 0;
    for (std::size_t kind = 0; kind < 3; ++kind) {
      for (std::size_t descriptor = 0; descriptor < count_; ++descriptor) {
        const bool keep = has(kind, descriptor) && (set[descriptor].found & told_by[kind]) != 0;
        count += keep ? 1 : 0;
        if (!keep) {
          of(kind)[descriptor / bits_per_word] &= ~mask_of(descriptor);
        }
      }
      if (addresses_[kind] != 0) {
        TRY(mm::copy_out(mm::VirtualAddress(addresses_[kind]), std::as_bytes(of(kind))));
      }
    }
    return count;
  }

private:
  static constexpr std::size_t bits_per_word = 64;
  // As Linux maps poll's bits to select's sets.
  static constexpr fs::Readiness asked_by[3] = {POLLIN | POLLRDNORM | POLLRDBAND,
                                                POLLOUT | POLLWRNORM | POLLWRBAND, POLLPRI};
  static constexpr fs::Readiness told_by[3] = {asked_by[0] | POLLHUP | POLLERR,
                                               asked_by[1] | POLLERR, asked_by[2]};

  [[nodiscard]] std::span<std::uint64_t> of(std::size_t kind) const {
    return words_of_sets_.all().subspan(kind * words_, words_);
  }
  static std::uint64_t mask_of(std::size_t descriptor) {
    return std::uint64_t{1} << (descriptor % bits_per_word);
  }
  [[nodiscard]] bool has(std::size_t kind, std::size_t descriptor) const {
    return (of(kind)[descriptor / bits_per_word] & mask_of(descriptor)) != 0;
  }
  [[nodiscard]] fs::Readiness wanted_of(std::size_t descriptor) const {
    fs::Readiness wanted = 0;
    for (std::size_t kind = 0; kind < 3; ++kind) {
      wanted |= has(kind, descriptor) ? asked_by[kind] : 0;
    }
    return wanted;
  }

  std::size_t words_;
  std::size_t count_;
  std::array<std::uint64_t, 3> addresses_;
  HeapArray<std::uint64_t> words_of_sets_;
};

Result<long> select_until(int count, std::uint64_t readable, std::uint64_t writable,
                          std::uint64_t exceptional, Instant deadline) {
  if (count < 0) {
    return fail(std::errc::invalid_argument);
  }
  DescriptorSets sets(std::min(count, descriptor_limits().soft), readable, writable, exceptional);
  PollSet set = TRY(sets.read());
  TRY(set.wait(deadline));
  return sets.write(set);
}

} // namespace

Result<long> sys_poll(UserPointer<pollfd> entries, std::size_t count, int milliseconds) {
  return poll_until(entries, count,
                    milliseconds < 0 ? Instant::never()
                                     : hal::monotonic_now() + Duration::milliseconds(milliseconds));
}

Result<long> sys_ppoll(UserPointer<pollfd> entries, std::size_t count,
                       UserPointer<timespec> timeout, UserPointer<const std::uint64_t> mask,
                       std::size_t mask_size) {
  const Instant deadline = TRY(deadline_of(timeout));
  TemporaryMask temporary = TRY(TemporaryMask::apply(mask, mask_size));
  const auto found = poll_until(entries, count, deadline);
  temporary.end(!found && found.error() == std::errc::interrupted);
  write_left(timeout, deadline);
  return found;
}

Result<long> sys_select(int count, std::uint64_t readable, std::uint64_t writable,
                        std::uint64_t exceptional, UserPointer<timeval> timeout) {
  Instant deadline = Instant::never();
  if (!timeout.is_null()) {
    const timeval value = TRY(timeout.read());
    if (value.tv_sec < 0 || value.tv_usec < 0) {
      return fail(std::errc::invalid_argument);
    }
    deadline = hal::monotonic_now() + Duration::seconds(value.tv_sec) +
               Duration::microseconds(value.tv_usec);
  }
  const auto found = select_until(count, readable, writable, exceptional, deadline);
  if (!timeout.is_null()) {
    const Duration left = std::max(deadline - hal::monotonic_now(), Duration());
    timeval value{};
    value.tv_sec = left.in_seconds();
    value.tv_usec = left.in_nanoseconds() / nanoseconds_per_microsecond % microseconds_per_second;
    (void)timeout.write(value);
  }
  return found;
}

Result<long> sys_pselect6(int count, std::uint64_t readable, std::uint64_t writable,
                          std::uint64_t exceptional, UserPointer<timespec> timeout,
                          std::uint64_t mask_argument) {
  /// What the sixth argument points to.
  struct MaskArgument {
    std::uint64_t mask;
    std::uint64_t size;
  };
  MaskArgument argument{};
  if (mask_argument != 0) {
    argument = TRY(UserPointer<const MaskArgument>(mask_argument).read());
  }
  const Instant deadline = TRY(deadline_of(timeout));
  TemporaryMask temporary =
      TRY(TemporaryMask::apply(UserPointer<const std::uint64_t>(argument.mask), argument.size));
  const auto found = select_until(count, readable, writable, exceptional, deadline);
  temporary.end(!found && found.error() == std::errc::interrupted);
  write_left(timeout, deadline);
  return found;
}

} // namespace skerry::posix
