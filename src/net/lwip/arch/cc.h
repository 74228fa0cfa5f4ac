/* SPDX-License-Identifier: Apache-2.0 */
/* lwIP's view of compiler and machine. */
#pragma once

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

void* skerry_net_malloc(size_t size);
void* skerry_net_calloc(size_t count, size_t size);
void skerry_net_free(void* block);
uint32_t skerry_net_random(void);
uint16_t skerry_net_checksum(const void* data, int size);
__attribute__((noreturn)) void skerry_net_assertion_failed(const char* what);

/* One instruction each, where lwIP would call a function. */
#define lwip_htons(value) ((u16_t)__builtin_bswap16((u16_t)(value)))
#define lwip_htonl(value) ((u32_t)__builtin_bswap32((u32_t)(value)))

#define LWIP_NO_STDIO_H 1
#define LWIP_NO_UNISTD_H 1
#define LWIP_NO_CTYPE_H 1
#define LWIP_RAND() skerry_net_random()
#define LWIP_PLATFORM_DIAG(message)
#define LWIP_PLATFORM_ASSERT(message) skerry_net_assertion_failed(message)
