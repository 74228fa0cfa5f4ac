// SPDX-License-Identifier: Apache-2.0
// A queue of pbufs.
#include "src/net/receive_queue.hpp"

namespace skerry::net {
namespace {

/// Packets up to this size are gathered in buffers of the other size: a peer that sends single
/// bytes fills few of them.
constexpr std::size_t small_bytes = 512;
constexpr u16_t gathered_bytes = 3072;

} // namespace

bool ReceiveQueue::merge(pbuf* chain) {
  const std::size_t size = chain->tot_len;
  if (size > small_bytes || empty()) {
    return false;
  }
  if (room_ < size) {
    pbuf* fresh = pbuf_alloc(PBUF_RAW, gathered_bytes, PBUF_RAM);
    if (fresh == nullptr) {
      return false;
    }
    fresh->len = 0;
    last_->next = fresh;
    last_ = fresh;
    room_ = gathered_bytes;
  }
  auto* end = static_cast<std::byte*>(last_->payload) + last_->len;
  pbuf_copy_partial(chain, end, chain->tot_len, 0);
  last_->len = static_cast<u16_t>(last_->len + size);
  room_ -= size;
  size_bytes_ += size;
  pbuf_free(chain);
  return true;
}

void ReceiveQueue::push(pbuf* chain) {
  if (merge(chain)) {
    return;
  }
  size_bytes_ += chain->tot_len;
  room_ = 0;
  (first_ == nullptr ? first_ : last_->next) = chain;
  last_ = chain;
  while (last_->next != nullptr) {
    last_ = last_->next;
  }
}

Result<std::size_t> ReceiveQueue::peek(fs::UserBuffer& buffer) const {
  std::size_t copied = 0;
  for (const pbuf* part = first_; part != nullptr && buffer.remaining() != 0; part = part->next) {
    if (part->len == 0) {
      continue;
    }
    const auto put = buffer.put({static_cast<const std::byte*>(part->payload), part->len});
    if (!put) {
      return copied != 0 ? Result<std::size_t>(copied) : put;
    }
    copied += *put;
    if (*put < part->len) {
      break;
    }
  }
  return copied;
}

void ReceiveQueue::drop(std::size_t count) {
  size_bytes_ -= count;
  while (first_ != nullptr && count >= first_->len) {
    pbuf* end = first_;
    count -= end->len;
    first_ = end->next;
    end->next = nullptr;
    pbuf_free(end);
  }
  if (first_ == nullptr) {
    last_ = nullptr;
    room_ = 0;
  } else if (count != 0) {
    first_->payload = static_cast<std::byte*>(first_->payload) + count;
    first_->len = static_cast<u16_t>(first_->len - count);
  }
}

} // namespace skerry::net
