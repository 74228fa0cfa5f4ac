// SPDX-License-Identifier: Apache-2.0
// A network card: it moves Ethernet frames and knows nothing of IP.
#pragma once

#include <core/result.hpp>
#include <device/packet.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace skerry::device {

using MacAddress = std::array<std::uint8_t, 6>;

/// What a device can do beyond moving frames of up to its MTU.
struct NetCapabilities {
  bool transmit_checksum = false; ///< takes Offloads::checksum_partial
  bool receive_checksum = false;  ///< sets Offloads::checksum_valid or checksum_partial
  bool gso_tcp_v4 = false;        ///< takes Gso::tcp_v4; likewise below
  bool gso_tcp_v6 = false;
  bool gso_udp = false;
  bool receives_large = false; ///< may deliver frames of up to 64 KiB that it put together
  unsigned queues = 1;         ///< pairs of receive and transmit queue
};

/// Takes the frames of one device.
class NetReceiver {
public:
  /// A frame has arrived; the receiver owns it. Called from NetDevice::poll().
  virtual void receive(unsigned queue, Packet&& packet) = 0;
  /// The link went up or down. Called from NetDevice::poll().
  virtual void link_changed(bool up) = 0;

protected:
  ~NetReceiver() = default;
};

/// Something to call from interrupt context: it may mark and wake, nothing else.
struct Notification {
  void (*function)(void* context) = nullptr;
  void* context = nullptr;
  void operator()() const {
    if (function != nullptr) {
      function(context);
    }
  }
};

/// What NetDevice::poll() did.
struct PollOutcome {
  unsigned delivered = 0; ///< frames given to the receiver
  /// The budget was used up: poll again. If false the interrupt is armed and no frame was left.
  bool more = false;
};

/// Counters of a device; they only grow.
struct NetDeviceStatistics {
  std::uint64_t received = 0;          ///< frames
  std::uint64_t received_bytes = 0;    ///< without what the driver adds
  std::uint64_t transmitted = 0;       ///< frames
  std::uint64_t transmitted_bytes = 0; ///< likewise
  std::uint64_t receive_dropped = 0;   ///< frames that were malformed or found no buffer
  std::uint64_t transmit_dropped = 0;  ///< frames that went with a device that broke
  std::uint64_t kicks = 0;             ///< times that the device was told of new buffers
  std::uint64_t interrupts = 0;
};

/// Context:  thread, of the one CPU that serves the queue, unless a member says otherwise.
/// Lifetime: devices live for ever. One that misbehaves is marked broken, and its link is down:
///           transmit() then fails with io_error and poll() delivers nothing. A later poll() may
///           start it again, with the link up.
class NetDevice {
public:
  /// "virtio-net 0", for the log and for statistics.
  [[nodiscard]] virtual std::string_view name() const = 0;
  [[nodiscard]] virtual NetCapabilities capabilities() const = 0;
  [[nodiscard]] virtual MacAddress mac_address() const = 0;
  /// Bytes of the largest payload of a frame (1500 for Ethernet).
  [[nodiscard]] virtual std::uint32_t mtu() const = 0;
  [[nodiscard]] virtual bool link_up() const = 0;
  [[nodiscard]] virtual NetDeviceStatistics statistics() const = 0;

  /// Begins to receive. `readable` is called, in interrupt context, when poll() may find something.
  /// Once, before everything below.
  virtual void start(NetReceiver& receiver, Notification readable) = 0;

  /// Hands over a frame. Takes ownership only on success; the frame may wait for flush() before
  /// the device learns of it. Never calls the receiver.
  /// Errors: no_buffer_space   the queue is full; on_transmit_ready tells when it is no longer
  ///         message_size      longer than the MTU allows, or more segments than it can take
  ///         io_error          the device is broken
  [[nodiscard]] virtual Result<> transmit(unsigned queue, Packet&& packet) = 0;
  /// Tells the device of all frames that were handed over since the last flush.
  virtual void flush(unsigned queue) = 0;
  /// Names who is told, from poll(), that a full queue has room again.
  virtual void on_transmit_ready(Notification ready) = 0;

  /// Delivers up to `budget` frames to the receiver and releases frames that have been sent.
  virtual PollOutcome poll(unsigned queue, unsigned budget) = 0;

protected:
  ~NetDevice() = default;
};

} // namespace skerry::device
