// From a program's path to its table of functions.
#pragma once
#include <memory>
#include <string>

#include "compiler/driver/model_table.h"
#include "compiler/driver/pipeline.h"
#include "tools/lacuna/verbs.h"

namespace lacuna::tool {

// A program that was compiled for running, with all that its table refers to.
struct LoadedModel {
  driver::Session session;
  driver::Compiled compiled;
  std::unique_ptr<driver::ModelTable> model;
  const lacuna_model* table = nullptr;
};

// Checks and compiles the one model of a program. Diagnostics are printed; null when there are errors.
std::unique_ptr<LoadedModel> load_model(const std::string& path, const Common& common, const driver::Entries& entries = {});

}  // namespace lacuna::tool
