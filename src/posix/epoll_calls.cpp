// SPDX-License-Identifier: Apache-2.0
// Calls on epolls.
#include "src/posix/descriptors.hpp"
#include "src/posix/epoll.hpp"
#include "src/posix/readiness_calls.hpp"
#include "src/posix/temporary_mask.hpp"
#include "src/posix/time.hpp"

#include <hal/clock.hpp>

#include <climits>

namespace skerry::posix {
namespace {

struct EpollReference {
  fs::FileReference file;
  Epoll* epoll = nullptr;
};

/// Errors: bad_file_descriptor; invalid_argument  not an epoll
Result<EpollReference> find_epoll(int descriptor) {
  EpollReference found;
  found.file = TRY(find_file(descriptor));
  found.epoll = as_epoll(*found.file);
  if (found.epoll == nullptr) {
    return fail(std::errc::invalid_argument);
  }
  return found;
}

Result<long> wait_for_events(int descriptor, UserPointer<epoll_event> events, int count,
                             Instant deadline) {
  constexpr int most = INT_MAX / static_cast<int>(sizeof(epoll_event));
  if (count <= 0 || count > most) {
    return fail(std::errc::invalid_argument);
  }
  const auto found = TRY(find_epoll(descriptor));
  for (;;) {
    const std::size_t done = TRY(found.epoll->take(events, static_cast<std::size_t>(count)));
    if (done != 0) {
      return static_cast<long>(done);
    }
    switch (found.epoll->wait(deadline)) {
    case kernel::WaitResult::ready:
      break;
    case kernel::WaitResult::timeout:
      return 0;
    case kernel::WaitResult::interrupted:
      return fail(std::errc::interrupted);
    }
  }
}

Instant deadline_after(int milliseconds) {
  return milliseconds < 0 ? Instant::never()
                          : hal::monotonic_now() + Duration::milliseconds(milliseconds);
}

Result<long> wait_with_mask(int epoll, UserPointer<epoll_event> events, int count, Instant deadline,
                            UserPointer<const std::uint64_t> mask, std::size_t mask_size) {
  TemporaryMask temporary = TRY(TemporaryMask::apply(mask, mask_size));
  const auto done = wait_for_events(epoll, events, count, deadline);
  temporary.end(!done && done.error() == std::errc::interrupted);
  return done;
}

} // namespace

Result<long> sys_epoll_create1(int flags) {
  if ((flags & ~EPOLL_CLOEXEC) != 0) {
    return fail(std::errc::invalid_argument);
  }
  auto epoll = TRY(mm::make_owned<Epoll>());
  return TRY(
      open_descriptor(fs::FileReference::adopt(epoll.release()), (flags & EPOLL_CLOEXEC) != 0));
}

Result<long> sys_epoll_create(int size) {
  return size > 0 ? sys_epoll_create1(0) : fail(std::errc::invalid_argument);
}

Result<long> sys_epoll_ctl(int epoll, int operation, int descriptor,
                           UserPointer<const epoll_event> event) {
  const auto found = TRY(find_epoll(epoll));
  const auto file = TRY(find_file(descriptor));
  if (file->wait_queue() == nullptr) {
    return fail(std::errc::operation_not_permitted); // it is always ready
  }
  if (file.get() == found.file.get()) {
    return fail(std::errc::invalid_argument);
  }
  switch (operation) {
  case EPOLL_CTL_ADD:
    TRY(found.epoll->add(descriptor, *file, TRY(event.read())));
    return 0;
  case EPOLL_CTL_MOD:
    TRY(found.epoll->modify(descriptor, *file, TRY(event.read())));
    return 0;
  case EPOLL_CTL_DEL:
    TRY(found.epoll->remove(descriptor, *file));
    return 0;
  default:
    return fail(std::errc::invalid_argument);
  }
}

Result<long> sys_epoll_wait(int epoll, UserPointer<epoll_event> events, int count,
                            int milliseconds) {
  return wait_for_events(epoll, events, count, deadline_after(milliseconds));
}

Result<long> sys_epoll_pwait(int epoll, UserPointer<epoll_event> events, int count,
                             int milliseconds, UserPointer<const std::uint64_t> mask,
                             std::size_t mask_size) {
  return wait_with_mask(epoll, events, count, deadline_after(milliseconds), mask, mask_size);
}

Result<long> sys_epoll_pwait2(int epoll, UserPointer<epoll_event> events, int count,
                              UserPointer<const timespec> timeout,
                              UserPointer<const std::uint64_t> mask, std::size_t mask_size) {
  Instant deadline = Instant::never();
  if (!timeout.is_null()) {
    deadline = hal::monotonic_now() + TRY(to_duration(TRY(timeout.read())));
  }
  return wait_with_mask(epoll, events, count, deadline, mask, mask_size);
}

} // namespace skerry::posix
