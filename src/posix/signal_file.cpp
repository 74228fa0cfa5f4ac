// SPDX-License-Identifier: Apache-2.0
// signalfd(2): signals that are blocked, as something to read and to poll.
#include "src/posix/descriptors.hpp"
#include "src/posix/signals.hpp"
#include "src/posix/timer_calls.hpp"

#include <fs/file.hpp>
#include <kernel/wait_queue.hpp>
#include <mm/heap.hpp>

#include <atomic>
#include <cstring>
#include <poll.h>
#include <sys/signalfd.h>

namespace skerry::posix {
namespace {

signalfd_siginfo describe(const siginfo_t& info) {
  signalfd_siginfo told{};
  told.ssi_signo = static_cast<std::uint32_t>(info.si_signo);
  told.ssi_errno = info.si_errno;
  told.ssi_code = info.si_code;
  told.ssi_pid = static_cast<std::uint32_t>(info.si_pid);
  told.ssi_uid = info.si_uid;
  told.ssi_int = info.si_value.sival_int;
  told.ssi_ptr = std::bit_cast<std::uint64_t>(info.si_value.sival_ptr);
  if (info.si_code == SI_TIMER) {
    told.ssi_tid = static_cast<std::uint32_t>(info.si_timerid);
    told.ssi_overrun = static_cast<std::uint32_t>(info.si_overrun);
  }
  return told;
}

/// Who reads gets what waits for the process or for itself.
class SignalFile final : public fs::File {
public:
  explicit SignalFile(SignalSet mask) : mask_(mask.bits()) {}

  void set_mask(SignalSet mask) {
    mask_.store(mask.bits());
    signal_arrivals().wake_all();
  }

  Result<std::size_t> read(fs::UserBuffer& buffer) override {
    if (buffer.remaining() < sizeof(signalfd_siginfo)) {
      return fail(std::errc::invalid_argument);
    }
    std::size_t done = 0;
    while (buffer.remaining() >= sizeof(signalfd_siginfo)) {
      siginfo_t info{};
      if (!take_signal(mask(), info)) {
        if (done != 0) {
          break;
        }
        TRY(wait());
        continue;
      }
      const signalfd_siginfo told = describe(info);
      TRY(buffer.put(std::as_bytes(std::span(&told, 1))));
      done += sizeof told;
    }
    return done;
  }

  fs::Readiness poll() override {
    return (pending_signals() & mask()).empty() ? 0 : POLLIN | POLLRDNORM;
  }
  kernel::WaitQueue* wait_queue() override { return &signal_arrivals(); }
  fs::FileKind kind() const override { return fs::FileKind::signal; }

private:
  [[nodiscard]] SignalSet mask() const { return SignalSet(mask_.load()); }

  Result<> wait() {
    if (non_blocking()) {
      return fail(std::errc::resource_unavailable_try_again);
    }
    const auto waits = [this] { return !(pending_signals() & mask()).empty(); };
    return signal_arrivals().wait_until(waits) == kernel::WaitResult::ready
               ? Result<>()
               : fail(std::errc::interrupted);
  }

  void destroy() override { const mm::Owned<SignalFile> end(this); }

  ~SignalFile() override = default;
  template <class T> friend struct mm::KernelDelete;

  std::atomic<std::uint64_t> mask_;
};

} // namespace

Result<long> sys_signalfd4(int descriptor, UserPointer<const std::uint64_t> mask, std::size_t size,
                           int flags) {
  if (size != sizeof(std::uint64_t) || (flags & ~(SFD_NONBLOCK | SFD_CLOEXEC)) != 0) {
    return fail(std::errc::invalid_argument);
  }
  SignalSet wanted(TRY(mask.read()));
  wanted.remove(SIGKILL);
  wanted.remove(SIGSTOP);
  if (descriptor != -1) {
    const auto file = TRY(find_file(descriptor));
    if (file->kind() != fs::FileKind::signal) {
      return fail(std::errc::invalid_argument);
    }
    static_cast<SignalFile&>(*file).set_mask(wanted);
    return descriptor;
  }
  auto file = TRY(mm::make_owned<SignalFile>(wanted));
  file->set_non_blocking((flags & SFD_NONBLOCK) != 0);
  return TRY(open_descriptor(fs::FileReference::adopt(file.release()), (flags & SFD_CLOEXEC) != 0));
}

Result<long> sys_signalfd(int descriptor, UserPointer<const std::uint64_t> mask, std::size_t size) {
  return sys_signalfd4(descriptor, mask, size, 0);
}

} // namespace skerry::posix
