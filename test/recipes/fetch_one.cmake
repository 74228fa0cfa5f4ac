# Fetches one sample archive, as a recipe would. SPDX-License-Identifier: Apache-2.0
cmake_minimum_required(VERSION 3.25)
include("${RECIPES}/fetch/fetch.cmake")
skerry_fetch_source(NAME sample VERSION 1.0 SUITES bookworm trixie
  ARCHIVE sample_1.0+ds.orig.tar.gz SHA256 ${SHA256}
  UPSTREAM ${UPSTREAM} UPSTREAM_SHA256 ${UPSTREAM_SHA256} OUTPUT file)
message(NOTICE "fetched <${file}>")
