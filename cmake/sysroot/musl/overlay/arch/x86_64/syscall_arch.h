/* How this musl calls the kernel: an ordinary function call, since both are one program. The number
 * comes last, so that the arguments are already in the registers of the C calling convention.
 * A call returns a value, or -errno from -4095 to -1. There is no vDSO: clock_gettime is as cheap.
 * SPDX-License-Identifier: Apache-2.0 */
long __skerry_syscall0(long number);
long __skerry_syscall1(long, long number);
long __skerry_syscall2(long, long, long number);
long __skerry_syscall3(long, long, long, long number);
long __skerry_syscall4(long, long, long, long, long number);
long __skerry_syscall5(long, long, long, long, long, long number);
long __skerry_syscall6(long, long, long, long, long, long, long number);

#define __SYSCALL_LL_E(x) (x)
#define __SYSCALL_LL_O(x) (x)

static __inline long __syscall0(long n) {
  return __skerry_syscall0(n);
}

static __inline long __syscall1(long n, long a) {
  return __skerry_syscall1(a, n);
}

static __inline long __syscall2(long n, long a, long b) {
  return __skerry_syscall2(a, b, n);
}

static __inline long __syscall3(long n, long a, long b, long c) {
  return __skerry_syscall3(a, b, c, n);
}

static __inline long __syscall4(long n, long a, long b, long c, long d) {
  return __skerry_syscall4(a, b, c, d, n);
}

static __inline long __syscall5(long n, long a, long b, long c, long d, long e) {
  return __skerry_syscall5(a, b, c, d, e, n);
}

static __inline long __syscall6(long n, long a, long b, long c, long d, long e, long f) {
  return __skerry_syscall6(a, b, c, d, e, f, n);
}

#define IPC_64 0
