// SPDX-License-Identifier: Apache-2.0
// Included before each test of asynchronous input and output: these are for POSIX of 2001 alone, by
// the version that <unistd.h> gives for it. What they test has not changed since.
#pragma once

#include <unistd.h>

#undef _POSIX_ASYNCHRONOUS_IO
#define _POSIX_ASYNCHRONOUS_IO 200112L
