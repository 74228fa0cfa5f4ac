// SPDX-License-Identifier: Apache-2.0
// Files of /proc about the machine, and those of /sys about its processor.
#include "src/posix/proc/files.hpp"
#include "src/posix/proc/text.hpp"
#include "src/posix/task.hpp"

#include <hal/clock.hpp>
#include <hal/processor.hpp>
#include <kernel/thread.hpp>
#include <mm/address_space.hpp>
#include <mm/frames.hpp>

namespace skerry::posix {
namespace {

constexpr std::int64_t nanoseconds_per_tick = 10'000'000; // 100 per second, as sysconf(3) says
constexpr std::uint64_t kibibytes_per_page = mm::page_size / 1024;

/// Fields of the only processor, in the order that programs expect. Its capabilities ("flags") are
/// for the CPUID instruction to tell.
std::size_t write_processor(std::span<char> room) {
  FileText text(room);
  const hal::Processor processor = hal::identify_processor();
  text.put("processor\t: 0\nvendor_id\t: {}\ncpu family\t: {}\nmodel\t\t: {}\nmodel name\t: {}\n",
           std::string_view(processor.vendor.data()), processor.family, processor.model,
           std::string_view(processor.name.data()));
  text.put("stepping\t: {}\nphysical id\t: 0\nsiblings\t: 1\ncore id\t\t: 0\ncpu cores\t: 1\n",
           processor.stepping);
  text.add("\n");
  return text.size();
}

std::size_t write_memory(std::span<char> room) {
  FileText text(room);
  const auto frames = mm::frames().statistics();
  const fs::Space files = fs::memory_file_system().space();
  const std::uint64_t in_files = (files.total - files.free) * (files.block_bytes / 1024);
  const auto line = [&](std::string_view name, std::uint64_t kibibytes) {
    text.put("{}: {:8} kB\n", name, kibibytes);
  };
  line("MemTotal", frames.total * kibibytes_per_page);
  line("MemFree", frames.free * kibibytes_per_page);
  line("MemAvailable", frames.free * kibibytes_per_page);
  line("Buffers", 0);
  line("Cached", in_files);
  line("SwapCached", 0);
  line("SwapTotal", 0);
  line("SwapFree", 0);
  line("Shmem", in_files);
  const auto areas = mm::application_space().lock()->statistics();
  line("CommitLimit", areas.charge_limit * kibibytes_per_page);
  line("Committed_AS", areas.charged * kibibytes_per_page);
  return text.size();
}

/// How long threads of the kernel have run, and how long nothing was to do.
struct KernelTime {
  Duration busy;
  Duration idle;
};

KernelTime kernel_time() {
  KernelTime sum;
  kernel::for_each_thread(
      [](kernel::Thread& thread, void* context) {
        auto& sum = *static_cast<KernelTime*>(context);
        if (thread.task == nullptr) {
          Duration& time = thread.name() == "idle" ? sum.idle : sum.busy;
          time = time + kernel::processor_time(thread);
        }
      },
      &sum);
  return sum;
}

std::int64_t ticks(Duration time) {
  return time.in_nanoseconds() / nanoseconds_per_tick;
}

std::size_t write_time_used(std::span<char> room) {
  FileText text(room);
  const KernelTime of_kernel = kernel_time();
  for (const std::string_view name : {"cpu ", "cpu0"}) {
    text.put("{} {} 0 {} {} 0 0 0 0 0 0\n", name, ticks(process_time()), ticks(of_kernel.busy),
             ticks(of_kernel.idle));
  }
  const auto now = hal::wall_clock_nanoseconds();
  if (now) {
    const std::int64_t since_boot = hal::monotonic_now().since_boot().in_nanoseconds();
    text.put("btime {}\n", (*now - since_boot) / 1'000'000'000);
  }
  return text.size();
}

void add_seconds(FileText& text, Duration time) {
  const std::int64_t hundredths = ticks(time);
  const std::int64_t rest = hundredths % 100;
  text.put("{}.{}{}", hundredths / 100, rest / 10, rest % 10);
}

std::size_t write_uptime(std::span<char> room) {
  FileText text(room);
  add_seconds(text, hal::monotonic_now().since_boot());
  text.add(" ");
  add_seconds(text, kernel_time().idle);
  text.add("\n");
  return text.size();
}

std::size_t write_file_systems(std::span<char> room) {
  FileText text(room);
  text.add("nodev\ttmpfs\n");
  if (fs::root().file_system().kind().name != fs::tmpfs.name) {
    text.put("nodev\tdevtmpfs\nnodev\tproc\n\t{}\n", fs::root().file_system().kind().name);
  }
  return text.size();
}

/// The one processor that there is.
std::size_t write_first(std::span<char> room) {
  FileText text(room);
  text.add("0\n");
  return text.size();
}

std::size_t write_one_bit(std::span<char> room) {
  FileText text(room);
  text.add("1\n");
  return text.size();
}

std::size_t write_nothing(std::span<char> room) {
  FileText text(room);
  text.add("\n");
  return text.size();
}

constexpr SystemText of_machine[] = {
    {"cpuinfo", write_processor}, {"meminfo", write_memory},           {"stat", write_time_used},
    {"uptime", write_uptime},     {"filesystems", write_file_systems},
};

constexpr SystemText of_devices[] = {
    {"devices/system/cpu/online", write_first},
    {"devices/system/cpu/offline", write_nothing},
    {"devices/system/cpu/possible", write_first},
    {"devices/system/cpu/present", write_first},
    {"devices/system/cpu/cpu0/topology/core_id", write_first},
    {"devices/system/cpu/cpu0/topology/physical_package_id", write_first},
    {"devices/system/cpu/cpu0/topology/thread_siblings", write_one_bit},
    {"devices/system/cpu/cpu0/topology/thread_siblings_list", write_first},
    {"devices/system/cpu/cpu0/topology/core_siblings_list", write_first},
};

} // namespace

std::span<const SystemText> machine_texts() {
  return of_machine;
}

std::span<const SystemText> device_texts() {
  return of_devices;
}

} // namespace skerry::posix
