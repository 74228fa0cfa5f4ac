# lwIP: pristine sources, for the kernel's own build, which configures and patches them.
# SPDX-License-Identifier: Apache-2.0
include_guard(GLOBAL)

function(skerry_lwip_step)
  set(source "${SKERRY_BUILD}/source/lwip")
  file(REMOVE_RECURSE "${SKERRY_STAGE}/src/lwip")
  file(COPY "${source}/src" "${source}/COPYING" DESTINATION "${SKERRY_STAGE}/src/lwip")
  # The release archive has DOS line ends, the distribution's has not; patches want one of them.
  file(GLOB_RECURSE files "${SKERRY_STAGE}/src/lwip/*.[ch]")
  skerry_run(sed -i "s/\\r$//" ${files})
endfunction()
