// SPDX-License-Identifier: Apache-2.0
// The smallest image that the tools take for one of ours: it writes its command line to COM1 and
// ends with the status that its first digit says, or as its first letter asks; where there are
// service arguments ("-- …"), theirs counts. For tests of the tools only; it stays in 32-bit mode.
//
//   '0'..'9'  the exit line and the exit device agree
//   'm'       mismatch: the line says 7, the device 1
//   't'       triple fault, without an exit line
//   'h'       halts for ever

  .section .note.Xen, "a", @note // PVH entry: XEN_ELFNOTE_PHYS32_ENTRY
  .balign 4
  .long 4, 8, 18
  .asciz "Xen"
  .quad start

  .section .note.Skerry, "a", @note
  .balign 4
  .long 7, 5, 1
  .asciz "Skerry"
  .balign 4
  .asciz "test"
  .balign 4

  .text
  .code32
  .global start
start: // EBX: struct hvm_start_info; the command line's address is its u64 at 24
  movl $stack_top, %esp
  movl 24(%ebx), %esi
  movl %esi, %ebp
  call write_text
  movl $line_break, %esi
  call write_text
  movb (%ebp), %al
find_service_arguments:
  cmpb $0, (%ebp)
  je choose
  incl %ebp
  cmpl $0x202d2d20, (%ebp) // " -- "
  jne find_service_arguments
  movb 4(%ebp), %al
choose:
  cmpb $'m', %al
  je mismatch
  cmpb $'t', %al
  je triple_fault
  cmpb $'h', %al
  je halt
  movb %al, digit
  subb $'0', %al
  movzbl %al, %ebx
  jmp finish
mismatch:
  movb $'7', digit
  movl $1, %ebx
finish:
  movl $exit_line, %esi
  call write_text
  movl %ebx, %eax
  movw $0xf4, %dx
  outb %al, %dx
halt:
  cli
  hlt
  jmp halt
triple_fault:
  lidt no_table
  ud2

write_text: // ESI: text with NUL; AL, DX are lost
  movw $0x3f8, %dx
1:
  lodsb
  testb %al, %al
  jz 2f
  outb %al, %dx
  jmp 1b
2:
  ret

  .data
exit_line:
  .ascii "skerry: exit status "
digit:
  .asciz "?\r\n"
line_break:
  .asciz "\r\n"
no_table:
  .short 0
  .long 0
  .bss
  .balign 16
  .skip 1024
stack_top:
