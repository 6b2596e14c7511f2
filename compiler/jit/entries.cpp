#include "compiler/jit/entries.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "compiler/jit/compiled_model.h"
#include "compiler/jit/import_data.h"

namespace lacuna::jit {
namespace {

using codegen::Frame;
constexpr std::uint64_t kMagic = 0x4c6163756e61004aULL;
using Function = CompiledModel::Function;
constexpr unsigned kBlock = CompiledModel::kBlock;

// What a bound model begins with; the layout's header follows at 64 bytes.
struct Prefix {
  std::uint64_t magic;
  const CompiledModel* owner;
};

int fail(lacuna_error* error, lacuna_code code, std::int32_t where = -1, std::int64_t index = -1) {
  if (error != nullptr) *error = {code, where, index};
  return code;
}

// A bound model as the entries see it.
struct View {
  const CompiledModel* owner = nullptr;
  char* base = nullptr;

  explicit View(const void* memory) {
    if (memory == nullptr) return;
    const auto* prefix = static_cast<const Prefix*>(memory);
    if (prefix->magic != kMagic) return;
    owner = prefix->owner;
    base = static_cast<char*>(const_cast<void*>(memory)) + codegen::kAlignment;
  }
  std::int64_t slot(unsigned number) const { return reinterpret_cast<const std::int64_t*>(base)[number]; }
  std::int64_t size(ir::DimId dim) const { return slot(owner->layout().dim(dim)); }
  std::int64_t elements(ir::BufferId buffer) const {
    std::int64_t total = 1;
    for (ir::DimId dim : owner->module().buffer(buffer).axes) total *= size(dim);
    return total;
  }
  std::int64_t coordinates() const {
    return owner->module().parameter_count().evaluate([this](ir::DimId dim) { return size(dim); });
  }
};

std::int64_t rounded(std::int64_t bytes) {
  return (bytes + codegen::kAlignment - 1) / codegen::kAlignment * codegen::kAlignment;
}

Function function_of(std::int32_t entry) {
  switch (entry) {
    case LACUNA_ENTRY_LOG_DENSITY:
      return Function::LogDensity;
    case LACUNA_ENTRY_LOG_DENSITY_GRADIENT:
      return Function::Gradient;
    case LACUNA_ENTRY_TERMS:
      return Function::Terms;
    case LACUNA_ENTRY_CONSTRAIN:
      return Function::Constrain;
    default:
      return Function::Count;
  }
}

int bind_size(const lacuna_model* self, const lacuna_dimension* dimensions, const lacuna_array*, std::int64_t* bytes,
              lacuna_error* error) {
  if (self == nullptr || dimensions == nullptr || bytes == nullptr) return fail(error, LACUNA_NULL);
  const auto& model = *static_cast<const CompiledModel*>(self->context);
  const std::int64_t needed = bound_bytes(model.module(), model.layout(), *self->metadata, dimensions);
  if (needed < 0) return fail(error, LACUNA_DIMENSION);
  *bytes = needed + codegen::kAlignment;
  return LACUNA_OK;
}

int bind_into(const lacuna_model* self, const lacuna_dimension* dimensions, const lacuna_array* arguments,
              std::uint32_t, void* memory, std::int64_t bytes, lacuna_error* error) {
  if (self == nullptr || dimensions == nullptr || memory == nullptr) return fail(error, LACUNA_NULL);
  std::int64_t needed = 0;
  if (const int code = bind_size(self, dimensions, arguments, &needed, error); code != LACUNA_OK) return code;
  if (bytes < needed) return fail(error, LACUNA_WORKSPACE, -1, needed);
  const auto& model = *static_cast<const CompiledModel*>(self->context);
  char* base = static_cast<char*>(memory) + codegen::kAlignment;
  const int code = import_data(model.module(), model.layout(), *self->metadata, dimensions, arguments, base, error);
  if (code != LACUNA_OK) return code;
  for (const ir::Function& function : model.module().functions) {
    if (function.stage != ir::Stage::Data) continue;
    std::int64_t failure[16] = {};
    const Frame frame{.bound = base, .failure = failure};
    const CompiledModel::Entry entry = model.binding(function.name);
    if (entry.run == nullptr) return fail(error, LACUNA_ABSENT);
    if (entry.run(&frame) != 0) return fail(error, LACUNA_CHECK, static_cast<std::int32_t>(failure[0]), failure[1]);
  }
  const Prefix prefix{kMagic, &model};
  std::memcpy(memory, &prefix, sizeof prefix);
  return LACUNA_OK;
}

// How many cells of an observed site are scored: those of its space, or all.
std::int64_t scored_cells(const View& view, const lacuna_site_info& site, std::int64_t cells) {
  const ir::SpaceId space = view.owner->module().find_space("scored." + std::string(site.name));
  return space.valid() ? view.slot(view.owner->layout().cells(space)) : cells;
}

int shape(const void* bound, lacuna_shape* out, lacuna_error* error) {
  const View view(bound);
  if (view.owner == nullptr || out == nullptr) return fail(error, LACUNA_NULL);
  const ir::Module& module = view.owner->module();
  const lacuna_metadata& metadata = *view.owner->table()->metadata;
  auto size = [&](std::int32_t dimension) { return view.size(module.find_dim(metadata.dimensions[dimension].name)); };
  for (std::int32_t i = 0; out->dimension_sizes != nullptr && i < metadata.dimension_count; ++i) {
    out->dimension_sizes[i] = size(i);
  }
  out->coordinates = out->values = 0;
  for (std::int32_t s = 0; s < metadata.site_count; ++s) {
    const lacuna_site_info& site = metadata.sites[s];
    std::int64_t cells = 1, coordinates = 0, values = 0, scored = 0;
    for (std::int32_t k = 0; k < site.rank - site.event_rank; ++k) cells *= size(site.axes[k]);
    if (site.kind == LACUNA_LATENT && site.coordinates != nullptr) {
      coordinates = view.elements(module.find_buffer(site.name));
      values = cells;
      for (std::int32_t k = site.rank - site.event_rank; k < site.rank; ++k) values *= size(site.axes[k]);
    }
    if (site.kind == LACUNA_IMPUTED && site.coordinates != nullptr) {
      coordinates = values = view.elements(module.find_buffer(site.name));
    }
    const bool observed = site.kind == LACUNA_OBSERVED;
    if (observed) scored = scored_cells(view, site, cells);
    if (out->site_coordinates != nullptr) out->site_coordinates[s] = coordinates;
    if (out->site_values != nullptr) out->site_values[s] = values;
    if (out->site_scored != nullptr) out->site_scored[s] = scored;
    if (out->site_left_out != nullptr) out->site_left_out[s] = observed ? cells - scored : 0;
    out->coordinates += coordinates;
    out->values += values;
  }
  out->parts = 1;
  out->partial = 0;
  return LACUNA_OK;
}

// Workspace: the function's own, then results, then for blocks the packed points and gradients.
std::int64_t results_bytes(const View& view, Function function, std::int64_t copies) {
  const ir::Function* found = view.owner->module().find_function(CompiledModel::name(function));
  return found == nullptr ? 0 : rounded(static_cast<std::int64_t>(found->body.block.yields.size()) * 8 * copies);
}

std::int64_t own_work(const View& view, Function function, bool block) {
  const auto& entry = view.owner->entry(function, block);
  return entry.work == nullptr ? 0 : rounded(entry.work(view.base));
}

bool is_density(Function function) {
  return function == Function::LogDensity || function == Function::Gradient;
}

Function without_jacobian(Function function) {
  return static_cast<Function>(static_cast<unsigned>(function) + 1);
}

// Both measures of a density share one size.
std::int64_t work_bytes(const View& view, Function function, bool block) {
  const std::int64_t own = own_work(view, function, block);
  return is_density(function) ? std::max(own, own_work(view, without_jacobian(function), block)) : own;
}

std::int64_t workspace_size(const void* bound, std::int32_t entry, std::int64_t draws) {
  const View view(bound);
  const Function function = function_of(entry);
  if (view.owner == nullptr || function == Function::Count) return -1;
  if (view.owner->module().find_function(CompiledModel::name(function)) == nullptr) return -1;
  if (draws > 1 && !is_density(function)) return -1;
  const std::int64_t plain = work_bytes(view, function, false) + results_bytes(view, function, 1);
  if (draws <= 1) return plain;
  const std::int64_t packed = rounded(view.coordinates() * 8 * kBlock);
  return std::max(plain, work_bytes(view, function, true) + results_bytes(view, function, kBlock) + 2 * packed);
}

int density(const void* bound, const double* point, Function function, void* workspace, double* value, double* gradient,
            lacuna_error* error) {
  const View view(bound);
  if (view.owner == nullptr || value == nullptr) return fail(error, LACUNA_NULL);
  const auto& entry = view.owner->entry(function);
  if (entry.run == nullptr) return fail(error, LACUNA_ABSENT);
  const Frame frame{.bound = view.base, .point = point, .gradient = gradient, .work = workspace, .results = value};
  return entry.run(&frame) == 0 ? LACUNA_OK : fail(error, LACUNA_CHECK);
}

Function measured(Function function, std::uint32_t flags) {
  return (flags & LACUNA_JACOBIAN) != 0 ? function : without_jacobian(function);
}

int log_density(const void* bound, const double* point, std::uint32_t flags, void* workspace, double* value,
                lacuna_error* error) {
  return density(bound, point, measured(Function::LogDensity, flags), workspace, value, nullptr, error);
}

int log_density_gradient(const void* bound, const double* point, std::uint32_t flags, void* workspace, double* value,
                         double* gradient, lacuna_error* error) {
  if (gradient == nullptr) return fail(error, LACUNA_NULL);
  return density(bound, point, measured(Function::Gradient, flags), workspace, value, gradient, error);
}

// Eight draws at a time, packed next to each other; a block that is not full repeats its first draw.
int density_block(const void* bound, std::int64_t draws, std::int64_t stride, const double* points, Function function,
                  void* workspace, double* values, double* gradients, lacuna_error* error) {
  const View view(bound);
  if (view.owner == nullptr || points == nullptr || values == nullptr) return fail(error, LACUNA_NULL);
  const auto& entry = view.owner->entry(function, true);
  if (entry.run == nullptr) return fail(error, LACUNA_ABSENT);
  const std::int64_t coordinates = view.coordinates();
  char* work = static_cast<char*>(workspace) + rounded(entry.work(view.base));
  auto* results = reinterpret_cast<double*>(work);
  auto* packed = reinterpret_cast<double*>(work + results_bytes(view, function, kBlock));
  double* slopes = packed + rounded(coordinates * 8 * kBlock) / 8;
  for (std::int64_t first = 0; first < draws; first += kBlock) {
    const std::int64_t live = std::min<std::int64_t>(kBlock, draws - first);
    for (std::int64_t k = 0; k < coordinates; ++k) {
      for (std::int64_t d = 0; d < kBlock; ++d)
        packed[k * kBlock + d] = points[k * stride + first + (d < live ? d : 0)];
    }
    const Frame frame{.bound = view.base, .point = packed, .gradient = slopes, .work = workspace, .results = results};
    if (entry.run(&frame) != 0) return fail(error, LACUNA_CHECK);
    std::copy_n(results, live, values + first);
    for (std::int64_t k = 0; gradients != nullptr && k < coordinates; ++k) {
      std::copy_n(slopes + k * kBlock, live, gradients + k * stride + first);
    }
  }
  return LACUNA_OK;
}

int log_density_block(const void* bound, std::int64_t draws, std::int64_t stride, const double* points,
                      std::uint32_t flags, void* workspace, double* values, lacuna_error* error) {
  return density_block(bound, draws, stride, points, measured(Function::LogDensity, flags), workspace, values, nullptr,
                       error);
}

int log_density_gradient_block(const void* bound, std::int64_t draws, std::int64_t stride, const double* points,
                               std::uint32_t flags, void* workspace, double* values, double* gradients,
                               lacuna_error* error) {
  if (gradients == nullptr) return fail(error, LACUNA_NULL);
  return density_block(bound, draws, stride, points, measured(Function::Gradient, flags), workspace, values, gradients,
                       error);
}

int terms(const void* bound, const double* point, std::uint32_t, void* workspace, double* totals,
          std::int64_t* not_finite, lacuna_error* error) {
  const View view(bound);
  if (view.owner == nullptr || totals == nullptr || not_finite == nullptr) return fail(error, LACUNA_NULL);
  const auto& entry = view.owner->entry(Function::Terms);
  if (entry.run == nullptr) return fail(error, LACUNA_ABSENT);
  char* results = static_cast<char*>(workspace) + rounded(entry.work(view.base));
  const Frame frame{.bound = view.base, .point = point, .work = workspace, .results = results};
  if (entry.run(&frame) != 0) return fail(error, LACUNA_CHECK);
  const lacuna_metadata& metadata = *view.owner->table()->metadata;
  std::int64_t next = 0;
  for (std::int32_t s = 0; s < metadata.site_count; ++s) {
    const std::int32_t kind = metadata.sites[s].kind;
    const bool has_term = kind == LACUNA_LATENT || kind == LACUNA_OBSERVED || kind == LACUNA_FACTOR;
    totals[s] = 0;
    not_finite[s] = 0;
    if (!has_term) continue;
    std::memcpy(&totals[s], results + 8 * next++, 8);
    std::memcpy(&not_finite[s], results + 8 * next++, 8);
  }
  return LACUNA_OK;
}

// Runs a function whose outputs are the buffers `prefix` + the site's name, for sites that `place` gives memory.
template <class PlaceOf>
int run_outputs(const View& view, Function function, const char* prefix, const double* point, void* workspace,
                const PlaceOf& place, lacuna_error* error) {
  const auto& entry = view.owner->entry(function);
  if (entry.run == nullptr) return fail(error, LACUNA_ABSENT);
  const ir::Module& module = view.owner->module();
  const lacuna_metadata& metadata = *view.owner->table()->metadata;
  std::vector<void*> outputs(module.buffers.size(), nullptr);
  for (std::int32_t s = 0; s < metadata.site_count; ++s) {
    const ir::BufferId out = module.find_buffer(prefix + std::string(metadata.sites[s].name));
    if (out.valid()) outputs[view.owner->layout().output(out)] = place(s, view.elements(out));
  }
  const Frame frame{.bound = view.base, .point = point, .work = workspace, .outputs = outputs.data()};
  return entry.run(&frame) == 0 ? LACUNA_OK : fail(error, LACUNA_CHECK);
}

int constrain(const void* bound, const double* point, void* workspace, double* values, lacuna_error* error) {
  const View view(bound);
  if (view.owner == nullptr || values == nullptr) return fail(error, LACUNA_NULL);
  const lacuna_metadata& metadata = *view.owner->table()->metadata;
  std::vector<double*> places(static_cast<std::size_t>(metadata.site_count), nullptr);
  const ir::Module& module = view.owner->module();
  for (std::int32_t p = 0; p < metadata.parameter_count; ++p) {
    const std::int32_t site = metadata.parameters[p];
    places[static_cast<std::size_t>(site)] = values;
    values += view.elements(module.find_buffer("natural." + std::string(metadata.sites[site].name)));
  }
  auto place = [&](std::int32_t site, std::int64_t) { return places[static_cast<std::size_t>(site)]; };
  return run_outputs(view, Function::Constrain, "natural.", point, workspace, place, error);
}

}  // namespace

void set_entries(const CompiledModel& model, lacuna_model& table) {
  auto has = [&](const char* function) { return model.module().find_function(function) != nullptr; };
  table.bind_size = bind_size;
  table.bind_into = bind_into;
  table.shape = shape;
  table.workspace_size = workspace_size;
  if (has("log_density")) {
    table.log_density = log_density;
    table.log_density_block = log_density_block;
  }
  if (has("log_density_gradient")) {
    table.log_density_gradient = log_density_gradient;
    table.log_density_gradient_block = log_density_gradient_block;
  }
  if (has("terms")) table.terms = terms;
  if (has("constrain")) table.constrain = constrain;
}

}  // namespace lacuna::jit
