// SPDX-License-Identifier: Apache-2.0
// Data inside its lock: the value cannot be reached without holding the lock (DESIGN, decision 10).
#pragma once

#include <core/spinlock.hpp>
#include <hal/cpu.hpp>

#include <type_traits>
#include <utility>

namespace skerry {

/// What happens to interrupts while a Locked value is held.
enum class LockMode : std::uint8_t {
  interrupts_off, ///< short work; interrupt handlers may lock it too
  thread_only,    ///< longer work; never locked by interrupt handlers
};

/// A T that is reached through a guard only: `auto areas = areas_.lock(); areas->insert(…);`
template <class T, LockMode Mode = LockMode::interrupts_off> class Locked {
  struct InterruptsUntouched {};
  using Interrupts =
      std::conditional_t<Mode == LockMode::interrupts_off, hal::InterruptsOff, InterruptsUntouched>;

public:
  /// Holds the lock for its own life, which is a block of the caller's.
  class [[nodiscard]] Guard {
  public:
    explicit Guard(Locked& owner) : owner_(owner) { owner_.lock_.lock(); }
    ~Guard() { owner_.lock_.unlock(); }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

    T* operator->() const { return &owner_.value_; }
    T& operator*() const { return owner_.value_; }

  private:
    [[no_unique_address]] Interrupts interrupts_; // first: off before the lock, on after it
    Locked& owner_;
  };

  template <class... Arguments>
  constexpr explicit Locked(LockRank rank, Arguments&&... arguments)
      : lock_(rank), value_(std::forward<Arguments>(arguments)...) {}
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;

  Guard lock() { return Guard(*this); }

private:
  Spinlock lock_;
  T value_;
};

} // namespace skerry
