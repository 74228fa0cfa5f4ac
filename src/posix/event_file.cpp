// SPDX-License-Identifier: Apache-2.0
// eventfd(2): a counter as a file.
#include "src/posix/descriptors.hpp"
#include "src/posix/readiness_calls.hpp"
#include "src/posix/waiting_file.hpp"

#include <mm/heap.hpp>

#include <sys/eventfd.h>

namespace skerry::posix {
namespace {

constexpr std::uint64_t most = UINT64_MAX - 1;

class EventFile final : public WaitingFile {
public:
  EventFile(std::uint64_t value, bool semaphore) : value_(value), semaphore_(semaphore) {}
  ~EventFile() override = default;

  Result<std::size_t> read(fs::UserBuffer& buffer) override {
    if (buffer.remaining() < sizeof value_) {
      return fail(std::errc::invalid_argument);
    }
    TRY(wait([this] { return value_ != 0; }));
    const std::uint64_t taken = semaphore_ ? 1 : value_;
    value_ -= taken;
    changed();
    return buffer.put(std::as_bytes(std::span(&taken, 1)));
  }

  Result<std::size_t> write(fs::UserBuffer& buffer) override {
    std::uint64_t added = 0;
    if (buffer.remaining() < sizeof added) {
      return fail(std::errc::invalid_argument);
    }
    TRY(buffer.take(std::as_writable_bytes(std::span(&added, 1))));
    if (added > most) {
      return fail(std::errc::invalid_argument);
    }
    TRY(wait([&] { return added <= most - value_; }));
    value_ += added;
    changed();
    return sizeof added;
  }

  fs::Readiness poll() override {
    return (value_ != 0 ? POLLIN | POLLRDNORM : 0) | (value_ < most ? POLLOUT | POLLWRNORM : 0);
  }

private:
  void destroy() override { const mm::Owned<EventFile> end(this); }

  std::uint64_t value_;
  bool semaphore_;
};

} // namespace

Result<long> sys_eventfd2(unsigned value, int flags) {
  if ((flags & ~(EFD_SEMAPHORE | EFD_NONBLOCK | EFD_CLOEXEC)) != 0) {
    return fail(std::errc::invalid_argument);
  }
  auto file = TRY(mm::make_owned<EventFile>(value, (flags & EFD_SEMAPHORE) != 0));
  file->set_non_blocking((flags & EFD_NONBLOCK) != 0);
  return TRY(open_descriptor(fs::FileReference::adopt(file.release()), (flags & EFD_CLOEXEC) != 0));
}

Result<long> sys_eventfd(unsigned value) {
  return sys_eventfd2(value, 0);
}

} // namespace skerry::posix
