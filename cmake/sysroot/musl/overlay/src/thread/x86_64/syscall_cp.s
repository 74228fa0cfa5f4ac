# A call to the kernel that is a cancellation point:
#
#   long __syscall_cp_asm(volatile int *cancel, long number, long a, b, c, d, e, f)
#
# Between __cp_begin and __cp_end a cancellation signal that arrives ends in __cp_cancel (see
# cancel_handler in musl's pthread_cancel.c): there is no moment between the look at *cancel and the
# call in which it could be lost. __cp_end is the address to which the call returns, so a call that
# was completed, or interrupted inside the kernel, is never taken back; the latter gives -EINTR.
# The frame is set up before __cp_begin, which lets __cp_cancel undo it from any place.
# SPDX-License-Identifier: Apache-2.0
	.text
	.global __cp_begin
	.hidden __cp_begin
	.global __cp_end
	.hidden __cp_end
	.global __cp_cancel
	.hidden __cp_cancel
	.hidden __cancel
	.global __syscall_cp_asm
	.hidden __syscall_cp_asm
	.type __syscall_cp_asm, @function
__syscall_cp_asm:
	push %rbp
	mov %rsp, %rbp
__cp_begin:
	mov (%rdi), %eax
	test %eax, %eax
	jnz __cp_cancel
	sub $8, %rsp
	push %rsi
	mov %rdx, %rdi
	mov %rcx, %rsi
	mov %r8, %rdx
	mov %r9, %rcx
	mov 16(%rbp), %r8
	mov 24(%rbp), %r9
	call __skerry_syscall6
__cp_end:
	leave
	ret
__cp_cancel:
	leave
	jmp __cancel
	.size __syscall_cp_asm, . - __syscall_cp_asm
	.section .note.GNU-stack,"",@progbits
