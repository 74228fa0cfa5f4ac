// SPDX-License-Identifier: Apache-2.0
// What the processor remembers of the page tables, and how it is made to forget (Intel SDM vol. 3,
// 4.10.4). Apart from the tables' own code, so that tests can stand in for the processor.
#pragma once

#include <mm/address.hpp>

namespace skerry::x86_64 {

/// Forgets the translation of one page, its leaf's size whatever, and all inner table entries.
void flush_page(mm::VirtualAddress address);
/// Forgets all translations but those marked global.
void flush_local_pages();
/// Forgets everything.
void flush_all_pages();
/// True when CR4.PGE is on, so that entries may be marked global.
[[nodiscard]] bool global_pages_enabled();

} // namespace skerry::x86_64
