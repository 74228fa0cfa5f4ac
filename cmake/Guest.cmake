# SPDX-License-Identifier: Apache-2.0
# The guest build: floors → one kernel object with local symbols → SDK.
if(NOT EXISTS "${SKERRY_SYSROOT}/lib/libc.a")
  message(FATAL_ERROR "SKERRY_SYSROOT is \"${SKERRY_SYSROOT}\"; expected a folder made by "
                      "cmake/sysroot/build.cmake (`./skerry sdk` does it)")
endif()

include(KernelFlags)
include(KernelSources)
include(KernelObject)
include(image_script)
include(Sdk)
