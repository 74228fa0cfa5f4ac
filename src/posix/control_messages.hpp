// SPDX-License-Identifier: Apache-2.0
// The control data of sendmsg(2) and recvmsg(2) between the application and sockets.
#pragma once

#include "src/posix/heap_array.hpp"
#include "src/posix/user_pointer.hpp"

#include <net/socket.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <sys/socket.h>

namespace skerry::posix {

using ControlBytes = HeapArray<std::byte>;

/// What a message to be sent has beside its bytes, copied in.
/// Errors: bad_address; no_buffer_space  more than Linux' optmem_max; not_enough_memory
[[nodiscard]] Result<ControlBytes> read_control(const msghdr& message);

/// Writes what was received into the room that the application has for it.
class ControlWriter final : public net::ControlSink {
public:
  /// `close_on_exec` is for descriptors that come in.
  ControlWriter(const msghdr& message, bool close_on_exec);

  void put(int level, int type, std::span<const std::byte> data) override;
  void put_files(std::span<const fs::FileReference> files) override;

  [[nodiscard]] unsigned used_bytes() const { return static_cast<unsigned>(used_); }
  /// Something had no room.
  [[nodiscard]] bool is_truncated() const { return is_truncated_; }

private:
  [[nodiscard]] std::size_t room() const { return room_ - used_; }
  [[nodiscard]] mm::VirtualAddress place(std::size_t offset = 0) const;
  [[nodiscard]] Result<> put_file(const fs::FileReference& file, mm::VirtualAddress number) const;
  /// Writes the header of `size_bytes` that are in place.
  void finish(int level, int type, std::size_t size_bytes);

  std::uint64_t address_;
  std::size_t room_;
  std::size_t used_ = 0;
  bool close_on_exec_;
  bool is_truncated_ = false;
};

} // namespace skerry::posix
