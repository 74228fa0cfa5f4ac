// SPDX-License-Identifier: Apache-2.0
// The registers of application code that has been interrupted or has called: only the platform
// knows their names.
#pragma once

namespace skerry::hal {

/// Lies on the thread's kernel stack from the way in to the way out; editing it changes where and
/// how the application goes on.
struct RegisterFrame;

} // namespace skerry::hal
