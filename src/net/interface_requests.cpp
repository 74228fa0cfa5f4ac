// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "src/net/interface_names.hpp"
#include "src/net/stack.hpp"

#include <mm/user_copy.hpp>
#include <net/if.h>
#include <net/interface_requests.hpp>

#include <algorithm>
#include <cstring>
#include <netinet/in.h>
#include <sys/ioctl.h>

namespace skerry::net {
namespace {

static_assert(sizeof(ifreq) == 40, "the layout on x86-64");

void put_name(ifreq& request, const netif& interface) {
  const InterfaceName name = name_of(interface);
  std::memcpy(request.ifr_name, name.data(), name.size());
}

void put_address(sockaddr& place, std::uint32_t address) {
  sockaddr_in full{};
  full.sin_family = AF_INET;
  full.sin_addr.s_addr = address;
  std::memcpy(&place, &full, sizeof full);
}

Result<> put_hardware_address(ifreq& request, const netif& interface) {
  request.ifr_hwaddr = {};
  request.ifr_hwaddr.sa_family = hardware_type(interface);
  std::memcpy(request.ifr_hwaddr.sa_data, interface.hwaddr,
              std::min<std::size_t>(interface.hwaddr_len, sizeof request.ifr_hwaddr.sa_data));
  return {};
}

/// An address, or what goes with one.
Result<> put_ipv4(ifreq& request, unsigned long what, const netif& interface) {
  const std::uint32_t address = netif_ip4_addr(&interface)->addr;
  const std::uint32_t mask = netif_ip4_netmask(&interface)->addr;
  if (address == INADDR_ANY) {
    return fail(std::errc::address_not_available);
  }
  put_address(request.ifr_addr, what == SIOCGIFADDR      ? address
                                : what == SIOCGIFNETMASK ? mask
                                : is_loopback(interface) ? INADDR_ANY
                                                         : address | ~mask);
  return {};
}

Result<> fill(ifreq& request, unsigned long what, const netif& interface) {
  switch (what) {
  case SIOCGIFINDEX:
    request.ifr_ifindex = netif_get_index(&interface);
    return {};
  case SIOCGIFFLAGS:
    request.ifr_flags = static_cast<short>(flags_of(interface));
    return {};
  case SIOCGIFMTU:
    request.ifr_mtu = static_cast<int>(mtu_of(interface));
    return {};
  case SIOCGIFHWADDR:
    return put_hardware_address(request, interface);
  case SIOCGIFADDR:
  case SIOCGIFNETMASK:
  case SIOCGIFBRDADDR:
    return put_ipv4(request, what, interface);
  default:
    return fail(std::errc::inappropriate_io_control_operation);
  }
}

Result<ifreq> read_request(std::uint64_t argument) {
  ifreq request{};
  TRY(mm::copy_in(std::as_writable_bytes(std::span(&request, 1)), mm::VirtualAddress(argument)));
  request.ifr_name[IFNAMSIZ - 1] = '\0';
  return request;
}

template <class T> Result<> write(std::uint64_t argument, const T& value) {
  return mm::copy_out(mm::VirtualAddress(argument), std::as_bytes(std::span(&value, 1)));
}

Result<long> tell_name(std::uint64_t argument) {
  ifreq request = TRY(read_request(argument));
  const auto index = static_cast<unsigned>(request.ifr_ifindex);
  const netif* interface =
      index <= UINT8_MAX ? netif_get_by_index(static_cast<u8_t>(index)) : nullptr;
  if (interface == nullptr) {
    return fail(std::errc::no_such_device);
  }
  put_name(request, *interface);
  TRY(write(argument, request));
  return 0;
}

/// All interfaces that have an IPv4 address, or without a buffer how long the list would be.
Result<long> list_interfaces(std::uint64_t argument) {
  ifconf list{};
  TRY(mm::copy_in(std::as_writable_bytes(std::span(&list, 1)), mm::VirtualAddress(argument)));
  const auto to = reinterpret_cast<std::uint64_t>(list.ifc_buf);
  std::size_t used = 0;
  for (unsigned index = 1; index <= UINT8_MAX; ++index) {
    const netif* interface = netif_get_by_index(static_cast<u8_t>(index));
    if (interface == nullptr || netif_ip4_addr(interface)->addr == INADDR_ANY) {
      continue;
    }
    if (to != 0) {
      if (static_cast<std::int64_t>(used + sizeof(ifreq)) > list.ifc_len) {
        break;
      }
      ifreq entry{};
      put_name(entry, *interface);
      put_address(entry.ifr_addr, netif_ip4_addr(interface)->addr);
      TRY(write(to + used, entry));
    }
    used += sizeof(ifreq);
  }
  list.ifc_len = static_cast<int>(used);
  TRY(write(argument, list));
  return 0;
}

} // namespace

Result<long> interface_request(unsigned long request, std::uint64_t argument) {
  constexpr unsigned long kind = 0x89; // of requests to sockets
  if (request >> 8 != kind) {
    return fail(std::errc::inappropriate_io_control_operation);
  }
  const StackUse use;
  if (request == SIOCGIFCONF) {
    return list_interfaces(argument);
  }
  if (request == SIOCGIFNAME) {
    return tell_name(argument);
  }
  ifreq asked = TRY(read_request(argument));
  const netif* interface = find_interface(std::string_view(asked.ifr_name));
  netif nobody{};
  if (interface == nullptr) {
    // A request that is not known is refused whatever it is about.
    const auto known = fill(asked, request, nobody);
    return fail(!known && known.error() == std::errc::inappropriate_io_control_operation
                    ? known.error()
                    : std::errc::no_such_device);
  }
  TRY(fill(asked, request, *interface));
  TRY(write(argument, asked));
  return 0;
}

} // namespace skerry::net
