// SPDX-License-Identifier: Apache-2.0
// The names of Linux' standard signals on x86-64, by number.
#include "src/posix/signal_names.hpp"

#include <array>

namespace skerry::posix {
namespace {

constexpr std::array<std::string_view, 32> names = {
    "no signal", "SIGHUP",  "SIGINT",    "SIGQUIT", "SIGILL",   "SIGTRAP", "SIGABRT", "SIGBUS",
    "SIGFPE",    "SIGKILL", "SIGUSR1",   "SIGSEGV", "SIGUSR2",  "SIGPIPE", "SIGALRM", "SIGTERM",
    "SIGSTKFLT", "SIGCHLD", "SIGCONT",   "SIGSTOP", "SIGTSTP",  "SIGTTIN", "SIGTTOU", "SIGURG",
    "SIGXCPU",   "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO",   "SIGPWR",  "SIGSYS"};

} // namespace

std::string_view signal_name(int signal) {
  const auto index = static_cast<std::size_t>(signal);
  return index < names.size() ? names[index] : "a real-time signal";
}

} // namespace skerry::posix
