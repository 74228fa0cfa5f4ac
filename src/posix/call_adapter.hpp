// SPDX-License-Identifier: Apache-2.0
// From six registers to a typed handler.
#pragma once

#include <core/result.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>

namespace skerry::posix {

/// Turns a register into the type that a handler wants.
template <class T> T from_register(std::uint64_t value) {
  return static_cast<T>(value);
}

/// Gives a typed handler the shape of a table entry; errno crosses the border as a minus sign.
template <auto Function> struct Adapter;
template <class... Parameters, Result<long> (*Function)(Parameters...)> struct Adapter<Function> {
  static long call(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d,
                   std::uint64_t e, std::uint64_t f) {
    const std::uint64_t registers[] = {a, b, c, d, e, f};
    return call_with(registers, std::index_sequence_for<Parameters...>{});
  }

private:
  template <std::size_t... Index>
  static long call_with(const std::uint64_t (&registers)[6], std::index_sequence<Index...>) {
    const Result<long> result = Function(from_register<Parameters>(registers[Index])...);
    return result ? *result : -static_cast<long>(result.error());
  }
};

} // namespace skerry::posix
