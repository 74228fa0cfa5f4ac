// SPDX-License-Identifier: Apache-2.0
// The bytes that a stream has received and nobody has read: lwIP's pbufs, without a copy unless
// they are so small that they would cost more memory than they carry.
#pragma once

#include "src/net/lwip.hpp"

#include <core/result.hpp>
#include <fs/user_buffer.hpp>

#include <cstddef>

namespace skerry::net {

/// Context: thread, inside a StackUse.
class ReceiveQueue {
public:
  ReceiveQueue() = default;
  ReceiveQueue(const ReceiveQueue&) = delete;
  ReceiveQueue& operator=(const ReceiveQueue&) = delete;
  ~ReceiveQueue() { clear(); }

  [[nodiscard]] std::size_t size_bytes() const { return size_bytes_; }
  [[nodiscard]] bool empty() const { return size_bytes_ == 0; }

  /// Takes over a chain of pbufs.
  void push(pbuf* chain);

  /// Copies to the application; the bytes stay.
  /// Errors: bad_address  nothing could be copied
  [[nodiscard]] Result<std::size_t> peek(fs::UserBuffer& buffer) const;
  /// Removes the oldest `count` bytes (at most size_bytes()).
  void drop(std::size_t count);
  void clear() { drop(size_bytes_); }

private:
  /// Appends to the last buffer when that is one of ours and has room. Returns whether it did.
  bool merge(pbuf* chain);

  // Linked by pbuf::next; tot_len, which has 16 bits, is not used.
  pbuf* first_ = nullptr;
  pbuf* last_ = nullptr;
  /// Free bytes behind those of last_, when it is one of ours.
  std::size_t room_ = 0;
  std::size_t size_bytes_ = 0;
};

} // namespace skerry::net
