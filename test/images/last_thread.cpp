// SPDX-License-Identifier: Apache-2.0
// The main thread ends with status 3 before the other, which ends with 5.
#include <cerrno>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

void* end_after_main(void*) {
  while (::syscall(SYS_tkill, ::getpid(), 0) == 0)
    ::sched_yield();
  ::syscall(SYS_exit, 5);
  return nullptr;
}

} // namespace

int main() {
  pthread_t other{};
  if (pthread_create(&other, nullptr, end_after_main, nullptr) != 0)
    return 1;
  ::syscall(SYS_exit, 3);
  return 2;
}
