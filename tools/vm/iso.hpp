// SPDX-License-Identifier: Apache-2.0
// A bootable CD (or USB stick) with one image: GRUB loads it by its Multiboot2 header, under a BIOS
// and under UEFI.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace skerry::vm {

/// GRUB's script that boots `/boot/image` with this kernel command line, without a menu, on the
/// serial console. With `has_root` it loads `/boot/root` too, as the boot module that is the root.
/// Throws Failure for a word that GRUB cannot hand on unchanged.
[[nodiscard]] std::string grub_configuration(std::string_view command_line, bool has_root = false);

/// Writes `output`. `root` is a root file system that comes beside the image, or empty. Takes a
/// second or two. Throws Failure with the last line of grub-mkrescue.
void make_iso(const std::filesystem::path& image, std::string_view command_line,
              const std::filesystem::path& output, const std::filesystem::path& root = {});

} // namespace skerry::vm
