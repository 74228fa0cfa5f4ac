// SPDX-License-Identifier: Apache-2.0
// The descriptor table: blocks of 64 slots, made when a number in them is first used and kept.
#include "src/posix/descriptors.hpp"

#include "src/fs/console_file.hpp"

#include <kernel/locked.hpp>
#include <mm/heap.hpp>

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <utility>

namespace skerry::posix {
namespace {

constexpr std::size_t block_size = 64;

struct Block {
  std::array<fs::FileReference, block_size> files;
  std::uint64_t taken = 0;
  std::uint64_t close_on_exec = 0;
};

constexpr std::uint64_t bit_of(std::size_t number) {
  return std::uint64_t{1} << (number % block_size);
}

using Blocks = std::array<Block*, max_descriptors / block_size>;

/// Beside the table, whose lock is not all zeros: so an image does not hold it.
constinit Blocks all_blocks{};

class Table {
public:
  /// Null when nothing is open there.
  [[nodiscard]] Block* block_with(int descriptor) {
    if (descriptor < 0 || descriptor >= max_descriptors) {
      return nullptr;
    }
    const auto number = static_cast<std::size_t>(descriptor);
    Block* block = blocks_[number / block_size];
    return block != nullptr && (block->taken & bit_of(number)) != 0 ? block : nullptr;
  }

  [[nodiscard]] Result<int> lowest_free(int lowest) const {
    for (auto number = static_cast<std::size_t>(lowest); number < limit();) {
      const Block* block = blocks_[number / block_size];
      const std::uint64_t taken = block == nullptr ? 0 : block->taken >> (number % block_size);
      const auto skip = static_cast<std::size_t>(std::countr_one(taken));
      const std::size_t left = block_size - number % block_size;
      if (skip < left) {
        number += skip;
        return number < limit() ? Result<int>(static_cast<int>(number))
                                : fail(std::errc::too_many_files_open);
      }
      number += left;
    }
    return fail(std::errc::too_many_files_open);
  }

  [[nodiscard]] Result<int> lowest_taken(int lowest) const {
    for (auto number = static_cast<std::size_t>(lowest); number < max_descriptors;) {
      const Block* block = blocks_[number / block_size];
      const std::uint64_t taken = block == nullptr ? 0 : block->taken >> (number % block_size);
      if (taken != 0) {
        return static_cast<int>(number) + std::countr_zero(taken);
      }
      number += block_size - number % block_size;
    }
    return fail(std::errc::bad_file_descriptor);
  }

  /// Puts `file` there and returns what was there before, to be released without the lock.
  [[nodiscard]] Result<fs::FileReference> put(int descriptor, fs::FileReference file,
                                              bool close_on_exec) {
    const auto number = static_cast<std::size_t>(descriptor);
    Block*& block = blocks_[number / block_size];
    if (block == nullptr) {
      block = TRY(mm::make_owned<Block>()).release(); // kept for ever
    }
    block->taken |= bit_of(number);
    block->close_on_exec &= ~bit_of(number);
    block->close_on_exec |= close_on_exec ? bit_of(number) : 0;
    return std::exchange(block->files[number % block_size], std::move(file));
  }

  [[nodiscard]] std::size_t limit() const { return static_cast<std::size_t>(limits_.soft); }
  [[nodiscard]] DescriptorLimits limits() const { return limits_; }
  void set_limits(DescriptorLimits limits) { limits_ = limits; }

private:
  Blocks& blocks_ = all_blocks;
  DescriptorLimits limits_;
};

constinit Locked<Table> table{LockRank::descriptors};

constinit std::atomic<void (*)(fs::File&)> close_hook;

void tell_closed(const fs::FileReference& file) {
  const auto hook = close_hook.load(std::memory_order_acquire);
  if (hook != nullptr && file) [[unlikely]] {
    hook(*file);
  }
}

} // namespace

Result<fs::FileReference> find_file(int descriptor) {
  const auto locked = table.lock();
  const Block* block = locked->block_with(descriptor);
  if (block == nullptr) {
    return fail(std::errc::bad_file_descriptor);
  }
  return block->files[static_cast<std::size_t>(descriptor) % block_size];
}

Result<int> open_descriptor(fs::FileReference file, bool close_on_exec, int lowest) {
  const auto locked = table.lock();
  const int number = TRY(locked->lowest_free(lowest));
  TRY(locked->put(number, std::move(file), close_on_exec));
  return number;
}

Result<> replace_descriptor(int descriptor, fs::FileReference file, bool close_on_exec) {
  fs::FileReference old;
  {
    const auto locked = table.lock();
    if (descriptor < 0 || static_cast<std::size_t>(descriptor) >= locked->limit()) {
      return fail(std::errc::bad_file_descriptor);
    }
    old = TRY(locked->put(descriptor, std::move(file), close_on_exec));
  }
  tell_closed(old);
  return {};
}

Result<> close_descriptor(int descriptor) {
  fs::FileReference old; // released after the lock: the last reference may have much to do
  {
    const auto locked = table.lock();
    Block* block = locked->block_with(descriptor);
    if (block == nullptr) {
      return fail(std::errc::bad_file_descriptor);
    }
    const auto number = static_cast<std::size_t>(descriptor);
    block->taken &= ~bit_of(number);
    block->close_on_exec &= ~bit_of(number);
    old = std::exchange(block->files[number % block_size], {});
  }
  tell_closed(old);
  return {};
}

Result<bool> is_closed_on_exec(int descriptor) {
  const auto locked = table.lock();
  const Block* block = locked->block_with(descriptor);
  if (block == nullptr) {
    return fail(std::errc::bad_file_descriptor);
  }
  return (block->close_on_exec & bit_of(static_cast<std::size_t>(descriptor))) != 0;
}

Result<> set_closed_on_exec(int descriptor, bool value) {
  const auto locked = table.lock();
  Block* block = locked->block_with(descriptor);
  if (block == nullptr) {
    return fail(std::errc::bad_file_descriptor);
  }
  const std::uint64_t bit = bit_of(static_cast<std::size_t>(descriptor));
  block->close_on_exec = value ? block->close_on_exec | bit : block->close_on_exec & ~bit;
  return {};
}

Result<int> next_descriptor(int lowest) {
  return table.lock()->lowest_taken(lowest);
}

DescriptorLimits descriptor_limits() {
  return table.lock()->limits();
}

void set_descriptor_limits(DescriptorLimits limits) {
  table.lock()->set_limits(limits);
}

void set_close_hook(void (*hook)(fs::File& file)) {
  close_hook.store(hook, std::memory_order_release);
}

Result<> open_standard_descriptors() {
  TRY(open_descriptor(fs::console_input(), false));
  TRY(open_descriptor(fs::console_output(), false));
  TRY(open_descriptor(fs::console_output(), false));
  return {};
}

} // namespace skerry::posix
