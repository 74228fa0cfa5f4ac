# SPDX-License-Identifier: Apache-2.0
# lwIP: the sysroot's pristine source, patched with src/net/lwip/patches into the build folder, as
# an object library. skerry_lwip(NAME SOURCE) where SOURCE is the sysroot's src/lwip.
function(skerry_lwip name source)
  find_program(SKERRY_PATCH patch REQUIRED)
  set(tree "${CMAKE_BINARY_DIR}/lwip")
  file(GLOB patches CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/src/net/lwip/patches/*.patch")
  list(SORT patches)
  set_property(DIRECTORY "${CMAKE_SOURCE_DIR}" APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${patches})

  # Made anew only when the source or a patch has changed.
  set(recipe "${source}\n")
  foreach(patch IN LISTS patches)
    file(SHA256 "${patch}" hash)
    string(APPEND recipe "${hash}\n")
  endforeach()
  set(made "")
  if(EXISTS "${tree}/.recipe")
    file(READ "${tree}/.recipe" made)
  endif()
  if(NOT made STREQUAL recipe)
    file(REMOVE_RECURSE "${tree}")
    file(COPY "${source}/src" DESTINATION "${tree}")
    foreach(patch IN LISTS patches)
      execute_process(
        COMMAND "${SKERRY_PATCH}" --batch --fuzz=0 -p1 -i "${patch}"
        WORKING_DIRECTORY "${tree}" RESULT_VARIABLE status OUTPUT_VARIABLE output
        ERROR_VARIABLE output)
      if(NOT status EQUAL 0)
        message(FATAL_ERROR "${patch} does not fit lwIP in \"${source}\":\n${output}")
      endif()
    endforeach()
    # The copies have the times of the sysroot's files; a patch that is gone must be noticed too.
    file(GLOB_RECURSE copies "${tree}/src/*")
    file(TOUCH ${copies})
    file(WRITE "${tree}/.recipe" "${recipe}")
  endif()

  file(GLOB sources "${tree}/src/core/*.c" "${tree}/src/core/ipv4/*.c" "${tree}/src/core/ipv6/*.c")
  list(REMOVE_ITEM sources
    "${tree}/src/core/dns.c" "${tree}/src/core/altcp.c" "${tree}/src/core/altcp_alloc.c"
    "${tree}/src/core/altcp_tcp.c" "${tree}/src/core/sys.c" "${tree}/src/core/ipv6/dhcp6.c"
    "${tree}/src/core/ipv4/acd.c" "${tree}/src/core/ipv4/autoip.c")
  add_library(${name} OBJECT ${sources} "${tree}/src/netif/ethernet.c")
  target_compile_options(${name} PRIVATE -w)
  # Two places ask for the C library's.
  target_compile_definitions(${name} PRIVATE htonl=lwip_htonl atoi=skerry_net_number)
  # Who calls TCP calls src/net/tcp_protocol.cpp, which knows whether it is there.
  foreach(file IN ITEMS ipv4/ip4 ipv6/ip6 netif timeouts)
    set_source_files_properties("${tree}/src/core/${file}.c" PROPERTIES COMPILE_DEFINITIONS
      "tcp_input=skerry_net_tcp_input;tcp_tmr=skerry_net_tcp_timer;tcp_netif_ip_addr_changed=skerry_net_tcp_address_changed")
  endforeach()
  add_library(${name}_headers INTERFACE)
  target_include_directories(${name}_headers SYSTEM INTERFACE
    "${CMAKE_SOURCE_DIR}/src/net/lwip" "${tree}/src/include")
  target_include_directories(${name}_headers INTERFACE "${CMAKE_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE ${name}_headers)
endfunction()
