// SPDX-License-Identifier: Apache-2.0
// The page: uptime, memory and requests.
#include "page.hpp"

#include "text.hpp"

#include <sys/sysinfo.h>
#include <time.h>

std::string_view write_page(std::span<char, page_bytes> buffer) {
  static unsigned long requests = 0;
  timespec uptime{};
  clock_gettime(CLOCK_MONOTONIC, &uptime);
  struct sysinfo memory{};
  sysinfo(&memory);
  Text page(buffer);
  page << "Hello from an image that holds its own operating system.\nup "
       << static_cast<unsigned long>(uptime.tv_sec) << " s\nmemory "
       << memory.freeram / 1024 * memory.mem_unit << " KiB free of "
       << memory.totalram / 1024 * memory.mem_unit << " KiB\nrequests " << ++requests << "\n";
  return page.view();
}
