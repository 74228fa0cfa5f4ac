// SPDX-License-Identifier: Apache-2.0
// virtio-net (virtio 1.2, 5.1): one receive and one transmit queue.
#pragma once

#include "drivers/virtio/transport.hpp"
#include "drivers/virtio/virtqueue.hpp"

#include <core/units.hpp>
#include <device/net_device.hpp>
#include <mm/dma.hpp>
#include <mm/heap.hpp>

#include <atomic>

namespace skerry::virtio {

/// Lives for ever once start_device() has succeeded.
class Net final : public device::NetDevice {
public:
  explicit Net(Transport& transport) : transport_(transport) {}

  /// Brings the device up, with its receive queue filled. Context: boot.
  /// Errors: as negotiate() and Virtqueue::start()
  [[nodiscard]] Result<> start_device();

  [[nodiscard]] std::string_view name() const override { return transport_.name(); }
  [[nodiscard]] device::NetCapabilities capabilities() const override;
  [[nodiscard]] device::MacAddress mac_address() const override { return mac_; }
  [[nodiscard]] std::uint32_t mtu() const override { return mtu_; }
  [[nodiscard]] bool link_up() const override { return link_up_; }
  [[nodiscard]] device::NetDeviceStatistics statistics() const override;
  void start(device::NetReceiver& receiver, device::Notification readable) override;
  [[nodiscard]] Result<> transmit(unsigned queue, device::Packet&& packet) override;
  void flush(unsigned queue) override;
  void on_transmit_ready(device::Notification ready) override { transmit_ready_ = ready; }
  device::PollOutcome poll(unsigned queue, unsigned budget) override;

private:
  struct Header;
  /// A buffer of the pool: where a frame is received. The pool is longer than the queue, so that
  /// frames that wait to be read do not stop the receiving of others.
  struct Buffer {
    Net* device = nullptr;
    std::byte* data = nullptr;
    std::uint16_t next_free = 0;
    bool posted = false; ///< in the receive queue
  };
  struct Pool {
    static constexpr std::uint16_t max_posted = 128;
    static constexpr std::uint16_t max_borrowed = 64;
    static constexpr std::uint16_t size = max_posted + max_borrowed;
    Buffer buffers[size];
    /// Which buffer each chain of the receive queue has.
    std::uint16_t of_head[Virtqueue::max_size] = {};
  };
  /// Who is told when a frame has been sent, by the head of its chain.
  struct Outgoing {
    device::Packet::Owner owners[Virtqueue::max_size];
  };

  static void handle_queues(void* net);
  static void handle_config(void* net);
  static void release_buffer(void* buffer);

  void read_mac();
  void read_mtu();
  void read_link();
  [[nodiscard]] Result<> start_queues();
  void begin();
  [[nodiscard]] Result<> make_buffers();
  void fill_receive_queue();
  void receive(const Completion& completion);
  [[nodiscard]] bool read_offloads(const Header& header, std::size_t frame_bytes,
                                   device::Offloads& offloads) const;
  [[nodiscard]] Header make_header(const device::Offloads& offloads) const;
  void reclaim();
  void check_rules();
  void stop(std::string_view rule);
  /// Returns whether the device is at work again.
  bool restart_when_due();
  [[nodiscard]] Result<> restart();

  Transport& transport_;
  std::uint64_t features_ = 0;
  std::size_t header_bytes_ = 12;
  std::size_t buffer_bytes_ = 2048;
  std::uint32_t mtu_ = 1500;
  device::MacAddress mac_{};
  std::atomic<bool> broken_ = false; ///< looked at by interrupts
  bool given_up_ = false;
  Instant started_;
  bool link_up_ = true;
  bool transmit_was_full_ = false;
  std::atomic<bool> config_changed_ = false;
  std::atomic<std::uint64_t> interrupts_ = 0;

  Virtqueue receive_queue_;
  Virtqueue transmit_queue_;
  mm::DmaMemory frames_;
  mm::DmaMemory headers_;
  mm::Owned<Pool> pool_;
  mm::Owned<Outgoing> outgoing_;
  std::uint16_t free_head_ = 0;
  std::uint16_t free_count_ = 0;

  device::NetReceiver* receiver_ = nullptr;
  device::Notification readable_;
  device::Notification transmit_ready_;
  device::NetDeviceStatistics statistics_;
};

} // namespace skerry::virtio
