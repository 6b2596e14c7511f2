#include "compiler/driver/outside_parameters.h"

#include <string_view>

namespace lacuna::driver {
namespace {

constexpr std::int64_t kMostCells = 4'000'000;  // of all arguments

std::int64_t cells_of(const lacuna_metadata& metadata, const lacuna_array* arrays) {
  std::int64_t sum = 0;
  for (std::int32_t a = 0; a < metadata.argument_count; ++a) {
    double product = 1;
    for (std::int32_t k = 0; k < arrays[a].rank; ++k) product *= static_cast<double>(arrays[a].sizes[k]);
    sum += product > static_cast<double>(kMostCells) ? kMostCells : static_cast<std::int64_t>(product);
  }
  return sum;
}

int site_named(const lacuna_metadata& metadata, std::string_view name) {
  for (std::int32_t s = 0; s < metadata.site_count; ++s)
    if (metadata.sites[s].name == name) return s;
  return -1;
}

}  // namespace

std::unique_ptr<OutsideParameters> OutsideParameters::make(const elaborate::Model& model, const support::SourceMap& sources,
                                                           const lacuna_dimension* dimensions, const lacuna_array* arrays,
                                                           bool natural) {
  auto made = std::make_unique<OutsideParameters>();
  diagnostics::Sink ignored;
  made->interpreted_ = InterpretedModel::make(model, sources, ignored, {.log_density = false, .natural = natural, .outside = true}, ir::Precision::Double);
  if (!made->interpreted_) return nullptr;
  made->natural_ = natural;
  const lacuna_metadata& metadata = *made->interpreted_->table()->metadata;
  if (cells_of(metadata, arrays) >= kMostCells) return nullptr;
  if (made->interpreted_->bind(dimensions, arrays, 0, &made->bound_, nullptr) != LACUNA_OK) return nullptr;
  for (const density::BoundedParameter& each : density::bounded_parameters(model)) {
    made->known_.push_back({site_named(metadata, each.item->name), std::string(sources.text(each.value->range)), 0, 0, 0});
  }
  return made;
}

std::vector<OutsideParameter> OutsideParameters::at(const double* point) {
  ir::Interpreter& run = bound_->run;
  run.set_vector(natural_ ? ir::BufferKind::Natural : ir::BufferKind::Parameter,
                 {point, point + (natural_ ? run.natural_count() : run.parameter_count())});
  const ir::Outcome out = run.call("outside");
  std::vector<OutsideParameter> found;
  if (!out.ok()) return found;
  for (std::size_t i = 0; i < known_.size(); ++i) {
    if (out.results[3 * i].whole == 0) continue;
    found.push_back(known_[i]);
    found.back().cells = out.results[3 * i].whole;
    found.back().least = static_cast<double>(out.results[3 * i + 1].real);
    found.back().most = static_cast<double>(out.results[3 * i + 2].real);
  }
  return found;
}

}  // namespace lacuna::driver
