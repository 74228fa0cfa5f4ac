// SPDX-License-Identifier: Apache-2.0
// The functions of <math.h> that are measured, by name, in the formats float, double, long double.
#pragma once

#include <span>
#include <string_view>

/// Reads its arguments and writes one result, or two. Null: the C library has no such function.
template <typename T> using Call = void (*)(const T* arguments, T* results);

struct Function {
  std::string_view name;
  Call<float> of_float;
  Call<double> of_double;
  Call<long double> of_long_double;
};

template <typename T> Call<T> call_of(const Function& function);
template <> inline Call<float> call_of(const Function& function) {
  return function.of_float;
}
template <> inline Call<double> call_of(const Function& function) {
  return function.of_double;
}
template <> inline Call<long double> call_of(const Function& function) {
  return function.of_long_double;
}

[[nodiscard]] std::span<const Function> functions();
