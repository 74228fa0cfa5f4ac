// SPDX-License-Identifier: Apache-2.0
// Tests of QEMU's command line.
#include "failure.hpp"
#include "vm/arguments.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <ranges>

namespace skerry::vm {
namespace {

using test::failure_of;
using Words = std::vector<std::string>;

Machine kernel_machine() {
  return {.boot = KernelBoot{.image = "hello", .command_line = "quiet"}};
}

/// The value behind the first `option`; empty when there is none.
std::string value_of(const Words& words, std::string_view option) {
  const auto found = std::ranges::find(words, option);
  return found == words.end() || found + 1 == words.end() ? "" : *(found + 1);
}

bool has_device(const Words& words, std::string_view start) {
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i] == "-device" && words[i + 1].starts_with(start))
      return true;
  }
  return false;
}

TEST(QemuArguments, NameEveryDeviceOfTheDefaultMachine) {
  EXPECT_EQ(qemu_arguments(kernel_machine(), {.kvm_trouble = "none", .qmp_descriptor = 7}),
            (Words{"qemu-system-x86_64",
                   "-no-user-config",
                   "-nodefaults",
                   "-machine",
                   "q35",
                   "-accel",
                   "tcg",
                   "-cpu",
                   "max",
                   "-smp",
                   "1",
                   "-m",
                   "size=65536k",
                   "-display",
                   "none",
                   "-chardev",
                   "stdio,id=console,signal=off",
                   "-serial",
                   "chardev:console",
                   "-device",
                   "isa-debug-exit,iobase=0xf4,iosize=0x04",
                   "-no-reboot",
                   "-chardev",
                   "socket,id=qmp,fd=7",
                   "-mon",
                   "chardev=qmp,mode=control",
                   "-kernel",
                   "hello",
                   "-append",
                   "quiet",
                   "-object",
                   "rng-random,id=entropy,filename=/dev/urandom",
                   "-device",
                   "virtio-rng-pci,rng=entropy"}));
}

TEST(QemuArguments, GiveMicrovmItsClocksAndModernMmioDevices) {
  Machine machine = kernel_machine();
  machine.kind = MachineKind::microvm;
  machine.network = UserNetwork{};
  const Words words = qemu_arguments(machine, {});
  EXPECT_EQ(value_of(words, "-machine"), "microvm,acpi=off,pit=on,pic=on,rtc=on,isa-serial=on");
  EXPECT_EQ(value_of(words, "-global"), "virtio-mmio.force-legacy=false");
  EXPECT_TRUE(has_device(words, "virtio-net-device,netdev=net"));
  EXPECT_TRUE(has_device(words, "virtio-rng-device"));
}

TEST(QemuArguments, UseKvmWhereItIsUsable) {
  Machine machine = kernel_machine();
  EXPECT_EQ(value_of(qemu_arguments(machine, {}), "-accel"), "kvm");
  EXPECT_EQ(value_of(qemu_arguments(machine, {}), "-cpu"), "host");
  machine.kvm = KvmUse::off;
  EXPECT_EQ(value_of(qemu_arguments(machine, {}), "-accel"), "tcg");
  machine.cpu_model = "qemu64";
  EXPECT_EQ(value_of(qemu_arguments(machine, {}), "-cpu"), "qemu64");
}

TEST(QemuArguments, EmulateTheProcessorWhereKvmIsNotUsable) {
  Machine machine = kernel_machine();
  EXPECT_EQ(value_of(qemu_arguments(machine, {.kvm_trouble = "broken"}), "-accel"), "tcg");
  EXPECT_EQ(value_of(qemu_arguments(machine, {.kvm_trouble = "broken"}), "-cpu"), "max");
}

TEST(QemuArguments, RefuseKvmThatIsNotThere) {
  Machine machine = kernel_machine();
  machine.kvm = KvmUse::on;
  const auto refused =
      failure_of([&] { (void)qemu_arguments(machine, {.kvm_trouble = "broken"}); });
  EXPECT_EQ(refused, "--kvm on: /dev/kvm cannot be used: broken; expected a host with KVM, or "
                     "--kvm auto");
}

TEST(QemuArguments, ForwardPortsOfLoopbackOnly) {
  Machine machine = kernel_machine();
  machine.network =
      UserNetwork{.forwards = {{.host = 8080, .guest = 80},
                               {.host = 53, .guest = 5353, .protocol = Protocol::udp}},
                  .restricted = true};
  const Words words = qemu_arguments(machine, {});
  EXPECT_EQ(value_of(words, "-netdev"), "user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:8080-:80,"
                                        "hostfwd=udp:127.0.0.1:53-:5353");
  EXPECT_TRUE(has_device(words, "virtio-net-pci,netdev=net,romfile="));
}

TEST(QemuArguments, PassDetailsOfTheNetworkDevice) {
  Machine machine = kernel_machine();
  machine.network = TapNetwork{.interface = "tap0"};
  machine.mac_address = "52:54:00:00:00:01";
  machine.network_options = "disable-legacy=on";
  const Words words = qemu_arguments(machine, {});
  EXPECT_EQ(value_of(words, "-netdev"), "tap,id=net,ifname=tap0,script=no,downscript=no");
  EXPECT_TRUE(has_device(
      words, "virtio-net-pci,netdev=net,romfile=,mac=52:54:00:00:00:01,disable-legacy=on"));
}

TEST(QemuArguments, BootCdByFirmware) {
  Machine machine{.boot = CdBoot{.iso = "/tmp/a,b.iso", .firmware = Firmware::uefi}};
  const Words words = qemu_arguments(machine, {});
  EXPECT_EQ(value_of(words, "-bios"), "/usr/share/ovmf/OVMF.fd");
  EXPECT_EQ(value_of(words, "-drive"),
            "if=none,id=cd,media=cdrom,readonly=on,format=raw,file=/tmp/a,,b.iso");
  EXPECT_EQ(value_of(words, "-kernel"), "");
  machine.kind = MachineKind::microvm;
  EXPECT_THROW((void)qemu_arguments(machine, {}), Failure);
}

TEST(QemuArguments, EndWithExtraWords) {
  Machine machine = kernel_machine();
  machine.entropy_device = false;
  machine.debugger = true;
  machine.extra_arguments = {"-d", "int"};
  const Words words = qemu_arguments(machine, {});
  EXPECT_EQ(value_of(words, "-gdb"), "tcp:127.0.0.1:1234");
  EXPECT_TRUE(std::ranges::contains(words, "-S"));
  EXPECT_FALSE(has_device(words, "virtio-rng"));
  EXPECT_EQ(Words(words.end() - 2, words.end()), (Words{"-d", "int"}));
}

} // namespace
} // namespace skerry::vm
