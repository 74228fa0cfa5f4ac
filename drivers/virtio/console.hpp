// SPDX-License-Identifier: Apache-2.0
// virtio-console (virtio 1.2, 5.3), its first port: bytes out and in.
#pragma once

#include "drivers/virtio/transport.hpp"
#include "drivers/virtio/virtqueue.hpp"

#include <device/console.hpp>

#include <array>

namespace skerry::virtio {

/// Lives for ever once start_device() has succeeded.
class Console final : public device::Console {
public:
  explicit Console(Transport& transport) : transport_(transport) {}

  /// Errors: as negotiate() and Virtqueue::start()
  [[nodiscard]] Result<> start_device();

  void write(std::string_view text) override;
  void flush() override;
  std::size_t read(std::span<char> buffer) override;
  void on_input(void (*callback)(void* context), void* context) override;

  /// Bytes for which there was no buffer, or no device any more.
  [[nodiscard]] std::uint64_t dropped_output() const { return dropped_; }

private:
  static constexpr std::size_t buffer_bytes = 512;
  static constexpr std::uint16_t output_buffers = 16;
  static constexpr std::uint16_t input_buffers = 4;
  static constexpr auto all_output = static_cast<std::uint16_t>((1U << output_buffers) - 1);
  static constexpr std::uint8_t no_buffer = UINT8_MAX;

  [[nodiscard]] Result<> post_input(std::uint8_t buffer);
  void reclaim_output();
  [[nodiscard]] bool send(std::string_view part);
  [[nodiscard]] bool next_input();
  void check(Virtqueue& queue);
  static void interrupt(void* self);

  Transport& transport_;
  Virtqueue output_;
  Virtqueue input_;
  mm::DmaMemory memory_; ///< buffers of the output, then those of the input
  /// Which buffer a chain has, by its head.
  std::array<std::uint8_t, Virtqueue::max_size> output_buffer_{};
  std::array<std::uint8_t, Virtqueue::max_size> input_buffer_{};
  std::uint16_t free_output_ = 0; ///< a bit for each
  /// What of an input buffer was not read yet.
  std::uint8_t reading_ = no_buffer;
  std::size_t read_at_ = 0;
  std::size_t read_end_ = 0;
  device::Notification input_ready_;
  std::uint64_t dropped_ = 0;
  bool writing_ = false;
  bool broken_ = false;
};

} // namespace skerry::virtio
