// SPDX-License-Identifier: Apache-2.0
// Memory that devices reach. It belongs to the kernel and shares no page with anything else, so
// that a device that writes past what it was given hits nothing but other device memory.
#pragma once

#include <core/result.hpp>
#include <mm/address.hpp>

#include <cstddef>
#include <span>

namespace skerry::mm {

/// Whole pages, contiguous for the device, zeroed. Freed with the object; a device that may still
/// write to it must have been reset before.
class DmaMemory {
public:
  DmaMemory() = default;
  /// `size_bytes` is rounded up to pages; at most 128 MiB. Context: thread and boot.
  /// Errors: not_enough_memory
  [[nodiscard]] static Result<DmaMemory> allocate(std::size_t size_bytes);
  DmaMemory(DmaMemory&& other) noexcept;
  DmaMemory& operator=(DmaMemory&& other) noexcept;
  ~DmaMemory();

  [[nodiscard]] std::byte* data() const { return data_; }
  [[nodiscard]] std::size_t size_bytes() const { return size_bytes_; }
  [[nodiscard]] std::span<std::byte> bytes() const { return {data_, size_bytes_}; }
  /// What the device is told of the first byte.
  [[nodiscard]] PhysicalAddress device_address() const { return address_; }

private:
  std::byte* data_ = nullptr;
  std::size_t size_bytes_ = 0;
  PhysicalAddress address_;
};

/// What a device is told of a byte of kernel memory from DmaMemory or from a heap of the floors;
/// such memory is contiguous for the device inside one allocation. Any context.
[[nodiscard]] PhysicalAddress device_address_of(const void* pointer);

} // namespace skerry::mm
