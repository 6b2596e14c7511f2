// The command's verbs. Each declares its options on the parser, and what to do when it is chosen.
#pragma once
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "compiler/driver/session.h"

namespace lacuna::tool {

// Exit codes: scripts rely on them.
enum ExitCode : int { kDone = 0, kWrong = 1, kUsage = 2, kNoResult = 3, kBug = 70, kInterrupted = 130 };

// Options that every verb takes.
struct Common {
  std::string format = "text";  // text, json
  std::string color = "auto";   // auto, always, never
  bool quiet = false;
  bool verbose = false;
  bool no_cache = false;  // of verbs that run a model
};

// Puts the common options on a verb.
void add_common(CLI::App& verb, Common& common);

// What the chosen verb does, and its exit code.
using Action = std::function<int()>;

// Each adds its verb to `app` and sets `action` when the verb is on the command line.
void add_check(CLI::App& app, Common& common, Action& action);
void add_fmt(CLI::App& app, Common& common, Action& action);
void add_explain(CLI::App& app, Common& common, Action& action);
void add_compile(CLI::App& app, Common& common, Action& action);
void add_log_density(CLI::App& app, Common& common, Action& action);
void add_bench(CLI::App& app, Common& common, Action& action);
void add_fit(CLI::App& app, Common& common, Action& action);
void add_summary(CLI::App& app, Common& common, Action& action);
void add_predict(CLI::App& app, Common& common, Action& action);
void add_prior(CLI::App& app, Common& common, Action& action);
void add_log_likelihood(CLI::App& app, Common& common, Action& action);

// Prints all diagnostics of a session: as text on standard error, as JSON on standard output. With --quiet, only errors.
void print_diagnostics(driver::Session& session, const Common& common);

}  // namespace lacuna::tool
