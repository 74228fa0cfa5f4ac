// SPDX-License-Identifier: Apache-2.0
// Starts and asks Redis; see the header.
#include "redis_service.hpp"

#include "private_network.hpp"
#include "served.hpp"

#include <gtest/gtest.h>

namespace skerry::test {

std::unique_ptr<vm::Guest> serve_redis(const std::string& arguments) {
  return serve(vm::MachineKind::q35, "redis", "Ready to accept connections",
               std::string(private_addresses) + " -- " + arguments, [](vm::Machine& machine) {
                 use_private_network(machine);
                 machine.memory_bytes = std::uint64_t{256} << 20;
               });
}

std::string redis_cli(std::vector<std::string> words) {
  const std::vector<std::string> first{"redis-cli", "-h", redis_address};
  words.insert(words.begin(), first.begin(), first.end());
  const Captured result = run_client(std::move(words));
  EXPECT_TRUE(result.status.success()) << result.status.describe() << result.error;
  return result.output;
}

} // namespace skerry::test
