// SPDX-License-Identifier: Apache-2.0
// A plugin of QEMU's translator that counts the guest's instructions:
//     -plugin count_instructions.so,out=FILE
// FILE then holds one 64-bit number, which may be read while the guest runs. One virtual CPU only,
// since the counter is not atomic; a block that an exception leaves early is counted whole. The few
// declarations of QEMU's plugin interface (version 1, QEMU 4.2 to 9.0) are repeated here, since
// Debian has no package with its header.
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct qemu_plugin_tb;
typedef uint64_t plugin_id;
typedef void (*translation_callback)(plugin_id, struct qemu_plugin_tb*);
enum inline_operation { add_u64 };

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb* block);
void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id id, translation_callback callback);
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb* block, enum inline_operation,
                                              void* counter, uint64_t added);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;

static uint64_t* counter;

static void on_translation(plugin_id id, struct qemu_plugin_tb* block) {
  (void)id;
  qemu_plugin_register_vcpu_tb_exec_inline(block, add_u64, counter, qemu_plugin_tb_n_insns(block));
}

__attribute__((visibility("default"))) int qemu_plugin_install(plugin_id id, const void* info,
                                                               int argc, char** argv) {
  static const char option[] = "out=";
  (void)info;
  if (argc != 1 || strncmp(argv[0], option, sizeof option - 1) != 0)
    return -1;
  const int file = open(argv[0] + sizeof option - 1, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0 || ftruncate(file, sizeof *counter) != 0)
    return -1;
  counter = mmap(NULL, sizeof *counter, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (counter == MAP_FAILED)
    return -1;
  qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
  return 0;
}
