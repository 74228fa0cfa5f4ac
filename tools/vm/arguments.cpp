// SPDX-License-Identifier: Apache-2.0
// From a Machine to QEMU's words; see the header.
#include "vm/arguments.hpp"

#include "support/failure.hpp"

#include <format>
#include <utility>

namespace skerry::vm {
namespace {

constexpr const char* uefi_firmware = "/usr/share/ovmf/OVMF.fd";

using Words = std::vector<std::string>;

/// QEMU ends an option's value at a comma, unless it is doubled.
std::string quoted(const std::filesystem::path& path) {
  std::string result;
  for (const char c : path.string())
    result.append(c == ',' ? 2 : 1, c);
  return result;
}

std::string device(const Machine& machine, std::string_view family) {
  return std::format("virtio-{}-{}", family, has_pci(machine.kind) ? "pci" : "device");
}

void add_machine(Words& words, const Machine& machine) {
  // Without ACPI microvm describes its virtio-mmio devices on the kernel command line; the clock
  // chips are named because QEMU leaves some of them out under KVM.
  const std::string_view options =
      machine.kind == MachineKind::microvm ? ",acpi=off,pit=on,pic=on,rtc=on,isa-serial=on" : "";
  words.insert(words.end(), {"-machine", std::format("{}{}", name(machine.kind), options)});
  // Otherwise QEMU 7.2 offers virtio-mmio devices as of before virtio 1.0.
  if (!has_pci(machine.kind))
    words.insert(words.end(), {"-global", "virtio-mmio.force-legacy=false"});
}

void add_processor(Words& words, const Machine& machine, const Host& host) {
  if (machine.kvm == KvmUse::on && !host.kvm_trouble.empty())
    throw Failure("--kvm on: /dev/kvm cannot be used: {}; expected a host with KVM, or --kvm auto",
                  host.kvm_trouble);
  const bool kvm = machine.kvm != KvmUse::off && host.kvm_trouble.empty();
  const std::string model = machine.cpu_model.empty() ? (kvm ? "host" : "max") : machine.cpu_model;
  words.insert(words.end(),
               {"-accel", kvm ? "kvm" : "tcg", "-cpu", model, "-smp", std::to_string(machine.cpus),
                "-m", std::format("size={}k", machine.memory_bytes >> 10)});
}

void add_console(Words& words, const Host& host) {
  words.insert(words.end(), {"-display", "none", "-chardev", "stdio,id=console,signal=off",
                             "-serial", "chardev:console", "-device",
                             "isa-debug-exit,iobase=0xf4,iosize=0x04", "-no-reboot"});
  if (host.qmp_descriptor >= 0)
    words.insert(words.end(), {"-chardev", std::format("socket,id=qmp,fd={}", host.qmp_descriptor),
                               "-mon", "chardev=qmp,mode=control"});
}

void add_boot(Words& words, const Machine& machine, const KernelBoot& boot) {
  words.insert(words.end(), {"-kernel", boot.image.string()});
  if (!boot.command_line.empty())
    words.insert(words.end(), {"-append", boot.command_line});
  if (!boot.module.empty())
    words.insert(words.end(), {"-initrd", boot.module.string()});
  if (machine.debugger)
    words.insert(words.end(), {"-gdb", "tcp:127.0.0.1:1234", "-S"});
}

void add_boot(Words& words, const Machine& machine, const CdBoot& boot) {
  if (!has_pci(machine.kind))
    throw Failure("machine microvm has no CD drive; expected pc or q35");
  if (boot.firmware == Firmware::uefi)
    words.insert(words.end(), {"-bios", uefi_firmware});
  words.insert(words.end(), {"-drive",
                             std::format("if=none,id=cd,media=cdrom,readonly=on,format=raw,file={}",
                                         quoted(boot.iso)),
                             "-device", "ide-cd,drive=cd,bus=ide.0,bootindex=0"});
}

std::string user_network(const UserNetwork& network) {
  std::string text = "user,id=net";
  if (network.restricted)
    text += ",restrict=on";
  for (const PortForward& forward : network.forwards)
    text += std::format(",hostfwd={}:127.0.0.1:{}-:{}", name(forward.protocol), forward.host,
                        forward.guest);
  return text;
}

void add_network(Words& words, const Machine& machine) {
  std::string backend;
  if (const auto* user = std::get_if<UserNetwork>(&machine.network))
    backend = user_network(*user);
  else if (const auto* tap = std::get_if<TapNetwork>(&machine.network))
    backend = std::format("tap,id=net,ifname={},script=no,downscript=no", tap->interface);
  else
    return;
  std::string front = device(machine, "net") + ",netdev=net";
  if (has_pci(machine.kind))
    front += ",romfile="; // nothing boots over the network here
  if (!machine.mac_address.empty())
    front += ",mac=" + machine.mac_address;
  if (!machine.network_options.empty())
    front += "," + machine.network_options;
  words.insert(words.end(), {"-netdev", backend, "-device", front});
}

void add_entropy(Words& words, const Machine& machine) {
  if (!machine.entropy_device)
    return;
  words.insert(words.end(), {"-object", "rng-random,id=entropy,filename=/dev/urandom", "-device",
                             device(machine, "rng") + ",rng=entropy"});
}

} // namespace

std::vector<std::string> qemu_arguments(const Machine& machine, const Host& host) {
  Words words{"qemu-system-x86_64", "-no-user-config", "-nodefaults"};
  add_machine(words, machine);
  add_processor(words, machine, host);
  add_console(words, host);
  std::visit([&](const auto& boot) { add_boot(words, machine, boot); }, machine.boot);
  add_network(words, machine);
  add_entropy(words, machine);
  words.insert(words.end(), machine.extra_arguments.begin(), machine.extra_arguments.end());
  return words;
}

} // namespace skerry::vm
