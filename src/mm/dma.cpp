// SPDX-License-Identifier: Apache-2.0
// Pages for devices.
#include <mm/dma.hpp>
#include <mm/frames.hpp>

#include <cstring>
#include <utility>

namespace skerry::mm {

Result<DmaMemory> DmaMemory::allocate(std::size_t size_bytes) {
  const std::size_t pages = pages_for(size_bytes);
  if (pages == 0 || pages > (std::size_t{1} << max_frame_order)) {
    return fail(std::errc::not_enough_memory);
  }
  DmaMemory memory;
  memory.address_ = TRY(frames().allocate_run(pages));
  memory.data_ = frames().pointer<std::byte>(memory.address_);
  memory.size_bytes_ = pages * page_size;
  std::memset(memory.data_, 0, memory.size_bytes_);
  return memory;
}

DmaMemory::DmaMemory(DmaMemory&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_bytes_(std::exchange(other.size_bytes_, 0)),
      address_(other.address_) {}

DmaMemory& DmaMemory::operator=(DmaMemory&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_bytes_, other.size_bytes_);
  std::swap(address_, other.address_);
  return *this;
}

DmaMemory::~DmaMemory() {
  if (data_ != nullptr) {
    frames().free_run(address_, size_bytes_ / page_size);
  }
}

PhysicalAddress device_address_of(const void* pointer) {
  return frames().physical(pointer);
}

} // namespace skerry::mm
