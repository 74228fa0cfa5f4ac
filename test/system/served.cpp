// SPDX-License-Identifier: Apache-2.0
// Guests that serve; see the header.
#include "served.hpp"

#include "support/failure.hpp"
#include "support/file_descriptor.hpp"

#include <format>
#include <netinet/in.h>
#include <sys/socket.h>

namespace skerry::test {
namespace {

/// Why a guest that has ended did so: QEMU's words, if it has any.
std::string end_of(vm::Guest& guest) {
  const auto result = guest.wait_until(deadline_in(std::chrono::seconds(1)));
  if (!result)
    return "";
  return *result ? std::format(", ended with {}", **result) : ": " + result->error();
}

} // namespace

std::unique_ptr<vm::Guest> serve(vm::MachineKind kind, std::string_view image_name,
                                 std::string_view sign, const std::string& command_line,
                                 const Adjust& adjust) {
  vm::Machine machine;
  machine.kind = kind;
  machine.boot = vm::KernelBoot{.image = image(image_name), .command_line = command_line};
  adjust(machine);
  auto guest = std::make_unique<vm::Guest>(machine);
  if (!guest->console().wait_for(sign, deadline_in(patience)))
    throw Failure("{} never showed \"{}\"{}; its console:\n{}", image_name, sign, end_of(*guest),
                  guest->console().text());
  return guest;
}

std::uint16_t free_port(int socket_type) {
  const FileDescriptor socket(::socket(AF_INET, socket_type | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket.get(), generic, size) != 0 || ::getsockname(socket.get(), generic, &size) != 0)
    throw Failure("there is no free port");
  return ntohs(address.sin_port);
}

Adjust forwarding(std::uint16_t host, std::uint16_t guest, vm::Protocol protocol) {
  return [=](vm::Machine& machine) {
    machine.network = vm::UserNetwork{
        .forwards = {{.host = host, .guest = guest, .protocol = protocol}}, .restricted = true};
  };
}

} // namespace skerry::test
