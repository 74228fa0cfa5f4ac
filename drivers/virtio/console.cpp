// SPDX-License-Identifier: Apache-2.0
// Text to a virtio-console device, and bytes from it. Nothing waits: what the device is too slow
// for is dropped and counted.
#include "drivers/virtio/console.hpp"

#include "drivers/virtio/negotiation.hpp"

#include <core/bytes.hpp>
#include <core/log.hpp>
#include <hal/cpu.hpp>

#include <algorithm>
#include <bit>
#include <cstring>

namespace skerry::virtio {
namespace {

// 5.3.2
constexpr std::uint16_t input_queue = 0;
constexpr std::uint16_t output_queue = 1;

} // namespace

Result<> Console::start_device() {
  const std::uint64_t features =
      TRY(negotiate(transport_, bit<std::uint64_t>(feature_event_index)));
  const bool event_index = has_bit(features, feature_event_index);
  TRY(input_.start(transport_, input_queue, event_index));
  TRY(output_.start(transport_, output_queue, event_index));
  memory_ = TRY(mm::DmaMemory::allocate((output_buffers + input_buffers) * buffer_bytes));
  free_output_ = all_output;
  const device::Notification handler{interrupt, this};
  TRY(transport_.connect(2, handler, {}));
  output_.disarm();
  for (std::uint8_t buffer = 0; buffer < std::min(input_buffers, input_.size()); ++buffer) {
    TRY(post_input(buffer));
  }
  (void)input_.arm();
  set_driver_ok(transport_);
  input_.publish();
  (void)input_.kick();
  log::debug("virtio", "{}: console", transport_.name());
  return {};
}

void Console::interrupt(void* self) {
  static_cast<Console*>(self)->input_ready_();
}

void Console::on_input(void (*callback)(void* context), void* context) {
  input_ready_ = {callback, context};
}

void Console::check(Virtqueue& queue) {
  if (!queue.broken().empty() && !broken_) {
    broken_ = true;
    mark_broken(transport_, queue.broken());
  }
}

void Console::reclaim_output() {
  while (const auto completion = output_.take()) {
    free_output_ |= static_cast<std::uint16_t>(1U << output_buffer_[completion->head]);
  }
  check(output_);
}

bool Console::send(std::string_view part) {
  if (free_output_ == 0) {
    return false;
  }
  const auto buffer = static_cast<std::uint8_t>(std::countr_zero(free_output_));
  const std::size_t offset = buffer * buffer_bytes;
  std::memcpy(static_cast<std::byte*>(memory_.data()) + offset, part.data(), part.size());
  const Piece piece{.address = memory_.device_address() + offset,
                    .size_bytes = static_cast<std::uint32_t>(part.size())};
  const auto head = output_.post({&piece, 1}, {});
  if (!head) {
    return false;
  }
  output_buffer_[*head] = buffer;
  free_output_ &= static_cast<std::uint16_t>(~(1U << buffer));
  return true;
}

void Console::write(std::string_view text) {
  const hal::InterruptsOff off;
  // A report of a fault in here must not come in again.
  if (broken_ || writing_) {
    dropped_ += text.size();
    return;
  }
  writing_ = true;
  while (!text.empty()) {
    reclaim_output();
    const std::string_view part = text.substr(0, buffer_bytes);
    if (broken_ || !send(part)) {
      dropped_ += text.size();
      break;
    }
    output_.publish();
    (void)output_.kick();
    text.remove_prefix(part.size());
  }
  writing_ = false;
}

void Console::flush() {
  // Counted, not timed: to read the clock may write to the log, behind what must be the last line.
  constexpr int most_looks = 500'000;
  const hal::InterruptsOff off;
  for (int look = 0; look < most_looks && !broken_ && !writing_; ++look) {
    reclaim_output();
    if (free_output_ == all_output) {
      return;
    }
    hal::relax();
  }
}

Result<> Console::post_input(std::uint8_t buffer) {
  const Piece piece{.address = memory_.device_address() + (output_buffers + buffer) * buffer_bytes,
                    .size_bytes = buffer_bytes};
  input_buffer_[TRY(input_.post({}, {&piece, 1}))] = buffer;
  return {};
}

/// Makes the next buffer that has come the one that is read. False when there is none.
bool Console::next_input() {
  if (reading_ != no_buffer) {
    if (post_input(reading_)) {
      input_.publish();
      (void)input_.kick();
    }
    reading_ = no_buffer;
  }
  const auto completion = input_.take();
  check(input_);
  if (!completion) {
    return false;
  }
  reading_ = input_buffer_[completion->head];
  read_at_ = 0;
  read_end_ = completion->written_bytes;
  return true;
}

std::size_t Console::read(std::span<char> buffer) {
  const hal::InterruptsOff off;
  std::size_t count = 0;
  while (count < buffer.size() && !broken_) {
    if (reading_ == no_buffer || read_at_ == read_end_) {
      if (!next_input() && (broken_ || input_.arm())) {
        break;
      }
      continue;
    }
    const std::size_t offset = (output_buffers + reading_) * buffer_bytes + read_at_;
    const std::size_t part = std::min(buffer.size() - count, read_end_ - read_at_);
    std::memcpy(buffer.data() + count, static_cast<const std::byte*>(memory_.data()) + offset,
                part);
    read_at_ += part;
    count += part;
  }
  return count;
}

} // namespace skerry::virtio
