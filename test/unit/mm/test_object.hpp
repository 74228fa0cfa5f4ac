// SPDX-License-Identifier: Apache-2.0
// An object to map: pages whose first byte can be told apart, and a count of their uses.
#pragma once

#include "world.hpp"

#include <mm/memory_object.hpp>

#include <array>
#include <cstddef>
#include <stdexcept>

namespace skerry::mm::test {

class TestObject final : public MemoryObject {
public:
  static constexpr std::size_t pages = 64;

  TestObject() {
    for (std::size_t i = 0; i < pages; ++i) {
      frames_[i] = *frames().allocate_zeroed();
      *value(i) = static_cast<std::byte>(100 + i);
    }
  }
  ~TestObject() {
    for (const PhysicalAddress frame : frames_) {
      frames().free(frame);
    }
  }

  void retain() override { ++references; }
  void release() override { --references; }

  Result<PhysicalAddress> take_page(std::uint64_t index, bool for_writing) override {
    if (index >= pages) {
      return fail(std::errc::io_error);
    }
    if (before_take) {
      before_take();
    }
    ++uses[index];
    taken_for_writing += for_writing ? 1 : 0;
    return frames_[index];
  }

  void give_back_page(std::uint64_t index) override {
    if (index >= pages || uses[index] == 0) {
      throw std::logic_error("a page is given back that was not taken");
    }
    --uses[index];
  }

  [[nodiscard]] std::byte* value(std::size_t index) const {
    return World::get().machine.at<std::byte>(frames_[index]);
  }
  [[nodiscard]] std::size_t uses_of_all() const {
    std::size_t sum = 0;
    for (const std::size_t count : uses) {
      sum += count;
    }
    return sum;
  }

  int references = 0;
  int taken_for_writing = 0;
  std::array<std::size_t, pages> uses{};
  void (*before_take)() = nullptr;

private:
  std::array<PhysicalAddress, pages> frames_;
};

} // namespace skerry::mm::test
