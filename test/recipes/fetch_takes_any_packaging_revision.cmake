# Two revisions have the pinned archive, a third has another one. The first is gone from the server.
# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/expect.cmake")
file(WRITE "${WORK}/archive" "the archive")
file(SHA256 "${WORK}/archive" pinned)
string(SHA256 other "another archive")
file(WRITE "${WORK}/etc/sources.list" "deb http://example.invalid/debian stable main\n")
foreach(revision "1.0+ds-1 ${other}" "1.0+ds-2 ${pinned}" "1.0+ds-2+b1 ${pinned}")
  string(REPLACE " " ";" revision "${revision}")
  list(GET revision 0 version)
  list(GET revision 1 hash)
  string(APPEND index "Package: sample\nVersion: ${version}\nChecksums-Sha256:\n"
    " ${other} 9 sample_${version}.dsc\n ${hash} 11 sample_1.0+ds.orig.tar.gz\nDirectory: pool\n\n")
endforeach()
file(WRITE "${WORK}/index" "${index}")
file(WRITE "${WORK}/apt-cache" "#!/bin/sh\ncat '${WORK}/index'\n")
file(WRITE "${WORK}/apt-get" "#!/bin/sh
echo \"$@\" >>'${WORK}/calls'
case \"$*\" in
*update*) touch '${WORK}/cache/apt/bookworm/lists/main_Sources' ;;
*sample=1.0+ds-2+b1) cp '${WORK}/archive' sample_1.0+ds.orig.tar.gz ;;
*source*) echo 'E: 404  Not Found' >&2; exit 100 ;;
esac
")
file(CHMOD "${WORK}/apt-cache" "${WORK}/apt-get" PERMISSIONS OWNER_READ OWNER_EXECUTE OWNER_WRITE)

run("${TESTS}/fetch_one.cmake" -DSHA256=${pinned} -DUPSTREAM= -DSKERRY_FETCH_APT=ON
  "-DSKERRY_APT_ETC=${WORK}/etc" "-DSKERRY_APT_GET=${WORK}/apt-get"
  "-DSKERRY_APT_CACHE=${WORK}/apt-cache")
expect_success()
expect_words("${err}" "fetched <${WORK}/cache/downloads/sample_1.0+ds.orig.tar.gz>")
file(STRINGS "${WORK}/calls" calls)
list(LENGTH calls count)
expect_equal("${count}" 3) # one update, the revision that is gone, the one that is there
