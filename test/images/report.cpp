// SPDX-License-Identifier: Apache-2.0
// Tells what <skerry/…> knows. With an argument it then fails, with a hook for that case: "fault"
// reads where nothing is, "hook" does so in the hook too, with "end" the hook ends the run, "off"
// and "reboot" end by <skerry/…>.
#include <skerry/network.hpp>
#include <skerry/statistics.hpp>
#include <skerry/system.hpp>

#include <cerrno>
#include <cstdio>
#include <print>
#include <string_view>
#include <unistd.h>

namespace {

int read_nothing() {
  return *reinterpret_cast<volatile int*>(16);
}

void last_word(std::string_view report) {
  skerry::emergency_write("hook: ");
  skerry::emergency_write(report.substr(0, report.find(' ')));
  const bool closed = write(STDOUT_FILENO, "x", 1) == -1 && errno == EIO;
  skerry::emergency_write(closed ? ", calls are closed\n" : ", calls are open\n");
}

void hook_that_ends(std::string_view) {
  skerry::emergency_write("hook: ends the run\n");
  skerry::power_off(9);
}

void bad_hook(std::string_view) {
  read_nothing();
}

void tell_network() {
  std::println("up: {}", skerry::wait_until_up(std::chrono::seconds(20)));
  for (const skerry::Interface& interface : skerry::interfaces()) {
    std::println("interface {} on {}: link {}, MTU {}", interface.name, interface.device,
                 interface.link_is_up, interface.mtu);
    for (const skerry::InterfaceAddress& address : interface.addresses) {
      std::println("address {}", address.text());
    }
  }
}

} // namespace

int main(int argc, char** argv) {
  const std::string_view wish = argc > 1 ? argv[1] : "";
  std::println("version {}", skerry::version());
  std::println("uptime is positive: {}", skerry::uptime().count() > 0);
  tell_network();
  for (const skerry::Statistic& statistic : skerry::statistics()) {
    std::println("counter {} {}", statistic.name, statistic.value);
  }
  std::fflush(stdout);
  skerry::on_panic(wish == "hook" ? bad_hook : wish == "end" ? hook_that_ends : last_word);
  if (wish == "fault" || wish == "hook" || wish == "end") {
    return read_nothing();
  }
  if (wish == "reboot") {
    skerry::reboot();
  }
  skerry::power_off(7);
}
