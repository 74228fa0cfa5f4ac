// SPDX-License-Identifier: Apache-2.0
// The only instructions of the floors that touch application memory. Each may fault; when the fault
// cannot be mended, execution goes on where the table at the end says.

    .text

// size_t skerry_user_copy(void* to, const void* from, size_t size)
// Returns how many bytes at the end were not copied. Aligned words of 4 and 8 bytes are copied at
// once, so that another thread never sees half of one.
    .globl skerry_user_copy
    .hidden skerry_user_copy
    .type skerry_user_copy, @function
skerry_user_copy:
    cmp $8, %rdx
    je 5f
    cmp $4, %rdx
    je 3f
    mov %rdx, %rcx
    shr $3, %rcx
    and $7, %edx
1:  rep movsq
    mov %edx, %ecx
2:  rep movsb
    xor %eax, %eax
    ret
3:  mov (%rsi), %ecx
4:  mov %ecx, (%rdi)
    xor %eax, %eax
    ret
5:  mov (%rsi), %rcx
6:  mov %rcx, (%rdi)
    xor %eax, %eax
    ret
.Lwords_fault:
    lea (%rdx, %rcx, 8), %rax
    ret
.Lbytes_fault:
    mov %rcx, %rax
    ret
.Lsingle_fault:
    mov %rdx, %rax
    ret
    .size skerry_user_copy, . - skerry_user_copy

// size_t skerry_user_zero(void* to, size_t size)
// Returns how many bytes at the end were not cleared.
    .globl skerry_user_zero
    .hidden skerry_user_zero
    .type skerry_user_zero, @function
skerry_user_zero:
    mov %esi, %edx
    mov %rsi, %rcx
    shr $3, %rcx
    and $7, %edx
    xor %eax, %eax
7:  rep stosq
    mov %edx, %ecx
8:  rep stosb
    ret
    .size skerry_user_zero, . - skerry_user_zero

// int skerry_user_compare_exchange(uint32_t* word, uint32_t* expected, uint32_t desired)
// Returns 1 when the word was replaced, 0 when it was not *expected (which then has its value), and
// -1 after a fault.
    .globl skerry_user_compare_exchange
    .hidden skerry_user_compare_exchange
    .type skerry_user_compare_exchange, @function
skerry_user_compare_exchange:
    mov (%rsi), %eax
9:  lock cmpxchg %edx, (%rdi)
    jne 10f
    mov $1, %eax
    ret
10: mov %eax, (%rsi)
    xor %eax, %eax
    ret
.Lexchange_fault:
    mov $-1, %eax
    ret
    .size skerry_user_compare_exchange, . - skerry_user_compare_exchange

// Pairs of places, each relative to its own position: an instruction that may fault, and where to
// go on.
    .macro fixup instruction, target
    .long \instruction - .
    .long \target - .
    .endm

    .section .rodata.skerry_user_fixups, "a", @progbits
    .balign 4
    .globl skerry_user_fixups
    .hidden skerry_user_fixups
    .globl skerry_user_fixups_end
    .hidden skerry_user_fixups_end
skerry_user_fixups:
    fixup 1b, .Lwords_fault
    fixup 2b, .Lbytes_fault
    fixup 3b, .Lsingle_fault
    fixup 4b, .Lsingle_fault
    fixup 5b, .Lsingle_fault
    fixup 6b, .Lsingle_fault
    fixup 7b, .Lwords_fault
    fixup 8b, .Lbytes_fault
    fixup 9b, .Lexchange_fault
skerry_user_fixups_end:

    .section .note.GNU-stack, "", @progbits
