// SPDX-License-Identifier: Apache-2.0
// The counters of floor 3.
#include <hal/per_cpu.hpp>
#include <kernel/console_input.hpp>
#include <kernel/statistics.hpp>
#include <kernel/thread.hpp>
#include <mm/address_space.hpp>
#include <mm/frames.hpp>
#include <mm/heap.hpp>
#include <mm/memory.hpp>

namespace skerry::kernel {

void visit_statistics(StatisticsVisitor& visitor) {
  const mm::FrameStatistics frames = mm::frames().statistics();
  visitor.visit("memory.total_bytes", frames.total * mm::page_size);
  visitor.visit("memory.free_bytes", frames.free * mm::page_size);
  visitor.visit("memory.largest_free_bytes", frames.largest_block_bytes);
  visitor.visit("memory.kernel_used_bytes", mm::heap().statistics().bytes_in_use);
  const mm::AddressSpaceStatistics space = mm::application_space().lock()->statistics();
  visitor.visit("memory.application_mapped_bytes", space.mapped * mm::page_size);
  visitor.visit("memory.application_used_bytes", space.resident * mm::page_size);
  visitor.visit("threads.live", thread_count());
  visitor.visit("threads.switches", hal::this_cpu().switch_count);
  visitor.visit("interrupts", hal::this_cpu().interrupt_count);
  visitor.visit("console.dropped_input_bytes", dropped_console_input());
}

} // namespace skerry::kernel
