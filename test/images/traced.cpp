// SPDX-License-Identifier: Apache-2.0
// Makes calls of every kind for a trace to show: one that succeeds, one that fails, one that is
// refused, one that does not exist, threads that are joined and detached, and an end with status 7.
#include <cstdlib>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

void* end_at_once(void*) {
  return nullptr;
}

} // namespace

int main() {
  ::lseek(-1, 0x1234, SEEK_END);
  ::syscall(SYS_getpid);
  ::mmap(nullptr, 0x3000, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ::syscall(SYS_fork);
  ::syscall(700, 1L, 2L, 3L, 4L, 5L, 6L);
  pthread_t joined{};
  if (pthread_create(&joined, nullptr, end_at_once, nullptr) != 0)
    return 1;
  pthread_join(joined, nullptr);
  pthread_t detached{};
  if (pthread_create(&detached, nullptr, end_at_once, nullptr) != 0)
    return 1;
  pthread_detach(detached);
  ::sched_yield();
  std::_Exit(7);
}
