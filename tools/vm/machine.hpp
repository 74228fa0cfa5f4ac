// SPDX-License-Identifier: Apache-2.0
// What a virtual machine is made of, as plain values. `arguments.hpp` turns them into QEMU's words,
// `guest.hpp` starts it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace skerry::vm {

enum class MachineKind { pc, q35, microvm };

/// Virtual devices hang on PCI, or on microvm's virtio-mmio slots.
[[nodiscard]] constexpr bool has_pci(MachineKind kind) {
  return kind != MachineKind::microvm;
}

/// Our microvm has no ACPI (only then does QEMU name its devices on the kernel command line), hence
/// no power button.
[[nodiscard]] constexpr bool has_power_button(MachineKind kind) {
  return kind != MachineKind::microvm;
}

enum class KvmUse {
  automatic, ///< when /dev/kvm is usable
  on,        ///< or fail
  off,       ///< QEMU's translator, TCG
};

enum class Protocol { tcp, udp };

/// A port of the host's loopback that leads to a port of the guest.
struct PortForward {
  std::uint16_t host = 0;
  std::uint16_t guest = 0;
  Protocol protocol = Protocol::tcp;

  bool operator==(const PortForward&) const = default;
};

struct NoNetwork {};

/// QEMU's own network: the guest is 10.0.2.15, the host 10.0.2.2.
struct UserNetwork {
  std::vector<PortForward> forwards;
  bool restricted = false; ///< the guest reaches nothing but the forwarded ports
};

/// An existing tap device of the host.
struct TapNetwork {
  std::string interface;
};

using Network = std::variant<NoNetwork, UserNetwork, TapNetwork>;

/// QEMU loads the image itself and enters it by its PVH note.
struct KernelBoot {
  std::filesystem::path image;
  std::string command_line;
  std::filesystem::path module{}; ///< a file that is put into memory beside it; may be empty
};

enum class Firmware { bios, uefi };

/// The firmware boots a CD (pc and q35), as a computer would.
struct CdBoot {
  std::filesystem::path iso;
  Firmware firmware = Firmware::bios;
};

using Boot = std::variant<KernelBoot, CdBoot>;

struct Machine {
  Boot boot;
  MachineKind kind = MachineKind::q35;
  std::uint64_t memory_bytes = std::uint64_t{64} << 20;
  unsigned cpus = 1;
  std::string cpu_model{}; ///< empty: all that the accelerator can do
  Network network = NoNetwork{};
  std::string mac_address{};     ///< empty: QEMU's default, the same for every machine
  std::string network_options{}; ///< more properties of the network device: "disable-legacy=on"
  bool entropy_device = true;
  KvmUse kvm = KvmUse::automatic;
  bool debugger = false; ///< gdb stub on port 1234, and wait for it before the first instruction
  std::vector<std::string> extra_arguments{}; ///< for QEMU, as they are
};

/// From the words of the command line; each throws Failure that names `option`.
[[nodiscard]] MachineKind parse_machine(std::string_view option, std::string_view word);
[[nodiscard]] KvmUse parse_kvm(std::string_view option, std::string_view word);
/// HOST:GUEST, HOST:GUEST/tcp or HOST:GUEST/udp.
[[nodiscard]] PortForward parse_forward(std::string_view option, std::string_view word);
/// user (with these forwards), none, or tap:NAME.
[[nodiscard]] Network parse_network(std::string_view option, std::string_view word,
                                    std::vector<PortForward> forwards);

[[nodiscard]] std::string_view name(MachineKind kind);
[[nodiscard]] std::string_view name(Protocol protocol);

} // namespace skerry::vm
