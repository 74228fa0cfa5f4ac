// SPDX-License-Identifier: Apache-2.0
// What is typed on a console is a service's standard input; and its output and the kernel's lines
// share one console.
#include "machines.hpp"
#include "served.hpp"
#include "support/file.hpp"
#include "support/file_descriptor.hpp"

#include <fcntl.h>
#include <format>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace skerry::test {
namespace {

using testing::ContainsRegex;

/// Somebody who types when the test says so.
class Keyboard {
public:
  Keyboard() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) == 0) {
      read_ = FileDescriptor(ends[0]);
      write_ = FileDescriptor(ends[1]);
    }
  }
  [[nodiscard]] int input() const { return read_.get(); }
  void type(std::string_view text) const {
    EXPECT_EQ(::write(write_.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void leave() { write_.reset(); }

private:
  FileDescriptor read_;
  FileDescriptor write_;
};

vm::Machine reader(vm::MachineKind kind, const std::string& way) {
  return {.boot = vm::KernelBoot{.image = image("console"), .command_line = "quiet -- " + way},
          .kind = kind};
}

/// A guest whose standard input is a keyboard.
class Typed {
public:
  Typed(const vm::Machine& machine) : guest_(machine, {}, keyboard.input()) {}

  [[nodiscard]] bool shows(std::string_view text) {
    return guest_.console().wait_for(text, deadline_in(patience));
  }
  /// All of the console, when the run has ended.
  [[nodiscard]] std::string end() {
    EXPECT_EQ(guest_.wait_until(deadline_in(patience)), vm::GuestResult(0));
    return guest_.console().text();
  }

  Keyboard keyboard;

private:
  vm::Guest guest_;
};

class TypedInput : public testing::TestWithParam<vm::MachineKind> {};

TEST_P(TypedInput, ComesLineByLineAndEnds) {
  Typed guest(reader(GetParam(), "lines"));
  ASSERT_TRUE(guest.shows("reading\n"));
  guest.keyboard.type("one\n");
  ASSERT_TRUE(guest.shows("[one]\n"));
  guest.keyboard.type("two\nthree\nlast");
  ASSERT_TRUE(guest.shows("[last] open\n"));
  guest.keyboard.leave();
  EXPECT_EQ(guest.end(), "reading\n[one]\n[two]\n[three]\n[last] open\nend\n"
                         "skerry: exit status 0\n");
}

TEST_P(TypedInput, MakesDescriptorsReady) {
  Typed guest(reader(GetParam(), "ready"));
  for (const std::string call : {"poll", "select", "epoll"}) {
    ASSERT_TRUE(guest.shows(call + " waits\n"));
    guest.keyboard.type("for " + call + "\n");
  }
  EXPECT_EQ(guest.end(), "poll without input: 1, output 0x4\n"
                         "read: Resource temporarily unavailable\n"
                         "flags of the output: 0x1\n"
                         "poll waits\npoll: 1 0x1\n[for poll]\n"
                         "select waits\nselect: 1\n[for select]\n"
                         "epoll waits\nepoll: 1 0x1\n[for epoll]\n"
                         "read: Resource temporarily unavailable\nskerry: exit status 0\n");
}

INSTANTIATE_TEST_SUITE_P(Machines, TypedInput,
                         testing::Values(vm::MachineKind::pc, vm::MachineKind::q35,
                                         vm::MachineKind::microvm),
                         [](const auto& kind) { return std::string(vm::name(kind.param)); });

TEST(TypedInputOnQ35, WaitsThroughSignalsOrNot) {
  Typed guest(reader(vm::MachineKind::q35, "interrupted"));
  ASSERT_TRUE(guest.shows("signal\nread: Interrupted system call\nsignal\n"));
  guest.keyboard.type("after it\n");
  EXPECT_THAT(guest.end(), testing::EndsWith("[after it]\nskerry: exit status 0\n"));
}

/// FNV-1a, as the image has it.
std::uint32_t sum_of(std::string_view bytes) {
  std::uint32_t value = 2166136261U;
  for (const char c : bytes)
    value = (value ^ static_cast<unsigned char>(c)) * 16777619U;
  return value;
}

TEST(TypedInputOnQ35, LosesNoByteOfAFile) {
  std::string bytes;
  for (unsigned i = 0; i < 20'000; ++i)
    bytes += static_cast<char>(i % 7 == 0 ? i / 7 : i * i / 31);
  const TemporaryFolder folder;
  replace_file(folder.path() / "bytes", std::string_view(bytes));
  const FileDescriptor file(::open((folder.path() / "bytes").c_str(), O_RDONLY | O_CLOEXEC));
  vm::Guest guest(reader(vm::MachineKind::q35, "sum"), {}, file.get());
  EXPECT_EQ(guest.wait_until(deadline_in(patience)), vm::GuestResult(0));
  EXPECT_EQ(guest.console().text(), std::format("reading\n{} bytes, sum {:08x}\n"
                                                "skerry: exit status 0\n",
                                                bytes.size(), sum_of(bytes)));
}

class NoInput : public testing::TestWithParam<Way> {};

TEST_P(NoInput, IsAtItsEndAtOnce) {
  const Outcome outcome = boot(GetParam(), "console", "quiet -- lines");
  EXPECT_EQ(outcome.status, 0) << outcome;
  EXPECT_THAT(outcome, Shows("reading\nend\n"));
}

INSTANTIATE_TEST_SUITE_P(Ways, NoInput, testing::ValuesIn(every_way),
                         [](const auto& way) { return std::string(name(way.param)); });

/// A connection to the console's end on the host.
FileDescriptor connect_to(const std::filesystem::path& path) {
  FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.string().copy(address.sun_path, sizeof address.sun_path - 1);
  EXPECT_EQ(::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  return socket;
}

class InputOfVirtioConsole : public testing::TestWithParam<vm::MachineKind> {};

TEST_P(InputOfVirtioConsole, IsReadLikeThatOfTheSerialLine) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "console";
  vm::Machine machine = reader(GetParam(), "lines");
  machine.extra_arguments = {
      "-chardev", "socket,id=second,server=on,wait=off,path=" + path.string(),
      "-device",  vm::has_pci(machine.kind) ? "virtio-serial-pci" : "virtio-serial-device",
      "-device",  "virtconsole,chardev=second"};
  Typed guest(machine);
  ASSERT_TRUE(guest.shows("reading\n"));
  const FileDescriptor socket = connect_to(path);
  const std::string typed = "over virtio\r\x04";
  ASSERT_EQ(::write(socket.get(), typed.data(), typed.size()), static_cast<ssize_t>(typed.size()));
  EXPECT_EQ(guest.end(), "reading\n[over virtio]\nend\nskerry: exit status 0\n");
}

INSTANTIATE_TEST_SUITE_P(Machines, InputOfVirtioConsole,
                         testing::Values(vm::MachineKind::q35, vm::MachineKind::microvm),
                         [](const auto& kind) { return std::string(vm::name(kind.param)); });

TEST(LinesOfTheKernel, DoNotLandInALineOfTheService) {
  const Outcome outcome = boot(Way::q35, "console", "log=warning -- half");
  EXPECT_EQ(outcome.status, 134) << outcome;
  EXPECT_THAT(outcome.console, ContainsRegex("^half\n\\[[^\n]*system call 425 [^\n]*\nrest\n"
                                             "half\nskerry: "));
}

} // namespace
} // namespace skerry::test
