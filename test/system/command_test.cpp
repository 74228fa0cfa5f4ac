// SPDX-License-Identifier: Apache-2.0
// The skerry command as a user types it. Options that need no image are in test/unit/tools.
#include "machines.hpp"
#include "served.hpp"
#include "support/file.hpp"
#include "support/file_descriptor.hpp"
#include "support/process.hpp"

#include <arpa/inet.h>
#include <cstdlib>
#include <fcntl.h>
#include <format>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace skerry::test {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

using Words = std::vector<std::string>;

Captured skerry(Words words) {
  words.insert(words.begin(), std::string(SOURCE_FOLDER) + "/skerry");
  return run_captured({.arguments = words, .output = Stream::pipe, .error = Stream::pipe},
                      deadline_in(patience));
}

std::string hello_project() {
  return std::string(SOURCE_FOLDER) + "/examples/hello";
}

/// A listening socket on a port of the loopback that nobody else has.
class TakenPort {
public:
  TakenPort() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(socket_.get(), generic, size), 0);
    EXPECT_EQ(::listen(socket_.get(), 1), 0);
    EXPECT_EQ(::getsockname(socket_.get(), generic, &size), 0);
    number_ = ntohs(address.sin_port);
  }

  [[nodiscard]] int number() const { return number_; }

private:
  FileDescriptor socket_;
  int number_ = 0;
};

TEST(CommandNew, BeginsAServiceThatBuildsAndAnswers) {
  const auto folder = std::filesystem::temp_directory_path() / std::format("skerry-{}", getpid());
  const auto project = (folder / "my_service").string();
  const Captured begun = skerry({"new", project});
  EXPECT_EQ(begun.output, std::format("my_service is begun. Boot it: ./skerry run {}\n", project));
  EXPECT_EQ(skerry({"new", project}).error,
            std::format("skerry: new {}: it exists already; expected a folder that can be made\n",
                        project));
  const Captured built = skerry({"build", project});
  EXPECT_EQ(built.status.shell_status(), 0) << built.error;
  const std::string path = project + "/build/skerry/my_service";
  EXPECT_EQ(built.output, path + "\n");

  const auto port = free_port(SOCK_STREAM);
  vm::Machine machine{.boot = vm::KernelBoot{.image = path, .command_line = ""}};
  forwarding(port, 80)(machine);
  vm::Guest guest(machine);
  ASSERT_TRUE(guest.console().wait_for("listening on port 80\n", deadline_in(patience)));
  const Captured reply = run_captured({.arguments = {"curl", "--silent", "--max-time", "60",
                                                     std::format("http://127.0.0.1:{}/", port)},
                                       .output = Stream::pipe,
                                       .error = Stream::pipe},
                                      deadline_in(patience));
  EXPECT_THAT(reply.output, StartsWith("my_service has been up for ")) << reply.error;
  guest.stop();
  std::filesystem::remove_all(folder);
}

TEST(CommandNew, RefusesNamesThatCannotBeTargets) {
  for (const std::string name : {"test", "8ball", "my service", "-x", "a;b"})
    EXPECT_THAT(skerry({"new", "--", "/tmp/" + name}).error, HasSubstr("cannot name a service"))
        << name;
}

TEST(CommandBuild, PrintsThePathOfTheImageAsItsLastLine) {
  const Captured built = skerry({"build", hello_project()});
  ASSERT_EQ(built.status.shell_status(), 0) << built.error;
  std::string path(last_lines(built.output, 1));
  EXPECT_EQ(built.output, path + "\n") << "everything else goes to standard error";
  EXPECT_TRUE(std::filesystem::is_regular_file(path)) << path;
}

TEST(CommandRun, BuildsAndBootsAProject) {
  const Captured ran = skerry({"run", hello_project(), "--net", "none", "--append", "-- Ada"});
  EXPECT_EQ(ran.status.shell_status(), 0) << ran.error;
  EXPECT_THAT(ran.output, HasSubstr("Hello, Ada.\n"));
}

TEST(CommandRun, EndsWithTheStatusOfMain) {
  for (const int status : {0, 7, 255}) {
    const Captured ran = skerry({"run", image("arguments"), "--net", "none", "--machine", "microvm",
                                 "--append", std::format("-- --status {}", status)});
    EXPECT_EQ(ran.status.shell_status(), status) << ran.output << ran.error;
  }
}

TEST(CommandRun, EndsWithTheStatusOfAnAbortAfterAFault) {
  const Captured ran =
      skerry({"run", image("faults"), "--net", "none", "--append", "-- null-call"});
  EXPECT_EQ(ran.status.shell_status(), 134) << ran.output << ran.error;
  EXPECT_THAT(ran.output, HasSubstr("call_null"));
}

Captured shell(const std::string& script) {
  return run_captured(
      {.arguments = {"sh", "-c", script}, .output = Stream::pipe, .error = Stream::pipe},
      deadline_in(patience));
}

std::string run_quietly(std::string_view image_name) {
  return std::format("{}/skerry run {} --net none --append", SOURCE_FOLDER,
                     image(image_name).string());
}

TEST(CommandRun, HandsItsStandardInputToTheService) {
  const std::string run = run_quietly("console") + " 'quiet -- lines'";
  const Captured piped = shell("printf 'hello\nand more' | " + run);
  EXPECT_EQ(piped.output, "reading\n[hello]\n[and more] open\nend\nskerry: exit status 0\n")
      << piped.error;
  const std::string at_end = "reading\nend\nskerry: exit status 0\n";
  EXPECT_EQ(shell(run + " </dev/null").output, at_end);
  EXPECT_EQ(shell(run + " <&-").output, at_end);
}

TEST(CommandRun, GivesAnImageTheMemoryThatItAsksFor) {
  const auto matches = [](const std::string& text) {
    return testing::Matches(testing::ContainsRegex("memory 2[0-4] MiB\n"))(text);
  };
  const Captured ran = shell(run_quietly("options") + " quiet");
  EXPECT_TRUE(matches(ran.output)) << ran.output << ran.error;
  const Captured emulated = skerry({"emulate", image("options")});
  EXPECT_TRUE(matches(emulated.output)) << emulated.output << emulated.error;
  const Captured more = shell(run_quietly("options") + " quiet --memory 100M");
  EXPECT_FALSE(matches(more.output)) << more.output;
}

TEST(CommandRun, LeavesAloneWhatTheServiceDoesNotRead) {
  const Captured ran =
      shell("echo kept | (" + run_quietly("hello") + " quiet >/dev/null 2>&1; cat)");
  EXPECT_EQ(ran.output, "kept\n");
}

TEST(CommandEmulate, HandsItsStandardInputToTheService) {
  const std::string emulate =
      std::format("{}/skerry emulate {} lines", SOURCE_FOLDER, image("console").string());
  EXPECT_EQ(shell("echo hello | " + emulate).output, "reading\n[hello]\nend\n");
  // At a terminal nobody types for a test.
  const FileDescriptor terminal(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  ASSERT_EQ(::unlockpt(terminal.get()), 0);
  EXPECT_EQ(shell(emulate + " <" + ::ptsname(terminal.get())).output, "reading\nend\n");
}

void expect_one_line(const Captured& refused, const std::string& complaint) {
  EXPECT_NE(refused.status.shell_status(), 0);
  EXPECT_EQ(refused.output, "");
  EXPECT_THAT(refused.error, StartsWith("skerry: "));
  EXPECT_THAT(refused.error, HasSubstr(complaint));
  EXPECT_EQ(std::ranges::count(refused.error, '\n'), 1) << refused.error;
}

TEST(CommandRun, RefusesPortThatIsTaken) {
  const TakenPort port;
  const std::string forward = std::format("{}:80", port.number());
  expect_one_line(skerry({"run", image("hello"), "--port", forward}),
                  std::format("tcp port {} is taken", port.number()));
}

TEST(CommandRun, RefusesWhatIsNoImage) {
  const TemporaryFolder folder;
  const std::string script = folder.path() / "script.sh";
  replace_file(script, std::string_view("#!/bin/sh\nexit 0\n"));
  expect_one_line(skerry({"run", script}), script + ": it is a script; expected a Skerry image");
  expect_one_line(skerry({"run", "/bin/true"}),
                  "/bin/true: it is a Linux program that was not built with the Skerry toolchain");
  const std::string absent = folder.path() / "absent";
  expect_one_line(skerry({"run", absent}), absent + ": no such file");
  expect_one_line(skerry({"run", folder.path()}), "has no CMakeLists.txt");
}

TEST(CommandRun, RefusesValuesThatAreNotPossible) {
  struct Wrong {
    std::string option;
    std::string value;
  };
  const std::vector<Wrong> cases{
      {"--memory", "64"},     {"--memory", "lots"},  {"--memory", "0M"},     {"--memory", "-1M"},
      {"--machine", "vax"},   {"--port", "80"},      {"--port", "0:80"},     {"--port", "a:b"},
      {"--port", "8080:-80"}, {"--port", "70000:1"}, {"--port", "1:2/sctp"}, {"--cpus", "none"},
      {"--kvm", "maybe"},     {"--net", "bridge"},
  };
  for (const Wrong& wrong : cases)
    expect_one_line(skerry({"run", image("hello"), wrong.option + "=" + wrong.value}),
                    wrong.option + " " + wrong.value);
  expect_one_line(skerry({"run", image("hello"), "--machine="}), "--machine");
}

TEST(CommandRun, RefusesTapDeviceThatDoesNotExist) {
  expect_one_line(skerry({"run", image("hello"), "--net", "tap:absent0"}), "--net tap:absent0");
}

} // namespace
} // namespace skerry::test
