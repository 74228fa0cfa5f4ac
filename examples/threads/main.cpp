// SPDX-License-Identifier: Apache-2.0
// Threads, futures and locks of the C++ library: counts the primes below a limit in parts.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

namespace {

bool is_prime(unsigned number) {
  for (unsigned divisor = 2; divisor * divisor <= number; ++divisor) {
    if (number % divisor == 0) {
      return false;
    }
  }
  return number >= 2;
}

unsigned count_primes(unsigned from, unsigned to) {
  unsigned count = 0;
  for (unsigned number = from; number < to; ++number) {
    count += is_prime(number) ? 1 : 0;
  }
  return count;
}

} // namespace

int main(int argc, char** argv) {
  const unsigned limit =
      argc > 1 ? static_cast<unsigned>(std::strtoul(argv[1], nullptr, 10)) : 100'000;
  constexpr unsigned parts = 8;
  std::mutex console;
  std::atomic<unsigned> finished = 0;
  std::vector<std::future<unsigned>> results;
  for (unsigned part = 0; part < parts; ++part) {
    results.push_back(std::async(std::launch::async, [&, part] {
      const unsigned count = count_primes(limit / parts * part,
                                          part + 1 == parts ? limit : limit / parts * (part + 1));
      const std::lock_guard lock(console);
      std::printf("part %u: %u primes, %u of %u parts done\n", part, count, ++finished, parts);
      return count;
    }));
  }
  unsigned total = 0;
  for (std::future<unsigned>& result : results) {
    total += result.get();
  }
  std::printf("%u primes below %u\n", total, limit);
}
