# SPDX-License-Identifier: Apache-2.0
# Included by every project() call under our toolchain file: executables are linked again when the
# SDK has changed, which CMake cannot know by itself.
include_guard(GLOBAL)
include("${CMAKE_CURRENT_LIST_DIR}/image.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/program.cmake")

function(skerry_depend_on_sdk folder)
  get_property(targets DIRECTORY "${folder}" PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    get_target_property(type ${target} TYPE)
    if(type STREQUAL "EXECUTABLE")
      set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS "${SKERRY_SDK}/.complete")
    endif()
  endforeach()
  get_property(subfolders DIRECTORY "${folder}" PROPERTY SUBDIRECTORIES)
  foreach(subfolder IN LISTS subfolders)
    skerry_depend_on_sdk("${subfolder}")
  endforeach()
endfunction()

cmake_language(DEFER DIRECTORY "${CMAKE_SOURCE_DIR}" CALL skerry_depend_on_sdk "${CMAKE_SOURCE_DIR}")
cmake_language(DEFER DIRECTORY "${CMAKE_SOURCE_DIR}" CALL skerry_list_programs)
