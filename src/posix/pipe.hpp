// SPDX-License-Identifier: Apache-2.0
// Pipes (pipe(7)): bytes in a ring, and an end to read and one to write.
#pragma once

#include "src/posix/waiting_file.hpp"

#include <mm/heap.hpp>

#include <array>
#include <cstddef>

namespace skerry::posix {

/// What both ends share. Goes with the second of them.
struct PipeBuffer {
  static constexpr std::size_t size = 65536;

  [[nodiscard]] std::size_t room() const { return size - used; }

  std::array<std::byte, size> bytes{};
  std::size_t first = 0; ///< index of the oldest byte
  std::size_t used = 0;
  class PipeEnd* reader = nullptr; ///< null when it is closed
  PipeEnd* writer = nullptr;
};

class PipeEnd final : public WaitingFile {
public:
  /// `is_reader` says which end. The buffer belongs to both ends.
  PipeEnd(PipeBuffer& buffer, bool is_reader);
  ~PipeEnd() override = default;

  [[nodiscard]] Result<std::size_t> read(fs::UserBuffer& buffer) override;
  /// Up to 4096 bytes go as a whole (PIPE_BUF).
  [[nodiscard]] Result<std::size_t> write(fs::UserBuffer& buffer) override;
  [[nodiscard]] Result<long> ioctl(unsigned long request, std::uint64_t argument) override;
  [[nodiscard]] fs::Readiness poll() override;
  [[nodiscard]] fs::Status status() override;

private:
  void destroy() override;
  [[nodiscard]] Result<std::size_t> take(fs::UserBuffer& buffer);
  [[nodiscard]] Result<std::size_t> put(fs::UserBuffer& buffer);
  /// Tells the other end, if it is open.
  void tell_other();

  PipeBuffer& buffer_;
  bool is_reader_;
};

} // namespace skerry::posix
