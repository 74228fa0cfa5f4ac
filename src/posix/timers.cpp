// SPDX-License-Identifier: Apache-2.0
// See the header. A timer has one signal on its way at most; until it is taken, further times count
// as its overrun (POSIX.1-2017, 2.4.1).
#include "src/posix/timers.hpp"

#include "src/posix/countdown.hpp"
#include "src/posix/signal_thread.hpp"
#include "src/posix/signals.hpp"
#include "src/posix/task.hpp"
#include "src/posix/time.hpp"
#include "src/posix/timer_calls.hpp"

#include <hal/clock.hpp>
#include <kernel/locked.hpp>
#include <mm/heap.hpp>

#include <algorithm>
#include <bit>
#include <climits>

namespace skerry::posix {
namespace {

/// More than any program was seen to have; each costs some memory of the kernel.
constexpr std::size_t max_timers = 4096;

constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;
constexpr std::int64_t nanoseconds_per_microsecond = 1'000;

void wake_for(kernel::Timer&, void*) {
  wake_signal_thread();
}

struct PosixTimer : ListNode<> {
  PosixTimer(int timer_clock, const SignalEvent& wanted) : clock(timer_clock), event(wanted) {}

  int id = 0;
  int clock;
  SignalEvent event;
  std::uint64_t waiting_overrun = 0; ///< since its signal was sent
  int overrun = 0;                   ///< told with the signal that was taken last
  Countdown countdown{wake_for, this};
};

struct Timers {
  IntrusiveList<PosixTimer> list;
  std::size_t count = 0;
  int next_id = 0;
  /// setitimer(2), ITIMER_REAL.
  Countdown alarm{wake_for, nullptr};

  /// Returns its number.
  int add(PosixTimer& timer) {
    timer.id = next_id;
    next_id = next_id == INT_MAX ? 0 : next_id + 1;
    ++count;
    list.push_back(timer);
    return timer.id;
  }

  PosixTimer* find(int id) {
    for (PosixTimer& timer : list) {
      if (timer.id == id) {
        return &timer;
      }
    }
    return nullptr;
  }
};

[[clang::no_destroy]] constinit Locked<Timers, LockMode::thread_only> timers{LockRank::timers};

siginfo_t info_of(const PosixTimer& timer) {
  siginfo_t info = make_info(timer.event.signal, SI_TIMER);
  info.si_timerid = timer.id;
  info.si_value.sival_ptr = std::bit_cast<void*>(timer.event.value);
  return info;
}

void send(PosixTimer& timer) {
  const siginfo_t info = info_of(timer);
  if (timer.event.notify != notify_thread) {
    (void)send_to_process(info); // without memory this time is lost, and nothing else
  } else if (Task* task = find_task(timer.event.thread)) {
    (void)send_to_task(*task, info);
  }
}

void look_at(PosixTimer& timer) {
  const std::uint64_t count = timer.countdown.take();
  if (count == 0 || timer.event.notify == SIGEV_NONE) {
    return;
  }
  if (timer_signal_waits(timer.event.signal, timer.id)) {
    timer.waiting_overrun += count;
    return;
  }
  timer.waiting_overrun = count - 1;
  send(timer);
}

Result<SignalEvent> read_event(UserPointer<const SignalEvent> user) {
  const SignalEvent event = TRY(user.read());
  const bool is_known =
      event.notify == SIGEV_SIGNAL || event.notify == SIGEV_NONE || event.notify == notify_thread;
  const bool is_sent = event.notify != SIGEV_NONE;
  if (!is_known || (is_sent && (!is_signal(event.signal) || event.signal == SIGSTOP)) ||
      (event.notify == notify_thread && find_task(event.thread) == nullptr)) {
    return fail(std::errc::invalid_argument);
  }
  return event;
}

Result<> check_clock(int clock) {
  if (clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC || clock == CLOCK_BOOTTIME) {
    return {};
  }
  // Clocks that a timer could not wait for exist all the same.
  return read_clock(clock) ? fail(std::errc::operation_not_supported)
                           : fail(std::errc::invalid_argument);
}

itimerval to_itimerval(const Countdown& countdown) {
  // A time that is left never shows as zero, which would say that there is none.
  const auto microseconds = [](Duration span) {
    const std::int64_t count = span.in_nanoseconds();
    const std::int64_t rounded =
        count / nanoseconds_per_microsecond + (count % nanoseconds_per_microsecond != 0 ? 1 : 0);
    return timeval{.tv_sec = rounded / 1'000'000, .tv_usec = rounded % 1'000'000};
  };
  return {.it_interval = microseconds(countdown.interval()),
          .it_value = microseconds(countdown.left())};
}

Result<itimerspec> to_itimerspec(const itimerval& value) {
  const auto convert = [](const timeval& time) {
    // Out of range here is out of range there.
    return timespec{.tv_sec = time.tv_sec,
                    .tv_nsec = time.tv_usec < 0 || time.tv_usec >= 1'000'000
                                   ? nanoseconds_per_second
                                   : time.tv_usec * nanoseconds_per_microsecond};
  };
  return itimerspec{.it_interval = convert(value.it_interval), .it_value = convert(value.it_value)};
}

/// The times that processors spend are told, and not waited for: only the alarm clock is here.
Result<> check_which(int which) {
  if (which == ITIMER_REAL) {
    return {};
  }
  return fail(which == ITIMER_VIRTUAL || which == ITIMER_PROF ? std::errc::operation_not_supported
                                                              : std::errc::invalid_argument);
}

} // namespace

void send_timer_signals() {
  const auto all = timers.lock();
  for (PosixTimer& timer : all->list) {
    look_at(timer);
  }
  if (all->alarm.take() != 0) {
    (void)send_to_process(make_info(SIGALRM, SI_KERNEL));
  }
}

void settle_timer_signal(siginfo_t& info) {
  const auto all = timers.lock();
  if (PosixTimer* timer = all->find(info.si_timerid)) {
    timer->overrun = static_cast<int>(
        std::min<std::uint64_t>(timer->waiting_overrun, INT_MAX)); // DELAYTIMER_MAX
    timer->waiting_overrun = 0;
    info.si_overrun = timer->overrun;
  }
}

Result<long> sys_timer_create(int clock, UserPointer<const SignalEvent> user,
                              UserPointer<int> result) {
  TRY(check_clock(clock));
  SignalEvent event{.signal = SIGALRM};
  if (!user.is_null()) {
    event = TRY(read_event(user));
  }
  auto timer = mm::make_owned<PosixTimer>(clock, event);
  if (!timer) {
    return fail(std::errc::resource_unavailable_try_again);
  }
  int id = 0;
  {
    const auto all = timers.lock();
    if (all->count == max_timers) {
      return fail(std::errc::resource_unavailable_try_again);
    }
    id = all->add(*timer->release());
    if (user.is_null()) {
      all->find(id)->event.value = static_cast<std::uint64_t>(id);
    }
  }
  if (!result.write(id)) {
    (void)sys_timer_delete(id);
    return fail(std::errc::bad_address);
  }
  return 0;
}

Result<long> sys_timer_settime(int id, int flags, UserPointer<const itimerspec> value,
                               UserPointer<itimerspec> old) {
  if ((flags & ~TIMER_ABSTIME) != 0 || value.is_null()) {
    return fail(std::errc::invalid_argument);
  }
  const itimerspec wanted = TRY(value.read());
  itimerspec before{};
  {
    const auto all = timers.lock();
    PosixTimer* timer = all->find(id);
    if (timer == nullptr) {
      return fail(std::errc::invalid_argument);
    }
    const TimerSetting setting = TRY(read_setting(timer->clock, wanted, flags != 0));
    before = to_itimerspec(timer->countdown);
    timer->countdown.set(setting.first, setting.interval);
  }
  if (!old.is_null()) {
    TRY(old.write(before));
  }
  return 0;
}

Result<long> sys_timer_gettime(int id, UserPointer<itimerspec> value) {
  itimerspec now{};
  {
    const auto all = timers.lock();
    PosixTimer* timer = all->find(id);
    if (timer == nullptr) {
      return fail(std::errc::invalid_argument);
    }
    now = to_itimerspec(timer->countdown);
  }
  TRY(value.write(now));
  return 0;
}

Result<long> sys_timer_getoverrun(int id) {
  const auto all = timers.lock();
  const PosixTimer* timer = all->find(id);
  return timer != nullptr ? Result<long>(timer->overrun) : fail(std::errc::invalid_argument);
}

Result<long> sys_timer_delete(int id) {
  const auto all = timers.lock();
  PosixTimer* timer = all->find(id);
  if (timer == nullptr) {
    return fail(std::errc::invalid_argument);
  }
  timer->countdown.stop();
  timer->unlink();
  --all->count;
  const mm::Owned<PosixTimer> last_owner(timer);
  return 0;
}

Result<long> sys_getitimer(int which, UserPointer<itimerval> value) {
  TRY(check_which(which));
  const itimerval now = to_itimerval(timers.lock()->alarm);
  TRY(value.write(now));
  return 0;
}

Result<long> sys_setitimer(int which, UserPointer<const itimerval> value,
                           UserPointer<itimerval> old) {
  TRY(check_which(which));
  const itimerval wanted = value.is_null() ? itimerval{} : TRY(value.read());
  const TimerSetting setting =
      TRY(read_setting(CLOCK_MONOTONIC, TRY(to_itimerspec(wanted)), false));
  itimerval before{};
  {
    const auto all = timers.lock();
    before = to_itimerval(all->alarm);
    all->alarm.set(setting.first, setting.interval);
  }
  if (!old.is_null()) {
    TRY(old.write(before));
  }
  return 0;
}

Result<long> sys_alarm(unsigned seconds) {
  constexpr std::int64_t half = nanoseconds_per_second / 2;
  const auto all = timers.lock();
  const std::int64_t left = all->alarm.left().in_nanoseconds();
  const Instant first =
      seconds == 0 ? Instant::never() : hal::monotonic_now() + Duration::seconds(seconds);
  all->alarm.set(first, Duration());
  // Rounded, but never to 0 while there was an alarm.
  return left == 0 ? 0 : std::max<std::int64_t>(1, (left + half) / nanoseconds_per_second);
}

} // namespace skerry::posix
