// SPDX-License-Identifier: Apache-2.0
// Files of /proc and /sys, as programs read them.
#include "descriptor.hpp"
#include "system_call.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <pthread.h>
#include <sstream>
#include <string>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace skerry::test {
namespace {

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.is_open()) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

/// What follows `name` and blanks in a line of `path`; empty when there is none.
std::string field(const std::string& path, const std::string& name) {
  std::istringstream text(contents(path));
  for (std::string line; std::getline(text, line);)
    if (line.starts_with(name)) {
      const std::size_t start = line.find_first_not_of(" \t:", name.size());
      return start == line.npos ? "" : line.substr(start);
    }
  return "";
}

long number(const std::string& path, const std::string& name) {
  const std::string text = field(path, name);
  EXPECT_NE(text, "") << name << " in " << path;
  return std::atol(text.c_str());
}

std::vector<std::string> words(const std::string& text) {
  std::istringstream stream(text);
  return {std::istream_iterator<std::string>(stream), {}};
}

TEST(ProcSelf, HasTheArgumentsAndTheEnvironment) {
  const std::string arguments = contents("/proc/self/cmdline");
  ASSERT_FALSE(arguments.empty());
  EXPECT_EQ(arguments.back(), '\0');
  EXPECT_EQ(std::string(arguments.c_str()), program_invocation_name);
  const std::string variables = '\0' + contents("/proc/self/environ");
  EXPECT_NE(variables.find(std::string("\0PATH=", 6) + std::getenv("PATH") + '\0'),
            std::string::npos);
}

TEST(ProcSelf, KnowsTheProcess) {
  EXPECT_EQ(number("/proc/self/status", "Pid:"), ::getpid());
  EXPECT_EQ(number("/proc/self/status", "PPid:"), ::getppid());
  EXPECT_EQ(words(field("/proc/self/status", "Uid:"))[1], std::to_string(::geteuid()));
  const long threads = number("/proc/self/status", "Threads:");
  std::thread([&] { EXPECT_EQ(number("/proc/self/status", "Threads:"), threads + 1); }).join();
  const std::string stat = contents("/proc/self/stat");
  EXPECT_EQ(std::atoi(stat.c_str()), ::getpid());
  const auto fields = words(stat.substr(stat.rfind(')') + 2));
  ASSERT_EQ(fields.size(), 50U);
  EXPECT_EQ(fields[0], "R");
  EXPECT_EQ(fields[1], std::to_string(::getppid()));
  EXPECT_EQ(fields[2], std::to_string(::getpgrp()));
  EXPECT_GE(std::atol(fields[17].c_str()), 1) << "threads";
}

TEST(ProcSelf, HasTheNameOfTheMainThread) {
  char before[16] = {};
  ASSERT_EQ(::pthread_getname_np(::pthread_self(), before, sizeof before), 0);
  ASSERT_EQ(::pthread_setname_np(::pthread_self(), "a (name"), 0);
  EXPECT_EQ(contents("/proc/self/comm"), "a (name\n");
  EXPECT_EQ(field("/proc/self/status", "Name:"), "a (name");
  EXPECT_NE(contents("/proc/self/stat").find(" (a (name) R "), std::string::npos);
  ASSERT_EQ(::pthread_setname_np(::pthread_self(), before), 0);
}

TEST(ProcSelf, TellsOfMemoryThatIsUsed) {
  constexpr std::size_t size = 8 << 20;
  const auto resident = [] {
    return std::atol(words(contents("/proc/self/statm"))[1].c_str()) * 4096;
  };
  const long before = resident();
  const long virtual_before = number("/proc/self/status", "VmSize:");
  void* const memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  std::memset(memory, 1, size);
  EXPECT_GE(resident(), before + static_cast<long>(size));
  EXPECT_GE(number("/proc/self/status", "VmSize:"), virtual_before + 8192);
  const long now = number("/proc/self/status", "VmRSS:");
  EXPECT_GE(number("/proc/self/status", "VmHWM:"), now);
  const std::string stat = contents("/proc/self/stat");
  EXPECT_GE(std::atol(words(stat.substr(stat.rfind(')') + 2))[21].c_str()) * 4096,
            static_cast<long>(size));
  ASSERT_EQ(::munmap(memory, size), 0);
  EXPECT_LT(resident(), before + static_cast<long>(size));
}

TEST(ProcSelf, MapsWhatIsMapped) {
  char* const memory =
      static_cast<char*>(::mmap(nullptr, 3 * 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  ASSERT_NE(memory, MAP_FAILED);
  ASSERT_EQ(::mprotect(memory + 4096, 4096, PROT_READ | PROT_WRITE), 0);
  char wanted[64];
  const auto address = reinterpret_cast<unsigned long>(memory);
  std::snprintf(wanted, sizeof wanted, "%lx-%lx rw-p 00000000 00:00 0", address + 4096,
                address + 8192);
  const std::string maps = '\n' + contents("/proc/self/maps");
  EXPECT_NE(maps.find(std::string("\n") + wanted), std::string::npos) << maps;
  ASSERT_EQ(::munmap(memory, 3 * 4096), 0);
  EXPECT_EQ(contents("/proc/self/maps").find(wanted), std::string::npos);
}

TEST(ProcSelf, TellsOfLimits) {
  rlimit files{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &files), 0);
  const auto line = words(field("/proc/self/limits", "Max open files"));
  ASSERT_EQ(line.size(), 3U);
  EXPECT_EQ(line[0], std::to_string(files.rlim_cur));
  EXPECT_EQ(line[1], std::to_string(files.rlim_max));
  EXPECT_EQ(words(field("/proc/self/limits", "Max cpu time"))[0], "unlimited");
}

TEST(ProcSelf, IsFoundByTheNumberOfTheProcess) {
  const std::string own = "/proc/" + std::to_string(::getpid());
  EXPECT_EQ(contents(own + "/cmdline"), contents("/proc/self/cmdline"));
  EXPECT_EQ(::access("/proc/1", F_OK), -1);
}

TEST(ProcSelf, HasMounts) {
  EXPECT_NE((' ' + contents("/proc/mounts")).find(" / "), std::string::npos);
  EXPECT_EQ(contents("/proc/mounts"), contents("/proc/self/mounts"));
}

TEST(Proc, TellsOfTheMachine) {
  EXPECT_EQ(field("/proc/cpuinfo", "processor"), "0");
  EXPECT_NE(field("/proc/cpuinfo", "vendor_id"), "");
  EXPECT_NE(field("/proc/cpuinfo", "model name"), "");
  struct sysinfo info{};
  ASSERT_EQ(::sysinfo(&info), 0);
  const long total = number("/proc/meminfo", "MemTotal:");
  EXPECT_EQ(total, static_cast<long>(info.totalram * info.mem_unit / 1024));
  EXPECT_GT(number("/proc/meminfo", "MemFree:"), 0);
  EXPECT_LT(number("/proc/meminfo", "MemAvailable:"), total);
  EXPECT_EQ(number("/proc/meminfo", "SwapTotal:"), 0);
}

TEST(Proc, CountsFilesInMemory) {
  const Descriptor file(::memfd_create("large", 0));
  const long before = number("/proc/meminfo", "Shmem:");
  ASSERT_EQ(::fallocate(file, 0, 0, 1 << 20), 0);
  EXPECT_EQ(number("/proc/meminfo", "Shmem:"), before + 1024);
}

TEST(Proc, TellsHowTimeWasSpent) {
  timespec now{};
  ASSERT_EQ(::clock_gettime(CLOCK_MONOTONIC, &now), 0);
  const auto times = words(contents("/proc/uptime"));
  ASSERT_EQ(times.size(), 2U);
  EXPECT_GE(std::atof(times[0].c_str()) + 0.01, static_cast<double>(now.tv_sec));
  EXPECT_LE(std::atof(times[1].c_str()), std::atof(times[0].c_str())) << "idle";
  const auto ticks = words(field("/proc/stat", "cpu "));
  ASSERT_EQ(ticks.size(), 10U);
  timespec used{};
  ASSERT_EQ(::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used), 0);
  EXPECT_LE(std::atol(ticks[0].c_str()), used.tv_sec * 100 + used.tv_nsec / 10'000'000);
}

TEST(Proc, SaysWhatUnameSays) {
  utsname name{};
  ASSERT_EQ(::uname(&name), 0);
  EXPECT_EQ(contents("/proc/sys/kernel/ostype"), std::string(name.sysname) + '\n');
  EXPECT_EQ(contents("/proc/sys/kernel/osrelease"), std::string(name.release) + '\n');
  EXPECT_EQ(contents("/proc/sys/kernel/hostname"), std::string(name.nodename) + '\n');
  EXPECT_TRUE(contents("/proc/version").starts_with(std::string(name.sysname) + " version "));
}

TEST(Proc, HasRandomNames) {
  const std::string boot = contents("/proc/sys/kernel/random/boot_id");
  const std::string first = contents("/proc/sys/kernel/random/uuid");
  ASSERT_EQ(boot.size(), 37U);
  EXPECT_EQ(boot, contents("/proc/sys/kernel/random/boot_id"));
  EXPECT_NE(first, contents("/proc/sys/kernel/random/uuid"));
  for (const std::size_t place : {8, 13, 18, 23})
    EXPECT_EQ(first[place], '-');
  EXPECT_EQ(first[14], '4');
  EXPECT_NE(std::string("89ab").find(first[19]), std::string::npos);
}

TEST(Proc, CannotBeWrittenTo) {
  EXPECT_EQ(answer_of([] { return ::open("/proc/meminfo", O_WRONLY); }), refusal(EACCES));
  EXPECT_EQ(answer_of([] { return ::truncate("/proc/self/stat", 0); }), refusal(EACCES));
}

TEST(Proc, LacksWhatNobodyKnows) {
  for (const char* path : {"/proc/loadavg", "/proc/self/exe", "/proc/self/smaps",
                           "/proc/sys/vm/overcommit_memory", "/sys/fs/cgroup"})
    EXPECT_EQ(::access(path, F_OK), -1) << path;
}

TEST(Proc, CanBeReadInParts) {
  const std::string whole = contents("/proc/self/limits");
  const Descriptor file(::open("/proc/self/limits", O_RDONLY));
  std::string found;
  char part[7];
  for (ssize_t size = 0; (size = ::read(file, part, sizeof part)) > 0;)
    found.append(part, static_cast<std::size_t>(size));
  EXPECT_EQ(found, whole);
  EXPECT_GT(whole.size(), 1000U);
  EXPECT_EQ(::pread(file, part, 3, 2), 3);
  EXPECT_EQ(std::string(part, 3), whole.substr(2, 3));
}

TEST(Proc, HoldsTextsOfAnyLength) {
  std::vector<void*> areas;
  for (int count = 0; count < 200; ++count) {
    const int protection = count % 2 == 0 ? PROT_READ : PROT_READ | PROT_WRITE;
    areas.push_back(
        ::mmap(nullptr, 4096, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0));
    ASSERT_NE(areas.back(), MAP_FAILED);
  }
  const std::string maps = contents("/proc/self/maps");
  EXPECT_GT(maps.size(), 8000U);
  EXPECT_EQ(maps.back(), '\n');
  for (void* area : areas)
    EXPECT_EQ(::munmap(area, 4096), 0);
}

TEST(Sys, KnowsTheProcessor) {
  EXPECT_EQ(::sysconf(_SC_NPROCESSORS_ONLN), 1);
  for (const char* name : {"online", "possible", "present"})
    EXPECT_EQ(contents(std::string("/sys/devices/system/cpu/") + name), "0\n");
  EXPECT_EQ(contents("/sys/devices/system/cpu/cpu0/topology/core_id"), "0\n");
  EXPECT_EQ(::access("/sys/devices/system/cpu/cpu1", F_OK), -1);
}

} // namespace
} // namespace skerry::test
