// From a program's path to its table of functions.
#pragma once
#include <memory>
#include <string>

#include "compiler/driver/program_model.h"
#include "tools/lacuna/verbs.h"

namespace lacuna::tool {

// A program that was compiled for running, with all that its table refers to.
struct LoadedModel {
  std::unique_ptr<driver::ProgramModel> program;
  const lacuna_model* table = nullptr;
};

// The one model of a program, from the cache or compiled. Diagnostics are printed; null when there are errors.
std::unique_ptr<LoadedModel> load_model(const std::string& path, const Common& common, driver::Wanted wanted = {});
// The same of a program's text.
std::unique_ptr<LoadedModel> load_model_text(const std::string& name, std::string text, const Common& common, driver::Wanted wanted = {});

// Puts --no-cache on a verb.
void add_cache_option(CLI::App& verb, Common& common);

}  // namespace lacuna::tool
