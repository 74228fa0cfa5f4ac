// Our fixes of musl's iconv: CVE-2025-26519 (EUC-KR) and CVE-2026-6042 (GB18030).
// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"

#include <cstdint>
#include <iconv.h>
#include <string_view>

namespace {

constexpr std::uint32_t refused = 0xffffffff;

// The one character that `bytes` are in `encoding`, or `refused`.
std::uint32_t decode(const char* encoding, std::string_view bytes) {
  iconv_t converter = iconv_open("UTF-32LE", encoding);
  char* in = const_cast<char*>(bytes.data());
  std::size_t in_left = bytes.size();
  std::uint32_t character = 0;
  char* out = reinterpret_cast<char*>(&character);
  std::size_t out_left = sizeof character;
  std::size_t result = iconv(converter, &in, &in_left, &out, &out_left);
  iconv_close(converter);
  return result == static_cast<std::size_t>(-1) ? refused : character;
}

// The UTF-8 writer stays inside its buffer for each pair of bytes.
void check_euc_kr_stays_in_bounds() {
  iconv_t converter = iconv_open("UTF-8", "EUC-KR");
  for (unsigned pair = 0x8000; pair <= 0xffff; pair++) {
    char input[2] = {static_cast<char>(pair >> 8), static_cast<char>(pair)};
    char buffer[24];
    char* in = input;
    char* out = buffer + 8;
    std::size_t in_left = 2;
    std::size_t out_left = 8;
    iconv(converter, &in, &in_left, &out, &out_left);
    CHECK(out >= buffer + 8 && out <= buffer + 16);
    CHECK(out_left <= 8);
  }
  iconv_close(converter);
}

} // namespace

int main() {
  CHECK(decode("EUC-KR", "\xb0\xa1") == 0xac00);
  CHECK(decode("EUC-KR", "\xc6\x52") == 0xd7a3);
  CHECK(decode("EUC-KR", "\xc6\x53") == refused);
  CHECK(decode("EUC-KR", "\xc8\x41") == refused);
  check_euc_kr_stays_in_bounds();

  CHECK(decode("GB18030", "\x81\x30\x81\x30") == 0x80);
  CHECK(decode("GB18030", "\x82\x35\x8f\x33") == 0x9fa6);
  CHECK(decode("GB18030", "\x84\x31\xa4\x39") == 0xffff);
  CHECK(decode("GB18030", "\x84\x31\xa5\x30") == refused);
  CHECK(decode("GB18030", "\x90\x30\x81\x30") == 0x10000);
  CHECK(decode("GB18030", "\xe3\x32\x9a\x35") == 0x10ffff);
  CHECK(decode("GB18030", "\xe3\x32\x9a\x36") == refused);
}
