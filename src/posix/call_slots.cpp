// SPDX-License-Identifier: Apache-2.0
// The rows of the table of calls; see the header.
#include "src/posix/call_slots.hpp"

#include "src/posix/call_adapter.hpp"
#include "src/posix/calls.hpp"
#include "src/posix/file_tree_calls.hpp"
#include "src/posix/identity_calls.hpp"
#include "src/posix/own_calls.hpp"
#include "src/posix/readiness_calls.hpp"
#include "src/posix/socket_calls.hpp"
#include "src/posix/timer_calls.hpp"

#include <sys/syscall.h>

namespace skerry::posix {

// Two steps, so that SYS_read is a number before it becomes part of a name.
#define ROW_OF_NUMBER(handler, number)                                                             \
  extern "C" [[gnu::section(                                                                       \
      ".skerry.call." #number)]] constinit const CallHandler __skerry_call_##number =              \
      Adapter<handler>::call;
#define ROW(handler, number) ROW_OF_NUMBER(handler, number)
#define CALL(name) ROW(sys_##name, SYS_##name)
#define CALL_NUMBERED(name, number) ROW(sys_##name, number)
#define PARTLY(name, missing) ROW(sys_##name, SYS_##name)
#define REFUSED(name, reason)
#include "src/posix/syscalls.def"
#undef CALL
#undef PARTLY
#undef CALL_NUMBERED
#undef REFUSED
#undef ROW
#undef ROW_OF_NUMBER

} // namespace skerry::posix
