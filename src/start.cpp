// SPDX-License-Identifier: Apache-2.0
// The boot page: what happens between the platform's entry and the service's main(), a line a
// phase. The only file that sees the kernel and the services together.
#include "src/posix/process.hpp"
#include "src/posix/signal_thread.hpp"

#include <core/log.hpp>
#include <fs/tree.hpp>
#include <hal/clock.hpp>
#include <hal/platform.hpp>
#include <hal/power.hpp>
#include <kernel/application.hpp>
#include <kernel/boot.hpp>
#include <kernel/command_line.hpp>
#include <kernel/console_input.hpp>
#include <kernel/exit.hpp>
#include <kernel/image.hpp>
#include <kernel/image_options.hpp>
#include <kernel/random.hpp>
#include <kernel/thread.hpp>
#include <mm/memory.hpp>
#include <net/stack.hpp>

namespace skerry {
namespace {

/// Runs one phase and logs how long it took. A phase that fails ends the run.
template <class Phase> void phase(std::string_view name, Phase&& run) {
  const Instant before = hal::monotonic_now();
  const Result<> result = run();
  if (!result) {
    char text[120];
    kernel::refuse_to_run(format_to(text, "cannot boot: phase \"{}\" failed with errno {}", name,
                                    static_cast<int>(result.error())));
  }
  log::debug("boot", "{} took {} us", name, (hal::monotonic_now() - before).in_microseconds());
}

void listen_to_power_button() {
  if (!hal::on_power_button(posix::on_power_button, nullptr)) {
    log::debug("boot", "the machine has no power button");
  }
}

void greet(const kernel::BootInfo& info) {
  log::info("boot", "Skerry {} by {}, {} KiB image, {} MiB of memory, clock {}", SKERRY_VERSION,
            info.protocol == kernel::BootProtocol::pvh ? "PVH" : "Multiboot2",
            info.image.size_bytes / 1024, mm::total_bytes() >> 20, hal::clock_source_name());
  if (info.slide_source != kernel::SlideSource::hardware) {
    log::warning("boot", "no RDRAND: the image's place in memory was chosen from timers, which is "
                         "weak (QEMU: -cpu max)");
  }
  if (mm::total_bytes() >> 20 < (__skerry_image_options.memory_bytes >> 20) * 3 / 4) {
    log::warning("boot", "the service asks for {} MiB of memory",
                 __skerry_image_options.memory_bytes >> 20);
  }
  if (info.ranges_dropped != 0) {
    log::warning("boot", "the memory map has {} entries too many; their memory is not used",
                 info.ranges_dropped);
  }
}

} // namespace

[[noreturn]] void start(const kernel::BootInfo& info) {
  hal::start_console();
  kernel::set_image(info);
  kernel::read_command_line(__skerry_image_options.command_line, info.arguments());
  phase("memory", [&] { return mm::start_memory(info); });
  phase("platform", [&] { return hal::discover_platform(info); });
  phase("clock", [] { return hal::start_clock(); });
  phase("threads", [] { return kernel::start_threads(); });
  phase("interrupts", [] { return hal::start_interrupts(); });
  phase("devices", [] { return hal::start_devices(kernel::command_line().mmio_devices()); });
  phase("input", [] {
    kernel::start_console_input();
    return Result<>{};
  });
  phase("random", [] {
    kernel::start_random();
    return Result<>{};
  });
  phase("files", [&] { return fs::start_files(info); });
  phase("network", [] { return net::start_network(); });
  phase("process", [] { return posix::start_process(); });
  listen_to_power_button();
  greet(info);
  phase("application", [] { return kernel::run_application(); });
  kernel::refuse_to_run("cannot boot: the application was not entered");
}

} // namespace skerry
