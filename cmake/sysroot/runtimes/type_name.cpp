// SPDX-License-Identifier: Apache-2.0
// What libc++abi's terminate handler calls in place of __cxa_demangle(), which would be a hundred
// kilobytes of every program that throws: names of types without template arguments, as exceptions
// have them. Everything else is left as the compiler writes it (Itanium C++ ABI, 5.1).
#include <cstddef>
#include <cstdlib>

namespace {

/// Reads a mangled name from the front and writes the plain one behind what is there.
class Reader {
public:
  explicit Reader(const char* text) : text_(text) {}

  /// Whether the whole text was a name.
  bool read(char* output) {
    output_ = output;
    const bool nested = take('N');
    if (take('S') && !(take('t') && put_part("std", 3))) {
      return false;
    }
    do {
      if (!read_part()) {
        return false;
      }
    } while (nested && *text_ != 'E');
    *output_ = '\0';
    return (!nested || take('E')) && *text_ == '\0';
  }

private:
  bool take(char c) {
    if (*text_ != c) {
      return false;
    }
    ++text_;
    return true;
  }

  bool put_part(const char* part, std::size_t size) {
    if (!first_) {
      *output_++ = ':';
      *output_++ = ':';
    }
    first_ = false;
    while (size-- > 0) {
      *output_++ = *part++;
    }
    return true;
  }

  /// A length and so many characters.
  bool read_part() {
    std::size_t size = 0;
    for (; *text_ >= '0' && *text_ <= '9' && size < 1000; ++text_) {
      size = size * 10 + static_cast<std::size_t>(*text_ - '0');
    }
    for (std::size_t i = 0; i < size; ++i) {
      if (text_[i] == '\0') {
        return false;
      }
    }
    const char* part = text_;
    text_ += size;
    return size != 0 && put_part(part, size);
  }

  const char* text_;
  char* output_ = nullptr;
  bool first_ = true;
};

} // namespace

/// As __cxa_demangle(): the caller frees the result; null, and -2 in `status`, for other names.
/// `status` may be null.
extern "C" char* __skerry_type_name(const char* mangled, char*, std::size_t*, int* status) {
  int unwanted = 0;
  int& outcome = status == nullptr ? unwanted : *status;
  std::size_t size = 8; // "std::" and an end
  for (const char* c = mangled; *c != '\0'; ++c) {
    size += 3; // two colons stand for one digit at least
  }
  auto* output = static_cast<char*>(std::malloc(size));
  if (output != nullptr && Reader(mangled).read(output)) {
    outcome = 0;
    return output;
  }
  std::free(output);
  outcome = output == nullptr ? -1 : -2;
  return nullptr;
}
