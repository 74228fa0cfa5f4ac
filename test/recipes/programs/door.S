# The kernel's doors as Linux system calls, so that programs of the sysroot run on the host: tests
# only. A door has its number last; Linux has it in RAX, and the fourth argument in R10.
# SPDX-License-Identifier: Apache-2.0
	.text
	.global _start
	.hidden _DYNAMIC
_start:
	xor %ebp, %ebp
	mov %rsp, %rdi
	lea _DYNAMIC(%rip), %rsi
	and $-16, %rsp
	call start

	.macro door arguments, number
	.global __skerry_syscall\arguments
__skerry_syscall\arguments:
	mov \number, %rax
	mov %rcx, %r10
	syscall
	ret
	.endm
	door 0, %rdi
	door 1, %rsi
	door 2, %rdx
	door 3, %rcx
	door 4, %r8
	door 5, %r9
	door 6, 8(%rsp)

	.global __skerry_sigreturn
__skerry_sigreturn:
	mov $15, %eax
	syscall

	.global __skerry_exit_unmap
__skerry_exit_unmap:
	mov $11, %eax
	syscall
	xor %edi, %edi
	mov $60, %eax
	syscall

# function, stack, flags, argument, parent's number, thread pointer, (stack) child's number
	.global __skerry_clone
__skerry_clone:
	mov 8(%rsp), %r10
	and $-16, %rsi
	sub $16, %rsi
	mov %rdi, (%rsi)
	mov %rcx, 8(%rsi)
	mov %edx, %edi
	mov %r8, %rdx
	mov %r9, %r8
	mov $56, %eax
	syscall
	test %eax, %eax
	jnz 1f
	xor %ebp, %ebp
	pop %rax
	pop %rdi
	call *%rax
	mov %eax, %edi
	mov $60, %eax
	syscall
1:
	ret
	.section .note.GNU-stack,"",@progbits
