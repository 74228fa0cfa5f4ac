# Where a signal handler returns to: the stack pointer is at the ucontext of the signal frame, and
# the kernel takes the registers back from there.
#
# The unwinder comes here too, with the address before the label (a return address points behind a
# call), hence the nop inside the described range. The description says that this is a signal frame
# and that every register is in the ucontext: DWARF 5, 6.4.2; offsets: struct ucontext of x86-64.
# SPDX-License-Identifier: Apache-2.0
	.text
	.cfi_startproc simple
	.cfi_signal_frame
# CFA = *(rsp + offset): DW_CFA_def_cfa_expression { DW_OP_breg7 offset, DW_OP_deref }
	.cfi_escape 0x0f, 4, 0x77, 0xa0, 0x01, 0x06
# register N is at rsp + offset: DW_CFA_expression N { DW_OP_breg7 offset }
	.macro saved register, low, high
	.cfi_escape 0x10, \register, 3, 0x77, \low, \high
	.endm
	.macro saved_near register, low
	.cfi_escape 0x10, \register, 2, 0x77, \low
	.endm
	saved_near 8, 0x28
	saved_near 9, 0x30
	saved_near 10, 0x38
	saved 11, 0xc0, 0x00
	saved 12, 0xc8, 0x00
	saved 13, 0xd0, 0x00
	saved 14, 0xd8, 0x00
	saved 15, 0xe0, 0x00
	saved 5, 0xe8, 0x00
	saved 4, 0xf0, 0x00
	saved 6, 0xf8, 0x00
	saved 3, 0x80, 0x01
	saved 1, 0x88, 0x01
	saved 0, 0x90, 0x01
	saved 2, 0x98, 0x01
	saved 7, 0xa0, 0x01
	saved 16, 0xa8, 0x01
	nop
	.global __restore_rt
	.hidden __restore_rt
	.type __restore_rt, @function
__restore_rt:
	jmp __skerry_sigreturn
	.cfi_endproc
	.size __restore_rt, . - __restore_rt
	.section .note.GNU-stack,"",@progbits
