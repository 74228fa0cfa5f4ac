// SPDX-License-Identifier: Apache-2.0
// The command line; see the header. The only file that reads CLI11's headers, which take longer to
// compile than all else together.
#include "command/command.hpp"

#include "command/build.hpp"
#include "command/emulate.hpp"
#include "command/new_project.hpp"
#include "command/run.hpp"
#include "command/sdk.hpp"
#include "command/test.hpp"
#include "root/pack.hpp"
#include "support/failure.hpp"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <print>
#include <string>
#include <vector>

namespace skerry::command {
namespace {

constexpr int status_usage = 2;

/// What the command line asks for.
struct Action {
  std::function<int()> run;
  int failure_status = 1; ///< the exit status when `run` throws
};

/// Everything that can be typed.
struct Options {
  BuildOptions build;
  MachineOptions emulate;
  RunOptions run;
  TestOptions test;
  root::PackRequest pack;
  std::filesystem::path new_folder;
};

int print_path(const std::filesystem::path& path) {
  std::println("{}", path.string());
  return 0;
}

void add_machine_options(CLI::App& app, MachineOptions& options) {
  app.add_option("--memory", options.memory,
                 "Such as 64M or 1G; else what the image asks for, else 64M");
  app.add_option("--cpus", options.cpus, "How many CPUs")->capture_default_str();
  app.add_option("--machine", options.machine, "pc, q35 or microvm")->capture_default_str();
  app.add_option("--kvm", options.kvm, "auto, on or off")->capture_default_str();
  app.add_option("--net", options.network, "user, none or tap:NAME")->capture_default_str();
  app.add_option("--port", options.ports,
                 "HOST:GUEST[/udp]: a port of localhost that leads to one of the guest; repeatable")
      ->allow_extra_args(false);
  app.add_option("--timeout", options.timeout, "Kill the guest after so many seconds");
}

void add_run(CLI::App& app, RunOptions& options, Action& action) {
  CLI::App* run_app =
      app.add_subcommand("run", "Boot a project or an image in QEMU; its status is main's own");
  run_app->add_option("subject", options.subject, "A folder with a CMakeLists.txt, or an image")
      ->required();
  run_app->add_option("--target", options.build.target, "The executable, where there are several");
  add_machine_options(*run_app, options.machine);
  run_app->add_option("--append", options.append, "\"kernel arguments -- service arguments\"");
  run_app->add_option("--root", options.root,
                      "A folder, or what `skerry pack` writes, in place of the image's own root");
  run_app->add_flag("--gdb", options.debugger, "Wait for gdb before the first instruction");
  run_app->callback([&] {
    action = {.run = [&options] { return run(options); }, .failure_status = status_run_failed};
  });
}

void add_build(CLI::App& app, BuildOptions& options, Action& action) {
  CLI::App* build_app = app.add_subcommand(
      "build", "Build the CMake project in a folder; print the image's path as the last line of "
               "standard output");
  build_app->add_option("folder", options.project, "A folder with a CMakeLists.txt")->required();
  build_app->add_option("--target", options.target, "The executable, where there are several");
  build_app->add_option("--build-type", options.build_type, "CMAKE_BUILD_TYPE")
      ->capture_default_str();
  build_app->add_option("-D,--define", options.definitions, "NAME=VALUE for the CMake cache")
      ->allow_extra_args(false);
  build_app->callback(
      [&] { action.run = [&options] { return print_path(build_image(find_layout(), options)); }; });
}

void add_test(CLI::App& app, TestOptions& options, Action& action) {
  CLI::App* test_app = app.add_subcommand(
      "test", "Run the tests of Skerry itself; the last line of standard output counts them");
  test_app->add_flag("--long", options.with_long, "Also those that take minutes");
  test_app->add_flag("--allow-skips", options.allow_skips,
                     "Succeed although the machine lacks what a test needs");
  test_app->add_option("--filter", options.filter, "Only tests whose name matches this expression");
  test_app->callback([&] { action.run = [&options] { return test(options); }; });
}

void add_sdk(CLI::App& app, Action& action) {
  CLI::App* sdk_app = app.add_subcommand(
      "sdk", "Bring the SDK up to date; print its folder as the last line of standard output");
  sdk_app->callback([&action] { action.run = [] { return print_path(make_sdk(find_layout())); }; });
}

void add_new(CLI::App& app, std::filesystem::path& folder, Action& action) {
  CLI::App* new_app = app.add_subcommand("new", "Begin a service: a folder with a small CMake "
                                                "project in it");
  new_app->add_option("folder", folder, "The folder to make; its name is the service's")
      ->required();
  new_app->callback([&] { action.run = [&folder] { return new_project(folder); }; });
}

void add_pack(CLI::App& app, root::PackRequest& request, Action& action) {
  CLI::App* pack_app = app.add_subcommand(
      "pack", "Pack a folder as a root file system (EROFS), unless it is up to date; what "
              "skerry_image(TARGET ROOT FOLDER) does");
  pack_app->add_option("folder", request.folder, "What is to be the root")->required();
  pack_app->add_option("file", request.image, "The file to write")->required();
  pack_app
      ->add_option("--tmpfs", request.memory_folders,
                   "Also make this folder, if need be: an absolute path in the root; repeatable")
      ->allow_extra_args(false);
  pack_app->callback([&] {
    action.run = [&request] {
      root::pack(request);
      return 0;
    };
  });
}

void add_emulate(CLI::App& app, MachineOptions& options, Action& action) {
  CLI::App* emulate_app = app.add_subcommand(
      "emulate", "Run an image as if it were a program: IMAGE ARGUMENTS..., for CMake and ctest");
  add_machine_options(*emulate_app, options);
  emulate_app->prefix_command(); // the image and all that follows are not ours to parse
  emulate_app->callback([&options, &action, emulate_app] {
    action = {.run = [&options, emulate_app] { return emulate(options, emulate_app->remaining()); },
              .failure_status = status_run_failed};
  });
}

/// The words after the program's name, last first, as CLI11 wants them. Under the name
/// skerry-emulator the program is `skerry emulate`.
std::vector<std::string> reversed_words(int count, const char* const* arguments) {
  std::vector<std::string> words;
  for (int i = count - 1; i > 0; --i)
    words.emplace_back(arguments[i]);
  if (count > 0 && std::filesystem::path(arguments[0]).filename() == "skerry-emulator")
    words.emplace_back("emulate");
  return words;
}

} // namespace

int run_command_line(int argument_count, const char* const* arguments) {
  CLI::App app("Builds C++ services into images that contain their own operating system, boots "
               "and tests them.",
               "skerry");
  app.require_subcommand(1);
  Options options;
  Action action;
  add_run(app, options.run, action);
  add_build(app, options.build, action);
  add_test(app, options.test, action);
  add_sdk(app, action);
  add_new(app, options.new_folder, action);
  add_pack(app, options.pack, action);
  add_emulate(app, options.emulate, action);
  try {
    app.parse(reversed_words(argument_count, arguments));
    return action.run();
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    std::println(stderr, "skerry: {} (skerry --help tells more)", error.what());
    return status_usage;
  } catch (const Failure& failure) {
    std::println(stderr, "skerry: {}", failure.what());
  } catch (const std::filesystem::filesystem_error& error) {
    std::println(stderr, "skerry: {}", error.what());
  }
  return action.failure_status;
}

} // namespace skerry::command
