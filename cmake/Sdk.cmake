# SPDX-License-Identifier: Apache-2.0
# Assembles the folder that services are built with: wrappers and configuration of the compiler,
# kernel object, linker script, C and C++ libraries, toolchain file. It may be moved.
if(NOT EXISTS "${SKERRY_TOOLS}/skerry-ld")
  message(FATAL_ERROR "SKERRY_TOOLS is \"${SKERRY_TOOLS}\"; expected the folder with skerry-ld "
                      "(`./skerry sdk` passes it)")
endif()
set(sdk "${CMAKE_BINARY_DIR}/sdk")

set(sdk_copies
  "${kernel_object}|lib/skerry/kernel.o"
  "$<TARGET_OBJECTS:application_start>|lib/skerry/start.o"
  "$<TARGET_FILE:application_api>|lib/skerry/libskerry.a"
  "$<TARGET_FILE:image_defaults>|lib/skerry/libdefaults.a"
  "${image_script}|lib/skerry/image.ld"
  "${CMAKE_SOURCE_DIR}/cmake/sdk/skerry.cfg|bin/skerry.cfg"
  "${CMAKE_SOURCE_DIR}/cmake/sdk/skerry-cc|bin/skerry-cc"
  "${CMAKE_SOURCE_DIR}/cmake/sdk/skerry-c++|bin/skerry-c++"
  "${CMAKE_SOURCE_DIR}/cmake/sdk/toolchain.cmake|cmake/toolchain.cmake"
  "${CMAKE_SOURCE_DIR}/cmake/sdk/project.cmake|cmake/project.cmake"
  "${CMAKE_SOURCE_DIR}/cmake/sdk/image.cmake|cmake/image.cmake"
  "${CMAKE_SOURCE_DIR}/cmake/sdk/program.cmake|cmake/program.cmake"
  "${CMAKE_SOURCE_DIR}/cmake/sdk/build_program.cmake|cmake/build_program.cmake"
  "${CMAKE_SOURCE_DIR}/cmake/sdk/source.cmake|cmake/source.cmake"
  "${CMAKE_SOURCE_DIR}/cmake/fetch/apt.cmake|cmake/fetch/apt.cmake"
  "${CMAKE_SOURCE_DIR}/cmake/fetch/cache.cmake|cmake/fetch/cache.cmake"
  "${CMAKE_SOURCE_DIR}/cmake/fetch/fail.cmake|cmake/fetch/fail.cmake"
  "${CMAKE_SOURCE_DIR}/cmake/fetch/fetch.cmake|cmake/fetch/fetch.cmake"
  "${CMAKE_SOURCE_DIR}/cmake/sdk/linux_version.h|include/linux/version.h"
  "${CMAKE_SOURCE_DIR}/cmake/sdk/drivers.txt|cmake/drivers.txt"
  "${CMAKE_SOURCE_DIR}/cmake/sdk/image.args|lib/skerry/image.args"
  "${CMAKE_SOURCE_DIR}/tools/gdb/skerry_gdb.py|lib/skerry/skerry_gdb.py"
  "${CMAKE_SOURCE_DIR}/LICENSE|LICENSE"
  "${SKERRY_TOOLS}/skerry-ld|bin/skerry-ld"
  "${SKERRY_TOOLS}/skerry|bin/skerry")

file(GLOB api_headers CONFIGURE_DEPENDS RELATIVE "${CMAKE_SOURCE_DIR}/api"
  "${CMAKE_SOURCE_DIR}/api/skerry/*.hpp")
foreach(header IN LISTS api_headers)
  list(APPEND sdk_copies "${CMAKE_SOURCE_DIR}/api/${header}|include/${header}")
endforeach()

set(sdk_commands)
set(sdk_inputs)
foreach(copy IN LISTS sdk_copies)
  string(REPLACE "|" ";" pair "${copy}")
  list(GET pair 0 from)
  list(GET pair 1 to)
  list(APPEND sdk_inputs "${from}")
  list(APPEND sdk_commands COMMAND ${CMAKE_COMMAND} -E copy_if_different "${from}" "${sdk}/${to}")
endforeach()

add_custom_command(
  OUTPUT "${sdk}/.complete"
  COMMAND ${CMAKE_COMMAND} -E make_directory "${sdk}/bin" "${sdk}/lib/skerry" "${sdk}/cmake/fetch"
          "${sdk}/include/skerry" "${sdk}/include/linux"
  ${sdk_commands}
  COMMAND ${CMAKE_COMMAND} -E create_symlink "${SKERRY_SYSROOT}" "${sdk}/sysroot"
  COMMAND ${CMAKE_COMMAND} -E create_symlink skerry "${sdk}/bin/skerry-emulator"
  COMMAND ${CMAKE_COMMAND} -E touch "${sdk}/.complete"
  DEPENDS ${sdk_inputs}
  COMMENT "Assembling the SDK"
  VERBATIM)
add_custom_target(sdk ALL DEPENDS "${sdk}/.complete")

# cmake --install build/guest --prefix FOLDER: the same with the C and C++ libraries in it. Works
# without this tree and the cache, wherever the folder goes.
install(DIRECTORY "${sdk}/" DESTINATION . USE_SOURCE_PERMISSIONS
  PATTERN sysroot EXCLUDE PATTERN .complete EXCLUDE)
install(DIRECTORY "${SKERRY_SYSROOT}/" DESTINATION sysroot USE_SOURCE_PERMISSIONS
  REGEX "/sysroot-[0-9a-f]+/src(/|$)" EXCLUDE)
install(FILES "${sdk}/.complete" DESTINATION .)
