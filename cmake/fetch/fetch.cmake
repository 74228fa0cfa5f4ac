# Fetches third-party source archives into the user's cache: pinned by SHA-256, taken from the
# cache, else from the distribution's source packages, else from the upstream release.
# SPDX-License-Identifier: Apache-2.0
include_guard(GLOBAL)
include("${CMAKE_CURRENT_LIST_DIR}/apt.cmake")

# Seconds to wait before the second and third attempt; tests set 0.
if(NOT DEFINED SKERRY_FETCH_BACKOFF)
  set(SKERRY_FETCH_BACKOFF 3)
endif()
# OFF leaves out the distribution, or the upstream releases.
foreach(way APT UPSTREAM)
  if(NOT DEFINED SKERRY_FETCH_${way})
    set(SKERRY_FETCH_${way} ON)
  endif()
endforeach()

# True in OUTPUT when FILE exists and has SHA256; ACTUAL is its hash.
function(skerry_fetch_matches file sha256 output actual)
  set(hash "")
  if(EXISTS "${file}")
    file(SHA256 "${file}" hash)
  endif()
  set(${actual} "${hash}" PARENT_SCOPE)
  if(hash STREQUAL sha256)
    set(${output} TRUE PARENT_SCOPE)
  else()
    set(${output} FALSE PARENT_SCOPE)
  endif()
endfunction()

# Verifies FILE, which came from ORIGIN and is alone in its folder, and moves it to DESTINATION in
# one step.
function(skerry_fetch_accept file sha256 destination origin)
  skerry_fetch_matches("${file}" "${sha256}" good actual)
  get_filename_component(name "${destination}" NAME)
  if(NOT good)
    get_filename_component(folder "${file}" DIRECTORY)
    file(REMOVE_RECURSE "${folder}")
    string(CONCAT text "${name} has the wrong hash: SHA-256 is ${actual}, expected ${sha256} "
      "(from ${origin})")
    skerry_fail("${text}")
  endif()
  file(RENAME "${file}" "${destination}" RESULT result)
  if(NOT result STREQUAL "0")
    skerry_fail("cannot keep ${destination}: ${result}")
  endif()
endfunction()

# A kept copy with the right hash, or nothing; a damaged copy is removed, and said.
function(skerry_fetch_cached file sha256 output)
  skerry_fetch_matches("${file}" "${sha256}" good actual)
  if(good)
    set(${output} "${file}" PARENT_SCOPE)
    return()
  endif()
  if(actual)
    get_filename_component(name "${file}" NAME)
    message(NOTICE "skerry: kept ${name} is damaged and is fetched again: "
      "SHA-256 is ${actual}, expected ${sha256}")
    file(REMOVE "${file}")
  endif()
  set(${output} "" PARENT_SCOPE)
endfunction()

# The kept copy of either archive of skerry_fetch_source, whose variables it sees, or empty.
function(skerry_fetch_kept output)
  skerry_fetch_cached("${packaged}" "${ARG_SHA256}" kept)
  if(NOT kept)
    skerry_fetch_cached("${released}" "${ARG_UPSTREAM_SHA256}" kept)
  endif()
  set(${output} "${kept}" PARENT_SCOPE)
endfunction()

# One attempt at URL into FILE; REASON is empty on success.
function(skerry_fetch_url url file reason)
  set(why "")
  file(DOWNLOAD "${url}" "${file}" STATUS status INACTIVITY_TIMEOUT 60)
  list(GET status 0 code)
  if(NOT code EQUAL 0)
    list(GET status 1 text)
    file(REMOVE "${file}")
    set(why "; ${url}: ${text}")
  endif()
  set(${reason} "${why}" PARENT_SCOPE)
endfunction()

# One round of skerry_fetch_source, whose variables it sees: the distribution, then upstream. OUTPUT
# is the verified file or empty; REASON says why it is empty, each part led by "; ".
function(skerry_fetch_attempt temporary output reason)
  set(reasons "")
  if(SKERRY_FETCH_APT AND SKERRY_APT_GET)
    skerry_apt_fetch("${cache}" "${ARG_NAME}" "${ARG_SUITES}" "${ARG_ARCHIVE}" "${ARG_SHA256}"
      "${temporary}" got reasons)
    if(got)
      skerry_fetch_accept("${got}" "${ARG_SHA256}" "${packaged}" "the distribution's source packages")
      set(${output} "${packaged}" PARENT_SCOPE)
      return()
    endif()
  endif()
  if(SKERRY_FETCH_UPSTREAM AND ARG_UPSTREAM)
    skerry_fetch_url("${ARG_UPSTREAM}" "${temporary}/archive" why)
    string(APPEND reasons "${why}")
    if(NOT why)
      skerry_fetch_accept("${temporary}/archive" "${ARG_UPSTREAM_SHA256}" "${released}"
        "${ARG_UPSTREAM}")
      set(${output} "${released}" PARENT_SCOPE)
      return()
    endif()
  endif()
  set(${output} "" PARENT_SCOPE)
  set(${reason} "${reasons}" PARENT_SCOPE)
endfunction()

# The part of skerry_fetch_source that goes out: three rounds, with a growing wait between them.
function(skerry_fetch_remote output)
  message(NOTICE "skerry: fetching ${ARG_ARCHIVE}")
  set(temporary "${downloads}/.partial-${ARG_NAME}")
  set(wait ${SKERRY_FETCH_BACKOFF})
  foreach(attempt RANGE 1 3)
    file(REMOVE_RECURSE "${temporary}")
    skerry_make_directory("${temporary}")
    skerry_fetch_attempt("${temporary}" got reasons)
    file(REMOVE_RECURSE "${temporary}")
    if(got)
      set(${output} "${got}" PARENT_SCOPE)
      return()
    endif()
    if(attempt LESS 3)
      message(NOTICE "skerry: ${ARG_ARCHIVE}: attempt ${attempt} of 3 failed, "
        "next in ${wait} s${reasons}")
      execute_process(COMMAND "${CMAKE_COMMAND}" -E sleep ${wait})
      math(EXPR wait "${wait} * 3")
    endif()
  endforeach()
  skerry_disk_hint("${downloads}" hint)
  skerry_fail("cannot fetch ${ARG_ARCHIVE} (${ARG_NAME} ${ARG_VERSION})${hint}${reasons}")
endfunction()

# skerry_fetch_source(NAME n VERSION v SUITES s… ARCHIVE file SHA256 hash
#                     [UPSTREAM url [UPSTREAM_SHA256 hash]] OUTPUT variable)
#
# NAME is the source package, ARCHIVE its .orig file, which any packaging revision in any of SUITES
# may ship. UPSTREAM is the release that is tried last; where the distribution repacked it, its own
# hash is UPSTREAM_SHA256. OUTPUT is the path of a verified file in <cache>/downloads.
# Errors end the script with one line. Blocks on the network; safe in several processes at once.
function(skerry_fetch_source)
  cmake_parse_arguments(ARG ""
    "NAME;VERSION;ARCHIVE;SHA256;UPSTREAM;UPSTREAM_SHA256;OUTPUT" "SUITES" ${ARGN})
  foreach(name NAME VERSION ARCHIVE SHA256 OUTPUT)
    if(NOT ARG_${name})
      skerry_fail("skerry_fetch_source: ${name} is missing (package '${ARG_NAME}')")
    endif()
  endforeach()
  if(NOT ARG_UPSTREAM_SHA256)
    set(ARG_UPSTREAM_SHA256 "${ARG_SHA256}")
  endif()
  skerry_cache_directory(cache)
  set(downloads "${cache}/downloads")
  set(packaged "${downloads}/${ARG_ARCHIVE}")
  get_filename_component(upstream_name "${ARG_UPSTREAM}" NAME)
  set(released "${downloads}/${ARG_NAME}-${upstream_name}")

  skerry_fetch_kept(file)
  if(NOT file)
    skerry_make_directory("${downloads}")
    skerry_lock("${cache}" fetch "the downloads")
    skerry_fetch_kept(file) # another process may have fetched it meanwhile
    if(NOT file)
      skerry_fetch_remote(file)
    endif()
    skerry_unlock("${cache}" fetch)
  endif()
  set(${ARG_OUTPUT} "${file}" PARENT_SCOPE)
endfunction()
