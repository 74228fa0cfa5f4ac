// SPDX-License-Identifier: Apache-2.0
// Files of /proc/sys, which can be read only, and what else uname(2) tells.
#include "src/posix/descriptors.hpp"
#include "src/posix/inotify.hpp"
#include "src/posix/proc/files.hpp"
#include "src/posix/proc/text.hpp"
#include "src/posix/system_name.hpp"

#include <kernel/random.hpp>
#include <net/socket.hpp>

#include <array>
#include <cstdint>

namespace skerry::posix {
namespace {

std::size_t write_line(std::span<char> room, std::string_view line) {
  FileText text(room);
  text.add(line);
  text.add("\n");
  return text.size();
}

std::size_t write_system(std::span<char> room) {
  return write_line(room, system_name.system);
}

std::size_t write_release(std::span<char> room) {
  return write_line(room, system_name.release);
}

std::size_t write_build(std::span<char> room) {
  return write_line(room, system_name.version);
}

std::size_t write_host(std::span<char> room) {
  return write_line(room, system_name.host);
}

std::size_t write_version(std::span<char> room) {
  FileText text(room);
  text.put("{} version {} {}\n", system_name.system, system_name.release, system_name.version);
  return text.size();
}

using Uuid = std::array<std::uint8_t, 16>;

/// RFC 9562, 5.4. Empty where there is no randomness.
std::size_t write_uuid(std::span<char> room, Uuid bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
  FileText text(room);
  for (std::size_t index = 0; index < bytes.size(); ++index) {
    const bool starts_group = index == 4 || index == 6 || index == 8 || index == 10;
    text.add(starts_group ? "-" : "");
    text.add(digits.substr(bytes[index] >> 4U, 1));
    text.add(digits.substr(bytes[index] & 15U, 1));
  }
  text.add("\n");
  return text.size();
}

std::size_t write_fresh_uuid(std::span<char> room) {
  const auto bytes = kernel::random_value<Uuid>();
  return bytes ? write_uuid(room, *bytes) : 0;
}

/// The same for all of a run.
std::size_t write_boot_uuid(std::span<char> room) {
  static constinit Uuid of_this_run{};
  if (of_this_run == Uuid{}) {
    const auto bytes = kernel::random_value<Uuid>();
    if (!bytes) {
      return 0;
    }
    of_this_run = *bytes;
  }
  return write_uuid(room, of_this_run);
}

std::size_t write_most_descriptors(std::span<char> room) {
  FileText text(room);
  text.put("{}\n", max_descriptors);
  return text.size();
}

std::size_t write_most_events(std::span<char> room) {
  FileText text(room);
  text.put("{}\n", Inotify::most_events);
  return text.size();
}

std::size_t write_most_connections(std::span<char> room) {
  FileText text(room);
  text.put("{}\n", net::max_backlog);
  return text.size();
}

constexpr SystemText texts[] = {
    {"version", write_version},
    {"sys/kernel/ostype", write_system},
    {"sys/kernel/osrelease", write_release},
    {"sys/kernel/version", write_build},
    {"sys/kernel/hostname", write_host},
    {"sys/kernel/random/boot_id", write_boot_uuid},
    {"sys/kernel/random/uuid", write_fresh_uuid},
    {"sys/fs/nr_open", write_most_descriptors},
    {"sys/net/core/somaxconn", write_most_connections},
    {"sys/fs/inotify/max_queued_events", write_most_events},
};

} // namespace

std::span<const SystemText> setting_texts() {
  return texts;
}

} // namespace skerry::posix
