// SPDX-License-Identifier: Apache-2.0
// The Debian packages that a subcommand needs; see the header. tools/install_packages.sh does the
// installing, for the launcher too.
#include "command/packages.hpp"

#include "command/layout.hpp"
#include "support/failure.hpp"
#include "support/process.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace skerry::command {
namespace {

constexpr std::array table{
    Package{"clang-19", "clang++-19", Purpose::build},
    Package{"lld-19", "ld.lld-19", Purpose::build},
    Package{"llvm-19", "llvm-objcopy-19", Purpose::build},
    Package{"cmake", "cmake", Purpose::build},
    Package{"ninja-build", "ninja", Purpose::build},
    Package{"make", "make", Purpose::build},
    Package{"patch", "patch", Purpose::build},
    Package{"xz-utils", "xz", Purpose::build},
    Package{"dpkg-dev", "dpkg-source", Purpose::build},
    Package{"erofs-utils", "mkfs.erofs", Purpose::build},
    Package{"qemu-system-x86", "qemu-system-x86_64", Purpose::run},
    Package{"libclang-rt-19-dev",
            "/usr/lib/llvm-19/lib/clang/19/lib/linux/libclang_rt.asan-x86_64.a", Purpose::test},
    Package{"clang-format-19", "/usr/bin/clang-format-19", Purpose::test},
    Package{"clang-tidy-19", "/usr/bin/clang-tidy-19", Purpose::test},
    Package{"googletest", "/usr/src/googletest/CMakeLists.txt", Purpose::test},
    Package{"grub-common", "grub-mkrescue", Purpose::test},
    Package{"grub-pc-bin", "/usr/lib/grub/i386-pc/multiboot2.mod", Purpose::test},
    Package{"grub-efi-amd64-bin", "/usr/lib/grub/x86_64-efi/multiboot2.mod", Purpose::test},
    Package{"xorriso", "xorriso", Purpose::test},
    Package{"mtools", "mformat", Purpose::test},
    Package{"ovmf", "/usr/share/ovmf/OVMF.fd", Purpose::test},
    Package{"iproute2", "ip", Purpose::test},
    Package{"curl", "curl", Purpose::test},
    Package{"openssl", "openssl", Purpose::test},
    Package{"ca-certificates", "/etc/ssl/certs/ca-certificates.crt", Purpose::test},
    Package{"dnsmasq-base", "dnsmasq", Purpose::test},
    Package{"wrk", "wrk", Purpose::test},
    Package{"iputils-ping", "ping", Purpose::test},
    Package{"autoconf", "autoreconf", Purpose::test},
    Package{"automake", "automake", Purpose::test},
    Package{"redis-tools", "redis-benchmark", Purpose::test},
    Package{"iperf", "iperf", Purpose::test},
    Package{"tcl", "tclsh", Purpose::test},
    Package{"gdb", "gdb", Purpose::test},
};

bool exists_here(std::string_view file) {
  if (!file.starts_with('/'))
    return find_program(file).has_value();
  std::error_code error;
  return std::filesystem::exists(file, error);
}

} // namespace

std::span<const Package> package_table() {
  return table;
}

std::vector<std::string_view>
missing_packages(Purpose purpose, const std::function<bool(std::string_view)>& exists) {
  std::vector<std::string_view> missing;
  for (const Package& package : table) {
    const bool wanted = purpose == Purpose::test || package.purpose == purpose;
    if (wanted && !exists(package.file) && !std::ranges::contains(missing, package.name))
      missing.push_back(package.name);
  }
  return missing;
}

void require_packages(Purpose purpose) {
  const auto missing = missing_packages(purpose, exists_here);
  if (missing.empty())
    return;
  if (!in_source_tree()) {
    std::string names;
    for (const std::string_view name : missing)
      names += std::format(" {}", name);
    throw Failure("missing packages:{}; install them as root: apt-get install{}", names, names);
  }
  const Layout layout = find_layout();
  Command install{
      .arguments = {"sh", (layout.root / "tools" / "install_packages.sh").string(),
                    layout.log("packages").string()},
      .input = Stream::inherit, // sudo may ask
      .output = Stream::error,
  };
  install.arguments.insert(install.arguments.end(), missing.begin(), missing.end());
  if (!Process(install).wait().success())
    throw Failure("packages are missing, see above");
  if (const auto still = missing_packages(purpose, exists_here); !still.empty())
    throw Failure("packages were installed, but {} still lacks its files", still.front());
}

} // namespace skerry::command
