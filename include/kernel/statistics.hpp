// SPDX-License-Identifier: Apache-2.0
// Counters of the floors, by name, collected when somebody asks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace skerry::kernel {

/// Takes counters one after the other. Names have at most max_name characters.
class StatisticsVisitor {
public:
  static constexpr std::size_t max_name = 55;
  virtual void visit(std::string_view name, std::uint64_t value) = 0;

protected:
  ~StatisticsVisitor() = default;
};

/// Those of memory, threads, interrupts and the console. Context: thread.
void visit_statistics(StatisticsVisitor& visitor);

} // namespace skerry::kernel
