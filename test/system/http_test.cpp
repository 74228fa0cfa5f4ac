// SPDX-License-Identifier: Apache-2.0
// examples/http_server, with the clients that people have.
#include "private_network.hpp"
#include "served.hpp"

#include <format>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <sys/socket.h>

namespace skerry::test {
namespace {

using testing::HasSubstr;
using vm::MachineKind;

constexpr const char* sign = "http_server: listening";

/// What curl prints of a page, its header included.
std::string fetch(std::uint16_t port, std::vector<std::string> options = {}) {
  std::vector<std::string> words{"curl", "-s", "-i", "--max-time", "60"};
  words.insert(words.end(), options.begin(), options.end());
  words.push_back(std::format("http://127.0.0.1:{}/", port));
  return run_client(std::move(words)).output;
}

class HttpServer : public testing::TestWithParam<MachineKind> {
protected:
  std::uint16_t port = free_port(SOCK_STREAM);
  std::unique_ptr<vm::Guest> guest =
      serve(GetParam(), "http_server", sign, "", forwarding(port, 80));
};

TEST_P(HttpServer, AnswersCurl) {
  const std::string page = fetch(port);
  EXPECT_THAT(page, HasSubstr("HTTP/1.1 200 OK"));
  EXPECT_THAT(page, HasSubstr("requests 1\n"));
  EXPECT_THAT(fetch(port), HasSubstr("requests 2\n"));
}

INSTANTIATE_TEST_SUITE_P(Machines, HttpServer,
                         testing::Values(MachineKind::pc, MachineKind::q35, MachineKind::microvm),
                         [](const auto& kind) { return std::string(vm::name(kind.param)); });

class HttpServerMachines : public testing::TestWithParam<MachineKind> {};
INSTANTIATE_TEST_SUITE_P(Machines, HttpServerMachines,
                         testing::Values(MachineKind::pc, MachineKind::q35, MachineKind::microvm),
                         [](const auto& kind) { return std::string(vm::name(kind.param)); });

TEST(HttpServerOnQ35, KnowsMethodsVersionsAndLimits) {
  const std::uint16_t port = free_port(SOCK_STREAM);
  const auto guest = serve(MachineKind::q35, "http_server", sign, "", forwarding(port, 80));
  EXPECT_THAT(fetch(port, {"-I"}), HasSubstr("200 OK"));
  EXPECT_THAT(fetch(port, {"-X", "DELETE"}), HasSubstr("405 Method Not Allowed"));
  EXPECT_THAT(fetch(port, {"-0"}), HasSubstr("Connection: close"));
  EXPECT_THAT(fetch(port, {"-H", "X-Long: " + std::string(5000, 'x')}),
              HasSubstr("431 Request Header Fields Too Large"));
  EXPECT_THAT(fetch(port), HasSubstr("200 OK"));
}

TEST(HttpServerOnQ35, NeedsRandomnessAndSaysWhatMendsIt) {
  const std::uint16_t port = free_port(SOCK_STREAM);
  const auto without = [&](vm::Machine& machine) {
    forwarding(port, 80)(machine);
    machine.cpu_model = "max,-rdrand";
    machine.entropy_device = false;
  };
  const Outcome outcome = boot(Way::q35, "http_server", "", without);
  EXPECT_EQ(outcome.status, 1) << outcome;
  EXPECT_THAT(outcome, Shows("no source of randomness"));
  EXPECT_THAT(outcome, Shows("virtio-rng-pci"));
  EXPECT_THAT(outcome, Shows("Network is down"));
}

TEST_P(HttpServerMachines, TakesRandomnessFromADevice) {
  const std::uint16_t port = free_port(SOCK_STREAM);
  const auto with_device = [&](vm::Machine& machine) {
    forwarding(port, 80)(machine);
    machine.cpu_model = "max,-rdrand";
  };
  const auto guest = serve(GetParam(), "http_server", sign, "", with_device);
  EXPECT_THAT(fetch(port), HasSubstr("200 OK"));
}

TEST(HttpServerOnQ35, WorksBehindARootPortAsVirtio1Only) {
  const std::uint16_t port = free_port(SOCK_STREAM);
  const auto behind = [&](vm::Machine& machine) {
    machine.extra_arguments = {
        "-device", "pcie-root-port,id=root,chassis=1",
        "-netdev", std::format("user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:{}-:80", port),
        "-device", "virtio-net-pci,netdev=net,bus=root,disable-legacy=on,romfile="};
  };
  const auto guest = serve(MachineKind::q35, "http_server", sign, "", behind);
  EXPECT_THAT(fetch(port), HasSubstr("200 OK"));
}

TEST(HttpServerOnPc, WorksBehindABridgeBehindABridge) {
  const std::uint16_t port = free_port(SOCK_STREAM);
  const auto behind = [&](vm::Machine& machine) {
    machine.extra_arguments = {
        "-device", "pci-bridge,id=outer,chassis_nr=1",
        "-device", "pci-bridge,id=inner,bus=outer,chassis_nr=2,addr=1",
        "-netdev", std::format("user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:{}-:80", port),
        "-device", "virtio-net-pci,netdev=net,bus=inner,addr=1,romfile="};
  };
  const auto guest = serve(MachineKind::pc, "http_server", sign, "", behind);
  EXPECT_THAT(fetch(port), HasSubstr("200 OK"));
  EXPECT_THAT(guest->console().text(), HasSubstr("pci 2:1.0: network card"));
}

TEST(HttpServerOnMicrovm, WorksWithDevicesOfBeforeVirtio1) {
  const std::uint16_t port = free_port(SOCK_STREAM);
  const auto legacy = [&](vm::Machine& machine) {
    forwarding(port, 80)(machine);
    machine.cpu_model = "max,-rdrand"; // so that the source of entropy is needed, too
    machine.extra_arguments = {"-global", "virtio-mmio.force-legacy=true"};
  };
  const auto guest = serve(MachineKind::microvm, "http_server", sign, "", legacy);
  EXPECT_THAT(fetch(port), HasSubstr("200 OK"));
}

/// Where the firmware put the registers of the device with that name, in QEMU's words.
std::uint64_t highest_region(const nlohmann::json& buses, std::string_view id) {
  std::uint64_t highest = 0;
  for (const auto& bus : buses)
    for (const auto& device : bus.at("devices"))
      if (device.at("qdev_id") == id)
        for (const auto& region : device.at("regions"))
          highest = std::max(highest, region.at("address").get<std::uint64_t>());
  return highest;
}

TEST(HttpServerOnQ35, WorksWithRegistersAboveFourGibibytes) {
  const std::uint16_t port = free_port(SOCK_STREAM);
  const auto high = [&](vm::Machine& machine) {
    forwarding(port, 80)(machine);
    // It does not fit below, and the firmware moves all regions of 64 bits with it.
    machine.extra_arguments = {"-device", "pci-testdev,membar=4G"};
    machine.network_options = "id=card,disable-legacy=on";
  };
  const auto guest = serve(MachineKind::q35, "http_server", sign, "", high);
  EXPECT_THAT(fetch(port), HasSubstr("200 OK"));
  const auto buses = guest->qmp().execute("query-pci", deadline_in(patience));
  EXPECT_GE(highest_region(buses, "card"), std::uint64_t{1} << 32) << buses.dump();
}

TEST(NetworkArguments, ThatAreNoneAreRefusedInWords) {
  for (const std::string value : {"ip=10.0.0.2", "ip=10.0.0.300/24", "ip=fd00::2/129", "ip=",
                                  "ip=10.0.0.2/24,fd00::1", "ip=10.0.0.2/24 ip=10.0.0.3/24"}) {
    const Outcome outcome = boot(Way::q35, "hello", value);
    EXPECT_EQ(outcome.status, 2) << value << outcome;
    EXPECT_THAT(outcome, Shows("kernel argument \"ip="));
    EXPECT_THAT(outcome, Shows("expected"));
  }
}

} // namespace
} // namespace skerry::test
