// SPDX-License-Identifier: Apache-2.0
// virtio-rng (virtio 1.2, 5.4).
#pragma once

#include "drivers/virtio/transport.hpp"
#include "drivers/virtio/virtqueue.hpp"

#include <device/entropy_source.hpp>
#include <kernel/wait_queue.hpp>

namespace skerry::virtio {

/// Lives for ever once start_device() has succeeded.
class Entropy final : public device::EntropySource {
public:
  explicit Entropy(Transport& transport) : transport_(transport) {}

  /// Errors: as negotiate() and Virtqueue::start()
  [[nodiscard]] Result<> start_device();

  [[nodiscard]] std::string_view name() const override { return transport_.name(); }
  [[nodiscard]] std::size_t fill(std::span<std::byte> buffer) override;

private:
  /// One request; returns how many bytes came.
  [[nodiscard]] std::size_t request(std::span<std::byte> buffer);

  Transport& transport_;
  Virtqueue queue_;
  mm::DmaMemory memory_;
  kernel::WaitQueue used_;
  bool broken_ = false;
};

} // namespace skerry::virtio
