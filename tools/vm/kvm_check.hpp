// SPDX-License-Identifier: Apache-2.0
// Can this host run guests with KVM? A device node says little: some hosts have one behind which an
// emulator knows only the plain instructions.
#pragma once

#include <string>
#include <string_view>

namespace skerry::vm {

/// Why KVM cannot be used, in words; empty when it can. Runs two instructions in a machine of its
/// own, once in a process. Any thread.
[[nodiscard]] const std::string& kvm_trouble();

/// The same for the device at `path`, each time.
[[nodiscard]] std::string probe_kvm(const char* path);

} // namespace skerry::vm
