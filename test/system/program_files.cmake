# SPDX-License-Identifier: Apache-2.0
# Files that images of programs hold for the tests, made once. Sees SOURCE and BUILD of
# build_images.cmake, and sets <project>_options, and <project>_source for those that are no example.

# nginx: its example's root, and a file of 16 MiB of letters that do not repeat for long.
function(make_nginx_root folder)
  if(EXISTS "${folder}/srv/large.txt")
    return()
  endif()
  file(COPY "${SOURCE}/examples/nginx/root/" DESTINATION "${folder}")
  set(text)
  foreach(part RANGE 1 64)
    string(RANDOM LENGTH 262144 RANDOM_SEED ${part} letters)
    string(APPEND text "${letters}")
  endforeach()
  file(WRITE "${folder}/large" "${text}")
  file(RENAME "${folder}/large" "${folder}/srv/large.txt")
endfunction()

# https_get: the machine's authorities and one of the tests' own.
function(make_authority folder)
  if(NOT EXISTS "${folder}/made")
    execute_process(COMMAND sh "${SOURCE}/test/system/make_certificates.sh" "${folder}"
      COMMAND_ERROR_IS_FATAL ANY)
  endif()
endfunction()

if("nginx" IN_LIST PROJECTS)
  make_nginx_root("${BUILD}/nginx-root")
  set(nginx_options "-DNGINX_ROOT=${BUILD}/nginx-root")
endif()
if("https_get" IN_LIST PROJECTS)
  make_authority("${BUILD}/https_get-certificates")
  set(https_get_options "-DCA_BUNDLE=${BUILD}/https_get-certificates/bundle.pem")
endif()

set(asio_source "${SOURCE}/test/asio")
set(asio_options -DWHICH=share)
set(asio_all_source "${SOURCE}/test/asio")
set(asio_all_options -DWHICH=all)
