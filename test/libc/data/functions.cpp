// SPDX-License-Identifier: Apache-2.0
// The table of functions; see the header.
#include "functions.hpp"

#include <cmath>
#include <math.h>

namespace {

/// A generic lambda without captures, as three functions.
template <typename Lambda> constexpr Function one(std::string_view name, Lambda) {
  return {name, [](const float* in, float* out) { *out = Lambda{}(in[0]); },
          [](const double* in, double* out) { *out = Lambda{}(in[0]); },
          [](const long double* in, long double* out) { *out = Lambda{}(in[0]); }};
}

template <typename Lambda> constexpr Function two(std::string_view name, Lambda) {
  return {name, [](const float* in, float* out) { *out = Lambda{}(in[0], in[1]); },
          [](const double* in, double* out) { *out = Lambda{}(in[0], in[1]); },
          [](const long double* in, long double* out) { *out = Lambda{}(in[0], in[1]); }};
}

constexpr Function table[]{
    one("acos", [](auto x) { return std::acos(x); }),
    one("acosh", [](auto x) { return std::acosh(x); }),
    one("asin", [](auto x) { return std::asin(x); }),
    one("asinh", [](auto x) { return std::asinh(x); }),
    one("atan", [](auto x) { return std::atan(x); }),
    two("atan2", [](auto y, auto x) { return std::atan2(y, x); }),
    one("atanh", [](auto x) { return std::atanh(x); }),
    one("cbrt", [](auto x) { return std::cbrt(x); }),
    one("cos", [](auto x) { return std::cos(x); }),
    one("cosh", [](auto x) { return std::cosh(x); }),
    one("erf", [](auto x) { return std::erf(x); }),
    one("erfc", [](auto x) { return std::erfc(x); }),
    one("exp", [](auto x) { return std::exp(x); }),
    {"exp10", [](const float* in, float* out) { *out = exp10f(*in); },
     [](const double* in, double* out) { *out = exp10(*in); },
     [](const long double* in, long double* out) { *out = exp10l(*in); }},
    one("exp2", [](auto x) { return std::exp2(x); }),
    one("expm1", [](auto x) { return std::expm1(x); }),
    {"fma", [](const float* in, float* out) { *out = std::fma(in[0], in[1], in[2]); },
     [](const double* in, double* out) { *out = std::fma(in[0], in[1], in[2]); },
     [](const long double* in, long double* out) { *out = std::fma(in[0], in[1], in[2]); }},
    two("hypot", [](auto x, auto y) { return std::hypot(x, y); }),
    {"j0", [](const float* in, float* out) { *out = j0f(*in); },
     [](const double* in, double* out) { *out = j0(*in); }, nullptr},
    {"j1", [](const float* in, float* out) { *out = j1f(*in); },
     [](const double* in, double* out) { *out = j1(*in); }, nullptr},
    {"jn", [](const float* in, float* out) { *out = jnf(static_cast<int>(in[0]), in[1]); },
     [](const double* in, double* out) { *out = jn(static_cast<int>(in[0]), in[1]); }, nullptr},
    {"lgamma",
     [](const float* in, float* out) {
       int sign = 0;
       out[0] = lgammaf_r(*in, &sign);
       out[1] = static_cast<float>(sign);
     },
     [](const double* in, double* out) {
       int sign = 0;
       out[0] = lgamma_r(*in, &sign);
       out[1] = sign;
     },
     [](const long double* in, long double* out) {
       int sign = 0;
       out[0] = lgammal_r(*in, &sign);
       out[1] = sign;
     }},
    one("log", [](auto x) { return std::log(x); }),
    one("log10", [](auto x) { return std::log10(x); }),
    one("log1p", [](auto x) { return std::log1p(x); }),
    one("log2", [](auto x) { return std::log2(x); }),
    two("pow", [](auto x, auto y) { return std::pow(x, y); }),
    one("sin", [](auto x) { return std::sin(x); }),
    {"sincos", [](const float* in, float* out) { sincosf(*in, out, out + 1); },
     [](const double* in, double* out) { sincos(*in, out, out + 1); },
     [](const long double* in, long double* out) { sincosl(*in, out, out + 1); }},
    one("sinh", [](auto x) { return std::sinh(x); }),
    one("sqrt", [](auto x) { return std::sqrt(x); }),
    one("tan", [](auto x) { return std::tan(x); }),
    one("tanh", [](auto x) { return std::tanh(x); }),
    one("tgamma", [](auto x) { return std::tgamma(x); }),
    {"y0", [](const float* in, float* out) { *out = y0f(*in); },
     [](const double* in, double* out) { *out = y0(*in); }, nullptr},
    {"y1", [](const float* in, float* out) { *out = y1f(*in); },
     [](const double* in, double* out) { *out = y1(*in); }, nullptr},
    {"yn", [](const float* in, float* out) { *out = ynf(static_cast<int>(in[0]), in[1]); },
     [](const double* in, double* out) { *out = yn(static_cast<int>(in[0]), in[1]); }, nullptr},
};

} // namespace

std::span<const Function> functions() {
  return table;
}
