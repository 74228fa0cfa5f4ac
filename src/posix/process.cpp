// SPDX-License-Identifier: Apache-2.0
// Start and end of the process.
#include "src/posix/process.hpp"

#include "src/posix/descriptors.hpp"
#include "src/posix/signal_thread.hpp"
#include "src/posix/signals.hpp"
#include "src/posix/status_line.hpp"
#include "src/posix/system_files.hpp"
#include "src/posix/task.hpp"

#include <kernel/console.hpp>
#include <kernel/exit.hpp>
#include <kernel/trap.hpp>

namespace skerry::posix {

Result<> start_process() {
  TRY(adopt_main_task());
  kernel::set_exit_hook(deliver_signals);
  kernel::set_fault_hook(deliver_fault);
  TRY(start_signal_thread());
  TRY(start_status_line());
  expect_system_files();
  return open_standard_descriptors();
}

void end_process(std::uint8_t status, std::string_view reason) {
  kernel::run_last_act();
  kernel::write_waiting_lines();
  kernel::end_run(status, reason);
}

} // namespace skerry::posix
