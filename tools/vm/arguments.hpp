// SPDX-License-Identifier: Apache-2.0
// From a Machine to the words of QEMU's command line. Every device is named; QEMU adds none of its
// own. The console is COM1 on QEMU's standard output, the exit device lies at port 0xf4.
#pragma once

#include "vm/machine.hpp"

#include <string>
#include <vector>

namespace skerry::vm {

/// What the words depend on besides the machine.
struct Host {
  std::string kvm_trouble{}; ///< why KVM cannot be used; empty when it can
  int qmp_descriptor = -1;   ///< a connected socket that QEMU inherits; -1: no QMP
};

/// The argument vector, program first. Pure. Throws Failure for what QEMU could not do: KVM asked
/// for but absent, a CD on microvm.
[[nodiscard]] std::vector<std::string> qemu_arguments(const Machine& machine, const Host& host);

} // namespace skerry::vm
