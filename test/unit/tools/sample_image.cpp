// SPDX-License-Identifier: Apache-2.0
// A program whose symbols are known, laid out as images are: material for the tests of skerry-ld.
#include <core/symbol_table.hpp>

namespace sample {

template <typename First, typename Second> struct Pair {
  [[gnu::noinline]] int sum(First first, Second second) const { return first + second; }
};

namespace {
[[gnu::noinline]] int hidden(int value) {
  asm volatile("" : "+r"(value)); // or the compiler would know better than to call it
  return value + 1;
}
} // namespace

[[gnu::noinline]] int visible(int value) {
  return hidden(value) + Pair<int, short>{}.sum(1, 2);
}

} // namespace sample

extern "C" {
[[gnu::section(".skerry.symbols"), gnu::used]] constexpr skerry::SymbolTableHeader empty_table;
int plain_name = 1;
void start() {
  plain_name = sample::visible(plain_name);
}
[[gnu::alias("start")]] void another_start();
}
