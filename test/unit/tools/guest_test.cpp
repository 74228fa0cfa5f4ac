// SPDX-License-Identifier: Apache-2.0
// Tests that start QEMU with an image of a few bytes (tiny_image.S).
#include "failure.hpp"
#include "support/file.hpp"
#include "vm/guest.hpp"
#include "vm/iso.hpp"

#include <csignal>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace skerry::vm {
namespace {

using std::chrono::minutes;
using test::failure_of;

Machine tiny(std::string command_line, MachineKind kind = MachineKind::microvm) {
  return {.boot = KernelBoot{.image = TINY_IMAGE, .command_line = std::move(command_line)},
          .kind = kind};
}

GuestResult result_of(Guest& guest) {
  return guest.wait_until(deadline_in(minutes(1))).value_or(std::unexpected("still running"));
}

class GuestOnMachine : public testing::TestWithParam<MachineKind> {};

TEST_P(GuestOnMachine, ReceivesItsCommandLineAndReturnsItsStatus) {
  Machine machine = tiny("5 one \"two three\"", GetParam());
  machine.network = UserNetwork{};
  Guest guest(machine);
  EXPECT_TRUE(guest.console().wait_for("5 one \"two three\"", deadline_in(minutes(1))))
      << guest.console().text();
  EXPECT_EQ(result_of(guest), GuestResult(5)) << guest.console().text();
}

INSTANTIATE_TEST_SUITE_P(EachMachine, GuestOnMachine,
                         testing::Values(MachineKind::pc, MachineKind::q35, MachineKind::microvm),
                         [](const auto& info) { return std::string(name(info.param)); });

TEST(Guest, ThatContradictsItselfIsAnError) {
  Guest guest(tiny("m"));
  EXPECT_EQ(result_of(guest).error(),
            "guest said exit status 7, but QEMU ended with exit status 3");
}

TEST(Guest, ThatTripleFaultsIsAnError) {
  Guest guest(tiny("t"));
  EXPECT_EQ(result_of(guest).error(), "guest ended without an exit status (QEMU: exit status 0)");
}

TEST(Guest, WhoseMachineQemuRefusesIsAnErrorInQemusWords) {
  Machine machine = tiny("0");
  machine.extra_arguments = {"-device", "no-such-device"};
  Guest guest(machine);
  EXPECT_TRUE(result_of(guest).error().contains("no-such-device"));
}

TEST(Guest, AnswersQmpAndStops) {
  Guest guest(tiny("h"));
  ASSERT_TRUE(guest.console().wait_for("h", deadline_in(minutes(1))));
  const auto status = guest.qmp().execute("query-status", deadline_in(minutes(1)));
  EXPECT_EQ(status.at("status"), "running");
  EXPECT_THROW(guest.qmp().execute("no-such-command", deadline_in(minutes(1))), Failure);
  guest.qmp().execute("quit", deadline_in(minutes(1)));
  EXPECT_EQ(guest.qmp().wait_event("SHUTDOWN", deadline_in(minutes(1))).at("data").at("reason"),
            "host-qmp-quit");
  EXPECT_FALSE(result_of(guest));
}

TEST(Guest, HasItsPowerButtonPressed) {
  Guest guest(tiny("h", MachineKind::q35));
  ASSERT_TRUE(guest.console().wait_for("h", deadline_in(minutes(1))));
  guest.press_power_button();
  guest.qmp().wait_event("POWERDOWN", deadline_in(minutes(1)));
  guest.stop();
  EXPECT_FALSE(result_of(guest));
}

TEST(Guest, ThatHasEndedMayHaveItsPowerButtonPressed) {
  Guest guest(tiny("3", MachineKind::q35));
  ASSERT_TRUE(result_of(guest));
  guest.press_power_button();
}

TEST(Guest, OnMicrovmHasNoPowerButton) {
  Guest guest(tiny("h"));
  EXPECT_EQ(failure_of([&] { guest.press_power_button(); }), "machine microvm has no power button");
}

TEST(Guest, IsGoneWithItsOwner) {
  pid_t id = 0;
  {
    Guest guest(tiny("h"));
    id = guest.process_id();
    EXPECT_EQ(guest.wait_until(Deadline{}), std::nullopt);
  }
  EXPECT_EQ(::kill(id, 0), -1);
}

TEST(GrubConfiguration, QuotesEachWord) {
  EXPECT_TRUE(grub_configuration("ip=dhcp -- $HOME;x \"two words\"")
                  .contains("multiboot2 /boot/image 'ip=dhcp' '--' '$HOME;x' 'two words'\n"));
  EXPECT_TRUE(grub_configuration("").contains("multiboot2 /boot/image\n"));
}

TEST(GrubConfiguration, RefusesWordThatGrubWouldChange) {
  EXPECT_EQ(failure_of([] { (void)grub_configuration("it's"); }),
            "kernel argument it's: GRUB cannot pass on a quote or a backslash");
}

TEST(MakeIso, HoldsTheImage) {
  const TemporaryFolder folder;
  const auto iso = folder.path() / "tiny.iso";
  make_iso(TINY_IMAGE, "0", iso);
  const std::string content = read_text(iso);
  EXPECT_EQ(content.substr(32769, 5), "CD001"); // ISO 9660, volume descriptor
  EXPECT_TRUE(content.contains(read_text(TINY_IMAGE)));
}

TEST(MakeIso, NamesFileThatCannotBeWritten) {
  EXPECT_TRUE(failure_of([] {
                make_iso(TINY_IMAGE, "", "/nonexistent/a.iso");
              }).starts_with("cannot make /nonexistent/a.iso: grub-mkrescue: "));
}

} // namespace
} // namespace skerry::vm
