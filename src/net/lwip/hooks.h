/* SPDX-License-Identifier: Apache-2.0 */
/* What lwIP asks of port.cpp and of the configuration, by its own hooks. */
/* C++ includes it by src/net/lwip.hpp, as C. */
#pragma once

#include <lwip/ip_addr.h>

struct netif;
struct dhcp;
struct pbuf;

/* RFC 6528. */
u32_t skerry_net_initial_sequence(const ip_addr_t* local_ip, u16_t local_port,
                                  const ip_addr_t* remote_ip, u16_t remote_port);
#define LWIP_HOOK_TCP_ISN skerry_net_initial_sequence

/* Options of DHCP that lwIP does not know: MTU (26) and classless routes (121). */
void skerry_net_dhcp_option(struct netif* lwip, u8_t option, u8_t length, struct pbuf* packet,
                            u16_t offset);
#define LWIP_HOOK_DHCP_PARSE_OPTION(netif, dhcp, state, msg, msg_type, option, len, pbuf, offset)  \
  skerry_net_dhcp_option(netif, option, len, pbuf, offset)

/* Routes beside the default one. */
const ip4_addr_t* skerry_net_gateway(struct netif* lwip, const ip4_addr_t* destination);
#define LWIP_HOOK_ETHARP_GET_GW skerry_net_gateway
/* The router that `ip=` names, if it does. */
const ip6_addr_t* skerry_net_gateway6(struct netif* netif, const ip6_addr_t* destination);
#define LWIP_HOOK_ND6_GET_GW skerry_net_gateway6
