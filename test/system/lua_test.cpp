// SPDX-License-Identifier: Apache-2.0
// Lua as it is upstream: scripts from the command line and from the console.
#include "machines.hpp"
#include "support/file.hpp"
#include "support/file_descriptor.hpp"
#include "vm/guest.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>

namespace skerry::test {
namespace {

/// Coroutines, patterns, formats, files, errors and collection. The last line says
/// how the machine ends.
constexpr std::string_view script = R"lua(
do
  local function numbers(n) return coroutine.wrap(function() for i = 1, n do coroutine.yield(i) end end) end
  local sum = 0
  for i in numbers(1000) do sum = sum + i end
  print("coroutines", sum)
end
do
  local words = {}
  for word, number in ("one=1, two=22, three=333"):gmatch("(%a+)=(%d+)") do words[#words + 1] = number .. word end
  print("patterns", table.concat(words, " "), ("%.3f %5d|%q"):format(math.pi, 42, "a\nb"))
end
do
  local name = os.tmpname()
  local file <close> = assert(io.open(name, "w+"))
  for i = 1, 5000 do file:write(i, "\n") end
  file:seek("set", 0)
  local sum = 0
  for line in file:lines("n") do sum = sum + line end
  print("files", name:match("^/tmp/") ~= nil, sum, file:seek("end"))
  assert(os.rename(name, "/tmp/other")); assert(os.remove("/tmp/other"))
  print("missing", io.open("/tmp/other"))
end
print("errors", select(2, pcall(error, {code = 7})).code, pcall(string.rep, "x", 1 << 40))
print("program", os.execute("ls"))
do
  for i = 1, 200000 do local t = {i} end
  collectgarbage()
  print("memory", collectgarbage("count") < 1000)
end
os.exit(5)
)lua";

TEST(Lua, RunsAScriptThatIsTyped) {
  const TemporaryFolder folder;
  replace_file(folder.path() / "script", script);
  const FileDescriptor file(::open((folder.path() / "script").c_str(), O_RDONLY | O_CLOEXEC));
  vm::Guest guest({.boot = vm::KernelBoot{.image = image("lua"), .command_line = "quiet -- -"}}, {},
                  file.get());
  EXPECT_EQ(guest.wait_until(deadline_in(patience)), vm::GuestResult(5));
  const std::string console = guest.console().text();
  for (const char* line :
       {"coroutines\t500500\n", "patterns\t1one 22two 333three\t3.142    42|\"a\\\nb\"\n",
        "files\ttrue\t12502500\t23893\n",
        "missing\tnil\t/tmp/other: No such file or directory\t2\n",
        "errors\t7\tfalse\tresulting string too large\n",
        "program\tnil\tFunction not implemented\t38\n", "memory\ttrue\n"})
    EXPECT_THAT(console, testing::HasSubstr(line));
}

TEST(Lua, RunsAScriptOnTheCommandLine) {
  const Outcome outcome = boot(Way::q35, "lua", "quiet -- -e \"print(_VERSION, 6 * 7, #arg)\"");
  EXPECT_EQ(outcome.status, 0) << outcome;
  EXPECT_THAT(outcome, Shows("Lua 5.4\t42\t2\n"));
}

TEST(Lua, SaysWhatIsWrongWithAScript) {
  const Outcome outcome = boot(Way::q35, "lua", "quiet -- -e \"error('no such luck')\"");
  EXPECT_EQ(outcome.status, 1) << outcome;
  EXPECT_THAT(outcome, Shows("no such luck"));
  EXPECT_THAT(outcome, Shows("stack traceback"));
}

} // namespace
} // namespace skerry::test
