#include "tools/lacuna/load_model.h"

namespace lacuna::tool {
namespace {

std::unique_ptr<LoadedModel> loaded(std::unique_ptr<driver::ProgramModel> program, const std::string& name, const Common& common) {
  // JSON on standard output is the verb's own: only errors, which end it, are printed there.
  if (common.format == "text" || program->session().failed()) print_diagnostics(program->session(), common);
  if (program->session().failed()) return nullptr;
  if (!program->table()) {
    fmt::print(stderr, "lacuna: `{}` holds {} models, and one is needed\n", name, program->model_count());
    return nullptr;
  }
  auto made = std::make_unique<LoadedModel>();
  made->table = program->table();
  made->program = std::move(program);
  return made;
}

}  // namespace

std::unique_ptr<LoadedModel> load_model(const std::string& path, const Common& common, driver::Wanted wanted) {
  wanted.cached = wanted.cached && !common.no_cache;
  return loaded(driver::ProgramModel::open(path, wanted), path, common);
}

std::unique_ptr<LoadedModel> load_model_text(const std::string& name, std::string text, const Common& common, driver::Wanted wanted) {
  wanted.cached = wanted.cached && !common.no_cache;
  return loaded(driver::ProgramModel::of_text(name, std::move(text), wanted), name, common);
}

void add_cache_option(CLI::App& verb, Common& common) {
  verb.add_flag("--no-cache", common.no_cache, "Compiles anew, and keeps nothing");
}

}  // namespace lacuna::tool
