/* SPDX-License-Identifier: Apache-2.0 */
/* <linux/version.h>: which Linux' interface programs find here, as uname() says. */
#pragma once

#define LINUX_VERSION_CODE 0x060100
#define KERNEL_VERSION(major, minor, patch) (((major) << 16) + ((minor) << 8) + (patch))
