// SPDX-License-Identifier: Apache-2.0
// See the header.
#include "root/pack.hpp"

#include "root/stage.hpp"
#include "support/failure.hpp"
#include "support/file.hpp"
#include "support/process.hpp"

#include <algorithm>
#include <format>

namespace skerry::root {
namespace {

namespace filesystem = std::filesystem;

constexpr std::string_view program = "mkfs.erofs";
/// Images are told apart by what is in them.
constexpr std::string_view uuid = "00000000-0000-0000-0000-000000000000";
/// Changes when the same folder gives another image.
constexpr std::string_view format = "skerry root 2";

constexpr std::chrono::hours time_to_pack{1};

/// The folder without links in its path. Throws Failure.
filesystem::path real_folder(const PackRequest& request) {
  std::error_code error;
  const auto folder = filesystem::canonical(request.folder, error);
  if (error)
    throw Failure("{}: {}; expected a folder", request.folder.string(), error.message());
  if (!filesystem::is_directory(folder))
    throw Failure("{}: it is not a folder", request.folder.string());
  const auto image = filesystem::weakly_canonical(request.image);
  if (std::ranges::mismatch(folder, image).in1 == folder.end())
    throw Failure("{}: the image {} would become part of itself; expected a folder that does not "
                  "hold what is built",
                  request.folder.string(), request.image.string());
  return folder;
}

/// What an image needs and the folder lacks. The kernel keeps these four files in /run/etc, where
/// they can change: src/posix/system_files.cpp.
void complete(Stage& stage, const std::vector<std::string>& memory_folders) {
  for (const char* path : {"/dev", "/proc", "/run", "/sys", "/tmp", "/etc"})
    stage.add_folder(path);
  for (const std::string& path : memory_folders)
    stage.add_folder(path);
  for (const char* name : {"hosts", "passwd", "group", "resolv.conf"})
    stage.add_link(std::format("/etc/{}", name), std::format("/run/etc/{}", name));
}

void make_image(const Stage& stage, const filesystem::path& image) {
  if (!find_program(program))
    throw Failure("{} is missing; install the package erofs-utils as root: apt-get install "
                  "erofs-utils",
                  program);
  // Links and folders have times of their own: -T0 gives all the same. -x-1: no extended
  // attributes.
  const Command command{.arguments = {std::string(program), "--quiet", "-T0", "--all-root", "-x-1",
                                      "-U", std::string(uuid), image.string(),
                                      stage.path().string()},
                        .output = Stream::pipe,
                        .error = Stream::pipe};
  const Captured made = run_captured(command, deadline_in(time_to_pack));
  if (!made.status.success())
    throw Failure("{} ended with {}: {}", program, made.status.describe(),
                  last_lines(made.error, 1));
}

} // namespace

bool pack(const PackRequest& request) {
  const auto folder = real_folder(request);
  const auto found = scan(folder);
  std::string state = std::format("{}\n{}\n", format, folder.string());
  for (const std::string& path : request.memory_folders)
    state += path + "\n";
  state += fingerprint(found);
  const filesystem::path list = request.image.string() + ".list";
  if (filesystem::exists(request.image) && filesystem::exists(list) && read_text(list) == state)
    return false;

  Stage stage(folder, found, request.image);
  complete(stage, request.memory_folders);
  stage.set_permissions();
  const filesystem::path fresh = request.image.string() + ".new";
  filesystem::remove(fresh);
  make_image(stage, fresh);
  filesystem::rename(fresh, request.image);
  replace_file(list, state);
  return true;
}

} // namespace skerry::root
