// SPDX-License-Identifier: Apache-2.0
// Compiles and links tests; see the header.
#include "test/libcxx/build.hpp"

#include "elf/elf_file.hpp"
#include "support/failure.hpp"
#include "support/file.hpp"
#include "support/parse.hpp"
#include "support/process.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <format>

namespace skerry::libcxx {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

constexpr std::array guest_parts{"runner", "folder", "alone", "shell"};
constexpr std::chrono::minutes patience(20); // for one run of a compiler, on a busy machine

/// The complaint of a program that failed; nothing when it did not.
std::string complaint(Words words) {
  const Captured result =
      run_captured({.arguments = std::move(words), .output = Stream::pipe, .error = Stream::pipe},
                   deadline_in(patience));
  if (result.status.success())
    return {};
  return result.error + result.output + result.status.describe();
}

void must_run(Words words) {
  if (const std::string trouble = complaint(std::move(words)); !trouble.empty())
    throw Failure("the images of libc++'s tests cannot be built: {}", trouble);
}

/// "op_++.pass.cpp" and "op_--.pass.cpp" are two.
std::string symbol_of(const std::string& name) {
  std::string symbol = "test_";
  for (const char letter : name) {
    if (std::isalnum(static_cast<unsigned char>(letter)) != 0)
      symbol += letter;
    else if (letter == '/' || letter == '.' || letter == '_')
      symbol += '_';
    else
      symbol += std::format("_{:02x}_", letter);
  }
  return symbol;
}

/// Does an object define what may be there once in a program, and the library calls?
bool replaces_functions(const ElfFile& object) {
  constexpr std::array beginnings{"_Znw", "_Zna", "_Zdl", "_Zda",
                                  "_ZNSt3__122__libcpp_verbose_abort"};
  return std::ranges::any_of(object.symbols(), [&](const ElfFile::Symbol& symbol) {
    return symbol.entry.st_shndx != SHN_UNDEF &&
           std::ranges::any_of(beginnings,
                               [&](const char* text) { return symbol.name.starts_with(text); });
  });
}

/// Makes all names of an object local but that of main(), which becomes `object.symbol`. The
/// constructors become an array that the runner goes through.
void isolate(const fs::path& compiled, Object& object) {
  const std::string joined = compiled.string() + ".joined";
  must_run({"ld.lld-19", "-r", "--force-group-allocation", compiled.string(), "-o", joined});
  const auto bytes = read_bytes(joined);
  const ElfFile file(bytes);
  Words words{"llvm-objcopy-19", "--keep-global-symbol=main", "--redefine-sym",
              "main=" + object.symbol};
  if (const auto section = file.find_section(".init_array")) {
    object.constructor_count = file.sections()[*section].sh_size / sizeof(void*);
    const std::string array = object.symbol + "_constructors";
    words.insert(words.end(), {"--add-symbol", array + "=.init_array:0,global,object",
                               "--keep-global-symbol=" + array, "--rename-section",
                               ".init_array=.data.rel.ro." + array});
  }
  words.insert(words.end(), {joined, object.file.string()});
  must_run(std::move(words));
  fs::remove(joined);
}

/// A macro in the source that changes what the library's headers mean.
bool speaks_to_headers(const std::string& text) {
  return text.contains("#define _LIBCPP") || text.contains("# define _LIBCPP") ||
         text.contains("#define __STDC") || text.contains("#define NDEBUG");
}

bool changes_language(const std::string& flag) {
  return !flag.starts_with("-W") && !flag.starts_with("-fconstexpr-steps");
}

/// A test's row of the table; `text` gets what the row refers to.
std::string write_row(const Builder::Part& part, const fs::path& source, std::string& text) {
  const auto& [test, object] = part;
  std::string files;
  for (std::size_t index = 0; index < test->files.size(); ++index) {
    const std::string& file = test->files[index];
    const std::string bytes = std::format("{}_file_{}", object.symbol, index);
    // Of char: Clang 19 takes a large byte for a negative number in an array of unsigned char.
    text += std::format("const char {}[] = {{\n#embed \"{}\"\n}};\n", bytes,
                        ((source / test->name).parent_path() / file).string());
    files += std::format("{{\"{}\", {}, sizeof {}}}, ", file, bytes, bytes);
  }
  if (!files.empty())
    text += std::format("const TestFile {}_files[] = {{{}}};\n", object.symbol, files);
  if (!object.alone)
    text += std::format("extern \"C\" int {}(int, char**);\n", object.symbol);
  if (object.constructor_count != 0)
    text += std::format("extern \"C\" const Test::Constructor {}_constructors[];\n", object.symbol);
  return std::format("  {{\"{}\", {}, {}, {}, {}, {}}},\n", test->name,
                     object.alone ? "nullptr" : object.symbol,
                     object.constructor_count == 0 ? "nullptr" : object.symbol + "_constructors",
                     object.constructor_count, files.empty() ? "nullptr" : object.symbol + "_files",
                     test->files.size());
}

} // namespace

Builder::Builder(Places places) : places_(std::move(places)) {
  const Captured version =
      run_captured({.arguments = {"clang++-19", "--version"}, .output = Stream::pipe}, no_deadline);
  surroundings_ = version.output + read_text(places_.guest / "headers.hpp");
  for (const char* file : {"bin/skerry-c++", "bin/skerry.cfg", "sysroot/manifest.json"})
    surroundings_ += read_text(places_.sdk / file);
  surroundings_ += read_text(places_.source / "archive.txt");
  fs::create_directories(places_.build / "images");

  for (const std::string& word : compile_command({}, false))
    surroundings_ += word + " ";
  Words headers = compile_command({}, false);
  headers.insert(headers.end(), {"-fpch-instantiate-templates", "-x", "c++-header",
                                 (places_.guest / "headers.hpp").string(), "-o",
                                 (places_.build / "headers.pch").string()});
  must_run(std::move(headers));
  for (const std::string part : guest_parts) {
    Words words = compile_command({}, false);
    words.insert(words.end(), {"-O1", "-c", (places_.guest / (part + ".cpp")).string(), "-o",
                               (places_.build / (part + ".o")).string()});
    must_run(std::move(words));
  }
}

Words Builder::compile_command(const Words& flags, bool with_headers) const {
  Words words{(places_.sdk / "bin/skerry-c++").string(), "-std=c++26", "-w",
              "-D_LIBCPP_ENABLE_EXPERIMENTAL", "-I" + (places_.source / "support").string()};
  words.append_range(flags);
  if (with_headers)
    words.insert(words.end(), {"-include-pch", (places_.build / "headers.pch").string()});
  return words;
}

std::expected<Object, std::string> Builder::compile(const Test& test) const {
  Object object{.file = places_.build / "objects" / (test.name + ".o"),
                .symbol = symbol_of(test.name)};
  std::string key = surroundings_;
  for (const std::string& flag : test.flags)
    key += " " + flag;
  const fs::path note = object.file.string() + ".key";
  if (fs::exists(note) && fs::exists(object.file)) {
    const std::string kept = read_text(note);
    const std::size_t end = kept.find('\n');
    if (end != std::string::npos && kept.substr(end + 1) == key) {
      object.alone = kept.starts_with("alone");
      if (!object.alone)
        object.constructor_count = parse_number("constructors", kept.substr(0, end), 0, 1 << 20);
      return object;
    }
  }
  fs::create_directories(object.file.parent_path());
  fs::remove(note);
  auto made = compile_anew(test, object);
  if (made)
    replace_file(note,
                 (made->alone ? "alone" : std::to_string(made->constructor_count)) + "\n" + key);
  return made;
}

std::expected<Object, std::string> Builder::compile_anew(const Test& test,
                                                         const Object& object) const {
  const fs::path source = places_.source / test.name;
  const fs::path compiled = object.file.string() + ".compiled";
  const auto attempt = [&](bool with_headers) {
    Words words = compile_command(test.flags, with_headers);
    words.insert(words.end(), {"-c", source.string(), "-o", compiled.string()});
    return complaint(std::move(words));
  };
  const bool plain =
      std::ranges::any_of(test.flags, changes_language) || speaks_to_headers(read_text(source));
  std::string trouble = attempt(!plain);
  if (!trouble.empty() && !plain) // what the shared headers bring may clash with the test's names
    trouble = attempt(false);
  if (!trouble.empty())
    return std::unexpected("does not compile: " + trouble);

  Object made = object;
  const auto bytes = read_bytes(compiled);
  made.alone = replaces_functions(ElfFile(bytes));
  if (made.alone) {
    fs::rename(compiled, made.file);
  } else {
    isolate(compiled, made);
    fs::remove(compiled);
  }
  return made;
}

fs::path Builder::write_table(std::span<const Part> parts, const std::string& name) const {
  std::string text = "#include \"test_table.hpp\"\n";
  std::string rows;
  for (const Part& part : parts)
    rows += write_row(part, places_.source, text);
  text += std::format("const Test tests_of_image[] = {{\n{}}};\n"
                      "const unsigned long test_count = {};\n",
                      rows, parts.size());
  const fs::path table = places_.build / "images" / (name + ".cpp");
  replace_file(table, text);
  const fs::path object = table.string() + ".o";
  must_run({(places_.sdk / "bin/skerry-c++").string(), "-std=c++23", "-w",
            "-I" + places_.guest.string(), "-c", table.string(), "-o", object.string()});
  return object;
}

std::expected<fs::path, std::string> Builder::link(std::span<const Part> parts,
                                                   const std::string& name) const {
  const fs::path image = places_.build / "images" / name;
  const bool alone = parts.size() == 1 && parts.front().object.alone;
  Words words{(places_.sdk / "bin/skerry-c++").string(), write_table(parts, name).string()};
  for (const std::string part : guest_parts)
    if (part != (alone ? "runner" : "alone"))
      words.push_back((places_.build / (part + ".o")).string());
  for (const Part& part : parts)
    words.push_back(part.object.file.string());
  words.insert(words.end(), {"-o", image.string()});
  if (std::string trouble = complaint(std::move(words)); !trouble.empty())
    return std::unexpected("does not link: " + trouble);
  return image;
}

} // namespace skerry::libcxx
