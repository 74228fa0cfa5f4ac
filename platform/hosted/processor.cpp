// SPDX-License-Identifier: Apache-2.0
// Implements hal/processor.hpp with a processor that there is not.
#include <hal/processor.hpp>

namespace skerry {

hal::Processor hal::identify_processor() {
  return {.vendor = {"Hosted"}, .name = {"Processor of a hosted process"}, .family = 1};
}

} // namespace skerry
