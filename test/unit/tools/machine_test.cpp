// SPDX-License-Identifier: Apache-2.0
// Tests of the words that describe a machine.
#include "failure.hpp"
#include "support/file_descriptor.hpp"
#include "vm/host_check.hpp"
#include "vm/machine.hpp"

#include <format>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace skerry::vm {
namespace {

using test::failure_of;

TEST(ParseForward, UnderstandsPortsAndProtocol) {
  EXPECT_EQ(parse_forward("--port", "8080:80"), (PortForward{.host = 8080, .guest = 80}));
  EXPECT_EQ(parse_forward("--port", "1:65535/tcp"), (PortForward{.host = 1, .guest = 65535}));
  EXPECT_EQ(parse_forward("--port", "7:7/udp"),
            (PortForward{.host = 7, .guest = 7, .protocol = Protocol::udp}));
}

TEST(ParseForward, RefusesWhatIsNoPairOfPorts) {
  for (const char* word : {"", "80", ":", "80:", ":80", "0:80", "80:0", "65536:1", "1:2:3", "a:b",
                           "1:2/sctp", "-1:80"})
    EXPECT_EQ(failure_of([word] { (void)parse_forward("--port", word); }),
              std::format("--port {}: expected HOST:GUEST with ports from 1 to 65535, such as "
                          "8080:80 or 5353:53/udp",
                          word));
}

TEST(ParseNetwork, UnderstandsEachKind) {
  EXPECT_TRUE(std::holds_alternative<NoNetwork>(parse_network("--net", "none", {})));
  EXPECT_EQ(std::get<TapNetwork>(parse_network("--net", "tap:tap0", {})).interface, "tap0");
  const auto user = parse_network("--net", "user", {{.host = 1, .guest = 2}});
  EXPECT_EQ(std::get<UserNetwork>(user).forwards.size(), 1U);
}

TEST(ParseNetwork, RefusesNamesThatAreNoDevice) {
  for (const char* word : {"", "tap", "tap:", "tap:a,script=x", "tap:../x", "tap:a b",
                           "tap:sixteen-letters-", "bridge:br0"})
    EXPECT_THROW((void)parse_network("--net", word, {}), Failure) << word;
}

TEST(ParseMachine, NamesWhatIsExpected) {
  EXPECT_EQ(parse_machine("--machine", "microvm"), MachineKind::microvm);
  EXPECT_EQ(failure_of([] { (void)parse_machine("--machine", "i440fx"); }),
            "--machine i440fx: expected pc, q35 or microvm");
  EXPECT_EQ(failure_of([] { (void)parse_kvm("--kvm", "yes"); }),
            "--kvm yes: expected auto, on or off");
}

/// A port of the loopback that is taken as long as this lives.
class TakenPort {
public:
  explicit TakenPort(int type) : socket_(::socket(AF_INET, type, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(socket_.get(), generic, size), 0);
    if (type == SOCK_STREAM)
      EXPECT_EQ(::listen(socket_.get(), 1), 0);
    EXPECT_EQ(::getsockname(socket_.get(), generic, &size), 0);
    number_ = ntohs(address.sin_port);
  }
  [[nodiscard]] std::uint16_t number() const { return number_; }

private:
  FileDescriptor socket_;
  std::uint16_t number_ = 0;
};

TEST(CheckNetwork, NamesPortThatIsTaken) {
  const TakenPort tcp(SOCK_STREAM);
  const TakenPort udp(SOCK_DGRAM);
  EXPECT_TRUE(failure_of([&] {
                check_network(UserNetwork{.forwards = {{.host = tcp.number(), .guest = 80}}});
              }).starts_with(std::format("tcp port {} is taken", tcp.number())));
  EXPECT_TRUE(failure_of([&] {
                check_network(UserNetwork{
                    .forwards = {{.host = udp.number(), .guest = 80, .protocol = Protocol::udp}}});
              }).starts_with(std::format("udp port {} is taken", udp.number())));
}

TEST(CheckNetwork, NoticesPortThatIsAskedForTwice) {
  std::uint16_t free_port = 0;
  {
    const TakenPort taken(SOCK_STREAM);
    free_port = taken.number();
  }
  const PortForward once{.host = free_port, .guest = 80};
  EXPECT_NO_THROW(check_network(UserNetwork{.forwards = {once}}));
  EXPECT_THROW(check_network(UserNetwork{.forwards = {once, once}}), Failure);
}

TEST(CheckNetwork, NamesTapDeviceThatDoesNotExist) {
  EXPECT_EQ(failure_of([] { check_network(TapNetwork{.interface = "nosuchtap"}); }),
            "--net tap:nosuchtap: there is no such network device on this host");
}

} // namespace
} // namespace skerry::vm
