// SPDX-License-Identifier: Apache-2.0
// Measures functions of <math.h>, rounding to nearest, against results that MPFR has computed: the
// files auto-libm-test-out-* of glibc, of which /rows.txt has the lines for this machine's formats:
//     = NAME tonearest FORMAT ARGUMENT... : RESULT... : FLAG...
// No error may be greater than ulps.txt says, but for the rows of ulps_excluded.txt. Errors are
// counted in units in the last place of the correctly rounded result: 0 is that result.
#include "functions.hpp"
#include "list.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

struct Row {
  std::string function;
  std::string format;
  std::vector<std::string> arguments;
  std::vector<std::string> results;
};

/// Nothing for a line that is about nothing that can be measured: what glibc expects to fail.
bool parse_row(const std::string& line, Row& row) {
  std::istringstream words(line);
  std::string word;
  std::string rounding;
  words >> word >> row.function >> rounding >> row.format;
  row.arguments.clear();
  row.results.clear();
  while (words >> word && word != ":")
    row.arguments.push_back(word);
  while (words >> word && word != ":")
    row.results.push_back(word);
  while (words >> word)
    if (word == "xfail")
      return false;
  return true;
}

template <typename T> T parse_value(const std::string& text) {
  if (text == "plus_infty")
    return std::numeric_limits<T>::infinity();
  if (text == "minus_infty")
    return -std::numeric_limits<T>::infinity();
  if (text.ends_with("nan_value"))
    return std::numeric_limits<T>::quiet_NaN();
  char* end = nullptr;
  const long double value = std::strtold(text.c_str(), &end);
  if (end == text.c_str() || *end != '\0') {
    std::cout << "cannot read the value \"" << text << "\"\n";
    std::exit(2);
  }
  return static_cast<T>(value);
}

/// Infinite when a number is no number, has another sign of zero, or is infinite and should not be.
template <typename T> double error_in_ulps(T result, T expected, double floor) {
  constexpr double wrong = std::numeric_limits<double>::infinity();
  if (std::isnan(expected) || std::isinf(expected) || std::isnan(result) || std::isinf(result))
    return (std::isnan(expected) && std::isnan(result)) || expected == result ? 0 : wrong;
  if (result == 0 && expected == 0)
    return std::signbit(result) == std::signbit(expected) ? 0 : wrong;
  using Limits = std::numeric_limits<T>;
  const T size = std::max({std::fabs(expected), static_cast<T>(floor), Limits::min()});
  const int unit = std::ilogb(size) - (Limits::digits - 1);
  return static_cast<double>(std::fabs(std::scalbn(static_cast<long double>(result), -unit) -
                                       std::scalbn(static_cast<long double>(expected), -unit)));
}

/// What ulps.txt says of a function in a format.
struct Bound {
  double ulps = 0;
  double floor = 0; ///< results that are nearer to zero are measured as if they had this size
};

template <typename T> double measure(Call<T> call, const Row& row, double floor) {
  std::array<T, 3> arguments{};
  std::array<T, 2> results{};
  for (std::size_t index = 0; index < row.arguments.size() && index < arguments.size(); ++index)
    arguments[index] = parse_value<T>(row.arguments[index]);
  call(arguments.data(), results.data());
  double worst = 0;
  for (std::size_t index = 0; index < row.results.size() && index < results.size(); ++index)
    if (row.results[index] != "IGNORE")
      worst =
          std::max(worst, error_in_ulps(results[index], parse_value<T>(row.results[index]), floor));
  return worst;
}

/// The error of a row; nothing when the C library has no such function.
std::optional<double> measure_row(const Row& row, double floor) {
  const auto found = std::ranges::find(functions(), row.function, &Function::name);
  if (found == functions().end())
    return std::nullopt;
  if (row.format == "binary32")
    return measure(call_of<float>(*found), row, floor);
  if (row.format == "binary64")
    return measure(call_of<double>(*found), row, floor);
  if (call_of<long double>(*found) == nullptr)
    return std::nullopt;
  return measure(call_of<long double>(*found), row, floor);
}

/// Lines `FUNCTION FORMAT ULPS [FLOOR]`, by function and format.
std::map<std::string, Bound> read_bounds() {
  std::map<std::string, Bound> bounds;
  std::ifstream file("/ulps.txt");
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with('#'))
      continue;
    std::istringstream words(line);
    std::string function;
    std::string format;
    Bound bound;
    words >> function >> format >> bound.ulps;
    if (!words) {
      std::cout << "ulps.txt has \"" << line << "\"; expected FUNCTION FORMAT ULPS [FLOOR]\n";
      std::exit(2);
    }
    words >> bound.floor;
    bounds[function + ' ' + format] = bound;
  }
  return bounds;
}

/// A row as ulps_excluded.txt names it.
std::string name_of(const Row& row) {
  std::string name = row.function + ' ' + row.format;
  for (const std::string& argument : row.arguments)
    name += ' ' + argument;
  return name;
}

struct Counts {
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t excluded = 0;
  std::size_t skipped = 0;
};

struct Lists {
  std::map<std::string, Bound> bounds = read_bounds();
  std::map<std::string, std::string> excluded = read_list("/ulps_excluded.txt");
};

/// What the rows have shown: the worst error of each function, and the exclusions that were met.
struct Seen {
  std::map<std::string, double> worst;
  std::set<std::string> excluded;
};

void run(std::istream& rows, const Lists& lists, Seen& seen, Counts& counts) {
  Row row;
  for (std::string line; std::getline(rows, line);) {
    if (!parse_row(line, row)) {
      ++counts.skipped;
      continue;
    }
    const std::string key = row.function + ' ' + row.format;
    const auto bound = lists.bounds.find(key);
    const Bound allowed = bound == lists.bounds.end() ? Bound{.ulps = -1} : bound->second;
    const auto ulps = measure_row(row, allowed.floor);
    if (!ulps) {
      ++counts.skipped;
    } else if (lists.excluded.contains(name_of(row))) {
      ++counts.excluded;
      seen.excluded.insert(name_of(row));
    } else if (*ulps <= allowed.ulps) {
      ++counts.passed;
      seen.worst[key] = std::max(seen.worst[key], *ulps);
    } else {
      ++counts.failed;
      std::cout << "FAILED " << name_of(row) << " | " << *ulps << " ulps\n";
    }
  }
}

} // namespace

int main() {
  Lists lists;
  Seen seen;
  Counts counts;
  std::ifstream rows("/rows.txt");
  run(rows, lists, seen, counts);
  for (const auto& [key, ulps] : seen.worst) {
    std::cout << key << ' ' << ulps << '\n';
    lists.bounds.erase(key);
  }
  for (const std::string& name : seen.excluded)
    lists.excluded.erase(name);
  for (const auto& [key, bound] : lists.bounds)
    std::cout << "FAILED " << key << ": there are no rows\n";
  for (const auto& [name, reason] : lists.excluded)
    std::cout << "FAILED " << name << ": there is no such row\n";
  std::cout << counts.passed << " results of " << seen.worst.size() << " functions passed, "
            << counts.failed << " failed, " << counts.excluded << " excluded, " << counts.skipped
            << " skipped: musl has no such function, or glibc expects to fail\n";
  const bool lists_hold = lists.bounds.empty() && lists.excluded.empty();
  return counts.failed == 0 && lists_hold && counts.passed > counts.excluded * 20 ? 0 : 1;
}
