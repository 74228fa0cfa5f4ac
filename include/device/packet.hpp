// SPDX-License-Identifier: Apache-2.0
// An Ethernet frame on its way between a device and a network stack, with what the one asks of the
// other: checksums and segmentation (virtio 1.2, 5.1.6; Linux' skb offloads have the same terms).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace skerry::device {

/// How a frame that is longer than the MTU is to be cut, or was put together.
enum class Gso : std::uint8_t { none, tcp_v4, tcp_v6, udp };

/// What a device is asked to do with a frame, or has done to one.
struct Offloads {
  /// Transmit: the checksum over the bytes from `checksum_start` on is to be stored at
  /// `checksum_start + checksum_offset`, where the sum of the pseudo header lies already.
  /// Receive: the same, of a frame that never was on a wire.
  bool checksum_partial = false;
  /// Receive: the device has checked the transport checksum, and it is right.
  bool checksum_valid = false;
  Gso gso = Gso::none;
  std::uint16_t checksum_start = 0;  ///< bytes from the start of the frame
  std::uint16_t checksum_offset = 0; ///< bytes from `checksum_start`
  std::uint16_t gso_size = 0;        ///< bytes of payload in each segment
  std::uint16_t header_size = 0;     ///< bytes before the payload: Ethernet, IP and transport
};

/// A frame as a list of pieces of memory that devices can reach, and one owner that is told when
/// nobody needs them any more. Moves only.
/// Context: thread.
class Packet {
public:
  static constexpr std::size_t max_segments = 20;
  using Segment = std::span<std::byte>;
  using Release = void (*)(void* token);

  Packet() = default;
  /// Calls `release(token)` at the end of its life.
  Packet(Release release, void* token) : release_(release), token_(token) {}
  Packet(Packet&& other) noexcept { take(other); }
  Packet& operator=(Packet&& other) noexcept {
    if (this != &other) {
      reset();
      take(other);
    }
    return *this;
  }
  ~Packet() { reset(); }

  /// Appends a piece; returns false when there is no room for one more.
  [[nodiscard]] bool add(Segment segment) {
    if (count_ == max_segments) {
      return false;
    }
    segments_[count_++] = segment;
    size_bytes_ += segment.size();
    return true;
  }

  [[nodiscard]] std::span<const Segment> segments() const { return {segments_, count_}; }
  /// Of all segments.
  [[nodiscard]] std::size_t size_bytes() const { return size_bytes_; }

  /// Who is to be told at the end; see detach().
  struct Owner {
    Release release = nullptr;
    void* token = nullptr;
  };

  /// Parts the owner from the packet, which is empty afterwards. Whoever gets it calls
  /// `release(token)` when nobody needs the pieces any more. `release` may be null.
  [[nodiscard]] Owner detach() {
    const Owner owner{std::exchange(release_, nullptr), token_};
    reset();
    return owner;
  }

  /// Gives the pieces back to their owner.
  void reset() {
    if (const Release release = std::exchange(release_, nullptr)) {
      release(token_);
    }
    count_ = 0;
    size_bytes_ = 0;
    offloads = {};
  }

  Offloads offloads;

private:
  void take(Packet& other) {
    release_ = std::exchange(other.release_, nullptr);
    token_ = other.token_;
    count_ = std::exchange(other.count_, 0);
    size_bytes_ = std::exchange(other.size_bytes_, 0);
    for (std::size_t i = 0; i < count_; ++i) {
      segments_[i] = other.segments_[i];
    }
    offloads = other.offloads;
  }

  Release release_ = nullptr;
  void* token_ = nullptr;
  Segment segments_[max_segments];
  std::size_t count_ = 0;
  std::size_t size_bytes_ = 0;
};

} // namespace skerry::device
