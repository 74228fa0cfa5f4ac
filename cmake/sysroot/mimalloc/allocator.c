// The allocator of applications: mimalloc under the names of the C library, in one object. The C
// names are weak: a program that defines its own malloc gets its own, and musl goes on with ours.
// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

// In secure mode mimalloc takes freed memory out of use by PROT_NONE, and keeps the frames.
// Whatever becomes inaccessible is given back, too: an image may have 8 MiB in all.
static int allocator_mprotect(void* address, size_t size, int protection) {
  if (protection == PROT_NONE) {
    madvise(address, size, MADV_DONTNEED);
  }
  return mprotect(address, size, protection);
}
#define mprotect allocator_mprotect

// mimalloc makes some calls by number, all known here: an image need not hold the others for it.
#define syscall __skerry_syscall

#include "static.c"

#undef syscall
#undef mprotect

static void allocator_stop(const char* reason) {
  static const char prefix[] = "malloc: heap corruption: ";
  write(STDERR_FILENO, prefix, sizeof prefix - 1);
  write(STDERR_FILENO, reason, strlen(reason));
  write(STDERR_FILENO, "\n", 1);
  abort();
}

// mimalloc reports by number: what shows a broken heap ends the program, want of memory is errno.
static void allocator_error(int error, void* argument) {
  (void)argument;
  switch (error) {
  case EAGAIN:
    allocator_stop("block freed twice");
    break;
  case EINVAL:
    allocator_stop("pointer is none of this heap's");
    break;
  case EFAULT:
    allocator_stop("free list overwritten");
    break;
  default:
    errno = ENOMEM;
  }
}

// Memory is committed by touching it, so a segment is asked for whole (its header then stays
// untouched too: no clearing of 60 KiB in each new thread), and there is one node.
__attribute__((constructor(101))) static void allocator_initialize(void) {
  mi_option_set_default(mi_option_eager_commit_delay, 0);
  mi_option_set_default(mi_option_use_numa_nodes, 1);
  mi_register_error(allocator_error, NULL);
}

static void* allocator_calloc(size_t count, size_t size) {
  void* pointer = mi_calloc(count, size);
  if (pointer == NULL) {
    errno = ENOMEM; // mimalloc is silent where count * size overflows
  }
  return pointer;
}

#define ALIAS(target) __attribute__((alias(#target)))
#define WEAK_ALIAS(target) __attribute__((weak, alias(#target)))

WEAK_ALIAS(mi_malloc) void* malloc(size_t size);
WEAK_ALIAS(allocator_calloc) void* calloc(size_t count, size_t size);
WEAK_ALIAS(mi_realloc) void* realloc(void* pointer, size_t size);
WEAK_ALIAS(mi_free) void free(void* pointer);
WEAK_ALIAS(mi_aligned_alloc) void* aligned_alloc(size_t alignment, size_t size);
WEAK_ALIAS(mi_posix_memalign) int posix_memalign(void** result, size_t alignment, size_t size);
WEAK_ALIAS(mi_memalign) void* memalign(size_t alignment, size_t size);
WEAK_ALIAS(mi_reallocarray) void* reallocarray(void* pointer, size_t count, size_t size);
WEAK_ALIAS(mi_usable_size) size_t malloc_usable_size(void* pointer);

// musl's own uses.
ALIAS(mi_malloc) void* __libc_malloc(size_t size);
ALIAS(allocator_calloc) void* __libc_calloc(size_t count, size_t size);
ALIAS(mi_realloc) void* __libc_realloc(void* pointer, size_t size);
ALIAS(mi_free) void __libc_free(void* pointer);
