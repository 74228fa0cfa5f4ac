// SPDX-License-Identifier: Apache-2.0
// Greets its argument from a thread; without one it fails.
#include <stdexcept>
#include <thread>

extern "C" void greet(const char* name);

int main(int argc, char** argv) {
  try {
    if (argc < 2)
      throw std::invalid_argument("nobody to greet");
    std::thread([&] { greet(argv[1]); }).join();
  } catch (const std::invalid_argument&) {
    return 3;
  }
  return 0;
}
