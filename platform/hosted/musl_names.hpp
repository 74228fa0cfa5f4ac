// SPDX-License-Identifier: Apache-2.0
// Parts of Linux' binary interface that musl's <signal.h> names as constants and glibc's does not:
// the services are compiled with this header in front.
#pragma once

#include <csignal>

#undef MINSIGSTKSZ // glibc asks the kernel when the program runs
#define MINSIGSTKSZ 2048
#ifndef SA_RESTORER
#define SA_RESTORER 0x04000000
#endif
