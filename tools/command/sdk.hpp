// SPDX-License-Identifier: Apache-2.0
// The SDK: what turns a CMake project into an image. Made from this source tree.
#pragma once

#include "command/layout.hpp"

namespace skerry::command {

/// Brings the sysroot up to date and returns its folder. The packages for it must be there.
std::filesystem::path make_sysroot(const Layout& layout);

/// Brings packages, sysroot, kernel and SDK up to date; returns the SDK's folder. Takes minutes the
/// first time, well under a second when nothing has changed.
std::filesystem::path make_sdk(const Layout& layout);

} // namespace skerry::command
