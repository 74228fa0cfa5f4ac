// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "src/posix/call_text.hpp"

#include "src/posix/call_table.hpp"
#include "src/posix/calls.hpp"
#include "src/posix/error_names.hpp"
#include "src/posix/file_tree_calls.hpp"
#include "src/posix/identity_calls.hpp"
#include "src/posix/own_calls.hpp"
#include "src/posix/readiness_calls.hpp"
#include "src/posix/socket_calls.hpp"
#include "src/posix/timer_calls.hpp"

#include <core/format.hpp>

#include <algorithm>
#include <array>
#include <sys/syscall.h>

namespace skerry::posix {
namespace {

constexpr std::uint8_t all_words = 6;
constexpr long largest_error = 4095;

template <class... Parameters> consteval std::uint8_t count(Result<long> (*)(Parameters...)) {
  return sizeof...(Parameters);
}

constexpr std::array<std::uint8_t, call_limit> make_counts() {
  std::array<std::uint8_t, call_limit> counts{};
  counts.fill(all_words);
  const auto set = [&counts](std::size_t number, std::uint8_t arguments) {
    if (number < counts.size()) {
      counts[number] = arguments;
    }
  };
#define CALL(name) set(SYS_##name, count(decltype (&sys_##name)(nullptr)));
#define CALL_NUMBERED(name, number) set(number, count(decltype (&sys_##name)(nullptr)));
#define PARTLY(name, missing) set(SYS_##name, count(decltype (&sys_##name)(nullptr)));
#define REFUSED(name, reason)
#include "src/posix/syscalls.def"
#undef CALL
#undef PARTLY
#undef CALL_NUMBERED
#undef REFUSED
  return counts;
}

/// How many arguments the calls have; registers behind them hold whatever was there.
constexpr std::array<std::uint8_t, call_limit> counts = make_counts();

/// Text that grows in a buffer and is cut off at its end.
class Text {
public:
  explicit Text(std::span<char> room) : room_(room) {}
  template <class... Arguments>
  void add(std::type_identity_t<FormatPattern<Arguments...>> pattern,
           const Arguments&... arguments) {
    size_ += format_to<Arguments...>(room_.subspan(size_), pattern, arguments...).size();
  }
  void add_words(std::span<const std::uint64_t> words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      add("{}{:#x}", std::string_view(i == 0 ? "" : ", "), words[i]);
    }
  }
  [[nodiscard]] std::string_view get() const { return {room_.data(), size_}; }

private:
  std::span<char> room_;
  std::size_t size_ = 0;
};

} // namespace

std::string_view describe_call(std::span<char> text, std::string_view name,
                               const TracedCall& call) {
  const std::size_t words = call.number < counts.size() ? counts[call.number] : all_words;
  Text line(text);
  if (name.empty()) {
    line.add("system call {}(", call.number);
  } else {
    line.add("{}(", name);
  }
  line.add_words(std::span(call.words).first(words));
  line.add(")");
  return line.get();
}

std::string_view describe_call(std::span<char> text, std::string_view name,
                               std::span<const std::uint64_t> words) {
  Text line(text);
  line.add("{}(", name);
  line.add_words(words);
  line.add(")");
  return line.get();
}

std::string_view describe_result(std::span<char> text, long result) {
  const bool failed = result < 0 && result >= -largest_error;
  return failed ? format_to(text, " = -1 {}", error_name(-result))
                : format_to(text, " = {}", result);
}

} // namespace skerry::posix
