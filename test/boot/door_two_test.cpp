// SPDX-License-Identifier: Apache-2.0
// The SYSCALL instruction, as code issues it that our compiler did not make.
#include "descriptor.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

namespace {

long call(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0) {
  register long r10 asm("r10") = d;
  register long r8 asm("r8") = e;
  register long r9 asm("r9") = f;
  long result = number;
  asm volatile("syscall"
               : "+a"(result)
               : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
               : "rcx", "r11", "memory");
  return result;
}

long address_of(const void* object) {
  return static_cast<long>(reinterpret_cast<std::uintptr_t>(object));
}

TEST(DoorTwo, LeadsToTheSameCalls) {
  EXPECT_EQ(call(SYS_getpid), getpid());
  EXPECT_EQ(call(SYS_write, 1, 0, 1), -EFAULT);
  EXPECT_EQ(call(SYS_close, 1000), -EBADF);
  EXPECT_EQ(call(100'000), -ENOSYS);
  int ends[2];
  ASSERT_EQ(call(SYS_pipe2, address_of(ends), 0), 0);
  const Descriptor reader(ends[0]);
  const Descriptor writer(ends[1]);
  EXPECT_EQ(call(SYS_write, writer, address_of("text"), 4), 4);
  std::array<char, 8> text{};
  EXPECT_EQ(call(SYS_read, reader, address_of(text.data()), 8), 4);
  EXPECT_STREQ(text.data(), "text");
}

TEST(DoorTwo, TakesSixArguments) {
  // mmap has six; the last two are descriptor and offset.
  const long address = call(SYS_mmap, 0, 4096, 3, 0x22, -1, 0);
  ASSERT_GT(address, 0);
  std::memset(reinterpret_cast<void*>(address), 1, 4096);
  EXPECT_EQ(call(SYS_mmap, 0, 4096, 3, 0x22, -1, 1), -EINVAL);
  EXPECT_EQ(call(SYS_munmap, address, 4096), 0);
}

/// What a call must leave alone.
struct alignas(32) Registers {
  std::uint64_t general[10];
  std::uint64_t padding[2];
  std::uint8_t vectors[4][32];
};
static_assert(offsetof(Registers, vectors) == 96);

/// Sleeps through door two with `in` in the registers that are kept, and a red zone in use.
void sleep_with(const Registers& in, Registers& out, std::uint64_t (&red_zone)[2],
                const timespec& duration) {
  const Registers* const input = &in;
  Registers* const output = &out;
  const timespec* const span = &duration;
  asm volatile(
      "mov %[in], %%r14\n"
      "mov %[out], %%r15\n"
      "vmovdqa 96(%%r14), %%ymm0\n"
      "vmovdqa 128(%%r14), %%ymm7\n"
      "vmovdqa 160(%%r14), %%ymm8\n"
      "vmovdqa 192(%%r14), %%ymm15\n"
      "mov 0(%%r14), %%rbx\n"
      "mov 8(%%r14), %%r12\n"
      "mov 16(%%r14), %%r13\n"
      "mov 24(%%r14), %%r8\n"
      "mov 32(%%r14), %%r9\n"
      "mov 40(%%r14), %%r10\n"
      "mov 48(%%r14), %%rdx\n"
      "movq $0x1111, -8(%%rsp)\n"
      "movq $0x2222, -128(%%rsp)\n"
      "mov %[number], %%eax\n"
      "mov %[duration], %%rdi\n"
      "xor %%esi, %%esi\n"
      "syscall\n"
      "mov %%rbx, 0(%%r15)\n"
      "mov %%r12, 8(%%r15)\n"
      "mov %%r13, 16(%%r15)\n"
      "mov %%r8, 24(%%r15)\n"
      "mov %%r9, 32(%%r15)\n"
      "mov %%r10, 40(%%r15)\n"
      "mov %%rdx, 48(%%r15)\n"
      "mov %%rdi, 56(%%r15)\n"
      "mov %%rsi, 64(%%r15)\n"
      "mov %%rax, 72(%%r15)\n"
      "vmovdqa %%ymm0, 96(%%r15)\n"
      "vmovdqa %%ymm7, 128(%%r15)\n"
      "vmovdqa %%ymm8, 160(%%r15)\n"
      "vmovdqa %%ymm15, 192(%%r15)\n"
      "mov -8(%%rsp), %%rax\n"
      "mov -128(%%rsp), %%rcx\n"
      : "=&a"(red_zone[0]), "=&c"(red_zone[1])
      : [in] "m"(input), [out] "m"(output), [duration] "m"(span), [number] "i"(SYS_nanosleep)
      : "rbx", "r12", "r13", "r14", "r15", "r8", "r9", "r10", "r11", "rdx", "rdi", "rsi", "ymm0",
        "ymm7", "ymm8", "ymm15", "memory");
}

TEST(DoorTwo, KeepsRegistersVectorsAndTheRedZoneWhileOthersRun) {
  if (!__builtin_cpu_supports("avx")) {
    GTEST_SKIP() << "the processor has no AVX";
  }
  std::atomic<bool> is_done = false;
  std::thread other([&] {
    while (!is_done) {
      asm volatile("vpxor %%xmm0, %%xmm0, %%xmm0\n vmovaps %%ymm0, %%ymm7\n"
                   "vmovaps %%ymm0, %%ymm8\n vmovaps %%ymm0, %%ymm15\n"
                   :
                   :
                   : "ymm0", "ymm7", "ymm8", "ymm15");
      std::this_thread::yield();
    }
  });
  Registers in{};
  for (std::size_t i = 0; i < 7; ++i) {
    in.general[i] = 0x0101'0101'0101'0101 * (i + 1);
  }
  for (std::size_t i = 0; i < 4; ++i) {
    std::memset(in.vectors[i], static_cast<int>(0x40 + i), sizeof in.vectors[i]);
  }
  for (int round = 0; round < 5; ++round) {
    Registers out{};
    std::uint64_t red_zone[2]{};
    const timespec duration{.tv_sec = 0, .tv_nsec = 2'000'000};
    sleep_with(in, out, red_zone, duration);
    for (std::size_t i = 0; i < 7; ++i) {
      EXPECT_EQ(out.general[i], in.general[i]) << i;
    }
    EXPECT_EQ(out.general[7], reinterpret_cast<std::uintptr_t>(&duration));
    EXPECT_EQ(out.general[9], 0U);
    EXPECT_EQ(std::memcmp(out.vectors, in.vectors, sizeof in.vectors), 0);
    EXPECT_EQ(red_zone[0], 0x1111U);
    EXPECT_EQ(red_zone[1], 0x2222U);
  }
  is_done = true;
  other.join();
}

std::atomic<int> signals_seen = 0;

TEST(DoorTwo, IsIssuedAgainAfterASignalThatAllowsIt) {
  struct sigaction action{};
  action.sa_handler = [](int) { ++signals_seen; };
  action.sa_flags = SA_RESTART;
  struct sigaction old{};
  ASSERT_EQ(sigaction(SIGUSR1, &action, &old), 0);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const Descriptor reader(ends[0]);
  const Descriptor writer(ends[1]);
  const pthread_t self = pthread_self();
  std::thread sender([&] {
    // Until it was seen, the reader is not known to wait: again, then let the reader go.
    while (signals_seen == 0) {
      pthread_kill(self, SIGUSR1);
      std::this_thread::yield();
    }
    EXPECT_EQ(write(writer, "x", 1), 1);
  });
  char byte = 0;
  EXPECT_EQ(call(SYS_read, reader, address_of(&byte), 1), 1);
  EXPECT_EQ(byte, 'x');
  sender.join();
  EXPECT_EQ(sigaction(SIGUSR1, &old, nullptr), 0);
}

} // namespace
