/* SPDX-License-Identifier: Apache-2.0 */
/* What lwIP asks of port.cpp and of the configuration, by its own hooks. */
/* C++ includes it by src/net/lwip.hpp, as C. */
#pragma once

#include <lwip/ip_addr.h>

struct netif;
struct dhcp;
struct pbuf;
struct tcp_pcb_listen;
struct udp_pcb;

/* RFC 6528. */
u32_t skerry_net_initial_sequence(const ip_addr_t* local_ip, u16_t local_port,
                                  const ip_addr_t* remote_ip, u16_t remote_port);
#define LWIP_HOOK_TCP_ISN skerry_net_initial_sequence

/* A SYN met a backlog that was full: of connections that wait for accept(), and so it was dropped;
   or of half-open ones, of which the oldest was dropped. */
void skerry_net_backlog_full(void);
#define LWIP_HOOK_TCP_BACKLOG_FULL skerry_net_backlog_full
void skerry_net_half_open_dropped(void);
#define LWIP_HOOK_TCP_HALF_OPEN_DROPPED skerry_net_half_open_dropped

/* Which of the sockets that share an address a peer meets, when lwIP has found one of them. */
struct tcp_pcb_listen* skerry_net_listener(struct tcp_pcb_listen* found, u16_t peer_port);
#define LWIP_HOOK_TCP_LISTENER skerry_net_listener
struct udp_pcb* skerry_net_udp_socket(struct udp_pcb* found, u16_t peer_port);
#define LWIP_HOOK_UDP_SOCKET skerry_net_udp_socket

/* Bytes that a connection may keep of what has come out of order. */
u32_t skerry_net_out_of_order_limit(void);

/* The options of a message to a DHCP server are complete. */
void skerry_net_dhcp_request(u8_t* options, u16_t size);
#define LWIP_HOOK_DHCP_APPEND_OPTIONS(netif, dhcp, state, msg, msg_type, options_len_ptr)          \
  skerry_net_dhcp_request((msg)->options, *(options_len_ptr))
/* Replies of DHCP servers: one begins, with options that lwIP does not know, and it gives a lease.
 */
void skerry_net_dhcp_reply(void);
void skerry_net_dhcp_option(u8_t option, u8_t length, const struct pbuf* packet, u16_t offset);
void skerry_net_dhcp_lease(struct netif* lwip, struct dhcp* lease);
#define LWIP_HOOK_DHCP_REPLY skerry_net_dhcp_reply
#define LWIP_HOOK_DHCP_PARSE_OPTION(netif, dhcp, state, msg, msg_type, option, len, pbuf, offset)  \
  skerry_net_dhcp_option(option, len, pbuf, offset)
#define LWIP_HOOK_DHCP_LEASE skerry_net_dhcp_lease

/* A message of ICMP or ICMPv6 that says that a destination cannot be reached. */
void skerry_net_unreachable(const struct pbuf* message);
#define LWIP_HOOK_UNREACHABLE skerry_net_unreachable

/* Routes beside the default one. */
const ip4_addr_t* skerry_net_gateway(struct netif* lwip, const ip4_addr_t* destination);
#define LWIP_HOOK_ETHARP_GET_GW skerry_net_gateway
/* Whether `ip=` says that an address is on the link. */
int skerry_net_on_link6(struct netif* lwip, const ip6_addr_t* address);
#define LWIP_HOOK_ND6_ON_LINK skerry_net_on_link6
/* Another machine has an address of ours. */
void skerry_net_duplicate6(struct netif* lwip, s8_t index);
#define LWIP_HOOK_ND6_DUPLICATE skerry_net_duplicate6
/* The router that `ip=` names, if it does. */
const ip6_addr_t* skerry_net_gateway6(struct netif* lwip, const ip6_addr_t* destination);
#define LWIP_HOOK_ND6_GET_GW skerry_net_gateway6
