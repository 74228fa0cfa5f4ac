// SPDX-License-Identifier: Apache-2.0
// What CMake writes into an image: a process has no options, no root and no drivers of its
// own.
#include "drivers/drivers.hpp"

#include <kernel/image_options.hpp>

static constinit const char* const no_variables[] = {nullptr};
constinit const SkerryImageOptions __skerry_image_options{
    .memory_bytes = 0, .command_line = "", .environment = no_variables};
constinit const SkerryImageRoot __skerry_image_root{};
constinit const skerry::drivers::Driver* const __skerry_drivers[] = {nullptr};
