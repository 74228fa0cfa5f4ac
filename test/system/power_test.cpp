// SPDX-License-Identifier: Apache-2.0
// The machine's power button, as an operator or a cloud presses it.
#include "machines.hpp"
#include "served.hpp"

#include <gmock/gmock.h>

namespace skerry::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using vm::MachineKind;

class PowerButton : public testing::TestWithParam<MachineKind> {
protected:
  static vm::GuestResult press(vm::Guest& guest) {
    guest.press_power_button();
    return guest.wait_until(deadline_in(patience)).value();
  }
};

TEST_P(PowerButton, SendsSigtermWhichTheProgramMayCatch) {
  const auto guest = serve(GetParam(), "terminate", "waiting", "-- catch", [](vm::Machine&) {});
  const vm::GuestResult result = press(*guest);
  EXPECT_EQ(result, 3);
  EXPECT_THAT(guest->console().text(), HasSubstr("told to end\n"));
}

TEST_P(PowerButton, EndsAProgramThatDoesNot) {
  const auto guest = serve(GetParam(), "terminate", "waiting", "", [](vm::Machine&) {});
  const vm::GuestResult result = press(*guest);
  EXPECT_EQ(result, 128 + 15);
  EXPECT_THAT(guest->console().text(), HasSubstr("exit status 143 (SIGTERM)\n"));
}

class Reboot : public testing::TestWithParam<Way> {};

TEST_P(Reboot, ResetsTheMachine) {
  // QEMU runs with -no-reboot: a reset ends it, and nothing else does before the patience is over.
  const Outcome outcome = boot(GetParam(), "restart");
  EXPECT_THAT(outcome, Shows("restarting\n"));
  EXPECT_THAT(outcome, Shows("skerry: restart (reboot())\n"));
  EXPECT_THAT(outcome.trouble, Not(HasSubstr("did not end"))) << outcome;
}

INSTANTIATE_TEST_SUITE_P(Ways, Reboot, testing::ValuesIn(every_way),
                         [](const auto& way) { return std::string(name(way.param)); });

INSTANTIATE_TEST_SUITE_P(Machines, PowerButton, testing::Values(MachineKind::pc, MachineKind::q35),
                         [](const auto& kind) { return std::string(vm::name(kind.param)); });

} // namespace
} // namespace skerry::test
