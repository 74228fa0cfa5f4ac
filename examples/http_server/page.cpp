// SPDX-License-Identifier: Apache-2.0
// The page: uptime, memory and requests.
#include "page.hpp"

#include <cstdio>
#include <sys/sysinfo.h>
#include <time.h>

std::string_view write_page(std::span<char, page_bytes> buffer) {
  static unsigned long requests = 0;
  timespec uptime{};
  clock_gettime(CLOCK_MONOTONIC, &uptime);
  struct sysinfo memory{};
  sysinfo(&memory);
  const int size = std::snprintf(buffer.data(), buffer.size(),
                                 "Hello from an image that holds its own operating system.\n"
                                 "up %ld.%03ld s\nmemory %lu KiB free of %lu KiB\nrequests %lu\n",
                                 static_cast<long>(uptime.tv_sec), uptime.tv_nsec / 1'000'000,
                                 memory.freeram * memory.mem_unit / 1024,
                                 memory.totalram * memory.mem_unit / 1024, ++requests);
  return {buffer.data(), static_cast<std::size_t>(size)};
}
