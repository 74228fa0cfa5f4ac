// SPDX-License-Identifier: Apache-2.0
// A client of QEMU's machine protocol: JSON lines over a socket.
// Specification: QEMU, "QEMU Machine Protocol Specification" (docs/interop/qmp-spec).
#pragma once

#include "support/deadline.hpp"
#include "support/file_descriptor.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace skerry::vm {

/// Not thread-safe. Every call may block until its deadline.
class Qmp {
public:
  /// `socket` is connected to QEMU's monitor. Nothing is sent before the first command.
  explicit Qmp(FileDescriptor socket);
  ~Qmp();

  /// Runs a command and returns its answer ("return"). Throws Failure with QEMU's words when QEMU
  /// refuses, when the connection ends or when `deadline` comes.
  nlohmann::json execute(std::string_view command, const nlohmann::json& arguments,
                         Deadline deadline);
  nlohmann::json execute(std::string_view command, Deadline deadline);

  /// Waits for an event of that name (SHUTDOWN, POWERDOWN, STOP …), also one that came earlier and
  /// has not been asked for. Throws Failure as execute does.
  nlohmann::json wait_event(std::string_view name, Deadline deadline);

private:
  void negotiate(Deadline deadline);
  nlohmann::json call(std::string_view command, const nlohmann::json& arguments, Deadline deadline);
  [[nodiscard]] nlohmann::json read_message(Deadline deadline);

  FileDescriptor socket_;
  std::string received_; // bytes after the last complete line
  std::vector<nlohmann::json> events_;
  bool negotiated_ = false;
};

} // namespace skerry::vm
