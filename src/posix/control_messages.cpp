// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "src/posix/control_messages.hpp"

#include "src/posix/descriptors.hpp"

#include <net/control_data.hpp>

#include <algorithm>

namespace skerry::posix {
namespace {

constexpr std::size_t max_control_bytes = 131'072; // net.core.optmem_max

} // namespace

Result<ControlBytes> read_control(const msghdr& message) {
  if (message.msg_controllen > max_control_bytes) {
    return fail(std::errc::no_buffer_space);
  }
  auto bytes = TRY(ControlBytes::make(message.msg_controllen));
  TRY(mm::copy_in(bytes.all(), mm::VirtualAddress(message.msg_control)));
  return bytes;
}

ControlWriter::ControlWriter(const msghdr& message, bool close_on_exec)
    : address_(reinterpret_cast<std::uint64_t>(message.msg_control)),
      room_(message.msg_control != nullptr ? message.msg_controllen : 0),
      close_on_exec_(close_on_exec) {}

mm::VirtualAddress ControlWriter::place(std::size_t offset) const {
  return mm::VirtualAddress(address_ + used_ + offset);
}

void ControlWriter::finish(int level, int type, std::size_t size_bytes) {
  const net::ControlHeader header{.size_bytes = size_bytes, .level = level, .type = type};
  if (mm::copy_out(place(), std::as_bytes(std::span(&header, 1)))) {
    used_ += std::min(net::control_space(size_bytes), room());
  } else {
    is_truncated_ = true;
  }
}

void ControlWriter::put(int level, int type, std::span<const std::byte> data) {
  constexpr std::size_t header = sizeof(net::ControlHeader);
  if (room() < header) {
    is_truncated_ = true;
    return;
  }
  const std::size_t size = std::min(data.size(), room() - header);
  if (!mm::copy_out(place(header), data.first(size))) {
    is_truncated_ = true;
    return;
  }
  is_truncated_ = is_truncated_ || size < data.size();
  finish(level, type, header + size);
}

Result<> ControlWriter::put_file(const fs::FileReference& file, mm::VirtualAddress number) const {
  const int descriptor = TRY(open_descriptor(file, close_on_exec_));
  const auto written = mm::copy_out(number, std::as_bytes(std::span(&descriptor, 1)));
  if (!written) {
    (void)close_descriptor(descriptor);
  }
  return written;
}

void ControlWriter::put_files(std::span<const fs::FileReference> files) {
  constexpr std::size_t header = sizeof(net::ControlHeader);
  const std::size_t fits = room() > header ? (room() - header) / sizeof(int) : 0;
  std::size_t done = 0;
  while (done < std::min(files.size(), fits) &&
         put_file(files[done], place(header + done * sizeof(int)))) {
    ++done;
  }
  if (done != 0) {
    finish(SOL_SOCKET, SCM_RIGHTS, header + done * sizeof(int));
  }
  is_truncated_ = is_truncated_ || done < files.size();
}

} // namespace skerry::posix
