// SPDX-License-Identifier: Apache-2.0
// A virtio-console beside the serial line: it shows the same.
#include "machines.hpp"
#include "support/file.hpp"

#include <filesystem>
#include <format>
#include <gmock/gmock.h>
#include <unistd.h>

namespace skerry::test {
namespace {

using testing::HasSubstr;

/// Boots an image with a second console; returns what that console got.
std::string second_console(Way way, std::string_view image_name, const std::string& command_line,
                           int status) {
  const auto file = std::filesystem::temp_directory_path() /
                    std::format("skerry-console-{}-{}", getpid(), name(way));
  const auto with_console = [&](vm::Machine& machine) {
    const bool has_pci = machine.kind != vm::MachineKind::microvm;
    machine.extra_arguments = {"-chardev", "file,id=second,path=" + file.string(),
                               "-device",  has_pci ? "virtio-serial-pci" : "virtio-serial-device",
                               "-device",  "virtconsole,chardev=second"};
  };
  const Outcome outcome = boot(way, image_name, command_line, with_console);
  EXPECT_EQ(outcome.status, status) << outcome;
  const auto bytes = read_bytes(file);
  std::filesystem::remove(file);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class VirtioConsole : public testing::TestWithParam<Way> {};

TEST_P(VirtioConsole, ShowsLogOutputAndStatus) {
  const std::string text = second_console(GetParam(), "hello", "-- Ada", 0);
  EXPECT_THAT(text, HasSubstr("boot: Skerry "));
  EXPECT_THAT(text, HasSubstr("Hello, Ada.\nskerry: exit status 0\n"));
}

TEST_P(VirtioConsole, ShowsAWholeReport) {
  const std::string text = second_console(GetParam(), "report", "-- fault", 134);
  EXPECT_THAT(text, HasSubstr("skerry: read "));
  EXPECT_THAT(text, HasSubstr("skerry:   r12 "));
  EXPECT_THAT(text, HasSubstr("skerry: called from:\n"));
  EXPECT_THAT(text, HasSubstr("skerry: exit status 134 (panic)\n"));
}

INSTANTIATE_TEST_SUITE_P(Ways, VirtioConsole, testing::ValuesIn(every_way),
                         [](const auto& way) { return std::string(name(way.param)); });

} // namespace
} // namespace skerry::test
