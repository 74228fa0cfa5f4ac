// SPDX-License-Identifier: Apache-2.0
// Evaluates lit's boolean expressions; see the header.
#include "test/libcxx/expression.hpp"

#include "support/failure.hpp"

#include <cctype>

namespace skerry::libcxx {
namespace {

bool is_name_character(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 ||
         std::string_view("-+=._").contains(letter);
}

/// Recursive descent over the text; each function takes what it has understood off the front.
class Evaluation {
public:
  Evaluation(std::string_view text, const std::function<bool(const Word&)>& holds)
      : whole_(text), rest_(text), holds_(holds) {}

  bool run() {
    const bool value = either();
    skip_blanks();
    if (!rest_.empty())
      fail("an operator");
    return value;
  }

private:
  bool either() {
    bool value = both();
    while (take("||"))
      value = both() || value;
    return value;
  }

  bool both() {
    bool value = negation();
    while (take("&&"))
      value = negation() && value;
    return value;
  }

  bool negation() {
    if (take("!"))
      return !negation();
    if (!take("("))
      return word();
    const bool value = either();
    if (!take(")"))
      fail("a closing parenthesis");
    return value;
  }

  bool word() {
    skip_blanks();
    const std::string_view start = rest_;
    Word word{.is_name = true};
    while (add_part(word)) {
    }
    word.text = start.substr(0, start.size() - rest_.size());
    if (word.text.empty())
      fail("the name of a feature");
    if (word.text == "true" || word.text == "false")
      return word.text == "true";
    return holds_(word);
  }

  /// A name or a {{…}}, which may follow each other without a blank.
  bool add_part(Word& word) {
    if (rest_.starts_with("{{")) {
      const std::size_t end = rest_.find("}}");
      if (end == std::string_view::npos)
        fail("}} behind {{");
      word.pattern.append("(?:").append(rest_.substr(2, end - 2)).append(")");
      word.is_name = false;
      rest_.remove_prefix(end + 2);
      return true;
    }
    if (rest_.empty() || !is_name_character(rest_.front()))
      return false;
    if (rest_.front() == '+' || rest_.front() == '.')
      word.pattern += '\\';
    word.pattern += rest_.front();
    rest_.remove_prefix(1);
    return true;
  }

  void skip_blanks() {
    while (!rest_.empty() && std::isspace(static_cast<unsigned char>(rest_.front())) != 0)
      rest_.remove_prefix(1);
  }

  bool take(std::string_view token) {
    skip_blanks();
    if (!rest_.starts_with(token))
      return false;
    rest_.remove_prefix(token.size());
    return true;
  }

  [[noreturn]] void fail(std::string_view expected) const {
    throw Failure("the expression \"{}\" is not well formed at \"{}\"; expected {}", whole_, rest_,
                  expected);
  }

  std::string_view whole_;
  std::string_view rest_;
  const std::function<bool(const Word&)>& holds_;
};

} // namespace

bool evaluate(std::string_view text, const std::function<bool(const Word&)>& holds) {
  return Evaluation(text, holds).run();
}

} // namespace skerry::libcxx
