// SPDX-License-Identifier: Apache-2.0
// Parsing and printing of addresses.
#include "src/net/address_text.hpp"

#include <core/format.hpp>

#include <algorithm>
#include <charconv>

namespace skerry::net {
namespace {

/// The number that `text` begins with, which is cut off; at most `most`.
std::optional<unsigned> take_number(std::string_view& text, int base, unsigned most) {
  unsigned value = 0;
  std::size_t digits = 0;
  for (; digits < text.size(); ++digits) {
    const char c = text[digits];
    unsigned digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<unsigned>(c - '0');
    } else if (base == 16 && ((c | 0x20) >= 'a') && ((c | 0x20) <= 'f')) {
      digit = static_cast<unsigned>((c | 0x20) - 'a') + 10;
    } else {
      break;
    }
    value = value * static_cast<unsigned>(base) + digit;
    if (value > most) {
      return std::nullopt;
    }
  }
  const bool has_leading_zero = digits > 1 && text.front() == '0' && base == 10;
  if (digits == 0 || has_leading_zero) {
    return std::nullopt;
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, std::string_view what) {
  if (!text.starts_with(what)) {
    return false;
  }
  text.remove_prefix(what.size());
  return true;
}

bool parse_quad(std::string_view text, std::span<std::uint8_t, 4> out) {
  for (std::size_t i = 0; i < 4; ++i) {
    if (i != 0 && !take(text, ".")) {
      return false;
    }
    const auto number = take_number(text, 10, 255);
    if (!number) {
      return false;
    }
    out[i] = static_cast<std::uint8_t>(*number);
  }
  return text.empty();
}

/// Groups of an IPv6 address and where the double colon stood (RFC 4291, 2.2).
struct Groups {
  std::array<std::uint8_t, 16> bytes{};
  std::size_t used = 0;
  std::optional<std::size_t> gap;

  bool read(std::string_view text) {
    if (take(text, "::")) {
      gap = 0;
    }
    while (!text.empty()) {
      if (used > 14) {
        return false;
      }
      const std::string_view rest = text;
      const auto number = take_number(text, 16, 0xffff);
      if (number && text.starts_with('.')) {
        return used <= 12 && parse_quad(rest, std::span(bytes).subspan(used).first<4>()) &&
               (used += 4) != 0;
      }
      if (!number || rest.size() - text.size() > 4) {
        return false;
      }
      bytes[used++] = static_cast<std::uint8_t>(*number >> 8U);
      bytes[used++] = static_cast<std::uint8_t>(*number);
      if (text.empty()) {
        break;
      }
      if (take(text, "::")) {
        if (gap) {
          return false;
        }
        gap = used;
      } else if (!take(text, ":") || text.empty()) {
        return false;
      }
    }
    return gap ? used <= 14 : used == 16;
  }

  void open_gap() {
    if (gap) {
      auto* const from = bytes.begin() + static_cast<std::ptrdiff_t>(*gap);
      auto* const end = bytes.begin() + static_cast<std::ptrdiff_t>(used);
      std::move_backward(from, end, bytes.end());
      std::fill(from, bytes.end() - (end - from), std::uint8_t{0});
    }
  }
};

unsigned group(const Address& address, std::size_t index) {
  return static_cast<unsigned>(address.bytes[index * 2] << 8U) | address.bytes[index * 2 + 1];
}

/// The longest run of zero groups, of two at least (RFC 5952, 4.2).
std::pair<std::size_t, std::size_t> longest_zero_run(const Address& address) {
  std::pair<std::size_t, std::size_t> best{8, 0};
  for (std::size_t start = 0; start < 8; ++start) {
    std::size_t length = 0;
    while (start + length < 8 && group(address, start + length) == 0) {
      ++length;
    }
    if (length > best.second && length > 1) {
      best = {start, length};
    }
  }
  return best;
}

} // namespace

std::optional<Address> parse_address(std::string_view text) {
  Address address;
  if (parse_quad(text, std::span(address.bytes).first<4>())) {
    return address;
  }
  Groups groups;
  if (!groups.read(text)) {
    return std::nullopt;
  }
  groups.open_gap();
  return Address{.family = Family::ipv6, .bytes = groups.bytes, .scope = 0};
}

std::optional<Prefix> parse_prefix(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) {
    return std::nullopt;
  }
  const auto address = parse_address(text.substr(0, slash));
  if (!address) {
    return std::nullopt;
  }
  std::string_view rest = text.substr(slash + 1);
  const auto bits = take_number(rest, 10, address->family == Family::ipv4 ? 32 : 128);
  if (!bits || !rest.empty()) {
    return std::nullopt;
  }
  return Prefix{.address = *address, .bits = *bits};
}

std::string_view print_address(const Address& address, std::span<char, address_text_size> buffer) {
  if (address.family == Family::ipv4) {
    return format_to(buffer, "{}.{}.{}.{}", unsigned{address.bytes[0]}, unsigned{address.bytes[1]},
                     unsigned{address.bytes[2]}, unsigned{address.bytes[3]});
  }
  const auto [gap, length] = longest_zero_run(address);
  std::size_t used = 0;
  const auto add = [&](std::string_view text) {
    std::ranges::copy(text, buffer.begin() + static_cast<std::ptrdiff_t>(used));
    used += text.size();
  };
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == gap) {
      add("::");
      i += length - 1;
      continue;
    }
    if (i != 0 && i != gap + length) {
      add(":");
    }
    char digits[5];
    add(format_to(digits, "{:x}", group(address, i)));
  }
  return {buffer.data(), used};
}

} // namespace skerry::net
