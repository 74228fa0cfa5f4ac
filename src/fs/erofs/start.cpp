// SPDX-License-Identifier: Apache-2.0
// The root of an image with ROOT: EROFS, in the image or as a boot module beside it, with file
// systems in memory over some of its directories.
#include "src/fs/erofs/file_system.hpp"
#include "src/fs/erofs/root_module.hpp"
#include "src/fs/image_root.hpp"

#include <core/format.hpp>
#include <fs/path.hpp>
#include <kernel/exit.hpp>
#include <mm/frames.hpp>

#include <sys/stat.h>

namespace skerry::fs::erofs {
namespace {

constexpr FileSystem::Kind dev_kind{.name = "devtmpfs", .magic = tmpfs.magic};
constexpr FileSystem::Kind proc_kind{.name = "proc", .magic = 0x9fa0};
constexpr FileSystem::Kind sys_kind{.name = "sysfs", .magic = 0x6265'6572};

[[noreturn]] void refuse(std::string_view why) {
  char text[240];
  kernel::refuse_to_run(format_to(text, "cannot boot: the root file system {}", why));
}

/// The bytes of the root, where they lie, and whether that is in frames that boot set aside.
struct Source {
  std::span<const std::byte> bytes;
  bool is_module = false;
};

/// A boot module wins over what is in the image: `skerry run --root` shows another root so.
Source find_root(const SkerryImageRoot& image, const kernel::BootInfo& info) {
  const kernel::BootModule* module = find_root_module(info);
  if (module == nullptr) {
    if (image.start == image.end) {
      refuse(
          "is to come beside the image, and none came; expected it as a boot module (`skerry run` "
          "and QEMU's -initrd pass it, GRUB has module2)");
    }
    return {.bytes = {image.start, image.end}};
  }
  if (!is_in_memory(info, module->range)) {
    refuse("came as a boot module outside of the machine's usable memory");
  }
  return {.bytes = {mm::frames().pointer<std::byte>(module->range.start), module->range.size_bytes},
          .is_module = true};
}

Result<> mount_image(const Source& source) {
  auto* system = new (TRY(mm::heap().allocate(sizeof(ErofsFileSystem), alignof(ErofsFileSystem))))
      ErofsFileSystem;
  Refusal refusal;
  if (!system->open(source.bytes, refusal, source.is_module)) {
    refuse(refusal.why);
  }
  mount_root(*system);
  return {};
}

/// Covers the directory at `path` with an empty file system in memory, and returns its top.
Result<TreeDirectory*> mount_memory(std::string_view path, const FileSystem::Kind& kind,
                                    mode_t permissions) {
  Place place;
  const Result<> walked = walk(DirectoryReference(&root()), path, LastLink::follow, place);
  Directory* point = walked && place.node ? place.node->as_directory() : nullptr;
  if (point == nullptr) {
    char why[160];
    refuse(format_to(why, "has no directory {} to mount on", path));
  }
  FileSystem* system = TRY(make_memory_file_system(kind, permissions));
  TRY(mount(*system, DirectoryReference(point)));
  return system->top()->as_tree();
}

Result<> start(const SkerryImageRoot& image, const kernel::BootInfo& info) {
  constexpr mode_t for_all = S_ISVTX | 0777;
  TRY(mount_image(find_root(image, info)));
  TRY(fill_dev(*TRY(mount_memory("/dev", dev_kind, 0755))));
  TRY(fill_proc(*TRY(mount_memory("/proc", proc_kind, 0555))));
  TRY(mount_memory("/sys", sys_kind, 0555));
  TreeDirectory& run = *TRY(mount_memory("/run", tmpfs, 0755));
  TRY(run.enter("etc", TRY(make_directory(run.file_system(), 0755)))); // src/posix fills it
  TRY(mount_memory("/tmp", tmpfs, for_all));
  for (const char* const* path = image.memory_directories; *path != nullptr; ++path) {
    TRY(mount_memory(*path, tmpfs, 0755));
  }
  return {};
}

} // namespace
} // namespace skerry::fs::erofs

extern "C" {
extern constinit const skerry::fs::ImageRoot __skerry_erofs_root;
constinit const skerry::fs::ImageRoot __skerry_erofs_root{skerry::fs::erofs::start};
}
