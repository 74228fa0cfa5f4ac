// SPDX-License-Identifier: Apache-2.0
// Random bytes from a virtio-rng device.
#include "drivers/virtio/entropy.hpp"

#include "drivers/virtio/negotiation.hpp"

#include <core/bytes.hpp>
#include <core/log.hpp>
#include <hal/clock.hpp>

#include <algorithm>
#include <cstring>

namespace skerry::virtio {
namespace {

constexpr std::uint16_t queue_index = 0;
constexpr Duration patience = Duration::milliseconds(500);

} // namespace

Result<> Entropy::start_device() {
  const std::uint64_t features =
      TRY(negotiate(transport_, bit<std::uint64_t>(feature_event_index)));
  TRY(queue_.start(transport_, queue_index, has_bit(features, feature_event_index)));
  memory_ = TRY(mm::DmaMemory::allocate(mm::page_size));
  const auto wake = [](void* self) { static_cast<Entropy*>(self)->used_.wake_all(); };
  TRY(transport_.connect(1, {wake, this}, {}));
  set_driver_ok(transport_);
  log::debug("virtio", "{}: source of entropy", name());
  return {};
}

std::size_t Entropy::request(std::span<std::byte> buffer) {
  const auto wanted = static_cast<std::uint32_t>(std::min(buffer.size(), memory_.size_bytes()));
  const Piece piece{.address = memory_.device_address(), .size_bytes = wanted};
  if (!queue_.post({}, {&piece, 1})) {
    return 0;
  }
  (void)queue_.arm();
  queue_.publish();
  (void)queue_.kick();
  const auto outcome = used_.wait_until([this] { return queue_.has_used(); },
                                        hal::monotonic_now() + patience, kernel::Interruptible::no);
  const auto completion = queue_.take();
  if (!completion) {
    const bool late = outcome == kernel::WaitResult::timeout && queue_.broken().empty();
    // A buffer that is still out may be written to at any time: the device ends here.
    mark_broken(transport_, late ? "V18: no answer in 500 ms" : queue_.broken());
    broken_ = true;
    return 0;
  }
  std::memcpy(buffer.data(), memory_.data(), completion->written_bytes);
  std::memset(memory_.data(), 0, completion->written_bytes);
  return completion->written_bytes;
}

std::size_t Entropy::fill(std::span<std::byte> buffer) {
  std::size_t filled = 0;
  // A device may give less than was asked for; one that gives nothing is not asked again.
  while (filled < buffer.size() && !broken_) {
    const std::size_t count = request(buffer.subspan(filled));
    if (count == 0) {
      break;
    }
    filled += count;
  }
  return filled;
}

} // namespace skerry::virtio
