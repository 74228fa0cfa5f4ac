// SPDX-License-Identifier: Apache-2.0
// Pointers that the application passed. A floor never dereferences one: it copies.
#pragma once

#include <core/result.hpp>
#include <mm/user_copy.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace skerry::posix {

/// The address of a T in application memory, or null. Nothing is known of it.
template <class T> class UserPointer {
public:
  constexpr UserPointer() = default;
  constexpr explicit UserPointer(std::uint64_t address) : address_(address) {}

  [[nodiscard]] bool is_null() const { return address_ == 0; }
  [[nodiscard]] mm::VirtualAddress address() const { return mm::VirtualAddress(address_); }

  /// Copies the object in. Errors: bad_address
  [[nodiscard]] Result<std::remove_const_t<T>> read() const {
    std::remove_const_t<T> value{};
    TRY(mm::copy_in(std::as_writable_bytes(std::span(&value, 1)), address()));
    return value;
  }

  /// Copies the object out. Errors: bad_address
  [[nodiscard]] Result<> write(const T& value) const
    requires(!std::is_const_v<T>)
  {
    return mm::copy_out(address(), std::as_bytes(std::span(&value, 1)));
  }

  /// The address of element `index` of an array.
  [[nodiscard]] UserPointer element(std::size_t index) const {
    return UserPointer(address_ + index * sizeof(T));
  }

private:
  std::uint64_t address_ = 0;
};

} // namespace skerry::posix
