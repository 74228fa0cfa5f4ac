// SPDX-License-Identifier: Apache-2.0
// The rows of the drivers' table for virtio devices: names that an image's own table refers to
// (cmake/sdk/drivers.txt). A row that no table names is not linked, nor is its driver.
#pragma once

#include "drivers/drivers.hpp"

extern "C" {
extern const skerry::drivers::Driver __skerry_driver_virtio_net;
extern const skerry::drivers::Driver __skerry_driver_virtio_rng;
extern const skerry::drivers::Driver __skerry_driver_virtio_console;
}
