// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "src/posix/system_files.hpp"

#include "src/posix/descriptor_directory.hpp"
#include "src/posix/proc/files.hpp"
#include "src/posix/process.hpp"
#include "src/posix/thread_directory.hpp"

#include <core/format.hpp>
#include <fs/path.hpp>
#include <fs/tree.hpp>
#include <net/name_servers.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <string_view>

namespace skerry::posix {
namespace {

/// The directory at `path`, which start_files() has made.
Result<fs::TreeDirectory*> directory_at(std::string_view path) {
  fs::Place place;
  TRY(fs::walk(fs::DirectoryReference(&fs::root()), path, fs::LastLink::follow, place));
  fs::Directory* directory = place.node ? place.node->as_directory() : nullptr;
  fs::TreeDirectory* tree = directory != nullptr ? directory->as_tree() : nullptr;
  return tree != nullptr ? Result<fs::TreeDirectory*>(tree)
                         : fail(std::errc::no_such_file_or_directory);
}

Result<> enter_text(fs::TreeDirectory& directory, std::string_view name, std::string_view text) {
  const auto node = TRY(fs::make_regular(directory.file_system(), 0644));
  const auto file = TRY(node->open(fs::open_flag::write_only));
  std::array<std::byte, 128> bytes;
  std::ranges::copy(std::as_bytes(std::span(text)), bytes.begin());
  fs::UserBuffer buffer(std::span(bytes).first(text.size()));
  TRY(file->write(buffer));
  return directory.enter(name, node);
}

Result<> enter_link(fs::TreeDirectory& directory, std::string_view name, std::string_view target) {
  return directory.enter(name, TRY(fs::make_symlink(directory.file_system(), target)));
}

Result<> enter_configuration(fs::TreeDirectory& etc) {
  TRY(enter_text(etc, "hosts", "127.0.0.1 localhost\n::1 localhost\n"));
  TRY(enter_text(etc, "passwd", "root:x:0:0:root:/:\nnobody:x:65534:65534:nobody:/:\n"));
  TRY(enter_text(etc, "group", "root:x:0:\nnogroup:x:65534:\n"));
  const auto fill = [](std::span<char> text) { return net::resolver_configuration(text).size(); };
  return etc.enter("resolv.conf", TRY(fs::make_text(etc.file_system(), fill)));
}

/// A root that cannot be written to has links to what is in /run/etc (tools/root/pack.cpp).
std::string_view configuration_path() {
  return fs::root().file_system().is_read_only() ? "/run/etc" : "/etc";
}

Result<> enter_process() {
  fs::TreeDirectory& proc = *TRY(directory_at("/proc"));
  fs::TreeDirectory& self = *TRY(directory_at("/proc/self"));
  TRY(self.enter("fd", TRY(make_descriptor_directory(self))));
  TRY(self.enter("task", TRY(make_thread_directory(self))));
  TRY(self.enter("comm", TRY(make_thread_name(self.file_system(), process_id))));
  TRY(enter_texts(proc, *TRY(directory_at("/sys"))));
  TRY(enter_link(proc, "mounts", "self/mounts"));
  std::array<char, 12> number;
  return enter_link(proc, format_to(number, "{}", process_id), "self");
}

Result<> enter_system_files() {
  TRY(enter_configuration(*TRY(directory_at(configuration_path()))));
  TRY(enter_process());
  fs::TreeDirectory& dev = *TRY(directory_at("/dev"));
  TRY(enter_link(dev, "fd", "/proc/self/fd"));
  TRY(enter_link(dev, "stdin", "/proc/self/fd/0"));
  TRY(enter_link(dev, "stdout", "/proc/self/fd/1"));
  return enter_link(dev, "stderr", "/proc/self/fd/2");
}

constinit std::atomic<bool> files_are_due = false;

} // namespace

void expect_system_files() {
  files_are_due = true;
}

Result<> enter_expected_system_files() {
  return files_are_due.exchange(false) ? enter_system_files() : Result<>();
}

} // namespace skerry::posix
