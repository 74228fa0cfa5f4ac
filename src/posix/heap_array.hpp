// SPDX-License-Identifier: Apache-2.0
// An array on the kernel's heap whose size is known when it is made.
#pragma once

#include <core/result.hpp>
#include <mm/heap.hpp>

#include <cstddef>
#include <new>
#include <span>
#include <utility>

namespace skerry::posix {

template <class T> class HeapArray {
public:
  HeapArray() = default;
  HeapArray(HeapArray&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  HeapArray& operator=(HeapArray&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~HeapArray() {
    for (T& element : all()) {
      element.~T();
    }
    mm::heap().free(data_);
  }

  /// `size` elements, each made without arguments. Errors: not_enough_memory
  [[nodiscard]] static Result<HeapArray> make(std::size_t size) {
    HeapArray array;
    if (size != 0) {
      std::size_t bytes = 0;
      if (__builtin_mul_overflow(size, sizeof(T), &bytes)) {
        return fail(std::errc::not_enough_memory);
      }
      array.data_ = static_cast<T*>(TRY(mm::heap().allocate(bytes, alignof(T))));
      for (; array.size_ < size; ++array.size_) {
        new (array.data_ + array.size_) T();
      }
    }
    return array;
  }

  [[nodiscard]] std::span<T> all() const { return {data_, size_}; }

private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

} // namespace skerry::posix
