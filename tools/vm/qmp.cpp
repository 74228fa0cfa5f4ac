// SPDX-License-Identifier: Apache-2.0
// A client of QEMU's machine protocol; see the header.
#include "vm/qmp.hpp"

#include "support/failure.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/socket.h>
#include <utility>

namespace skerry::vm {

using nlohmann::json;

Qmp::Qmp(FileDescriptor socket) : socket_(std::move(socket)) {}

Qmp::~Qmp() = default;

json Qmp::execute(std::string_view command, const json& arguments, Deadline deadline) {
  negotiate(deadline);
  return call(command, arguments, deadline);
}

json Qmp::execute(std::string_view command, Deadline deadline) {
  return execute(command, json::object(), deadline);
}

json Qmp::wait_event(std::string_view name, Deadline deadline) {
  negotiate(deadline);
  for (;;) {
    const auto found = std::ranges::find_if(
        events_, [name](const json& event) { return event.value("event", "") == name; });
    if (found != events_.end()) {
      json event = std::move(*found);
      events_.erase(found);
      return event;
    }
    json message = read_message(deadline);
    if (message.contains("event"))
      events_.push_back(std::move(message));
  }
}

void Qmp::negotiate(Deadline deadline) {
  if (negotiated_)
    return;
  if (!read_message(deadline).contains("QMP"))
    throw Failure("QMP: QEMU did not begin with its greeting");
  call("qmp_capabilities", json::object(), deadline);
  negotiated_ = true;
}

json Qmp::call(std::string_view command, const json& arguments, Deadline deadline) {
  const std::string line = json{{"execute", command}, {"arguments", arguments}}.dump() + "\n";
  // One line is far smaller than a socket's buffer: the send does not block.
  if (::send(socket_.get(), line.data(), line.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(line.size()))
    throw Failure("QMP {}: {}", command, std::strerror(errno));
  for (;;) {
    json message = read_message(deadline);
    if (message.contains("return"))
      return std::move(message["return"]);
    if (message.contains("error"))
      throw Failure("QMP {}: {}", command, message["error"].value("desc", message.dump()));
    if (message.contains("event"))
      events_.push_back(std::move(message));
  }
}

json Qmp::read_message(Deadline deadline) {
  std::array<char, 4096> buffer;
  std::size_t end = 0;
  while ((end = received_.find('\n')) == std::string::npos) {
    pollfd source{.fd = socket_.get(), .events = POLLIN, .revents = 0};
    const int ready = ::poll(&source, 1, poll_timeout(deadline));
    if (ready == 0)
      throw Failure("QMP: no answer in time");
    if (ready < 0)
      continue;
    const ssize_t size = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (size <= 0)
      throw Failure("QMP: the connection has ended");
    received_.append(buffer.data(), static_cast<std::size_t>(size));
  }
  json message = json::parse(received_.substr(0, end), nullptr, false);
  received_.erase(0, end + 1);
  if (message.is_discarded())
    throw Failure("QMP: QEMU sent a line that is no JSON");
  return message;
}

} // namespace skerry::vm
