// SPDX-License-Identifier: Apache-2.0
// The folder in which a test runs.
#pragma once

#include "test_table.hpp"

/// Makes a fresh folder, with the files that the test wants, the current one. Ends the machine with
/// status 125 when that is impossible.
void enter_folder_of(const Test& test);
