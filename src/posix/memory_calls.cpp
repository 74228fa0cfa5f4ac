// SPDX-License-Identifier: Apache-2.0
// Mapping memory: mmap(2) and its kin, in terms of areas.
#include "src/posix/calls.hpp"
#include "src/posix/descriptors.hpp"

#include <fs/node.hpp>
#include <mm/address_space.hpp>

#include <sys/mman.h>

namespace skerry::posix {
namespace {

using mm::VirtualAddress;

constexpr int known_protection = PROT_READ | PROT_WRITE | PROT_EXEC;

Result<hal::Access> access_of(int protection) {
  if ((protection & ~known_protection) != 0) {
    return fail(std::errc::invalid_argument);
  }
  const bool writes = (protection & PROT_WRITE) != 0;
  const bool executes = (protection & PROT_EXEC) != 0;
  if (writes && executes) {
    // Memory is never both (DESIGN, decision 2).
    return fail(std::errc::permission_denied);
  }
  if (executes) {
    return hal::Access::read_execute;
  }
  if (writes) {
    return hal::Access::read_write;
  }
  return (protection & PROT_READ) != 0 ? hal::Access::read : hal::Access::none;
}

/// What mmap(2) is asked for beside protection and sharing. MAP_PRIVATE and MAP_SHARED ignore flags
/// that they do not know, as they always did; those that are known and cannot be had here fail.
Result<> check_flags(int flags) {
  constexpr int kept = MAP_FIXED | MAP_FIXED_NOREPLACE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK |
                       MAP_POPULATE | MAP_LOCKED;
  constexpr int without_meaning = MAP_DENYWRITE | MAP_EXECUTABLE | MAP_NONBLOCK;
  const int sharing = flags & MAP_TYPE;
  const bool is_validated = sharing == MAP_SHARED_VALIDATE;
  if ((sharing != MAP_PRIVATE && sharing != MAP_SHARED && !is_validated) ||
      (is_validated && (flags & MAP_ANONYMOUS) != 0)) {
    return fail(std::errc::invalid_argument);
  }
  if (is_validated && (flags & ~(MAP_TYPE | kept | without_meaning)) != 0) {
    return fail(std::errc::operation_not_supported);
  }
  // No pages are set aside for MAP_HUGETLB: large ones are used where they fit.
  if ((flags & MAP_HUGETLB) != 0) {
    return fail(std::errc::not_enough_memory);
  }
  const bool has_fixed_place = (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) != 0;
  const bool wants_low_place = (flags & MAP_32BIT) != 0 && !has_fixed_place;
  return wants_low_place || (flags & MAP_GROWSDOWN) != 0 ? fail(std::errc::operation_not_supported)
                                                         : Result<>();
}

mm::Placement placement_of(int flags) {
  if ((flags & MAP_FIXED_NOREPLACE) != 0) {
    return mm::Placement::fixed_no_replace;
  }
  return (flags & MAP_FIXED) != 0 ? mm::Placement::fixed : mm::Placement::anywhere;
}

Result<mm::Advice> advice_of(int advice) {
  switch (advice) {
  case MADV_NORMAL:
  case MADV_RANDOM:
  case MADV_SEQUENTIAL:
    return mm::Advice::normal;
  case MADV_WILLNEED:
    return mm::Advice::will_need;
  case MADV_DONTNEED:
    return mm::Advice::dont_need;
  case MADV_FREE:
    return mm::Advice::free;
  case MADV_HUGEPAGE:
    return mm::Advice::large_pages;
  case MADV_NOHUGEPAGE:
    return mm::Advice::no_large_pages;
  default:
    return fail(std::errc::invalid_argument);
  }
}

bool is_page_aligned(std::uint64_t address) {
  return is_aligned(address, mm::page_size);
}

/// What of an open file is mapped.
/// Errors: bad_file_descriptor
///         permission_denied  the file is not open for reading, or not for writes that reach it
///         no_such_device     it is of a kind that has no pages
Result<mm::ObjectReference> object_of(int descriptor, const mm::MapRequest& request) {
  const auto file = TRY(find_file(descriptor));
  const bool writes = request.is_shared && request.access == hal::Access::read_write;
  if (!file->can_read() || (writes && !file->can_write())) {
    return fail(std::errc::permission_denied);
  }
  fs::Node* node = file->node();
  mm::MemoryObject* object = node != nullptr ? node->memory_object() : nullptr;
  return object != nullptr ? Result<mm::ObjectReference>(mm::ObjectReference(object))
                           : fail(std::errc::no_such_device);
}

/// Whether every page of a range is mapped.
bool is_mapped(VirtualAddress start, VirtualAddress end) {
  const auto space = mm::application_space().lock();
  while (start < end) {
    const mm::Area* area = space->find(start);
    if (area == nullptr || !area->contains(start)) {
      return false;
    }
    start = area->end;
  }
  return true;
}

/// Errors: not_enough_memory  the range is not mapped, or runs past the end of addresses
Result<> check_mapped(std::uint64_t address, std::size_t size) {
  const VirtualAddress start = VirtualAddress(address).page();
  std::uint64_t end = 0;
  const bool wraps = __builtin_add_overflow(address, size, &end);
  return !wraps && is_mapped(start, VirtualAddress(end)) ? Result<>()
                                                         : fail(std::errc::not_enough_memory);
}

long as_result(VirtualAddress address) {
  return static_cast<long>(address.value());
}

} // namespace

Result<long> sys_mmap(std::uint64_t hint, std::size_t size, int protection, int flags,
                      int descriptor, off_t offset) {
  const bool is_askew = (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) != 0 && !is_page_aligned(hint);
  if (size == 0 || is_askew || !is_page_aligned(static_cast<std::uint64_t>(offset))) {
    return fail(std::errc::invalid_argument);
  }
  TRY(check_flags(flags));
  mm::MapRequest request{.hint = VirtualAddress(hint & ~(mm::page_size - 1)),
                         .size_bytes = size,
                         .access = TRY(access_of(protection)),
                         .placement = placement_of(flags),
                         .no_reserve = (flags & MAP_NORESERVE) != 0,
                         .is_stack = (flags & MAP_STACK) != 0};
  if ((flags & MAP_ANONYMOUS) == 0) {
    request.is_shared = (flags & MAP_TYPE) != MAP_PRIVATE;
    request.object = TRY(object_of(descriptor, request));
    request.object_page = static_cast<std::uint64_t>(offset) >> mm::page_bits;
  }
  const auto start = TRY(mm::application_space().lock()->map(request));
  if ((flags & (MAP_POPULATE | MAP_LOCKED)) != 0 && protection != PROT_NONE) {
    // Best effort, as on Linux: the mapping stands even when memory is short.
    (void)mm::populate(start, size);
  }
  return as_result(start);
}

Result<long> sys_munmap(std::uint64_t address, std::size_t size) {
  TRY(mm::application_space().lock()->unmap(VirtualAddress(address), size));
  return 0;
}

Result<long> sys_mprotect(std::uint64_t address, std::size_t size, int protection) {
  if (size == 0) {
    return is_page_aligned(address) ? Result<long>(0) : fail(std::errc::invalid_argument);
  }
  const hal::Access access = TRY(access_of(protection));
  TRY(mm::application_space().lock()->protect(VirtualAddress(address), size, access));
  return 0;
}

Result<long> sys_madvise(std::uint64_t address, std::size_t size, int advice) {
  const mm::Advice wanted = TRY(advice_of(advice));
  if (size == 0) {
    return 0;
  }
  if (size > SIZE_MAX - (mm::page_size - 1)) { // whole pages of it are none
    return fail(std::errc::invalid_argument);
  }
  TRY(mm::application_space().lock()->advise(VirtualAddress(address), size, wanted));
  return 0;
}

Result<long> sys_mremap(std::uint64_t address, std::size_t old_size, std::size_t new_size,
                        int flags, std::uint64_t new_address) {
  const bool is_fixed = (flags & MREMAP_FIXED) != 0;
  const bool may_move = (flags & MREMAP_MAYMOVE) != 0;
  if ((flags & ~(MREMAP_FIXED | MREMAP_MAYMOVE)) != 0 || (is_fixed && !may_move)) {
    return fail(std::errc::invalid_argument);
  }
  mm::RemapRequest request{.old_address = VirtualAddress(address),
                           .old_size = old_size,
                           .new_size = new_size,
                           .may_move = may_move,
                           .new_address = std::nullopt};
  if (is_fixed) {
    request.new_address = VirtualAddress(new_address);
  }
  return as_result(TRY(mm::application_space().lock()->remap(request)));
}

Result<long> sys_msync(std::uint64_t address, std::size_t size, int flags) {
  constexpr int both = MS_SYNC | MS_ASYNC;
  if (!is_page_aligned(address) || (flags & ~(both | MS_INVALIDATE)) != 0 ||
      (flags & both) == both) {
    return fail(std::errc::invalid_argument);
  }
  // What is mapped are the pages of the file itself.
  TRY(check_mapped(address, size));
  return 0;
}

Result<long> sys_mlock2(std::uint64_t address, std::size_t size, int flags) {
  constexpr int on_fault = 1; // MLOCK_ONFAULT, linux/mman.h
  if ((flags & ~on_fault) != 0) {
    return fail(std::errc::invalid_argument);
  }
  // Pages never leave memory once they are there.
  TRY(check_mapped(address, size));
  if (flags == 0) {
    TRY(mm::populate(VirtualAddress(address), size));
  }
  return 0;
}

Result<long> sys_mlock(std::uint64_t address, std::size_t size) {
  return sys_mlock2(address, size, 0);
}

Result<long> sys_munlock(std::uint64_t address, std::size_t size) {
  TRY(check_mapped(address, size));
  return 0;
}

Result<long> sys_brk(std::uint64_t) {
  // There is no program break: the kernel's answer is where it stands, and 0 says that it cannot be
  // moved. The C library then maps memory instead.
  return 0;
}

} // namespace skerry::posix
