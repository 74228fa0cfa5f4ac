// SPDX-License-Identifier: Apache-2.0
// A lock for moments, and the one table of the order in which locks are taken (DESIGN, decision
// 10). Everything but kernel/locked.hpp and the platform uses Locked<T> instead.
#pragma once

#include <core/assert.hpp>
#include <core/format.hpp>

#include <atomic>
#include <cstdint>
#include <string_view>

namespace skerry {

/// Every lock of the floors, outermost first: who holds one may take only those further down.
enum class LockRank : std::uint8_t {
  descriptors,
  mounts,
  file_system,
  network,
  areas,
  file_nodes,
  file_pages,
  futex,
  timers,
  readiness,
  signals,
  scheduler,
  kernel_space,
  heap,
  page_tables,
  frames,
  random,
  console_input,
  log,
};

[[nodiscard]] constexpr std::string_view name_of(LockRank rank) {
  constexpr std::string_view names[] = {
      "descriptors",    "mounts",         "file system",   "network", "areas",
      "nodes of files", "pages of files", "futex",         "timers",  "readiness",
      "signals",        "scheduler",      "kernel space",  "heap",    "page tables",
      "frames",         "random",         "console input", "log"};
  return names[static_cast<std::size_t>(rank)];
}

/// The check that no CPU takes two locks in the wrong order. Not compiled into release images.
namespace lock_order {

/// Where a CPU keeps one bit for each rank that it holds.
using HeldRanks = std::uint32_t& (*)();

inline std::uint32_t& ranks_of_the_only_cpu() {
  static constinit std::uint32_t held = 0;
  return held;
}

/// Who runs on several CPUs points this at a word of each CPU, before the second one starts.
inline constinit std::atomic<HeldRanks> held_ranks = &ranks_of_the_only_cpu;

[[noreturn]] inline void violated(std::string_view what, LockRank rank) {
  char text[96];
  // Qualified: where <format> is included, an argument of std finds std::format_to too.
  panic(skerry::format_to(text, "{} the lock of the {}", what, name_of(rank)));
}

#ifndef NDEBUG
inline void acquire(LockRank rank) {
  std::uint32_t& held = held_ranks.load(std::memory_order_relaxed)();
  if ((held >> static_cast<unsigned>(rank)) != 0) {
    violated("a lock of the same rank or further in is held by the CPU that takes", rank);
  }
  held |= std::uint32_t{1} << static_cast<unsigned>(rank);
}

inline void release(LockRank rank) {
  held_ranks.load(std::memory_order_relaxed)() &=
      ~(std::uint32_t{1} << static_cast<unsigned>(rank));
}
#else
inline void acquire(LockRank) {}
inline void release(LockRank) {}
#endif

} // namespace lock_order

/// Mutual exclusion by waiting in a loop. Not recursive. Not for holding across anything that
/// blocks. Interrupt handlers may take it only when every holder keeps interrupts off.
class Spinlock {
public:
  constexpr explicit Spinlock(LockRank rank) : rank_(rank) {}
  Spinlock(const Spinlock&) = delete;
  Spinlock& operator=(const Spinlock&) = delete;

  void lock() {
    lock_order::acquire(rank_);
    while (taken_.exchange(true, std::memory_order_acquire)) [[unlikely]] {
      wait();
    }
  }

  void unlock() {
    taken_.store(false, std::memory_order_release);
    lock_order::release(rank_);
  }

  /// Called before a second CPU starts. Until then, to wait for a lock is to wait for oneself, and
  /// a panic says so.
  static void allow_waiting() { several_cpus_.store(true, std::memory_order_relaxed); }

private:
  void wait() const {
    if (!several_cpus_.load(std::memory_order_relaxed)) {
      lock_order::violated("the only CPU waits for itself at", rank_);
    }
    while (taken_.load(std::memory_order_relaxed)) {
#ifdef __x86_64__
      __builtin_ia32_pause();
#endif
    }
  }

  static inline constinit std::atomic<bool> several_cpus_ = false;

  std::atomic<bool> taken_ = false;
  LockRank rank_;
};

/// Holds a Spinlock for its own life.
class [[nodiscard]] SpinlockGuard {
public:
  explicit SpinlockGuard(Spinlock& lock) : lock_(lock) { lock_.lock(); }
  ~SpinlockGuard() { lock_.unlock(); }
  SpinlockGuard(const SpinlockGuard&) = delete;
  SpinlockGuard& operator=(const SpinlockGuard&) = delete;

private:
  Spinlock& lock_;
};

} // namespace skerry
