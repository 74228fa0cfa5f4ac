// SPDX-License-Identifier: Apache-2.0
// Does the one wrong thing that its argument names.
#include "faults.hpp"

#include <cstdio>
#include <string_view>

namespace {

struct Kind {
  std::string_view name;
  void (*commit)();
};

constexpr Kind kinds[] = {
    {"write-code", write_to_code},
    {"write-rodata", write_to_constant},
    {"null-read", read_from_null},
    {"null-write", write_to_null},
    {"null-plus-offset", read_member_of_null},
    {"unmapped", read_unmapped_memory},
    {"no-memory", touch_more_than_there_is},
    {"null-call", call_null},
    {"execute-heap", call_heap},
    {"execute-stack", call_stack},
    {"execute-data", call_static_data},
    {"divide", divide_by_zero},
    {"invalid-instruction", run_invalid_instruction},
    {"stack-overflow", recurse_for_ever},
    {"smashed-stack", overwrite_return_address},
    {"exception", throw_without_handler},
    {"abort", give_up},
    {"assert", assert_what_is_false},
};

} // namespace

void survived(std::source_location where) {
  std::printf("survived %s\n", where.function_name());
}

int main(int argc, char** argv) {
  for (const Kind& kind : kinds) {
    if (argc == 2 && argv[1] == kind.name) {
      kind.commit();
      return 0;
    }
  }
  std::printf("usage: faults KIND, one of:\n");
  for (const Kind& kind : kinds)
    std::printf("  %s\n", kind.name.data());
  return 2;
}
