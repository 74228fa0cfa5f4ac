# Takes a source archive out of the distribution's source packages, with an apt configuration and
# state of our own: the system's lists, caches and hooks are neither used nor changed.
# See sources.list(5) for the two formats that are read.
# SPDX-License-Identifier: Apache-2.0
include_guard(GLOBAL)
include("${CMAKE_CURRENT_LIST_DIR}/cache.cmake")

# The folder that holds sources.list and sources.list.d, and the programs; tests have their own.
if(NOT DEFINED SKERRY_APT_ETC)
  set(SKERRY_APT_ETC /etc/apt)
endif()
if(NOT DEFINED SKERRY_APT_GET)
  find_program(SKERRY_APT_GET apt-get)
endif()
if(NOT DEFINED SKERRY_APT_CACHE)
  find_program(SKERRY_APT_CACHE apt-cache)
endif()

# Rewrites suites of the machine's release (`bookworm`, `stable`, with -updates or -security) to
# SUITE; drops all others: a third party's archive mostly has other suites.
function(skerry_apt_map_suites suites suite output)
  set(codename "")
  if(EXISTS /etc/os-release)
    file(STRINGS /etc/os-release lines REGEX "^VERSION_CODENAME=")
    string(REGEX REPLACE "^VERSION_CODENAME=\"?([a-z]*)\"?.*" "\\1" codename "${lines}")
  endif()
  set(mapped "")
  string(REGEX MATCHALL "[^ \t]+" words "${suites}")
  foreach(word IN LISTS words)
    if(word MATCHES "^(${codename}|stable|oldstable|testing|unstable|sid)(|-updates|-security)$")
      list(APPEND mapped "${suite}${CMAKE_MATCH_2}")
    endif()
  endforeach()
  list(REMOVE_DUPLICATES mapped)
  list(JOIN mapped " " mapped)
  set(${output} "${mapped}" PARENT_SCOPE)
endfunction()

# One stanza of a .sources file (deb822) → a deb-src stanza for SUITE, or an empty string.
function(skerry_apt_convert_stanza stanza suite output)
  set(result "")
  set(components "")
  set(types "")
  set(enabled yes)
  set(suites "")
  set(kept "")
  set(field "")
  string(REPLACE "\n" ";" lines "${stanza}")
  foreach(line IN LISTS lines)
    if(line MATCHES "^#" OR line MATCHES "^[ \t]*$")
      continue()
    endif()
    if(line MATCHES "^([A-Za-z-]+):[ \t]*(.*)$")
      string(TOLOWER "${CMAKE_MATCH_1}" field)
      set(value "${CMAKE_MATCH_2}")
    else()
      string(STRIP "${line}" value)
    endif()
    if(field MATCHES "^(types|suites|components|enabled)$")
      string(APPEND ${field} " ${value}")
    elseif(NOT field STREQUAL "architectures")
      string(APPEND kept "${line}\n")
    endif()
  endforeach()
  skerry_apt_map_suites("${suites}" "${suite}" mapped)
  if("${types} " MATCHES " deb " AND "${components} " MATCHES " main " AND mapped
      AND NOT enabled MATCHES " no *$")
    set(result "Types: deb-src\nSuites: ${mapped}\nComponents: main\n${kept}\n")
  endif()
  set(${output} "${result}" PARENT_SCOPE)
endfunction()

# One line of a .list file → a deb-src line for SUITE, or an empty string.
function(skerry_apt_convert_line line suite output)
  set(result "")
  if(line MATCHES "^deb[ \t]+(\\[[^]]*\\])?[ \t]*([^ \t]+)[ \t]+([^ \t]+)[ \t]+([^#]*)")
    set(options "${CMAKE_MATCH_1}")
    set(uri "${CMAKE_MATCH_2}")
    set(components "${CMAKE_MATCH_4}")
    skerry_apt_map_suites("${CMAKE_MATCH_3}" "${suite}" mapped)
    string(REGEX REPLACE "arch=[^] ]*" "" options "${options}")
    if(" ${components} " MATCHES "[ \t]main[ \t]" AND mapped)
      set(result "deb-src ${options} ${uri} ${mapped} main\n")
    endif()
  endif()
  set(${output} "${result}" PARENT_SCOPE)
endfunction()

# Reads a text file so that CMake's list syntax cannot bite: `;` occurs in nothing that we need.
function(skerry_apt_read file output)
  file(READ "${file}" text)
  string(REPLACE ";" " " text "${text}")
  string(REPLACE "\r" "" text "${text}")
  set(${output} "${text}" PARENT_SCOPE)
endfunction()

# Writes FOLDER/parts/ with the machine's archives as deb-src of SUITE; OUTPUT is how many.
function(skerry_apt_write_sources folder suite output)
  set(count 0)
  set(one_line "")
  set(stanzas "")
  file(GLOB lists "${SKERRY_APT_ETC}/sources.list" "${SKERRY_APT_ETC}/sources.list.d/*.list")
  foreach(file IN LISTS lists)
    skerry_apt_read("${file}" text)
    # Brackets would make CMake join list elements.
    string(REPLACE "[" "<" text "${text}")
    string(REPLACE "]" ">" text "${text}")
    string(REPLACE "\n" ";" lines "${text}")
    foreach(line IN LISTS lines)
      string(REPLACE "<" "[" line "${line}")
      string(REPLACE ">" "]" line "${line}")
      skerry_apt_convert_line("${line}" "${suite}" converted)
      if(converted)
        string(APPEND one_line "${converted}")
        math(EXPR count "${count} + 1")
      endif()
    endforeach()
  endforeach()
  file(GLOB files "${SKERRY_APT_ETC}/sources.list.d/*.sources")
  foreach(file IN LISTS files)
    skerry_apt_read("${file}" text)
    string(REGEX REPLACE "\n([ \t]*\n)+" ";" paragraphs "${text}")
    foreach(paragraph IN LISTS paragraphs)
      skerry_apt_convert_stanza("${paragraph}" "${suite}" converted)
      if(converted)
        string(APPEND stanzas "${converted}")
        math(EXPR count "${count} + 1")
      endif()
    endforeach()
  endforeach()
  file(REMOVE_RECURSE "${folder}/parts")
  file(MAKE_DIRECTORY "${folder}/parts")
  file(WRITE "${folder}/parts/machine.list" "${one_line}")
  file(WRITE "${folder}/parts/machine.sources" "${stanzas}")
  set(${output} ${count} PARENT_SCOPE)
endfunction()

# Writes FOLDER/apt.conf. `-c` is read after the system's files, so the #clear lines silence hooks
# that would touch the system's state after an update. Sandboxing to user _apt is off because that
# user cannot write to a cache under a home folder; signatures are checked all the same.
function(skerry_apt_write_configuration folder)
  foreach(part lists/partial cache/archives/partial state log)
    file(MAKE_DIRECTORY "${folder}/${part}")
  endforeach()
  file(TOUCH "${folder}/state/status")
  file(WRITE "${folder}/apt.conf" "#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Post-Invoke;
Dir::Etc::sourcelist \"/dev/null\";
Dir::Etc::sourceparts \"${folder}/parts\";
Dir::State \"${folder}/state\";
Dir::State::status \"${folder}/state/status\";
Dir::State::lists \"${folder}/lists\";
Dir::Cache \"${folder}/cache\";
Dir::Cache::pkgcache \"\";
Dir::Cache::srcpkgcache \"\";
Dir::Log \"${folder}/log\";
APT::Sandbox::User \"root\";
Acquire::GzipIndexes \"true\";
Acquire::Languages \"none\";
Acquire::Retries \"2\";
Acquire::http::Timeout \"30\";
Acquire::https::Timeout \"30\";
")
endfunction()

# Brings the source index of SUITE up to date, once per run. OUTPUT is the configuration file, or
# empty where there is no index; REASON says why.
function(skerry_apt_update cache suite output reason)
  set(folder "${cache}/apt/${suite}")
  get_property(configuration GLOBAL PROPERTY SKERRY_APT_${suite})
  set(why "")
  if(NOT configuration)
    skerry_make_directory("${folder}")
    skerry_apt_write_sources("${folder}" "${suite}" count)
    skerry_apt_write_configuration("${folder}")
    if(count GREATER 0)
      execute_process(COMMAND "${SKERRY_APT_GET}" -q -c "${folder}/apt.conf" update
        OUTPUT_FILE "${folder}/log/update" ERROR_VARIABLE errors)
    endif()
    # The status says little: a missing -updates or -security is an error, an unreachable server is
    # none. What counts is whether an index is there.
    file(GLOB indexes "${folder}/lists/*_Sources*")
    if(count EQUAL 0)
      set(why "this machine's apt has no such distribution")
    elseif(NOT indexes)
      string(REGEX MATCH "[EW]: [^\n]*" why "${errors}")
    else()
      set(configuration "${folder}/apt.conf")
      set_property(GLOBAL PROPERTY SKERRY_APT_${suite} "${configuration}")
    endif()
  endif()
  set(${output} "${configuration}" PARENT_SCOPE)
  set(${reason} "${why}" PARENT_SCOPE)
endfunction()

# Versions of source package NAME whose archive ARCHIVE has SHA256, as `apt-get source` wants them.
function(skerry_apt_versions configuration name archive sha256 output)
  execute_process(
    COMMAND "${SKERRY_APT_CACHE}" -c "${configuration}" showsrc --only-source "${name}"
    OUTPUT_VARIABLE text ERROR_QUIET)
  set(versions "")
  string(REGEX REPLACE "[][;]" "_" text "${text}")
  string(REPLACE "\n\n" ";" paragraphs "${text}")
  string(REGEX REPLACE "([+.])" "\\\\\\1" pattern "${archive}")
  foreach(paragraph IN LISTS paragraphs)
    if("\n${paragraph}\n" MATCHES "\n ${sha256} [0-9]+ ${pattern}\n"
        AND "\n${paragraph}\n" MATCHES "\nVersion: ([^\n]+)\n")
      list(APPEND versions "${CMAKE_MATCH_1}")
    endif()
  endforeach()
  list(REMOVE_DUPLICATES versions)
  set(${output} "${versions}" PARENT_SCOPE)
endfunction()

# Downloads ARCHIVE of package NAME into FOLDER from the first of SUITES that has it. OUTPUT is the
# file or empty; REASON says why it is empty.
function(skerry_apt_fetch cache name suites archive sha256 folder output reason)
  set(found "")
  set(why "")
  foreach(suite IN LISTS suites)
    skerry_apt_update("${cache}" "${suite}" configuration problem)
    if(NOT configuration)
      string(APPEND why "; ${suite}: ${problem}")
      continue()
    endif()
    skerry_apt_versions("${configuration}" "${name}" "${archive}" "${sha256}" versions)
    if(NOT versions)
      string(APPEND why "; ${suite}: no revision of ${name} has this archive")
    endif()
    foreach(version IN LISTS versions)
      execute_process(
        COMMAND "${SKERRY_APT_GET}" -q -c "${configuration}" source --download-only --tar-only
          --only-source "${name}=${version}"
        WORKING_DIRECTORY "${folder}" OUTPUT_QUIET ERROR_VARIABLE errors)
      if(EXISTS "${folder}/${archive}")
        set(found "${folder}/${archive}")
        break()
      endif()
      string(REGEX MATCH "E: [^\n]*" error "${errors}")
      string(APPEND why "; ${suite}: ${error}")
    endforeach()
    if(found)
      break()
    endif()
  endforeach()
  set(${output} "${found}" PARENT_SCOPE)
  set(${reason} "${why}" PARENT_SCOPE)
endfunction()
