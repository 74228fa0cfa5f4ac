// SPDX-License-Identifier: Apache-2.0
// A device as its bus shows it, before a driver has made something of it.
#pragma once

#include <core/result.hpp>
#include <device/net_device.hpp>
#include <mm/address.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace skerry::device {

enum class BusKind : std::uint8_t { pci, virtio_mmio };

/// What a device says it is. Of virtio over MMIO `device` is virtio's number of the kind of device.
struct BusId {
  BusKind bus = BusKind::pci;
  std::uint16_t vendor = 0;
  std::uint16_t device = 0;
};

/// Registers of a device. Accesses are single, in program order, and inside the region: who asks
/// for one outside gets all ones, and a write there is dropped.
class Region {
public:
  Region() = default;
  Region(mm::VirtualAddress start, std::uint64_t size_bytes)
      : start_(start), size_bytes_(size_bytes) {}

  [[nodiscard]] std::uint64_t size_bytes() const { return size_bytes_; }

  template <class T> [[nodiscard]] T read(std::uint64_t offset) const {
    // SAFETY: inside the region, which is mapped as device memory for ever.
    return holds<T>(offset) ? *(start_ + offset).template as_pointer<const volatile T>()
                            : static_cast<T>(~T{0});
  }
  template <class T> void write(std::uint64_t offset, T value) const {
    if (holds<T>(offset)) {
      *(start_ + offset).template as_pointer<volatile T>() = value; // SAFETY: as above
    }
  }

  /// The part from `offset` on; empty when it is not all inside.
  [[nodiscard]] Region part(std::uint64_t offset, std::uint64_t size_bytes) const {
    if (offset > size_bytes_ || size_bytes > size_bytes_ - offset) {
      return {};
    }
    return {start_ + offset, size_bytes};
  }

private:
  template <class T> [[nodiscard]] bool holds(std::uint64_t offset) const {
    return offset <= size_bytes_ && sizeof(T) <= size_bytes_ - offset && offset % sizeof(T) == 0;
  }

  mm::VirtualAddress start_;
  std::uint64_t size_bytes_ = 0;
};

/// Who is called when a device interrupts, in interrupt context: it may acknowledge, mark and wake,
/// nothing else. Returns whether the device had a reason.
struct InterruptHandler {
  bool (*function)(void* context) = nullptr;
  void* context = nullptr;
  bool operator()() const { return function != nullptr && function(context); }
};

/// Context: boot. Lifetime: lives for ever.
class BusDevice {
public:
  [[nodiscard]] virtual BusId id() const = 0;
  /// Where it is, for the log: "pci 00:02.0" or "mmio 0xfeb00e00".
  [[nodiscard]] virtual std::string_view name() const = 0;

  /// Maps register region `index`: of PCI the base address register of that number.
  /// Errors: no_such_device  there is none, or the firmware gave it no place
  ///         not_supported   it is in I/O port space
  ///         not_enough_memory
  [[nodiscard]] virtual Result<Region> map_region(unsigned index) = 0;

  /// How many different interrupts the device can raise; 0 when none can be connected.
  [[nodiscard]] virtual unsigned interrupt_count() const = 0;
  /// Connects interrupt `index`; `handler` is called in interrupt context.
  /// Errors: no_such_device  not below interrupt_count(); no_space_on_device  no vector is left
  [[nodiscard]] virtual Result<> connect_interrupt(unsigned index, InterruptHandler handler) = 0;
  /// Interrupts are messages of the device's own: nobody shares them and nothing is to be
  /// acknowledged.
  [[nodiscard]] virtual bool has_message_interrupts() const = 0;

  /// A byte, word or double word of the configuration space; all ones where there is none.
  [[nodiscard]] virtual std::uint8_t read_config8(std::uint16_t offset) const = 0;
  [[nodiscard]] virtual std::uint32_t read_config32(std::uint16_t offset) const = 0;
  /// Offset of the next capability with number `kind` after `previous` (0 to begin), or 0.
  [[nodiscard]] virtual std::uint16_t find_capability(std::uint8_t kind,
                                                      std::uint16_t previous) const = 0;

protected:
  ~BusDevice() = default;
};

} // namespace skerry::device
