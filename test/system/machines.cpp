// SPDX-License-Identifier: Apache-2.0
// Boots an image and says how it ended; see the header.
#include "machines.hpp"

#include "support/failure.hpp"
#include "support/file.hpp"
#include "vm/guest.hpp"
#include "vm/iso.hpp"

#include <utility>

namespace skerry::test {
namespace {

/// OVMF alone wants more than our images do.
constexpr std::uint64_t uefi_memory = std::uint64_t{128} << 20;

vm::MachineKind kind_of(Way way) {
  switch (way) {
  case Way::pc:
  case Way::cd_bios:
    return vm::MachineKind::pc;
  case Way::q35:
  case Way::cd_uefi:
    return vm::MachineKind::q35;
  case Way::microvm:
    return vm::MachineKind::microvm;
  }
  std::unreachable();
}

bool is_cd(Way way) {
  return way == Way::cd_bios || way == Way::cd_uefi;
}

} // namespace

std::string_view name(Way way) {
  switch (way) {
  case Way::pc:
    return "pc";
  case Way::q35:
    return "q35";
  case Way::microvm:
    return "microvm";
  case Way::cd_bios:
    return "cd_bios";
  case Way::cd_uefi:
    return "cd_uefi";
  }
  std::unreachable();
}

std::ostream& operator<<(std::ostream& out, Way way) {
  return out << name(way);
}

std::filesystem::path image(std::string_view name) {
  const std::filesystem::path folder(IMAGES_FOLDER);
  for (const char* place : {".", "hello", "http_server", "udp_echo", "threads", "test", "test/boot",
                            "redis/redis-program", "lua/lua-program", "sqlite/sqlite3-program",
                            "sqlite/speedtest1-program", "nginx/nginx-program", "https_get",
                            "iperf/iperf-program", "beast"}) {
    const auto path = folder / place / name;
    if (std::filesystem::is_regular_file(path))
      return path;
  }
  throw Failure(
      "there is no image {} in {}; ctest's test \"images\", or that of the program, builds it",
      name, folder.string());
}

std::ostream& operator<<(std::ostream& out, const Outcome& outcome) {
  if (outcome.status)
    out << "status " << *outcome.status;
  else
    out << outcome.trouble;
  return out << "; the console:\n" << outcome.console;
}

Outcome run(const vm::Machine& machine) {
  vm::Guest guest(machine);
  const auto result = guest.wait_until(deadline_in(patience));
  Outcome outcome;
  outcome.console = guest.console().text();
  if (!result)
    outcome.trouble = "the guest did not end";
  else if (!*result)
    outcome.trouble = result->error();
  else
    outcome.status = **result;
  return outcome;
}

namespace {

/// The root that a build has put beside an image, or nothing.
std::filesystem::path root_beside(const std::filesystem::path& image) {
  std::filesystem::path root = image.string() + ".root";
  return std::filesystem::exists(root) ? root : std::filesystem::path();
}

} // namespace

Outcome boot(Way way, std::string_view image_name, const std::string& command_line,
             const Adjust& adjust) {
  const TemporaryFolder folder;
  const auto file = image(image_name);
  vm::Machine machine;
  machine.kind = kind_of(way);
  if (is_cd(way)) {
    const auto iso = folder.path() / "boot.iso";
    vm::make_iso(file, command_line, iso, root_beside(file));
    const bool uefi = way == Way::cd_uefi;
    machine.boot =
        vm::CdBoot{.iso = iso, .firmware = uefi ? vm::Firmware::uefi : vm::Firmware::bios};
    if (uefi)
      machine.memory_bytes = uefi_memory;
  } else {
    machine.boot =
        vm::KernelBoot{.image = file, .command_line = command_line, .module = root_beside(file)};
  }
  if (adjust)
    adjust(machine);
  return run(machine);
}

} // namespace skerry::test
