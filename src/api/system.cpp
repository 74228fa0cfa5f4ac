// SPDX-License-Identifier: Apache-2.0
// <skerry/system.hpp>
#include "src/api/call.hpp"

#include <skerry/system.hpp>

#include <atomic>
#include <cstdlib>
#include <ctime>
#include <sys/reboot.h>

namespace skerry {
namespace {

std::atomic<PanicHook> panic_hook = nullptr;

void enter_panic_hook(const char* report, std::size_t size) {
  if (const PanicHook hook = panic_hook; hook != nullptr)
    hook({report, size});
}

} // namespace

std::string_view version() noexcept {
  return SKERRY_VERSION;
}

std::chrono::nanoseconds uptime() noexcept {
  std::timespec now{};
  (void)::clock_gettime(CLOCK_BOOTTIME, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

void power_off(int status) noexcept {
  std::_Exit(status);
}

void reboot() noexcept {
  ::reboot(RB_AUTOBOOT);
  std::abort(); // unreachable: the call does not return
}

PanicHook on_panic(PanicHook hook) noexcept {
  const PanicHook before = panic_hook.exchange(hook);
  abi::call<abi::Call::on_panic>(hook != nullptr ? enter_panic_hook : nullptr);
  return before;
}

void emergency_write(std::string_view text) noexcept {
  abi::call<abi::Call::console_write>(text.data(), text.size());
}

} // namespace skerry
