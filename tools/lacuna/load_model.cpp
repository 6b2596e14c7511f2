#include "tools/lacuna/load_model.h"

namespace lacuna::tool {

std::unique_ptr<LoadedModel> load_model(const std::string& path, const Common& common, const driver::Entries& entries) {
  auto made = std::make_unique<LoadedModel>();
  made->compiled = driver::check_program(made->session, path);
  const auto& models = made->compiled.models;
  if (!made->session.failed() && models.size() == 1) {
    made->model = driver::ModelTable::make(models.front(), made->session.sources(), made->session.sink(), false, entries);
  }
  print_diagnostics(made->session, common);
  if (made->session.failed()) return nullptr;
  if (!made->model) {
    fmt::print(stderr, "lacuna: `{}` holds {} models, and one is needed\n", path, models.size());
    return nullptr;
  }
  made->table = made->model->table();
  return made;
}

}  // namespace lacuna::tool
