// SPDX-License-Identifier: Apache-2.0
// timerfd_create(2): a timer as a file, whose reads tell how often it went off.
#include "src/posix/countdown.hpp"
#include "src/posix/descriptors.hpp"
#include "src/posix/readiness_calls.hpp"
#include "src/posix/time.hpp"
#include "src/posix/waiting_file.hpp"

#include <mm/heap.hpp>

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
    count_ = 0;
    countdown_.set(first, interval);
  }
  [[nodiscard]] const Countdown& countdown() const { return countdown_; }

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
    count_ += countdown_.take();
    return count_ != 0;
  }

  void destroy() override { const mm::Owned<TimerFile> end(this); }

  int clock_;
  std::uint64_t count_ = 0;
  Countdown countdown_{go_off, this};
};

Result<fs::FileReference> find_timer(int descriptor) {
  auto file = TRY(find_file(descriptor));
  return file->kind() == fs::FileKind::timer ? Result<fs::FileReference>(std::move(file))
                                             : fail(std::errc::invalid_argument);
}

itimerspec describe(TimerFile& timer) {
  return to_itimerspec(timer.countdown());
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
  const TimerSetting wanted =
      TRY(read_setting(timer.clock(), TRY(value.read()), (flags & TFD_TIMER_ABSTIME) != 0));
  const itimerspec before = describe(timer);
  timer.set(wanted.first, wanted.interval);
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
