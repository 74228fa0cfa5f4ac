// SPDX-License-Identifier: Apache-2.0
// The first instructions of an image. PVH (Xen's public/arch-x86/hvm/start_info.h) and Multiboot2
// (specification 3.2) both enter here in 32-bit protected mode without paging: EBX points to the
// loader's information, EAX holds Multiboot2's magic. The image may lie anywhere below 4 GiB, so
// every address is formed relative to .Lhere. Ends in the upper half, in skerry_kernel_entry.

  .section .skerry.multiboot2, "a", @progbits
  .balign 8
multiboot2_header:
  .long 0xe85250d6, 0, multiboot2_end - multiboot2_header
  .long -(0xe85250d6 + (multiboot2_end - multiboot2_header))
  // Relocatable tag (3.1.12): anywhere in 1 MiB .. 4 GiB, the lowest place first. The firmware's
  // map has holes, and a fixed address may lie on one.
  .short 10, 0
  .long 24
  .long 0x00100000, 0xffffffff, 0x1000, 1
  // Modules on page boundaries (3.1.11).
  .short 6, 0
  .long 8
  .short 0, 0
  .long 8
multiboot2_end:

  // ELF note XEN_ELFNOTE_PHYS32_ENTRY (18): QEMU reads an eight-byte descriptor.
  .section .note.Xen, "a", @note
  .balign 4
  .long 4, 8, 18
  .asciz "Xen"
  .long skerry_pvh_entry, 0

  // The mark by which host programs know an image of ours.
  .section .note.Skerry, "a", @note
  .balign 4
  .long 7, note_version_end - note_version, 1
  .asciz "Skerry"
  .balign 4
note_version:
  .asciz SKERRY_VERSION
note_version_end:
  .balign 4

  .section .skerry.entry, "ax", @progbits
  .code32
  .globl skerry_entry
  .hidden skerry_entry
skerry_entry:
  // Started as a Linux process, the processor is in 64-bit mode here: the byte 0x49 is a prefix of
  // the next instruction there, and decrements ECX in 32-bit mode.
  xor %ecx, %ecx
  .byte 0x49
  nop
  test %ecx, %ecx
  jz .Llinux_process
  cli
  cld
  mov %eax, %edi
  mov %ebx, %esi
  // There is no stack yet: borrow a word of the loader's structure to learn where we are.
  mov (%ebx), %ecx
  lea 4(%ebx), %esp
  call .Lhere
.Lhere:
  pop %ebp
  mov %ecx, (%ebx)
  lea (skerry_boot_stack_top - .Lhere)(%ebp), %esp

  // Long mode and no-execute, or a message (CPUID 8000_0001h EDX bits 29 and 20).
  mov $0x80000000, %eax
  push %esi
  push %edi
  cpuid
  pop %edi
  pop %esi
  cmp $0x80000001, %eax
  jb .Lno_long_mode
  mov $0x80000001, %eax
  cpuid
  bt $29, %edx
  jnc .Lno_long_mode
  bt $20, %edx
  jnc .Lno_nx

  // Identity map of the first 4 GiB, used until the final tables stand.
  push %edi
  lea (early_directories - .Lhere)(%ebp), %edi
  mov $0x83, %eax
  mov $2048, %ecx
1:mov %eax, (%edi)
  movl $0, 4(%edi)
  add $8, %edi
  add $0x200000, %eax
  loop 1b
  lea (early_directories - .Lhere + 3)(%ebp), %eax
  lea (early_pointers - .Lhere)(%ebp), %edi
  mov $4, %ecx
2:mov %eax, (%edi)
  movl $0, 4(%edi)
  add $8, %edi
  add $4096, %eax
  loop 2b
  lea (early_pointers - .Lhere + 3)(%ebp), %eax
  lea (early_root - .Lhere)(%ebp), %edi
  mov %eax, (%edi)
  movl $0, 4(%edi)
  mov %edi, %cr3
  pop %edi

  mov %cr4, %eax
  or $(1 << 5), %eax                    // PAE
  mov %eax, %cr4
  mov $0xc0000080, %ecx                 // EFER
  rdmsr
  or $((1 << 8) | (1 << 11)), %eax      // LME, NXE
  wrmsr
  mov %cr0, %eax
  and $~((1 << 2) | (1 << 3)), %eax     // EM, TS
  or $((1 << 31) | (1 << 16) | (1 << 5) | (1 << 1) | 1), %eax   // PG, WP, NE, MP, PE
  mov %eax, %cr0

  // A descriptor table whose base is known only now.
  lea (early_gdt - .Lhere)(%ebp), %eax
  sub $16, %esp
  movw $(early_gdt_end - early_gdt - 1), (%esp)
  mov %eax, 2(%esp)
  lgdt (%esp)
  lea (.Lsixty_four - .Lhere)(%ebp), %eax
  pushl $8
  push %eax
  lret

  .code64
.Lsixty_four:
  xor %eax, %eax
  mov %eax, %ds
  mov %eax, %es
  mov %eax, %ss
  mov %eax, %fs
  mov %eax, %gs
  lea skerry_boot_stack_top(%rip), %rsp
  mov %edi, %edi
  mov %esi, %esi
  lea __image_start(%rip), %rdx
  lea early_root(%rip), %rcx
  xor %ebp, %ebp
  lea early_jump(%rip), %r8
  call skerry_early_main
  // The final tables map this page too, read-only and executable, until the kernel drops it.
  lea early_jump(%rip), %rcx
  mov 0(%rcx), %rax
  mov 8(%rcx), %rdx
  mov 16(%rcx), %rbx
  mov 24(%rcx), %rdi
  mov %rax, %cr3
  mov %rdx, %rsp
skerry_enter_upper_half:                // where a debugger learns the image's place
  jmp *%rbx

  // Where SKERRY_EMULATOR names a program, it is executed with the path of this file and our
  // arguments; so scripts that compile a program and run it learn the truth. On the stack lie argc,
  // argv, zero, environment, zero, auxiliary vector (System V ABI for AMD64, 3.4.1).
.Llinux_process:
  mov (%rsp), %rax
  test %rax, %rax                       // argv must have room for two
  jz .Lno_emulator
  lea 16(%rsp,%rax,8), %rdx             // the environment
  mov %rdx, %rbx
  xor %r9d, %r9d                        // the value of the variable
.Lnext_variable:
  mov (%rbx), %rdi
  add $8, %rbx
  test %rdi, %rdi
  jz .Lnext_auxiliary
  lea emulator_variable(%rip), %rsi
  mov $(emulator_variable_end - emulator_variable), %ecx
  repe cmpsb
  cmove %rdi, %r9
  jmp .Lnext_variable
.Lnext_auxiliary:
  mov (%rbx), %rax
  mov 8(%rbx), %r10
  add $16, %rbx
  test %rax, %rax                       // AT_NULL
  jz .Lno_emulator
  cmp $31, %rax                         // AT_EXECFN
  jne .Lnext_auxiliary
  test %r9, %r9
  jz .Lno_emulator
  mov %r9, (%rsp)                       // argv begins where argc was
  mov %r10, 8(%rsp)
  mov $59, %eax                         // execve
  mov %r9, %rdi
  mov %rsp, %rsi
  syscall
  mov $1, %eax                          // write
  mov $2, %edi
  lea message_emulator(%rip), %rsi
  mov $(message_emulator_end - message_emulator), %edx
  syscall
  jmp .Lleave_linux
.Lno_emulator:
  mov $1, %eax                          // write
  mov $2, %edi
  lea message_linux(%rip), %rsi
  mov $(message_linux_end - message_linux), %edx
  syscall
.Lleave_linux:
  mov $60, %eax                         // exit
  mov $126, %edi                        // what a shell says of a file that cannot be executed
  syscall
  ud2

  .code32
.Lno_long_mode:
  lea (message_no_long_mode - .Lhere)(%ebp), %esi
  jmp .Lrefuse
.Lno_nx:
  lea (message_no_nx - .Lhere)(%ebp), %esi
.Lrefuse:
  mov $0x3f9, %dx                       // COM1: no interrupts, 115200 8N1
  xor %eax, %eax
  outb %al, %dx
  mov $0x3fb, %dx
  mov $0x80, %al
  outb %al, %dx
  mov $0x3f8, %dx
  mov $1, %al
  outb %al, %dx
  mov $0x3fb, %dx
  mov $3, %al
  outb %al, %dx
3:lodsb
  test %al, %al
  jz 6f
  mov %al, %bl
  mov $100000, %ecx                     // an absent UART must not hold us
  mov $0x3fd, %dx
4:inb %dx, %al
  test $0x20, %al
  loopz 4b
  mov %bl, %al
  mov $0x3f8, %dx
  outb %al, %dx
  jmp 3b
6:mov $0xf4, %dx
  mov $(134 & 0x7f), %eax
  outl %eax, %dx
7:hlt
  jmp 7b

message_linux:
  .ascii "skerry: this file is a bootable image, not a Linux program. Boot it with:\n"
  .ascii "  skerry run IMAGE\n"
  .ascii "  qemu-system-x86_64 -cpu max -display none -serial stdio -no-reboot "
  .ascii "-device isa-debug-exit -kernel IMAGE\n"
message_linux_end:
message_emulator:
  .ascii "skerry: what SKERRY_EMULATOR names cannot be executed; expected the path of an SDK's "
  .ascii "bin/skerry-emulator\n"
message_emulator_end:
emulator_variable:
  .ascii "SKERRY_EMULATOR="
emulator_variable_end:
message_no_long_mode:
  .ascii "skerry: cannot run: this processor has no 64-bit mode (CPUID 80000001h, EDX bit 29)\r\n"
  .asciz "skerry: exit status 134 (panic)\r\n"
message_no_nx:
  .ascii "skerry: cannot run: this processor has no-execute (NX) off or absent; "
  .ascii "turn it on in the firmware, or use -cpu max\r\n"
  .asciz "skerry: exit status 134 (panic)\r\n"

  .balign 8
early_gdt:
  .quad 0
  .quad 0x00af9b000000ffff              // 64-bit code
  .quad 0x00cf93000000ffff              // data
early_gdt_end:

  .section .skerry.early_bss, "aw", @nobits
  .balign 4096
early_root:
  .skip 4096
early_pointers:
  .skip 4096
early_directories:
  .skip 4 * 4096
early_jump:
  .skip 32

  .section .note.GNU-stack, "", @progbits
