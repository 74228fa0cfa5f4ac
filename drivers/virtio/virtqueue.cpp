// SPDX-License-Identifier: Apache-2.0
// The rings of a split virtqueue.
#include "drivers/virtio/virtqueue.hpp"

#include <core/bytes.hpp>
#include <hal/cpu.hpp>

#include <algorithm>
#include <atomic>

namespace skerry::virtio {

/// 2.7.5.
struct Virtqueue::Descriptor {
  std::uint64_t address;
  std::uint32_t size_bytes;
  std::uint16_t flags;
  std::uint16_t next;
};

/// 2.7.8.
struct Virtqueue::UsedElement {
  std::uint32_t id;
  std::uint32_t size_bytes;
};

namespace {

constexpr std::uint16_t flag_next = 1;
constexpr std::uint16_t flag_write = 2;
constexpr std::uint16_t flag_no_interrupt = 1; // in the available ring
constexpr std::uint16_t flag_no_notify = 1;    // in the used ring

// Words of 16 bits in both rings: flags, index, then the ring.
constexpr std::size_t ring_flags = 0;
constexpr std::size_t ring_index = 1;
constexpr std::size_t ring_start = 2;
constexpr std::size_t words_per_used_element = 4;

/// Stores before it are seen by the device before those after it. Memory of the device is ordinary
/// memory to the processor, which keeps the order of stores and of loads.
void order_stores() {
  std::atomic_signal_fence(std::memory_order_seq_cst);
}

/// Whether an event index between `old` and `fresh` was crossed (2.7.10).
bool crossed(std::uint16_t event, std::uint16_t fresh, std::uint16_t old) {
  return static_cast<std::uint16_t>(fresh - event - 1) < static_cast<std::uint16_t>(fresh - old);
}

} // namespace

Result<> Virtqueue::start(Transport& transport, std::uint16_t index, bool event_index,
                          std::uint16_t limit) {
  static_assert(sizeof(Descriptor) == 16 && sizeof(UsedElement) == 8);
  const std::uint16_t offered = transport.queue_size(index);
  if (offered == 0 || offered > 32768 || !std::has_single_bit(offered)) {
    return fail(std::errc::no_such_device);
  }
  size_ = std::min({offered, limit, max_size});
  const std::size_t descriptor_bytes = size_ * sizeof(Descriptor);
  const std::size_t available_bytes = (ring_start + size_ + 1) * sizeof(std::uint16_t);
  const std::size_t used_at = align_up(descriptor_bytes + available_bytes, mm::page_size);
  const std::size_t used_bytes =
      (ring_start + 1) * sizeof(std::uint16_t) + size_ * sizeof(UsedElement);
  memory_ = TRY(mm::DmaMemory::allocate(used_at + used_bytes));
  records_ = TRY(mm::make_owned<Records>());

  // SAFETY: the parts lie inside the pages, aligned as 2.7 asks.
  descriptors_ = reinterpret_cast<volatile Descriptor*>(memory_.data());
  available_ = reinterpret_cast<volatile std::uint16_t*>(memory_.data() + descriptor_bytes);
  used_ = reinterpret_cast<volatile std::uint16_t*>(memory_.data() + used_at);
  for (std::uint16_t i = 0; i < size_; ++i) {
    records_->entries[i].next = static_cast<std::uint16_t>(i + 1);
  }
  free_count_ = size_;
  transport_ = &transport;
  index_ = index;
  event_index_ = event_index;
  const mm::PhysicalAddress start = memory_.device_address();
  return transport.start_queue(
      index, size_,
      {.descriptors = start, .available = start + descriptor_bytes, .used = start + used_at});
}

Result<std::uint16_t> Virtqueue::post(std::span<const Piece> readable,
                                      std::span<const Piece> writable) {
  const std::size_t count = readable.size() + writable.size();
  if (count == 0 || count > free_count_) {
    return fail(std::errc::no_buffer_space);
  }
  const std::uint16_t head = free_head_;
  std::uint16_t at = head;
  std::uint32_t writable_bytes = 0;
  const auto write = [&](const Piece& piece, std::uint16_t flags) {
    const std::uint16_t next = records_->entries[at].next;
    descriptors_[at].address = piece.address.value();
    descriptors_[at].size_bytes = piece.size_bytes;
    descriptors_[at].flags = flags;
    descriptors_[at].next = next;
    at = next;
  };
  std::size_t left = count;
  for (const Piece& piece : readable) {
    write(piece, --left != 0 ? flag_next : 0);
  }
  for (const Piece& piece : writable) {
    write(piece, flag_write | (--left != 0 ? flag_next : 0));
    writable_bytes += piece.size_bytes;
  }
  free_head_ = at;
  free_count_ = static_cast<std::uint16_t>(free_count_ - count);
  records_->entries[head].writable_bytes = writable_bytes;
  records_->entries[head].count = static_cast<std::uint16_t>(count);
  available_[ring_start + posted_ % size_] = head;
  ++posted_;
  ++in_flight_;
  return head;
}

void Virtqueue::publish() {
  if (posted_ != published_) {
    order_stores();
    available_[ring_index] = posted_;
    published_ = posted_;
  }
}

bool Virtqueue::kick() {
  if (published_ == kicked_ || !broken_.empty()) {
    return false;
  }
  hal::order_store_and_load();
  bool wanted = false;
  if (event_index_) {
    const std::uint16_t event = used_[ring_start + size_ * words_per_used_element];
    wanted = crossed(event, published_, kicked_);
  } else {
    wanted = (used_[ring_flags] & flag_no_notify) == 0;
  }
  kicked_ = published_;
  if (wanted) {
    transport_->notify(index_);
  }
  return wanted;
}

std::uint16_t Virtqueue::read_used_index() const {
  const std::uint16_t index = used_[ring_index];
  std::atomic_signal_fence(std::memory_order_seq_cst); // elements are read after it
  return index;
}

bool Virtqueue::has_used() const {
  return broken_.empty() && read_used_index() != last_used_;
}

std::optional<Completion> Virtqueue::take() {
  if (!broken_.empty()) {
    return std::nullopt;
  }
  const auto waiting = static_cast<std::uint16_t>(read_used_index() - last_used_);
  if (waiting == 0) {
    return std::nullopt;
  }
  if (waiting > in_flight_) {
    break_rule("V01: more chains came back than were out");
    return std::nullopt;
  }
  const volatile std::uint16_t* words =
      used_ + ring_start + (last_used_ % size_) * words_per_used_element;
  const auto* element = reinterpret_cast<const volatile UsedElement*>(words);
  const std::uint32_t id = element->id;
  const std::uint32_t written = element->size_bytes;
  if (id >= size_ || records_->entries[id].count == 0) {
    break_rule("V02: a chain came back that was not out");
    return std::nullopt;
  }
  const auto head = static_cast<std::uint16_t>(id);
  if (written > records_->entries[head].writable_bytes) {
    break_rule("V03: more bytes were written than there was room for");
    return std::nullopt;
  }
  ++last_used_;
  free_chain(head);
  return Completion{.head = head, .written_bytes = written};
}

void Virtqueue::free_chain(std::uint16_t head) {
  Private* const entries = records_->entries;
  const std::uint16_t count = entries[head].count;
  std::uint16_t last = head;
  for (std::uint16_t i = 1; i < count; ++i) {
    last = entries[last].next;
  }
  entries[head].count = 0;
  entries[last].next = free_head_;
  free_head_ = head;
  free_count_ = static_cast<std::uint16_t>(free_count_ + count);
  --in_flight_;
}

void Virtqueue::disarm() {
  // With event indexes, not to move the event is to ask for nothing.
  if (!event_index_) {
    available_[ring_flags] = flag_no_interrupt;
  }
}

bool Virtqueue::arm() {
  return arm_after(1);
}

bool Virtqueue::arm_after(std::uint16_t count) {
  if (event_index_) {
    available_[ring_start + size_] = static_cast<std::uint16_t>(last_used_ + count - 1);
  } else {
    available_[ring_flags] = 0;
  }
  hal::order_store_and_load();
  return static_cast<std::uint16_t>(read_used_index() - last_used_) < count;
}

} // namespace skerry::virtio
