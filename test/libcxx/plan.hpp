// SPDX-License-Identifier: Apache-2.0
// Which tests of libc++ there are for Skerry, and what becomes of the others: the folders of
// folders.txt, the features of features.txt, the exclusions of excluded.txt.
#pragma once

#include "test/libcxx/expression.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace skerry::libcxx {

/// The features that lit's expressions are about, all of them: a name that is in neither list is an
/// error, so that no test is turned away without a reason that somebody has written down.
class Features {
public:
  /// Lines `NAME | yes` and `NAME | no, REASON`; the name of an absent one may hold {{…}}, as in
  /// lit. Throws Failure for another line.
  explicit Features(const std::string& text);

  /// The value of an expression. Throws Failure when a name in it is not in the lists.
  [[nodiscard]] bool evaluate(const std::string& expression) const;
  [[nodiscard]] bool has(const std::string& name) const { return present_.contains(name); }

private:
  [[nodiscard]] bool holds(const Word& word) const;

  std::map<std::string, std::string> present_;
  std::vector<std::pair<std::string, std::string>> absent_; // a regular expression and its reason
};

struct Test {
  std::string name; ///< its path below libcxx/test
  std::vector<std::string> flags{};
  std::vector<std::string> files{}; ///< beside the test
  unsigned retries = 0;
  bool expected_to_fail = false;
};

struct Plan {
  std::vector<Test> tests{};                             ///< to be run, in the order of their names
  std::map<std::string, std::vector<std::string>> off{}; ///< by what turned them away: their names
  std::vector<std::pair<std::string, std::string>> excluded{}; ///< name and reason
};

/// Lines `NAME | REASON`, without comments (#) and empty lines. Throws Failure for another line.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> read_list(const std::string& text);

/// `source` holds std/ and support/, `lists` the three lists. Throws Failure when a list names what
/// is not there, excludes a test twice or one that is turned away anyway, or when a folder is
/// empty. With `only_excluded` the excluded tests are those that are to be run.
[[nodiscard]] Plan make_plan(const std::filesystem::path& source,
                             const std::filesystem::path& lists, bool only_excluded);

} // namespace skerry::libcxx
