// SPDX-License-Identifier: Apache-2.0
// Files of /proc/self.
#include "src/posix/limits.hpp"
#include "src/posix/proc/files.hpp"
#include "src/posix/proc/text.hpp"
#include "src/posix/process.hpp"
#include "src/posix/task.hpp"

#include <kernel/application.hpp>
#include <kernel/image.hpp>
#include <mm/address_space.hpp>

#include <array>
#include <cstdint>
#include <elf.h>
#include <sys/resource.h>

namespace skerry::posix {
namespace {

constexpr std::int64_t nanoseconds_per_tick = 10'000'000; // 100 per second, as sysconf(3) says
constexpr std::uint64_t kibibytes_per_page = mm::page_size / 1024;

mm::AddressSpaceStatistics memory() {
  return mm::application_space().lock()->statistics();
}

/// Of the image, in pages.
std::uint64_t code_pages() {
  const auto* base = kernel::image_base().as_pointer<const std::byte>();
  const auto& header = *reinterpret_cast<const Elf64_Ehdr*>(base);
  const std::span segments(reinterpret_cast<const Elf64_Phdr*>(base + header.e_phoff),
                           header.e_phnum);
  std::uint64_t pages = 0;
  for (const Elf64_Phdr& segment : segments) {
    if (segment.p_type == PT_LOAD && (segment.p_flags & PF_X) != 0) {
      pages += mm::pages_for(segment.p_memsz);
    }
  }
  return pages;
}

std::string_view process_name() {
  const Task* main = find_task(process_id);
  return main != nullptr ? main->thread->name() : kernel::program_name;
}

/// With a zero byte behind it. `text` is a FileText.
void add_word(std::string_view word, void* text) {
  constexpr char zero = '\0';
  auto& to = *static_cast<FileText*>(text);
  to.add(word);
  to.add(std::string_view(&zero, 1));
}

std::size_t write_command(std::span<char> room) {
  FileText text(room);
  kernel::for_each_argument(add_word, &text);
  return text.size();
}

std::size_t write_environment(std::span<char> room) {
  FileText text(room);
  kernel::for_each_variable(add_word, &text);
  return text.size();
}

/// Fields that Linux does not maintain, or does not tell others, are 0.
std::size_t write_stat(std::span<char> room) {
  FileText text(room);
  const auto used = memory();
  text.put("{} ({}) R 1 {} {} 0 -1 0 0 0 0 0 {} 0 0 0 20 0 {} 0 0 {} {} 18446744073709551615",
           process_id, process_name(), process_id, process_id,
           process_time().in_nanoseconds() / nanoseconds_per_tick, application_thread_count(),
           used.mapped * mm::page_size, used.resident);
  text.add(" 0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n");
  return text.size();
}

/// No memory is shared with another process, and libraries are not counted (proc(5)).
std::size_t write_memory_use(std::span<char> room) {
  FileText text(room);
  const auto used = memory();
  text.put("{} {} 0 {} 0 {} 0\n", used.mapped, used.resident, code_pages(), used.charged);
  return text.size();
}

std::size_t write_status(std::span<char> room) {
  FileText text(room);
  const auto used = memory();
  text.put("Name:\t{}\nState:\tR (running)\nTgid:\t{}\nPid:\t{}\nPPid:\t1\nTracerPid:\t0\n",
           process_name(), process_id, process_id);
  text.add("Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n");
  text.put("VmSize:\t{:8} kB\nVmHWM:\t{:8} kB\nVmRSS:\t{:8} kB\nVmSwap:\t       0 kB\n",
           used.mapped * kibibytes_per_page, used.most_resident * kibibytes_per_page,
           used.resident * kibibytes_per_page);
  text.put("Threads:\t{}\nCpus_allowed:\t1\nCpus_allowed_list:\t0\n", application_thread_count());
  return text.size();
}

struct LimitText {
  int resource;
  std::string_view name;
  std::string_view unit;
};

/// In the order of Linux, whose columns are 26, 21, 21 and 10 characters wide.
constexpr LimitText limit_texts[] = {
    {RLIMIT_CPU, "Max cpu time", "seconds"},
    {RLIMIT_FSIZE, "Max file size", "bytes"},
    {RLIMIT_DATA, "Max data size", "bytes"},
    {RLIMIT_STACK, "Max stack size", "bytes"},
    {RLIMIT_CORE, "Max core file size", "bytes"},
    {RLIMIT_RSS, "Max resident set", "bytes"},
    {RLIMIT_NPROC, "Max processes", "processes"},
    {RLIMIT_NOFILE, "Max open files", "files"},
    {RLIMIT_MEMLOCK, "Max locked memory", "bytes"},
    {RLIMIT_AS, "Max address space", "bytes"},
    {RLIMIT_LOCKS, "Max file locks", "locks"},
    {RLIMIT_SIGPENDING, "Max pending signals", "signals"},
    {RLIMIT_MSGQUEUE, "Max msgqueue size", "bytes"},
    {RLIMIT_NICE, "Max nice priority", ""},
    {RLIMIT_RTPRIO, "Max realtime priority", ""},
    {RLIMIT_RTTIME, "Max realtime timeout", "us"},
};

void add_column(FileText& text, std::string_view word, std::size_t width) {
  constexpr std::string_view blanks = "                          ";
  text.add(word);
  text.add(blanks.substr(0, width > word.size() ? width - word.size() : 1));
}

void add_limit(FileText& text, rlim_t limit) {
  std::array<char, 24> number;
  add_column(text, limit == RLIM_INFINITY ? "unlimited" : format_to(number, "{}", limit), 21);
}

std::size_t write_limits(std::span<char> room) {
  FileText text(room);
  add_column(text, "Limit", 26);
  add_column(text, "Soft Limit", 21);
  add_column(text, "Hard Limit", 21);
  text.add("Units     \n");
  for (const LimitText& line : limit_texts) {
    if (const auto limit = limit_of(line.resource)) {
      add_column(text, line.name, 26);
      add_limit(text, limit->rlim_cur);
      add_limit(text, limit->rlim_max);
      add_column(text, line.unit, 10);
      text.add("\n");
    }
  }
  return text.size();
}

char right(bool has, char letter) {
  return has ? letter : '-';
}

void add_area(FileText& text, const mm::Area& area) {
  const hal::Access access = area.traits.access;
  const char rights[] = {
      right(access != hal::Access::none, 'r'), right(access == hal::Access::read_write, 'w'),
      right(access == hal::Access::read_execute, 'x'), area.traits.is_shared ? 's' : 'p'};
  text.put("{:x}-{:x} {} {:08x} 00:00 0", area.start.value(), area.end.value(),
           std::string_view(rights, sizeof rights),
           area.object ? area.object_page << mm::page_bits : 0);
  if (!area.name.text().empty()) {
    text.put(" [anon:{}]", area.name.text());
  }
  text.add("\n");
}

/// The application's half. The image, kernel and all, is no mapping of the application.
std::size_t write_maps(std::span<char> room) {
  FileText text(room);
  const auto space = mm::application_space().lock();
  for (const mm::Area* area = space->find({}); area != nullptr; area = space->find(area->end)) {
    add_area(text, *area);
  }
  return text.size();
}

constexpr SystemText texts[] = {
    {"self/cmdline", write_command}, {"self/environ", write_environment},
    {"self/stat", write_stat},       {"self/statm", write_memory_use},
    {"self/status", write_status},   {"self/limits", write_limits},
    {"self/maps", write_maps},       {"self/mounts", fs::list_mounts},
};

} // namespace

std::span<const SystemText> process_texts() {
  return texts;
}

} // namespace skerry::posix
