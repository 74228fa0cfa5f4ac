// SPDX-License-Identifier: Apache-2.0
// Who is called for which vector: bookkeeping without hardware, so that it can be tested.
#pragma once

#include "platform/x86_64/interrupt_vectors.hpp"

#include <core/result.hpp>
#include <hal/interrupts.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace skerry::x86_64 {

/// What became of an interrupt.
enum class Served : std::uint8_t {
  nobody_waits, ///< the vector has no handler
  claimed,      ///< a handler found that its device had a reason
  unclaimed,    ///< none did
  storm,        ///< none did, and this is one too many in a row; said once
};

/// Lists of handlers, one a device vector, in a fixed pool. Handlers are added and never removed,
/// by one CPU at a time with interrupts off; they may be called at any moment on every CPU.
class InterruptHandlers {
public:
  /// Gives `handler` a vector of its own.
  /// Errors: no_space_on_device  no vector or no place in the pool is left
  [[nodiscard]] Result<std::uint8_t> allocate(hal::InterruptHandler handler, void* context) {
    if (vectors_used_ > last_device_vector - first_device_vector) {
      return fail(std::errc::no_space_on_device);
    }
    const auto vector = static_cast<std::uint8_t>(first_device_vector + vectors_used_);
    const auto shared = share(vector, handler, context);
    if (!shared) {
      return fail(shared.error());
    }
    ++vectors_used_;
    return vector;
  }

  /// Adds a handler to a vector that has one.
  /// Errors: no_space_on_device  no place in the pool is left
  [[nodiscard]] Result<> share(std::uint8_t vector, hal::InterruptHandler handler, void* context) {
    if (used_ == max_handlers) {
      return fail(std::errc::no_space_on_device);
    }
    Entry& entry = pool_[used_++];
    entry.handler = handler;
    entry.context = context;
    // In front: the list is whole at every moment, also for an interrupt that comes in between.
    entry.next = first_[vector].load(std::memory_order_relaxed);
    first_[vector].store(&entry, std::memory_order_release);
    return {};
  }

  /// Far more than a device's late withdrawals of a line can be, and few enough to lose no time.
  static constexpr std::uint32_t max_unclaimed = 1000;

  /// Calls all handlers of `vector`. Context: interrupt.
  Served call(unsigned vector) {
    const Entry* entry = first_[vector].load(std::memory_order_acquire);
    if (entry == nullptr) {
      return Served::nobody_waits;
    }
    bool claimed = false;
    for (; entry != nullptr; entry = entry->next) {
      claimed = entry->handler(entry->context) || claimed;
    }
    // A vector is served by one CPU, with interrupts off.
    std::uint32_t& in_a_row = unclaimed_[vector];
    in_a_row = claimed ? 0 : in_a_row + 1;
    if (claimed) {
      return Served::claimed;
    }
    return in_a_row == max_unclaimed ? Served::storm : Served::unclaimed;
  }

private:
  struct Entry {
    hal::InterruptHandler handler = nullptr;
    void* context = nullptr;
    const Entry* next = nullptr;
  };

  static constexpr std::size_t max_handlers = 256;

  Entry pool_[max_handlers];
  std::size_t used_ = 0;
  unsigned vectors_used_ = 0; // all zeros at first, so that an image does not hold the pool
  std::atomic<const Entry*> first_[vector_count] = {};
  std::uint32_t unclaimed_[vector_count] = {};
};

} // namespace skerry::x86_64
