// SPDX-License-Identifier: Apache-2.0
// Included before each test: headers that come with others in glibc, for which the tests were
// written, and that musl leaves to who wants them.
#pragma once

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
