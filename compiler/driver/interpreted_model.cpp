#include "compiler/driver/interpreted_model.h"

#include <cmath>
#include <cstring>

#include "compiler/autodiff/reversal.h"

namespace lacuna::driver {

namespace {

using ir::BufferKind;

// What stands in the caller's memory: which Bound it means.
struct Handle {
  std::uint64_t magic;
  InterpretedModel::Bound* bound;
};
constexpr std::uint64_t kMagic = 0x4c61637574616e74u;

int fail(lacuna_error* error, lacuna_code code, std::int32_t where = -1, std::int64_t index = -1) {
  if (error) *error = {code, where, index};
  return code;
}

InterpretedModel::Bound* bound_of(const void* memory) {
  if (!memory) return nullptr;
  const auto* handle = static_cast<const Handle*>(memory);
  return handle->magic == kMagic ? handle->bound : nullptr;
}

double read_real(const char* at, std::int32_t dtype) {
  switch (dtype) {
    case LACUNA_F64: { double x; std::memcpy(&x, at, 8); return x; }
    case LACUNA_F32: { float x; std::memcpy(&x, at, 4); return static_cast<double>(x); }
    case LACUNA_I64: { std::int64_t x; std::memcpy(&x, at, 8); return static_cast<double>(x); }
    case LACUNA_I32: { std::int32_t x; std::memcpy(&x, at, 4); return x; }
    default: return static_cast<unsigned char>(*at);
  }
}

std::int64_t read_whole(const char* at, std::int32_t dtype) {
  if (dtype == LACUNA_I64) { std::int64_t x; std::memcpy(&x, at, 8); return x; }
  return static_cast<std::int64_t>(read_real(at, dtype));
}

// A dense or sparse array, row-major, with presence where there are gaps.
ir::InputArray gather(const lacuna_array& a, bool real, const std::vector<std::int64_t>& sizes) {
  std::int64_t count = 1;
  for (const std::int64_t n : sizes) count *= n;
  ir::InputArray made;
  if (real) made.reals.assign(static_cast<std::size_t>(count), std::nan(""));
  else made.whole.assign(static_cast<std::size_t>(count), 0);
  if (a.present || a.coordinates) made.present.assign(static_cast<std::size_t>(count), a.coordinates ? 0 : 1);
  const auto put = [&](std::size_t to, const char* from) {
    if (real) made.reals[to] = read_real(from, a.dtype);
    else made.whole[to] = read_whole(from, a.dtype);
  };
  const char* data = static_cast<const char*>(a.data);
  static constexpr std::int64_t kBytes[] = {8, 4, 8, 4, 1};
  if (a.coordinates) {
    for (std::int64_t c = 0; c < a.cells; ++c) {
      std::int64_t to = 0;
      for (std::size_t k = 0; k < sizes.size(); ++k) to = to * sizes[k] + a.coordinates[k][c];
      put(static_cast<std::size_t>(to), data + c * kBytes[a.dtype]);
      made.present[static_cast<std::size_t>(to)] = a.present ? a.present[c] : 1;
    }
    return made;
  }
  std::vector<std::int64_t> at(sizes.size(), 0);
  for (std::int64_t i = 0; i < count; ++i) {
    std::int64_t offset = 0;
    for (std::size_t k = 0; k < sizes.size(); ++k) offset += at[k] * a.strides[k];
    put(static_cast<std::size_t>(i), data + offset);
    if (a.present) made.present[static_cast<std::size_t>(i)] = a.present[i];
    for (std::size_t k = sizes.size(); k-- > 0;) {
      if (++at[k] < sizes[k]) break;
      at[k] = 0;
    }
  }
  return made;
}

int bind_size(const lacuna_model*, const lacuna_dimension*, const lacuna_array*, std::int64_t* bytes, lacuna_error* error) {
  if (!bytes) return fail(error, LACUNA_NULL);
  *bytes = LACUNA_ALIGNMENT;
  return LACUNA_OK;
}

int bind_into(const lacuna_model* self, const lacuna_dimension* dimensions, const lacuna_array* arguments, std::uint32_t, void* memory,
              std::int64_t bytes, lacuna_error* error) {
  if (!self || !memory || !dimensions) return fail(error, LACUNA_NULL);
  if (bytes < static_cast<std::int64_t>(sizeof(Handle))) return fail(error, LACUNA_WORKSPACE, -1, LACUNA_ALIGNMENT);
  const auto& model = *static_cast<const InterpretedModel*>(self->context);
  Handle handle{kMagic, nullptr};
  const int code = model.bind(dimensions, arguments, &handle.bound, error);
  if (code == LACUNA_OK) std::memcpy(memory, &handle, sizeof handle);
  return code;
}

std::int64_t element_count(const ir::Interpreter& run, const ir::Module& module, ir::BufferId buffer) {
  std::int64_t n = 1;
  for (const ir::DimId d : module.buffer(buffer).axes) n *= run.size(d);
  return n;
}

int shape(const void* memory, lacuna_shape* out, lacuna_error* error) {
  InterpretedModel::Bound* bound = bound_of(memory);
  if (!bound || !out) return fail(error, LACUNA_NULL);
  const ir::Module& module = bound->model.module();
  const lacuna_metadata& m = *bound->model.table()->metadata;
  const ir::Interpreter& run = bound->unconstrained;
  if (out->dimension_sizes)
    for (std::int32_t i = 0; i < m.dimension_count; ++i) out->dimension_sizes[i] = run.size(module.find_dim(m.dimensions[i].name));
  out->coordinates = out->values = 0;
  for (std::int32_t s = 0; s < m.site_count; ++s) {
    const lacuna_site_info& site = m.sites[s];
    std::int64_t cells = 1, coordinates = 0, values = 0, scored = 0;
    for (std::int32_t k = 0; k < site.rank - site.event_rank; ++k) cells *= run.size(module.find_dim(m.dimensions[site.axes[k]].name));
    if (site.kind == LACUNA_LATENT && site.coordinates) {
      coordinates = element_count(run, module, module.find_buffer(site.name));
      values = cells;
      for (std::int32_t k = site.rank - site.event_rank; k < site.rank; ++k) values *= run.size(module.find_dim(m.dimensions[site.axes[k]].name));
    }
    if (site.kind == LACUNA_IMPUTED && site.coordinates) coordinates = values = element_count(run, module, module.find_buffer(site.name));
    if (site.kind == LACUNA_OBSERVED) {
      const ir::SpaceId space = module.find_space("scored." + std::string(site.name));
      scored = space.valid() ? static_cast<std::int64_t>(run.cells(space).size()) : cells;
    }
    if (out->site_coordinates) out->site_coordinates[s] = coordinates;
    if (out->site_values) out->site_values[s] = values;
    if (out->site_scored) out->site_scored[s] = scored;
    if (out->site_left_out) out->site_left_out[s] = site.kind == LACUNA_OBSERVED ? cells - scored : 0;
    out->coordinates += coordinates;
    out->values += values;
  }
  out->parts = 1;
  out->partial = 0;
  return LACUNA_OK;
}

std::int64_t workspace_size(const void*, std::int32_t entry, std::int64_t draws) {
  switch (entry) {
    case LACUNA_ENTRY_LOG_DENSITY:
    case LACUNA_ENTRY_LOG_DENSITY_GRADIENT: return draws == 1 ? 0 : -1;
    case LACUNA_ENTRY_TERMS:
    case LACUNA_ENTRY_CONSTRAIN:
    case LACUNA_ENTRY_NATURAL_DENSITY:
    case LACUNA_ENTRY_HVP: return 0;
    default: return -1;
  }
}

std::vector<long double> extended(const double* x, std::int64_t n) { return {x, x + n}; }

int evaluate(const void* memory, const double* point, const char* function, double* value, double* gradient, lacuna_error* error, bool natural) {
  InterpretedModel::Bound* bound = bound_of(memory);
  if (!bound || !value) return fail(error, LACUNA_NULL);
  const std::lock_guard<std::mutex> lock(bound->one_at_a_time);
  ir::Interpreter& run = natural ? bound->natural : bound->unconstrained;
  const std::int64_t n = run.parameter_count();
  if (n > 0 && !point) return fail(error, LACUNA_NULL);
  run.set_vector(BufferKind::Parameter, extended(point, n));
  const ir::Outcome out = run.call(function);
  if (!out.ok()) return fail(error, LACUNA_CHECK);
  *value = static_cast<double>(out.results[0].real);
  if (gradient) {
    const std::vector<long double> g = run.vector(BufferKind::Gradient);
    for (std::size_t i = 0; i < g.size(); ++i) gradient[i] = static_cast<double>(g[i]);
  }
  return LACUNA_OK;
}

int log_density(const void* bound, const double* point, std::uint32_t flags, void*, double* value, lacuna_error* error) {
  return evaluate(bound, point, flags & LACUNA_JACOBIAN ? "log_density" : "log_density_mode", value, nullptr, error, false);
}

int log_density_gradient(const void* bound, const double* point, std::uint32_t flags, void*, double* value, double* gradient, lacuna_error* error) {
  if (!gradient) return fail(error, LACUNA_NULL);
  return evaluate(bound, point, flags & LACUNA_JACOBIAN ? "gradient" : "gradient_mode", value, gradient, error, false);
}

int natural_density(const void* bound, const double* values, std::uint32_t, void*, double* value, double* gradient, lacuna_error* error) {
  return evaluate(bound, values, gradient ? "gradient" : "log_density", value, gradient, error, true);
}

int terms(const void* memory, const double* point, std::uint32_t, void*, double* totals, std::int64_t* not_finite, lacuna_error* error) {
  InterpretedModel::Bound* bound = bound_of(memory);
  if (!bound || !totals || !not_finite) return fail(error, LACUNA_NULL);
  const std::lock_guard<std::mutex> lock(bound->one_at_a_time);
  ir::Interpreter& run = bound->unconstrained;
  run.set_vector(BufferKind::Parameter, extended(point, run.parameter_count()));
  const ir::Outcome out = run.call("terms");
  if (!out.ok()) return fail(error, LACUNA_CHECK);
  const lacuna_metadata& m = *bound->model.table()->metadata;
  std::size_t next = 0;
  for (std::int32_t s = 0; s < m.site_count; ++s) {
    const std::int32_t kind = m.sites[s].kind;
    const bool has_term = kind == LACUNA_LATENT || kind == LACUNA_OBSERVED || kind == LACUNA_FACTOR;
    totals[s] = has_term ? static_cast<double>(out.results[next].real) : 0;
    not_finite[s] = has_term ? out.results[next + 1].whole : 0;
    if (has_term) next += 2;
  }
  return LACUNA_OK;
}

int constrain(const void* memory, const double* point, void*, double* values, lacuna_error* error) {
  InterpretedModel::Bound* bound = bound_of(memory);
  if (!bound || !values) return fail(error, LACUNA_NULL);
  const std::lock_guard<std::mutex> lock(bound->one_at_a_time);
  ir::Interpreter& run = bound->unconstrained;
  run.set_vector(BufferKind::Parameter, extended(point, run.parameter_count()));
  if (!run.call("constrain").ok()) return fail(error, LACUNA_CHECK);
  const ir::Module& module = bound->model.module();
  const lacuna_metadata& m = *bound->model.table()->metadata;
  std::size_t to = 0;
  for (std::int32_t p = 0; p < m.parameter_count; ++p) {
    const ir::BufferId out = module.find_buffer("natural." + std::string(m.sites[m.parameters[p]].name));
    for (const ir::Cell& cell : run.contents(out)) values[to++] = static_cast<double>(cell.real);
  }
  return LACUNA_OK;
}

}  // namespace

InterpretedModel::InterpretedModel(const elaborate::Model& model, const support::SourceMap& sources) : metadata_(model, sources, "") {}

std::unique_ptr<InterpretedModel> InterpretedModel::make(const elaborate::Model& model, const support::SourceMap& sources, diagnostics::Sink& sink) {
  std::unique_ptr<InterpretedModel> made(new InterpretedModel(model, sources));
  const std::size_t errors = sink.error_count();
  made->module_ = density::lower(model, {.measure = density::Measure::Unconstrained, .mode = true, .terms = true, .constrain = true}, sink);
  if (sink.error_count() == errors) made->natural_ = density::lower(model, {.measure = density::Measure::Natural}, sink);
  if (sink.error_count() != errors) return nullptr;
  for (const auto& [module, from, to] : {std::tuple(&made->module_, "log_density", "gradient"), std::tuple(&made->module_, "log_density_mode", "gradient_mode"),
                                         std::tuple(&made->natural_, "log_density", "gradient")}) {
    const autodiff::Reversed reversed = autodiff::add_gradient(*module, from, to);
    if (reversed.ok()) continue;
    sink.report(diagnostics::Id::NotCompiledYet, model.checked->declaration->name.range, "the derivative of " + reversed.error);
    return nullptr;
  }
  lacuna_model& t = made->table_;
  t.struct_size = sizeof t;
  t.version = LACUNA_ABI_VERSION;
  t.metadata = &made->metadata_.get();
  t.bind_size = bind_size;
  t.bind_into = bind_into;
  t.shape = shape;
  t.workspace_size = workspace_size;
  t.log_density = log_density;
  t.log_density_gradient = log_density_gradient;
  t.natural_density = natural_density;
  t.terms = terms;
  t.constrain = constrain;
  t.context = made.get();
  return made;
}

int InterpretedModel::bind(const lacuna_dimension* dimensions, const lacuna_array* arrays, Bound** bound, lacuna_error* error) const {
  auto made = std::make_unique<Bound>(*this);
  const lacuna_metadata& m = metadata_.get();
  for (auto [run, module] : {std::pair(&made->unconstrained, &module_), std::pair(&made->natural, &natural_)}) {
    for (std::int32_t i = 0; i < m.dimension_count; ++i) {
      if (m.dimensions[i].origin != LACUNA_GIVEN) continue;
      const std::int64_t size = dimensions[i].size >= 0 ? dimensions[i].size : m.dimensions[i].declared_size;
      if (size < 0) return fail(error, LACUNA_DIMENSION, i, 0);
      run->set_size(module->find_dim(m.dimensions[i].name), size);
    }
    for (std::int32_t a = 0; a < m.argument_count; ++a) {
      const lacuna_argument_info& info = m.arguments[a];
      const lacuna_array& array = arrays[a];
      if (array.rank != info.rank) return fail(error, LACUNA_TYPE, a);
      std::vector<std::int64_t> sizes;
      for (std::int32_t k = 0; k < info.rank; ++k) {
        sizes.push_back(run->size(module->find_dim(m.dimensions[info.axes[k]].name)));
        if (array.sizes[k] != sizes.back()) return fail(error, LACUNA_SIZE, a, k);
      }
      run->set_input(module->find_buffer(info.name), gather(array, info.type.kind == LACUNA_REAL, sizes));
    }
    const ir::Outcome out = run->bind();
    if (!out.ok()) return fail(error, LACUNA_CHECK, -1, -1);
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  *bound = made.get();
  bound_.push_back(std::move(made));
  return LACUNA_OK;
}

}  // namespace lacuna::driver
