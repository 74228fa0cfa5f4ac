// SPDX-License-Identifier: Apache-2.0
// The calls on sockets; as those in calls.hpp.
#pragma once

#include "src/posix/user_pointer.hpp"

#include <core/result.hpp>

#include <cstddef>
#include <cstdint>
#include <sys/socket.h>
#include <time.h>

namespace skerry::posix {

Result<long> sys_socket(int domain, int type, int protocol);
Result<long> sys_socketpair(int domain, int type, int protocol, UserPointer<int> descriptors);
Result<long> sys_bind(int descriptor, std::uint64_t address, unsigned size);
Result<long> sys_connect(int descriptor, std::uint64_t address, unsigned size);
Result<long> sys_listen(int descriptor, int backlog);
Result<long> sys_accept(int descriptor, std::uint64_t address, UserPointer<unsigned> size);
Result<long> sys_accept4(int descriptor, std::uint64_t address, UserPointer<unsigned> size,
                         int flags);
Result<long> sys_getsockname(int descriptor, std::uint64_t address, UserPointer<unsigned> size);
Result<long> sys_getpeername(int descriptor, std::uint64_t address, UserPointer<unsigned> size);
Result<long> sys_shutdown(int descriptor, int how);
Result<long> sys_setsockopt(int descriptor, int level, int name, std::uint64_t value,
                            unsigned size);
Result<long> sys_getsockopt(int descriptor, int level, int name, std::uint64_t value,
                            UserPointer<unsigned> size);

Result<long> sys_sendto(int descriptor, std::uint64_t buffer, std::size_t size, int flags,
                        std::uint64_t address, unsigned address_size);
Result<long> sys_recvfrom(int descriptor, std::uint64_t buffer, std::size_t size, int flags,
                          std::uint64_t address, UserPointer<unsigned> address_size);
Result<long> sys_sendmsg(int descriptor, UserPointer<const msghdr> message, int flags);
Result<long> sys_recvmsg(int descriptor, UserPointer<msghdr> message, int flags);
Result<long> sys_sendmmsg(int descriptor, std::uint64_t messages, unsigned count, int flags);
Result<long> sys_recvmmsg(int descriptor, std::uint64_t messages, unsigned count, int flags,
                          UserPointer<timespec> timeout);

} // namespace skerry::posix
