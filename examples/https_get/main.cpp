// SPDX-License-Identifier: Apache-2.0
// Fetches pages over HTTPS, by libcurl and mbedTLS, and writes them to standard output. The server
// must prove by its certificate that it is who the URL says.
#include <cstdio>
#include <curl/curl.h>
#include <memory>

namespace {

using Handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;

/// Whether the page came, whole and from whom it should.
bool fetch(const char* url) {
  const Handle handle(curl_easy_init(), curl_easy_cleanup);
  if (!handle) {
    std::fputs("https_get: there is no memory for a transfer\n", stderr);
    return false;
  }
  char why[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(handle.get(), CURLOPT_URL, url);
  curl_easy_setopt(handle.get(), CURLOPT_ERRORBUFFER, why);
  curl_easy_setopt(handle.get(), CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_PROTOCOLS_STR, "https");
  const CURLcode result = curl_easy_perform(handle.get());
  if (result != CURLE_OK) {
    std::fprintf(stderr, "https_get: %s: %s (%s)\n", url, curl_easy_strerror(result), why);
    return false;
  }
  return true;
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "https_get: no URL; expected %s -- https://HOST/PATH...\n", argv[0]);
    return 2;
  }
  curl_global_init(CURL_GLOBAL_DEFAULT);
  int failed = 0;
  for (int word = 1; word < argc; ++word) {
    failed += fetch(argv[word]) ? 0 : 1;
  }
  curl_global_cleanup();
  return failed == 0 ? 0 : 1;
}
