// SPDX-License-Identifier: Apache-2.0
// CMake build folders; see the header. Specification: cmake-file-api(7).
#include "command/configure.hpp"

#include "support/failure.hpp"
#include "support/file.hpp"
#include "support/step.hpp"

#include <algorithm>
#include <format>
#include <nlohmann/json.hpp>
#include <sstream>

namespace skerry::command {
namespace {

using nlohmann::json;

constexpr const char* api_client = "client-skerry";
constexpr const char* api_query = "codemodel-v2";

std::filesystem::path api_folder(const std::filesystem::path& build) {
  return build / ".cmake" / "api" / "v1";
}

/// Everything that a build folder depends on and Ninja does not see.
std::string fingerprint(const BuildFolder& folder) {
  std::string text = std::format("{}\n{}\n", folder.source.string(), folder.build.string());
  for (const std::string& argument : folder.arguments)
    text += argument + "\n";
  return text;
}

std::filesystem::path latest_index(const std::filesystem::path& reply) {
  std::filesystem::path latest;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(reply, error)) {
    if (entry.path().filename().string().starts_with("index-"))
      latest = std::max(latest, entry.path());
  }
  return latest;
}

/// What skerry_program() makes, of which the File API does not tell.
void add_programs(const std::filesystem::path& build, std::vector<Executable>& executables) {
  const auto list = build / "skerry-programs.txt";
  if (!std::filesystem::exists(list))
    return;
  std::istringstream lines(read_text(list));
  for (std::string target, path; std::getline(lines, target, '\t') && std::getline(lines, path);)
    executables.push_back({.target = target, .path = path});
}

} // namespace

void configure(const BuildFolder& folder) {
  const auto stamp = folder.build / "skerry-configured.txt";
  const std::string wanted = fingerprint(folder);
  const bool configured = std::filesystem::exists(folder.build / "build.ninja") &&
                          std::filesystem::exists(stamp) && read_text(stamp) == wanted;
  if (configured)
    return;
  const auto query = api_folder(folder.build) / "query" / api_client;
  std::filesystem::create_directories(query);
  replace_file(query / api_query, std::string_view{});
  Command command{.arguments = {"cmake", "--fresh", "-S", folder.source.string(), "-B",
                                folder.build.string(), "-G", "Ninja"}};
  command.arguments.insert(command.arguments.end(), folder.arguments.begin(),
                           folder.arguments.end());
  run_step(std::format("configure {}", folder.title), std::move(command), folder.log);
  replace_file(stamp, wanted);
}

void build(const BuildFolder& folder, const std::vector<std::string>& targets) {
  Command command{.arguments = {"cmake", "--build", folder.build.string()}};
  if (!targets.empty())
    command.arguments.emplace_back("--target");
  command.arguments.insert(command.arguments.end(), targets.begin(), targets.end());
  run_step(std::format("build {}", folder.title), std::move(command), folder.log);
}

std::vector<Executable> list_executables(const std::filesystem::path& build) {
  const auto reply = api_folder(build) / "reply";
  const auto index_path = latest_index(reply);
  if (index_path.empty())
    throw Failure("{}: CMake left no answer of its File API; remove the folder and try again",
                  build.string());
  try {
    const json index = json::parse(read_text(index_path));
    const auto& model_file = index.at("reply").at(api_client).at(api_query).at("jsonFile");
    const json model = json::parse(read_text(reply / model_file.get<std::string>()));
    std::vector<Executable> executables;
    for (const json& entry : model.at("configurations").at(0).at("targets")) {
      const json target = json::parse(read_text(reply / entry.at("jsonFile").get<std::string>()));
      if (target.at("type") == "EXECUTABLE")
        executables.push_back(
            {.target = target.at("name").get<std::string>(),
             .path = build / target.at("artifacts").at(0).at("path").get<std::string>()});
    }
    add_programs(build, executables);
    return executables;
  } catch (const json::exception& error) {
    throw Failure("{}: {}", index_path.string(), error.what());
  }
}

Executable select_executable(const std::vector<Executable>& executables, std::string_view target,
                             const std::filesystem::path& source) {
  if (executables.empty())
    throw Failure("{}: its CMakeLists.txt adds no executable and no skerry_program",
                  source.string());
  std::string names;
  for (const Executable& executable : executables)
    names += (names.empty() ? "" : ", ") + executable.target;
  if (target.empty() && executables.size() > 1)
    throw Failure("{}: it makes several executables; expected --target with one of {}",
                  source.string(), names);
  if (target.empty())
    return executables.front();
  const auto found = std::ranges::find(executables, target, &Executable::target);
  if (found == executables.end())
    throw Failure("--target {}: expected an executable of {}: {}", target, source.string(), names);
  return *found;
}

} // namespace skerry::command
