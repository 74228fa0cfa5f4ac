// SPDX-License-Identifier: Apache-2.0
// Routes of an interface beside its default one, as DHCP's option 121 gives them (RFC 3442).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace skerry::net {

/// Addresses and masks are in network byte order, as lwIP keeps them.
struct Route {
  std::uint32_t destination = 0;
  std::uint32_t mask = 0;
  std::uint32_t gateway = 0; ///< 0: on the link itself
};

class Routes {
public:
  static constexpr std::size_t max_routes = 32;

  /// Replaces all routes by those in the bytes of an option: for each the number of bits, as many
  /// bytes of the destination as these fill, and the gateway. Returns false, and has no routes,
  /// when the option is not of that form. Routes that are one too many are left out.
  bool parse(std::span<const std::uint8_t> option);

  void clear() { count_ = 0; }

  /// The most specific route to `destination`.
  [[nodiscard]] std::optional<Route> find(std::uint32_t destination) const;
  /// The default route among them: it outranks DHCP's router option.
  [[nodiscard]] std::optional<std::uint32_t> default_gateway() const;
  [[nodiscard]] std::span<const Route> all() const { return {routes_.data(), count_}; }

private:
  std::array<Route, max_routes> routes_{};
  std::size_t count_ = 0;
};

} // namespace skerry::net
