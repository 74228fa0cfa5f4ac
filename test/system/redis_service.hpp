// SPDX-License-Identifier: Apache-2.0
// A guest that is Redis, on the private network, and its command-line client.
#pragma once

#include "vm/guest.hpp"

#include <memory>
#include <string>
#include <vector>

namespace skerry::test {

inline constexpr const char* redis_address = "10.0.0.2";

/// Boots Redis with more arguments of its own behind those of the recipe, and waits until it takes
/// connections. Throws Failure when it never does.
[[nodiscard]] std::unique_ptr<vm::Guest> serve_redis(const std::string& arguments = {});

/// What redis-cli writes; fails the test when it ends badly.
[[nodiscard]] std::string redis_cli(std::vector<std::string> words);

} // namespace skerry::test
