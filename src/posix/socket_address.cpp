// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "src/posix/socket_address.hpp"

#include <algorithm>
#include <climits>

namespace skerry::posix {

Result<> read_address(std::uint64_t from, unsigned size, net::SocketAddress& address) {
  if (size > address.bytes.size()) {
    return fail(std::errc::invalid_argument);
  }
  address.size = size;
  return mm::copy_in(std::span(address.bytes).first(size), mm::VirtualAddress(from));
}

Result<> write_address(const net::SocketAddress& address, std::uint64_t to, unsigned room) {
  return mm::copy_out(mm::VirtualAddress(to), address.value().first(std::min(room, address.size)));
}

Result<> write_address(const net::SocketAddress& address, std::uint64_t to,
                       UserPointer<unsigned> size) {
  if (to == 0) {
    return {};
  }
  const unsigned room = TRY(size.read());
  if (room > INT_MAX) {
    return fail(std::errc::invalid_argument);
  }
  TRY(write_address(address, to, room));
  return size.write(address.size);
}

} // namespace skerry::posix
