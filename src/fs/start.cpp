// SPDX-License-Identifier: Apache-2.0
// What the tree of files holds when a service starts.
#include "src/fs/devices.hpp"
#include "src/fs/image_root.hpp"
#include "src/fs/tree.hpp"

#include <kernel/exit.hpp>
#include <kernel/random.hpp>

#include <sys/stat.h>

namespace skerry::fs {
namespace {

constexpr mode_t for_all = S_ISVTX | 0777;

Result<NodeRef<TreeDirectory>> add_directory(TreeDirectory& above, std::string_view name,
                                             mode_t permissions) {
  auto made = TRY(make_node<TreeDirectory>(above.file_system(), permissions));
  TRY(above.enter(name, made));
  return made;
}

Result<> start_in_memory() {
  FileSystem& memory = memory_file_system();
  const auto top = TRY(make_node<TreeDirectory>(memory, mode_t{0755}));
  top->add_link(); // it has a name, if not in itself
  memory.set_top(*top);
  mount_root(memory);
  TRY(add_directory(*top, "etc", 0755));
  TRY(add_directory(*top, "sys", 0555));
  TRY(add_directory(*top, "tmp", for_all));
  const auto var = TRY(add_directory(*top, "var", 0755));
  TRY(add_directory(*var, "tmp", for_all));
  TRY(fill_proc(*TRY(add_directory(*top, "proc", 0555))));
  return fill_dev(*TRY(add_directory(*top, "dev", 0755)));
}

} // namespace

Result<> fill_dev(TreeDirectory& dev) {
  TRY(add_directory(dev, "shm", for_all));
  return enter_devices(dev);
}

Result<TreeDirectory*> fill_proc(TreeDirectory& proc) {
  return TRY(add_directory(proc, "self", 0555)).get();
}

Result<> start_files(const kernel::BootInfo& info) {
  // Without entropy the names of files can be guessed to collide; nothing else depends on the key.
  if (const auto key = kernel::random_value<SipKey>()) {
    tree().lock()->set_key(*key);
  }
  const SkerryImageRoot& image = __skerry_image_root;
  if (image.starter != nullptr) {
    return static_cast<const ImageRoot*>(image.starter)->start(image, info);
  }
  if (info.module_count != 0) {
    kernel::refuse_to_run("cannot boot: the loader brought a boot module, and the image has no use "
                          "for one; expected an image with skerry_image(... ROOT ...)");
  }
  return start_in_memory();
}

} // namespace skerry::fs
