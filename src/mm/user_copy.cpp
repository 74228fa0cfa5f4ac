// SPDX-License-Identifier: Apache-2.0
// Checks addresses; user_access.S does the rest.
#include <kernel/image.hpp>
#include <mm/layout.hpp>
#include <mm/user_copy.hpp>

#include <algorithm>
#include <cstring>

namespace {

/// Both count from their own position (user_access.S).
struct Fixup {
  std::int32_t instruction;
  std::int32_t target;
};

} // namespace

extern "C" {
std::size_t skerry_user_copy(void* to, const void* from, std::size_t size);
std::size_t skerry_user_zero(void* to, std::size_t size);
int skerry_user_compare_exchange(void* word, std::uint32_t* expected, std::uint32_t desired);
extern const Fixup skerry_user_fixups[];
extern const Fixup skerry_user_fixups_end[];
}

namespace skerry::mm {
namespace {

bool is_application_memory(VirtualAddress address, std::size_t size) {
  if (size == 0) {
    return true; // nothing is touched, whatever the address
  }
  // The application's static data is part of the image, which lies in the upper half.
  if (kernel::image_contains(address, size)) {
    return true;
  }
  return address >= layout::lower_half_start && address <= layout::lower_half_end &&
         size <= layout::lower_half_end - address;
}

std::uint64_t resolve(const std::int32_t& offset) {
  return reinterpret_cast<std::uintptr_t>(&offset) + static_cast<std::uint64_t>(offset);
}

} // namespace

Result<> copy_in(std::span<std::byte> to, VirtualAddress from) {
  if (!is_application_memory(from, to.size()) ||
      skerry_user_copy(to.data(), from.as_pointer(), to.size()) != 0) {
    return fail(std::errc::bad_address);
  }
  return {};
}

Result<> copy_out(VirtualAddress to, std::span<const std::byte> from) {
  if (!is_application_memory(to, from.size()) ||
      skerry_user_copy(to.as_pointer(), from.data(), from.size()) != 0) {
    return fail(std::errc::bad_address);
  }
  return {};
}

Result<> zero_out(VirtualAddress to, std::size_t size_bytes) {
  if (!is_application_memory(to, size_bytes) ||
      skerry_user_zero(to.as_pointer(), size_bytes) != 0) {
    return fail(std::errc::bad_address);
  }
  return {};
}

Result<std::size_t> copy_string_in(std::span<char> to, VirtualAddress from) {
  // Pieces end where a line of the cache ends: never past the page of the zero, and short strings
  // cost little.
  constexpr std::size_t line = 64;
  std::size_t done = 0;
  while (done < to.size()) {
    const std::size_t rest_of_line = line - (from.value() + done) % line;
    const std::span<char> piece = to.subspan(done, std::min(rest_of_line, to.size() - done));
    TRY(copy_in(std::as_writable_bytes(piece), from + done));
    if (const void* zero = std::memchr(piece.data(), 0, piece.size())) {
      return done + static_cast<std::size_t>(static_cast<const char*>(zero) - piece.data());
    }
    done += piece.size();
  }
  return fail(std::errc::filename_too_long);
}

Result<bool> compare_exchange(VirtualAddress word, std::uint32_t& expected, std::uint32_t desired) {
  if (!is_aligned(word.value(), sizeof expected)) {
    return fail(std::errc::invalid_argument);
  }
  if (!is_application_memory(word, sizeof expected)) {
    return fail(std::errc::bad_address);
  }
  const int outcome = skerry_user_compare_exchange(word.as_pointer(), &expected, desired);
  if (outcome < 0) {
    return fail(std::errc::bad_address);
  }
  return outcome == 1;
}

std::uint64_t find_fixup(std::uint64_t instruction) {
  for (const Fixup* entry = skerry_user_fixups; entry != skerry_user_fixups_end; ++entry) {
    if (resolve(entry->instruction) == instruction) {
      return resolve(entry->target);
    }
  }
  return 0;
}

} // namespace skerry::mm
