// SPDX-License-Identifier: Apache-2.0
// Adds, with exceptions and a stream.
#include <iostream>
#include <stdexcept>

extern "C" int sum(int left, int right);

int main() {
  try {
    throw std::runtime_error("caught");
  } catch (const std::exception& error) {
    std::cout << error.what() << ' ' << sum(40, 2) << '\n';
  }
}
