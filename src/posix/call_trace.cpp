// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "src/posix/call_trace.hpp"

#include "src/posix/call_table.hpp"

#include <core/log.hpp>
#include <kernel/command_line.hpp>

#include <array>

namespace skerry::posix {
namespace {

bool is_traced() {
  return kernel::command_line().trace_calls;
}

void write(std::string_view call, long result) {
  std::array<char, 32> answer{};
  log::info("trace", "{}{}", call, describe_result(answer, result));
}

std::string_view describe(std::span<char> text, const TracedCall& call) {
  return describe_call(text, name_of_call(call.number).name, call);
}

} // namespace

void trace_call(const TracedCall& call, long result) {
  if (is_traced()) {
    std::array<char, log::max_line> text{};
    write(describe(text, call), result);
  }
}

void trace_last_call(const TracedCall& call) {
  if (is_traced()) {
    std::array<char, log::max_line> text{};
    log::info("trace", "{} = ?", describe(text, call));
  }
}

void trace_door(std::string_view name, std::span<const std::uint64_t> words, long result) {
  if (is_traced()) {
    std::array<char, log::max_line> text{};
    write(describe_call(text, name, words), result);
  }
}

} // namespace skerry::posix
