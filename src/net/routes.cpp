// SPDX-License-Identifier: Apache-2.0
// Classless static routes.
#include "src/net/routes.hpp"

#include <bit>
#include <cstring>

namespace skerry::net {
namespace {

std::uint32_t mask_of(unsigned bits) {
  return bits == 0 ? 0 : std::byteswap(~std::uint32_t{0} << (32 - bits));
}

} // namespace

bool Routes::parse(std::span<const std::uint8_t> option) {
  clear();
  while (!option.empty()) {
    const unsigned bits = option.front();
    const std::size_t bytes = (bits + 7) / 8;
    if (bits > 32 || option.size() < 1 + bytes + 4) {
      clear();
      return false;
    }
    Route route;
    std::memcpy(&route.destination, option.data() + 1, bytes);
    std::memcpy(&route.gateway, option.data() + 1 + bytes, 4);
    route.mask = mask_of(bits);
    route.destination &= route.mask;
    if (count_ < max_routes) {
      routes_[count_++] = route;
    }
    option = option.subspan(1 + bytes + 4);
  }
  return true;
}

std::optional<Route> Routes::find(std::uint32_t destination) const {
  std::optional<Route> best;
  for (const Route& route : all()) {
    const bool fits = (destination & route.mask) == route.destination;
    // Masks are runs of ones from the first byte on, so the longer one is the larger number.
    if (fits && (!best || std::byteswap(route.mask) > std::byteswap(best->mask))) {
      best = route;
    }
  }
  return best;
}

std::optional<std::uint32_t> Routes::default_gateway() const {
  for (const Route& route : all()) {
    if (route.mask == 0 && route.gateway != 0) {
      return route.gateway;
    }
  }
  return std::nullopt;
}

} // namespace skerry::net
