/* Starts a static PIE of the sysroot as a Linux process: applies its relocations, enters musl.
 * SPDX-License-Identifier: Apache-2.0 */
#include <elf.h>
#include <stddef.h>

extern char __ehdr_start[] __attribute__((visibility("hidden")));
int main(int count, char** arguments, char** environment);
int __libc_start_main(int (*)(int, char**, char**), int, char**, void*, void*, void*);

_Noreturn void start(long* stack, const Elf64_Dyn* dynamic) {
  size_t table = 0;
  size_t size = 0;
  for (; dynamic->d_tag != DT_NULL; dynamic++) {
    if (dynamic->d_tag == DT_RELA) {
      table = dynamic->d_un.d_ptr;
    } else if (dynamic->d_tag == DT_RELASZ) {
      size = dynamic->d_un.d_val;
    }
  }
  const Elf64_Rela* relocation = (const Elf64_Rela*)(__ehdr_start + table);
  const Elf64_Rela* end = (const Elf64_Rela*)(__ehdr_start + table + size);
  for (; relocation != end; relocation++) { /* R_X86_64_RELATIVE, all of them */
    *(size_t*)(__ehdr_start + relocation->r_offset) = (size_t)__ehdr_start + relocation->r_addend;
  }
  __libc_start_main(main, (int)stack[0], (char**)(stack + 1), NULL, NULL, NULL);
  __builtin_trap();
}
