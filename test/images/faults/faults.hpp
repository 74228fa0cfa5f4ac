// SPDX-License-Identifier: Apache-2.0
// What a service can do wrong. Each function ends the run; a report must then hold its name.
#pragma once

#include <source_location>

/// Prints a line that no run may show: the wrong was done and nobody noticed.
void survived(std::source_location where = std::source_location::current());

// Memory (memory.cpp)
void write_to_code();
void write_to_constant();
void read_from_null();
void write_to_null();
void read_member_of_null();
void read_unmapped_memory();
void touch_more_than_there_is();

// Jumps and instructions (calls.cpp)
void call_null();
void call_heap();
void call_stack();
void call_static_data();
void divide_by_zero();
void run_invalid_instruction();

// Stacks (stack.cpp)
void recurse_for_ever();
void overwrite_return_address();

// Ends that the program asks for (ends.cpp)
void throw_without_handler();
void give_up();
void assert_what_is_false();
