// SPDX-License-Identifier: Apache-2.0
// /dev/null and its kin; numbers as Linux has them (Documentation/admin-guide/devices.txt).
#include "src/fs/devices.hpp"

#include "src/fs/console_file.hpp"

#include <kernel/random.hpp>
#include <mm/user_copy.hpp>

#include <algorithm>
#include <array>
#include <sys/stat.h>
#include <sys/sysmacros.h>

namespace skerry::fs {
namespace {

enum class Device : std::uint8_t { null, zero, full, random, console };

/// Bytes that are moved at once.
using Chunk = std::array<std::byte, 256>;

/// Fills `buffer` with what `next` puts into a chunk.
template <class Next> Result<std::size_t> fill(UserBuffer& buffer, Next next) {
  Chunk chunk{};
  std::size_t done = 0;
  while (buffer.remaining() != 0) {
    const auto part = std::span(chunk).first(std::min(chunk.size(), buffer.remaining()));
    const Result<> filled = next(part);
    const auto put = filled ? buffer.put(part) : Result<std::size_t>(fail(filled.error()));
    if (!put) {
      return done != 0 ? Result<std::size_t>(done) : put;
    }
    done += *put;
  }
  return done;
}

/// Nothing random is invented: without a source of entropy the device fails.
Result<> fill_random(std::span<std::byte> part) {
  return kernel::random_bytes(part) ? Result<>() : fail(std::errc::io_error);
}

class DeviceFile final : public NodeFile {
public:
  DeviceFile(NodeReference node, unsigned flags, Device device)
      : NodeFile(std::move(node), flags), device_(device) {}

  [[nodiscard]] Result<std::size_t> read(UserBuffer& buffer) override {
    switch (device_) {
    case Device::zero:
    case Device::full:
      return fill(buffer, [](std::span<std::byte>) { return Result<>(); });
    case Device::random:
      return fill(buffer, fill_random);
    default:
      return 0;
    }
  }

  /// What is written to the random device is taken and adds nothing: a seed has better sources.
  [[nodiscard]] Result<std::size_t> write(UserBuffer& buffer) override {
    if (device_ == Device::full) {
      return fail(std::errc::no_space_on_device);
    }
    const std::size_t size = buffer.remaining();
    buffer.skip(size);
    return size;
  }

  [[nodiscard]] Result<std::size_t> read_at(UserBuffer& buffer, std::int64_t) override {
    return read(buffer);
  }
  [[nodiscard]] Result<std::size_t> write_at(UserBuffer& buffer, std::int64_t) override {
    return write(buffer);
  }
  [[nodiscard]] Result<std::int64_t> seek(std::int64_t, int) override { return 0; }

private:
  ~DeviceFile() override = default;
  template <class T> friend struct mm::KernelDelete;

  Device device_;
};

class DeviceNode final : public Node {
public:
  DeviceNode(const FileSystem& home, Device device, unsigned major, unsigned minor)
      : Node(home, S_IFCHR | 0666), number_(makedev(major, minor)), device_(device) {}

  [[nodiscard]] Status status() const override {
    Status status = Node::status();
    status.special_device = number_;
    return status;
  }

  [[nodiscard]] Result<FileReference> open(unsigned flags) override {
    if (device_ == Device::console && (flags & open_flag::path_only) == 0) {
      return console_file();
    }
    return make_file<DeviceFile>(NodeReference(this), flags, device_);
  }

private:
  ~DeviceNode() override = default;
  template <class T> friend struct mm::KernelDelete;

  std::uint64_t number_;
  Device device_;
};

} // namespace

Result<> enter_devices(TreeDirectory& directory) {
  struct Row {
    std::string_view name;
    Device device;
    unsigned major;
    unsigned minor;
  };
  static constexpr Row rows[] = {
      {"null", Device::null, 1, 3},      {"zero", Device::zero, 1, 5},
      {"full", Device::full, 1, 7},      {"random", Device::random, 1, 8},
      {"urandom", Device::random, 1, 9}, {"console", Device::console, 5, 1},
  };
  for (const Row& row : rows) {
    const NodeReference node =
        TRY(make_node<DeviceNode>(directory.file_system(), row.device, row.major, row.minor));
    TRY(directory.enter(row.name, node));
  }
  return {};
}

} // namespace skerry::fs
