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

class VirtioConsole : public testing::TestWithParam<Way> {};

TEST_P(VirtioConsole, ShowsLogOutputAndStatus) {
  const auto file = std::filesystem::temp_directory_path() /
                    std::format("skerry-console-{}-{}", getpid(), name(GetParam()));
  const auto with_console = [&](vm::Machine& machine) {
    const bool has_pci = machine.kind != vm::MachineKind::microvm;
    machine.extra_arguments = {"-chardev", "file,id=second,path=" + file.string(),
                               "-device",  has_pci ? "virtio-serial-pci" : "virtio-serial-device",
                               "-device",  "virtconsole,chardev=second"};
  };
  const Outcome outcome = boot(GetParam(), "hello", "-- Ada", with_console);
  EXPECT_EQ(outcome.status, 0) << outcome;
  const auto bytes = read_bytes(file);
  const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  EXPECT_THAT(text, HasSubstr("boot: Skerry "));
  EXPECT_THAT(text, HasSubstr("Hello, Ada.\nskerry: exit status 0\n"));
  std::filesystem::remove(file);
}

INSTANTIATE_TEST_SUITE_P(Ways, VirtioConsole, testing::ValuesIn(every_way),
                         [](const auto& way) { return std::string(name(way.param)); });

} // namespace
} // namespace skerry::test
