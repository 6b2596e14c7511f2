// lacuna-opt: reads a module in the IR's text form, runs passes on it, and prints it.
//
//   lacuna-opt [--pass=NAME,NAME...] [--lanes=N] [--verify-each] [--dump-after=NAME] [--list] FILE
//
// `--lanes`: of one register, for the passes that choose schedules (8). FILE may be `-`. Exit codes: 0; 1 where the text, a module or a pass is wrong; 2 for a wrong call.
#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "compiler/autodiff/reversal.h"
#include "compiler/ir/parser.h"
#include "compiler/ir/printer.h"
#include "compiler/ir/verifier.h"
#include "compiler/schedule/choose.h"
#include "compiler/transform/passes.h"

namespace {

using lacuna::autodiff::add_gradient;
using lacuna::autodiff::add_hessian_product;

struct Options {
  std::vector<std::string> passes;
  std::string dump_after;
  std::string file;
  bool verify_each = false;
  bool list = false;
  lacuna::schedule::Machine machine;
};

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  std::stringstream stream(text);
  for (std::string part; std::getline(stream, part, ',');) parts.push_back(part);
  return parts;
}

bool read_options(int count, char** arguments, Options& options) {
  for (int i = 1; i < count; ++i) {
    const std::string argument = arguments[i];
    if (argument.starts_with("--pass=")) {
      options.passes = split(argument.substr(7));
    } else if (argument.starts_with("--dump-after=")) {
      options.dump_after = argument.substr(13);
    } else if (argument.starts_with("--lanes=")) {
      options.machine.lanes = std::atoi(argument.c_str() + 8);
      if (options.machine.lanes < 1 || options.machine.lanes > 64) {
        fmt::print(stderr, "lacuna-opt: `{}`: from 1 to 64\n", argument);
        return false;
      }
    } else if (argument == "--verify-each") {
      options.verify_each = true;
    } else if (argument == "--list") {
      options.list = true;
    } else if (!argument.starts_with("--") && options.file.empty()) {
      options.file = argument;
    } else {
      fmt::print(stderr, "lacuna-opt: unknown argument `{}`\n", argument);
      return false;
    }
  }
  if (options.file.empty() && !options.list) fmt::print(stderr, "lacuna-opt: no file given\n");
  return options.list || !options.file.empty();
}

void print_list() {
  for (const auto& pass : lacuna::transform::passes()) fmt::print("{:34} {}\n", pass.name, pass.meaning);
#define LACUNA_AUTODIFF_PASS(name, source, made, meaning) fmt::print("{:34} {}\n", #name, meaning);
#include "compiler/autodiff/passes.def"
#undef LACUNA_AUTODIFF_PASS
#define LACUNA_SCHEDULE_PASS(name, call, meaning) fmt::print("{:34} {}\n", #name, meaning);
#include "compiler/schedule/passes.def"
#undef LACUNA_SCHEDULE_PASS
}

// Runs one pass by name; says what is wrong if there is none, or it cannot.
bool run_pass(const std::string& name, lacuna::ir::Module& module, const lacuna::schedule::Machine& machine) {
  for (const auto& pass : lacuna::transform::passes()) {
    if (pass.name != name) continue;
    pass.run(module);
    return true;
  }
#define LACUNA_SCHEDULE_PASS(pass, call, meaning) \
  if (name == #pass) return lacuna::schedule::call, true;
#include "compiler/schedule/passes.def"
#undef LACUNA_SCHEDULE_PASS
  std::string error = fmt::format("there is no pass `{}`", name);
#define LACUNA_AUTODIFF_PASS(pass, source, made, meaning) \
  if (name == #pass) error = pass(module, source, made).error;
#include "compiler/autodiff/passes.def"
#undef LACUNA_AUTODIFF_PASS
  if (!error.empty()) fmt::print(stderr, "lacuna-opt: {}\n", error);
  return error.empty();
}

bool verified(const lacuna::ir::Module& module, const std::string& when) {
  const std::vector<std::string> mistakes = lacuna::ir::verify(module);
  for (const std::string& mistake : mistakes) fmt::print(stderr, "lacuna-opt: {}: {}\n", when, mistake);
  return mistakes.empty();
}

}  // namespace

int main(int count, char** arguments) {
  Options options;
  if (!read_options(count, arguments, options)) return 2;
  if (options.list) {
    print_list();
    return 0;
  }
  std::stringstream text;
  if (options.file == "-") {
    text << std::cin.rdbuf();
  } else {
    std::ifstream stream(options.file);
    if (!stream) {
      fmt::print(stderr, "lacuna-opt: `{}` cannot be read\n", options.file);
      return 2;
    }
    text << stream.rdbuf();
  }
  lacuna::ir::Parsed parsed = lacuna::ir::parse(text.str());
  if (!parsed.module) {
    fmt::print(stderr, "{}:{}\n", options.file, parsed.error);
    return 1;
  }
  lacuna::ir::Module& module = *parsed.module;
  if (!verified(module, "as read")) return 1;
  for (const std::string& pass : options.passes) {
    if (!run_pass(pass, module, options.machine)) return 1;
    if (options.verify_each && !verified(module, "after " + pass)) return 1;
    if (pass == options.dump_after) fmt::print("// after {}\n{}", pass, lacuna::ir::print(module));
  }
  if (!verified(module, "at the end")) return 1;
  fmt::print("{}", lacuna::ir::print(module));
  return 0;
}
