// SPDX-License-Identifier: Apache-2.0
// Trying KVM out; see the header. Specification: Linux, Documentation/virt/kvm/api.rst.
#include "vm/kvm_check.hpp"

#include "support/file_descriptor.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <fcntl.h>
#include <format>
#include <linux/kvm.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

namespace skerry::vm {
namespace {

constexpr std::size_t page_size = 4096;
constexpr std::uint64_t code_address = 0x1000;
constexpr std::size_t value_offset = 0x800;
constexpr std::uint64_t cr4_osfxsr = 1 << 9;
constexpr std::uint32_t mxcsr_default = 0x1f80;
// In real mode: ldmxcsr [0x1800]; hlt.
constexpr std::array<unsigned char, 6> code{0x0f, 0xae, 0x16, 0x00, 0x18, 0xf4};

/// Memory that goes with its owner.
class Mapping {
public:
  Mapping(std::size_t size, int flags, int descriptor)
      : size_(size), address_(::mmap(nullptr, size, PROT_READ | PROT_WRITE, flags, descriptor, 0)) {
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping() {
    if (*this)
      ::munmap(address_, size_);
  }

  [[nodiscard]] explicit operator bool() const { return address_ != MAP_FAILED; }
  [[nodiscard]] std::byte* bytes() const { return static_cast<std::byte*>(address_); }

private:
  std::size_t size_;
  void* address_;
};

std::string failed(std::string_view what) {
  return std::format("{} failed: {}", what, std::strerror(errno));
}

bool set_registers(int cpu) {
  kvm_sregs special{};
  if (::ioctl(cpu, KVM_GET_SREGS, &special) != 0)
    return false;
  special.cs.base = 0;
  special.cs.selector = 0;
  special.cr4 |= cr4_osfxsr;
  kvm_regs general{};
  general.rip = code_address;
  general.rflags = 2; // the bit that is always set
  return ::ioctl(cpu, KVM_SET_SREGS, &special) == 0 && ::ioctl(cpu, KVM_SET_REGS, &general) == 0;
}

std::string run_code(int kvm, int machine) {
  const FileDescriptor cpu(::ioctl(machine, KVM_CREATE_VCPU, 0));
  const int size = ::ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
  if (!cpu || size < static_cast<int>(sizeof(kvm_run)))
    return failed("making a CPU");
  const Mapping state(static_cast<std::size_t>(size), MAP_SHARED, cpu.get());
  if (!state || !set_registers(cpu.get()))
    return failed("preparing a CPU");
  if (::ioctl(cpu.get(), KVM_RUN, 0) != 0)
    return failed("running a CPU");
  const auto reason = reinterpret_cast<const kvm_run*>(state.bytes())->exit_reason;
  return reason == KVM_EXIT_HLT
             ? std::string()
             : std::format("it cannot run a guest's SSE instructions (exit reason {})", reason);
}

} // namespace

std::string probe_kvm(const char* path) {
  const FileDescriptor kvm(::open(path, O_RDWR | O_CLOEXEC));
  if (!kvm)
    return std::strerror(errno);
  if (::ioctl(kvm.get(), KVM_GET_API_VERSION, 0) != KVM_API_VERSION)
    return "it is not KVM";
  const FileDescriptor machine(::ioctl(kvm.get(), KVM_CREATE_VM, 0));
  const Mapping memory(page_size, MAP_SHARED | MAP_ANONYMOUS, -1);
  if (!machine || !memory)
    return failed("making a machine");
  std::memcpy(memory.bytes(), code.data(), code.size());
  std::memcpy(memory.bytes() + value_offset, &mxcsr_default, sizeof mxcsr_default);
  kvm_userspace_memory_region region{};
  region.guest_phys_addr = code_address;
  region.memory_size = page_size;
  region.userspace_addr = reinterpret_cast<std::uintptr_t>(memory.bytes());
  if (::ioctl(machine.get(), KVM_SET_USER_MEMORY_REGION, &region) != 0)
    return failed("giving a machine memory");
  return run_code(kvm.get(), machine.get());
}

const std::string& kvm_trouble() {
  static const std::string trouble = probe_kvm("/dev/kvm");
  return trouble;
}

} // namespace skerry::vm
