/* SPDX-License-Identifier: Apache-2.0 */
/* How lwIP is configured: the raw interface without threads, memory from heaps of ours, and limits
   on everything that a peer can make grow. What each option means is in lwIP's opt.h. */
#pragma once

#define LWIP_DONT_PROVIDE_BYTEORDER_FUNCTIONS 1

/* One CPU serves a stack, and floors are not preempted: nothing to lock. */
#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_NETCONN 0
#define LWIP_SOCKET 0
#define LWIP_TIMERS 1
#define LWIP_ERRNO_STDINCLUDE 0
#define LWIP_PROVIDE_ERRNO 0

/* Memory: port.cpp gives it from a heap whose pages hold nothing but network data. */
#define MEM_LIBC_MALLOC 0
#define MEM_CUSTOM_ALLOCATOR 1
#define MEM_CUSTOM_MALLOC skerry_net_malloc
#define MEM_CUSTOM_FREE skerry_net_free
#define MEM_CUSTOM_CALLOC skerry_net_calloc
#define MEMP_MEM_MALLOC 1
#define MEM_ALIGNMENT 16
#define MEMP_NUM_SYS_TIMEOUT (LWIP_NUM_SYS_TIMEOUT_INTERNAL + 8)
#define LWIP_SUPPORT_CUSTOM_PBUF 1
#define PBUF_POOL_BUFSIZE 2048
#define PBUF_LINK_ENCAPSULATION_HLEN 0

/* Links. */
#define LWIP_ETHERNET 1
#define LWIP_ARP 1
#define ETH_PAD_SIZE 0
#define ARP_TABLE_SIZE 64
#define ARP_QUEUEING 1
#define ARP_QUEUE_LEN 3
#define ETHARP_SUPPORT_STATIC_ENTRIES 1
#define LWIP_NETIF_STATUS_CALLBACK 1
#define LWIP_NETIF_LINK_CALLBACK 0
#define LWIP_NETIF_HOSTNAME 1
#define LWIP_NETIF_LOOPBACK 1
#define LWIP_HAVE_LOOPIF 1
#define LWIP_LOOPBACK_MAX_PBUFS 256
#define LWIP_NETIF_TX_SINGLE_PBUF 0
#define LWIP_CHECKSUM_CTRL_PER_NETIF 1
#define LWIP_NETIF_EXT_STATUS_CALLBACK 0

/* IPv4. */
#define LWIP_IPV4 1
#define IP_FORWARD 0
#define IP_OPTIONS_ALLOWED 0
#define IP_REASSEMBLY 1
#define IP_FRAG 1
/* A large frame comes in two pieces: the copy of its headers, and the rest. */
#define IP_REASS_MAX_PBUFS 128
#define MEMP_NUM_REASSDATA 16
#define IP_REASS_MAXAGE 15
#define LWIP_ICMP 1
#define LWIP_BROADCAST_PING 0
#define LWIP_MULTICAST_PING 0
#define LWIP_IGMP 1
#define LWIP_AUTOIP 0
#define LWIP_ACD 0
#define LWIP_RAW 0

/* IPv6. */
#define LWIP_IPV6 1
#define LWIP_IPV6_AUTOCONFIG 1
#define LWIP_IPV6_NUM_ADDRESSES 4
#define LWIP_IPV6_DUP_DETECT_ATTEMPTS 1
#define LWIP_IPV6_SEND_ROUTER_SOLICIT 1
#define LWIP_IPV6_MLD 1
#define LWIP_IPV6_SCOPES 1
#define LWIP_IPV6_REASS 1
#define LWIP_IPV6_FRAG 1
#define IPV6_FRAG_COPYHEADER 1 /* pointers have 64 bits */
#define LWIP_IPV6_FORWARD 0
#define LWIP_ND6_NUM_NEIGHBORS 64
#define LWIP_ND6_NUM_DESTINATIONS 64
#define LWIP_ND6_QUEUEING 1
#define LWIP_ND6_ALLOW_RA_UPDATES 1
#define LWIP_ND6_RDNSS_MAX_DNS_SERVERS 2
#define LWIP_ND6_TCP_REACHABILITY_HINTS 1
#define LWIP_IPV6_DHCP6 0

/* Configuration. dns.c is not compiled: the C library resolves names; the addresses of servers are
   kept by name_servers.cpp. */
#define LWIP_DHCP 1
#define LWIP_DHCP_DOES_ACD_CHECK 0
#define LWIP_DHCP_BOOTP_FILE 0
#define LWIP_DHCP_GET_NTP_SRV 0
#define LWIP_DHCP_MAX_DNS_SERVERS 3
#define DHCP_ADD_EXTRA_REQUEST_OPTIONS , 26, 121 /* MTU, classless routes */
/* Leases are counted in seconds: many last for a minute. */
#define DHCP_COARSE_TIMER_SECS 1
#define DHCP_TIMEOUT_SIZE_T u32_t
#define DHCP_DEFINE_CUSTOM_TIMEOUTS
#define SKERRY_AT_LEAST_A_SECOND(seconds) ((seconds) != 0 ? (seconds) : 1)
#define DHCP_SET_TIMEOUT_FROM_OFFERED_T0_LEASE(result, dhcp)                                       \
  ((result) = SKERRY_AT_LEAST_A_SECOND((dhcp)->offered_t0_lease))
#define DHCP_SET_TIMEOUT_FROM_OFFERED_T1_RENEW(result, dhcp)                                       \
  ((result) = SKERRY_AT_LEAST_A_SECOND((dhcp)->offered_t1_renew))
#define DHCP_SET_TIMEOUT_FROM_OFFERED_T2_REBIND(result, dhcp)                                      \
  ((result) = SKERRY_AT_LEAST_A_SECOND((dhcp)->offered_t2_rebind))
#define DHCP_NEXT_TIMEOUT_THRESHOLD 60 /* between two tries to renew (RFC 2131, 4.4.5) */
#define DHCP_REQUEST_BACKOFF_SEQUENCE(tries) ((u16_t)(((tries) < 6 ? 1 << (tries) : 60) * 1000))
#define LWIP_DNS 1
#define DNS_MAX_SERVERS 3

/* Transport. */
#define LWIP_UDP 1
#define LWIP_NETBUF_RECVINFO 1
#define LWIP_UDPLITE 0
#define LWIP_TCP 1
#define TCP_MSS 1460
#define TCP_CALCULATE_EFF_SEND_MSS 1
#define LWIP_WND_SCALE 1
#define TCP_RCV_SCALE 3
#define TCP_WND (256 * 1024)
#define TCP_SND_BUF (256 * 1024)
#define TCP_SND_QUEUELEN 1024
#define MEMP_NUM_TCP_SEG 1024
#define TCP_SNDLOWAT (32 * 1024)
#define TCP_SNDQUEUELOWAT 256
#define TCP_OVERSIZE TCP_MSS
#define TCP_QUEUE_OOSEQ 1
#define TCP_OOSEQ_MAX_BYTES (128 * 1024)
#define TCP_OOSEQ_MAX_PBUFS 128
#define TCP_OOSEQ_BYTES_LIMIT(pcb) skerry_net_out_of_order_limit()
#define LWIP_TCP_SACK_OUT 1
#define LWIP_TCP_TIMESTAMPS 0
#define TCP_LISTEN_BACKLOG 1
#define TCP_DEFAULT_LISTEN_BACKLOG 128
#define LWIP_TCP_KEEPALIVE 1
#define SO_REUSE 1
#define SO_REUSE_RXTOALL 1
#define LWIP_MULTICAST_TX_OPTIONS 1
#define LWIP_TCP_RTO_TIME 1000
#define TCP_MAXRTX 12
#define TCP_SYNMAXRTX 6

/* Drops are counted by reason. */
#define LWIP_STATS 1
#define LWIP_STATS_LARGE 1
#define LWIP_STATS_DISPLAY 0
#define MEM_STATS 0
#define MEMP_STATS 0
#define SYS_STATS 0
#define ETHARP_STATS 1
#define ND6_STATS 1

#define LWIP_HOOK_FILENAME "src/net/lwip/hooks.h"
#define LWIP_CHKSUM skerry_net_checksum

/* For resolvers that are not compiled; it would ask the C library for more. */
#define lwip_strnstr(buffer, token, n) NULL
