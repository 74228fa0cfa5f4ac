// SPDX-License-Identifier: Apache-2.0
// Restarts the machine by reboot(2).
#include <cstdio>
#include <sys/reboot.h>

int main() {
  std::puts("restarting");
  std::fflush(stdout);
  reboot(RB_AUTOBOOT);
  std::perror("reboot");
  return 1;
}
