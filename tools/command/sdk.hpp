// SPDX-License-Identifier: Apache-2.0
// The SDK: what turns a CMake project into an image. Made from this source tree.
#pragma once

#include "command/layout.hpp"

namespace skerry::command {

/// Brings packages, sysroot, kernel and SDK up to date; returns the SDK's folder. Takes minutes the
/// first time, well under a second when nothing has changed.
std::filesystem::path make_sdk(const Layout& layout);

} // namespace skerry::command
