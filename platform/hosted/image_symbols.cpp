// SPDX-License-Identifier: Apache-2.0
// Where platform/x86_64/image.ld.in would put them: a process is no image, so they mark nothing.
#include <cstddef>

extern "C" {
extern const std::byte __image_start[1];
const std::byte __image_start[1]{};
extern const std::byte __symbols_start[1];
const std::byte __symbols_start[1]{};
}
