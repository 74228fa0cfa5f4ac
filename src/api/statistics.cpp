// SPDX-License-Identifier: Apache-2.0
// <skerry/statistics.hpp>
#include "src/api/call.hpp"

#include <skerry/statistics.hpp>

namespace skerry {

std::vector<Statistic> statistics() {
  std::vector<abi::Statistic> list(96);
  for (;;) {
    const long count = abi::call<abi::Call::statistics>(list.data(), list.size());
    if (count < 0)
      return {};
    const bool all = static_cast<std::size_t>(count) <= list.size();
    list.resize(static_cast<std::size_t>(count));
    if (all)
      break;
  }
  std::vector<Statistic> result;
  result.reserve(list.size());
  for (const abi::Statistic& statistic : list)
    result.push_back({.name = statistic.name, .value = statistic.value});
  return result;
}

std::optional<std::uint64_t> statistic(std::string_view name) {
  for (const Statistic& each : statistics())
    if (each.name == name)
      return each.value;
  return std::nullopt;
}

} // namespace skerry
