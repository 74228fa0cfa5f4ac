// SPDX-License-Identifier: Apache-2.0
// timerfd_create(2): a timer as a file, whose reads tell how often it went off.
#include "src/posix/descriptors.hpp"
#include "src/posix/readiness_calls.hpp"
#include "src/posix/time.hpp"
#include "src/posix/waiting_file.hpp"

#include <hal/clock.hpp>
#include <kernel/timer.hpp>
#include <mm/heap.hpp>

#include <algorithm>
#include <sys/timerfd.h>

namespace skerry::posix {
namespace {

class TimerFile final : public WaitingFile {
public:
  explicit TimerFile(int clock) : clock_(clock) {}
  ~TimerFile() override = default;

  [[nodiscard]] int clock() const { return clock_; }
  [[nodiscard]] fs::FileKind kind() const override { return fs::FileKind::timer; }

  /// Goes off at `first`, and every `interval` after it unless that is zero.
  void set(Instant first, Duration interval) {
    timer_.cancel();
    next_ = first;
    interval_ = interval;
    count_ = 0;
    timer_.arm(first);
  }

  /// Time to the next going off, and between two; zero when it is not set.
  [[nodiscard]] std::pair<Duration, Duration> left() {
    catch_up();
    if (next_ == Instant::never()) {
      return {Duration(), interval_};
    }
    // A zero would say that it is not set.
    return {std::max(next_ - hal::monotonic_now(), Duration::nanoseconds(1)), interval_};
  }

  Result<std::size_t> read(fs::UserBuffer& buffer) override {
    if (buffer.remaining() < sizeof count_) {
      return fail(std::errc::invalid_argument);
    }
    TRY(wait([this] { return has_gone_off(); }));
    const std::uint64_t count = std::exchange(count_, 0);
    return buffer.put(std::as_bytes(std::span(&count, 1)));
  }

  fs::Readiness poll() override { return has_gone_off() ? POLLIN | POLLRDNORM : 0; }

private:
  static void go_off(kernel::Timer&, void* file) { static_cast<TimerFile*>(file)->changed(); }

  bool has_gone_off() {
    catch_up();
    return count_ != 0;
  }

  /// Counts how often it has gone off, and arms it for the next time.
  void catch_up() {
    const Instant now = hal::monotonic_now();
    if (next_ > now) {
      return;
    }
    if (interval_ == Duration()) {
      ++count_;
      next_ = Instant::never();
      return;
    }
    const std::int64_t missed = (now - next_).in_nanoseconds() / interval_.in_nanoseconds() + 1;
    count_ += static_cast<std::uint64_t>(missed);
    next_ = next_ + Duration::nanoseconds(interval_.in_nanoseconds() * missed);
    timer_.arm(next_);
  }

  void destroy() override {
    timer_.cancel();
    const mm::Owned<TimerFile> end(this);
  }

  int clock_;
  Instant next_ = Instant::never();
  Duration interval_;
  std::uint64_t count_ = 0;
  kernel::Timer timer_{go_off, this};
};

Result<fs::FileReference> find_timer(int descriptor) {
  auto file = TRY(find_file(descriptor));
  return file->kind() == fs::FileKind::timer ? Result<fs::FileReference>(std::move(file))
                                             : fail(std::errc::invalid_argument);
}

itimerspec describe(TimerFile& timer) {
  const auto [left, interval] = timer.left();
  itimerspec value{};
  value.it_value = to_timespec(left.in_nanoseconds());
  value.it_interval = to_timespec(interval.in_nanoseconds());
  return value;
}

} // namespace

Result<long> sys_timerfd_create(int clock, int flags) {
  if ((flags & ~(TFD_NONBLOCK | TFD_CLOEXEC)) != 0 ||
      (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC && clock != CLOCK_BOOTTIME)) {
    return fail(std::errc::invalid_argument);
  }
  auto file = TRY(mm::make_owned<TimerFile>(clock));
  file->set_non_blocking((flags & TFD_NONBLOCK) != 0);
  return TRY(open_descriptor(fs::FileReference::adopt(file.release()), (flags & TFD_CLOEXEC) != 0));
}

Result<long> sys_timerfd_settime(int descriptor, int flags, UserPointer<const itimerspec> value,
                                 UserPointer<itimerspec> old) {
  // The clock is never set here, so TFD_TIMER_CANCEL_ON_SET has nothing to tell of.
  if ((flags & ~(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET)) != 0) {
    return fail(std::errc::invalid_argument);
  }
  const auto file = TRY(find_timer(descriptor));
  auto& timer = static_cast<TimerFile&>(*file);
  const itimerspec wanted = TRY(value.read());
  const Duration first = TRY(to_duration(wanted.it_value));
  const Duration interval = TRY(to_duration(wanted.it_interval));
  const itimerspec before = describe(timer);
  if (first == Duration()) {
    timer.set(Instant::never(), interval);
  } else if ((flags & TFD_TIMER_ABSTIME) != 0) {
    timer.set(TRY(deadline_on(timer.clock(), wanted.it_value)), interval);
  } else {
    timer.set(hal::monotonic_now() + first, interval);
  }
  if (!old.is_null()) {
    TRY(old.write(before));
  }
  return 0;
}

Result<long> sys_timerfd_gettime(int descriptor, UserPointer<itimerspec> value) {
  const auto file = TRY(find_timer(descriptor));
  TRY(value.write(describe(static_cast<TimerFile&>(*file))));
  return 0;
}

} // namespace skerry::posix
