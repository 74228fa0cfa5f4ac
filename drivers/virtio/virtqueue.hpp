// SPDX-License-Identifier: Apache-2.0
// A split virtqueue (virtio 1.2, 2.7), seen from a driver that does not trust its device: what was
// posted is kept privately, shared memory is only written to, and each field that the device writes
// is read once and checked (rules V01 to V07).
#pragma once

#include "drivers/virtio/transport.hpp"

#include <core/result.hpp>
#include <mm/dma.hpp>
#include <mm/heap.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace skerry::virtio {

/// A piece of memory for the device. Owned by whoever posts it, until it comes back.
struct Piece {
  mm::PhysicalAddress address;
  std::uint32_t size_bytes = 0;
};

/// A chain of descriptors that the device has given back.
struct Completion {
  std::uint16_t head = 0;
  /// Bytes that the device says it has written; never more than it was given.
  std::uint32_t written_bytes = 0;
};

/// Context: thread, or boot; belongs to one CPU.
class Virtqueue {
public:
  /// Most entries of a queue that are used, whatever the device offers.
  static constexpr std::uint16_t max_size = 256;

  Virtqueue() = default;
  Virtqueue(const Virtqueue&) = delete;
  Virtqueue& operator=(const Virtqueue&) = delete;
  Virtqueue& operator=(Virtqueue&&) noexcept = default;

  /// Takes queue `index` of `transport` into use, with at most `limit` entries.
  /// Errors: no_such_device   the device has no such queue, or one of an impossible size
  ///         not_enough_memory
  [[nodiscard]] Result<> start(Transport& transport, std::uint16_t index, bool event_index,
                               std::uint16_t limit = max_size);

  [[nodiscard]] std::uint16_t size() const { return size_; }
  /// The head that the next post() will return, if there is room.
  [[nodiscard]] std::uint16_t next_head() const { return free_head_; }
  [[nodiscard]] std::uint16_t free_descriptors() const { return free_count_; }
  [[nodiscard]] std::uint16_t in_flight() const { return in_flight_; }

  /// Posts a chain: first what the device reads, then what it writes. Returns its head, by which it
  /// comes back. The device learns of it with publish() and kick().
  /// Errors: no_buffer_space  fewer free descriptors than pieces
  [[nodiscard]] Result<std::uint16_t> post(std::span<const Piece> readable,
                                           std::span<const Piece> writable);
  /// Shows the device everything that was posted.
  void publish();
  /// Notifies the device if it wants to hear of what was published since the last kick. Returns
  /// whether it was notified.
  bool kick();

  /// The next chain that came back, if there is one. After a device has broken a rule there is
  /// never one: see broken().
  [[nodiscard]] std::optional<Completion> take();
  /// Whether take() would find something, as the device tells now.
  [[nodiscard]] bool has_used() const;

  /// Asks for no more interrupts; the device may still send some.
  void disarm();
  /// Asks for an interrupt at the next chain that comes back. Returns false when there is one
  /// already: then look again.
  [[nodiscard]] bool arm();
  /// Asks for an interrupt when `count` more chains have come back.
  [[nodiscard]] bool arm_after(std::uint16_t count);

  /// The rule that the device has broken; empty while it has broken none.
  [[nodiscard]] std::string_view broken() const { return broken_; }

private:
  struct Descriptor;
  struct UsedElement;
  /// What we know of a descriptor, and the device cannot change.
  struct Private {
    std::uint32_t writable_bytes = 0; ///< of the whole chain, at its head
    std::uint16_t next = 0;           ///< in the chain, or in the free list
    std::uint16_t count = 0;          ///< descriptors of the chain, at a head in flight; else 0
  };
  struct Records {
    Private entries[max_size];
  };

  [[nodiscard]] std::uint16_t read_used_index() const;
  void break_rule(std::string_view rule) { broken_ = rule; }
  void free_chain(std::uint16_t head);

  Transport* transport_ = nullptr;
  mm::DmaMemory memory_;
  mm::Owned<Records> records_;
  volatile Descriptor* descriptors_ = nullptr;
  volatile std::uint16_t* available_ = nullptr; ///< flags, index, ring, used_event
  volatile std::uint16_t* used_ = nullptr;      ///< flags, index; elements follow; avail_event
  std::string_view broken_;
  std::uint16_t index_ = 0;
  std::uint16_t size_ = 0;
  std::uint16_t free_head_ = 0;
  std::uint16_t free_count_ = 0;
  std::uint16_t in_flight_ = 0;
  std::uint16_t posted_ = 0;    ///< available index, with what is not yet published
  std::uint16_t published_ = 0; ///< as the device sees it
  std::uint16_t kicked_ = 0;    ///< published index at the last look at whether to kick
  std::uint16_t last_used_ = 0;
  bool event_index_ = false;
};

} // namespace skerry::virtio
