// SPDX-License-Identifier: Apache-2.0
// Memory of this process that stands in for the frames of page tables. It can run out on request,
// and it knows which frames are out.
#pragma once

#include <hal/paging.hpp>

#include <cstring>
#include <memory>
#include <new>
#include <set>
#include <stdexcept>
#include <vector>

namespace skerry::x86_64::test {

class TableMemory final : public hal::TableFrames {
public:
  explicit TableMemory(std::size_t frames)
      : memory_(static_cast<std::byte*>(
            ::operator new(frames* mm::page_size, std::align_val_t(mm::page_size)))) {
    for (std::size_t i = frames; i-- > 0;) {
      free_.push_back(mm::PhysicalAddress(first + i * mm::page_size));
    }
    root = *allocate_table();
  }

  Result<mm::PhysicalAddress> allocate_table() override {
    if (free_.empty() || budget == 0) {
      return fail(std::errc::not_enough_memory);
    }
    --budget;
    const mm::PhysicalAddress frame = free_.back();
    free_.pop_back();
    out_.insert(frame);
    std::memset((direct_map() + frame.value()).as_pointer(), 0, mm::page_size);
    return frame;
  }

  void free_table(mm::PhysicalAddress frame) override {
    if (out_.erase(frame) == 0) {
      throw std::logic_error("a table is freed that is not out");
    }
    std::memset((direct_map() + frame.value()).as_pointer(), 0xee, mm::page_size);
    free_.push_back(frame);
  }

  /// Where physical address 0 would be.
  [[nodiscard]] mm::VirtualAddress direct_map() const {
    return mm::VirtualAddress(memory_.get()) - first;
  }
  /// Tables in use, the top one included.
  [[nodiscard]] std::size_t out() const { return out_.size(); }

  std::size_t budget = SIZE_MAX; ///< how many more tables there are
  mm::PhysicalAddress root;

private:
  struct Free {
    void operator()(std::byte* memory) const {
      ::operator delete(memory, std::align_val_t(mm::page_size));
    }
  };
  static constexpr std::uint64_t first = 0x7'0000'0000; // no table lies at 0

  std::unique_ptr<std::byte, Free> memory_;
  std::vector<mm::PhysicalAddress> free_;
  std::set<mm::PhysicalAddress> out_;
};

} // namespace skerry::x86_64::test
