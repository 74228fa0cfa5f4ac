// SPDX-License-Identifier: Apache-2.0
// Offsets that assembly and C++ share. The C++ side asserts each of them.
#pragma once

#define PER_CPU_SELF 0x00
#define PER_CPU_KERNEL_STACK_TOP 0x08
#define PER_CPU_PENDING 0x10
#define PER_CPU_IN_FLOOR 0x14
#define PER_CPU_USER_STACK 0x20
#define PER_CPU_CANARY 0x28

#define FRAME_SIZE 176
#define SELECTOR_CODE 0x08
#define SELECTOR_DATA 0x10

#define VECTOR_DOOR 0x100
#define VECTOR_DOOR_TWO 0x101
