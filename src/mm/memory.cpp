// SPDX-License-Identifier: Apache-2.0
// The order in which memory management comes up.
#include <core/log.hpp>
#include <hal/paging.hpp>
#include <hal/random.hpp>
#include <kernel/boot.hpp>
#include <mm/address_space.hpp>
#include <mm/frames.hpp>
#include <mm/heap.hpp>
#include <mm/kernel_space.hpp>
#include <mm/memory.hpp>

#include <span>

namespace skerry::mm {
namespace {

/// Writable memory may be mapped up to this many times what there is: thread stacks are hardly ever
/// filled, and a thousand of them must fit into 64 MiB. Past the limit mmap() says ENOMEM, and so
/// it does at once for more than there is in one piece, which would surely be filled some day, as a
/// Linux with its usual settings does.
constexpr std::uint64_t overcommit = 4;

/// A secret for one structure. Without a source it is as weak as the layout, which is reported.
std::uint64_t secret(const kernel::BootInfo& info, std::uint64_t purpose) {
  std::uint64_t word = 0;
  if (hal::hardware_seed(std::as_writable_bytes(std::span(&word, 1))) == sizeof word) {
    return word;
  }
  const std::uint64_t layout = info.image_base.value() ^ info.direct_map.value() * 0x9e37'79b9;
  return (layout + purpose) * 0xbf58'476d'1ce4'e5b9 ^ info.entry_timestamp;
}

} // namespace

Result<> start_memory(const kernel::BootInfo& info) {
  frames().initialize(info);
  hal::set_table_frames(frames());
  heap().initialize(secret(info, 1));
  kernel_space().initialize(secret(info, 2));
  const FrameStatistics statistics = frames().statistics();
  application_space().lock()->initialize(secret(info, 3), overcommit * statistics.free,
                                         statistics.total);
  return {};
}

std::uint64_t total_bytes() {
  return frames().statistics().total * page_size;
}

} // namespace skerry::mm
