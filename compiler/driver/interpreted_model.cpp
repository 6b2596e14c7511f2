#include "compiler/driver/interpreted_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "compiler/autodiff/differentiate.h"
#include "compiler/driver/interpreted_prediction.h"
#include "compiler/ir/given.h"

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

InterpretedModel::Bound* bound_of(const void* memory) { return InterpretedModel::bound_of(memory); }

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

// So many elements, none of them there yet.
ir::InputArray nothing(bool real, std::int64_t count) {
  ir::InputArray made;
  if (real) made.reals.assign(static_cast<std::size_t>(count), std::nan(""));
  else made.whole.assign(static_cast<std::size_t>(count), 0);
  made.present.assign(static_cast<std::size_t>(count), 0);
  return made;
}

// A dense or sparse array, row-major, with presence where there are gaps.
ir::InputArray gather(const lacuna_array& a, bool real, const std::vector<std::int64_t>& sizes) {
  std::int64_t count = 1;
  for (const std::int64_t n : sizes) count *= n;
  ir::InputArray made = nothing(real, count);
  if (!a.coordinates) made.present.assign(a.present ? static_cast<std::size_t>(count) : 0, 1);
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

// In new data of a prediction, what is missing or outside its type is a gap.
void make_gaps(ir::InputArray& array, const lacuna_type& type, std::int64_t codes) {
  const bool real = type.kind == LACUNA_REAL;
  const std::size_t count = real ? array.reals.size() : array.whole.size();
  if (array.present.empty()) array.present.assign(count, 1);
  const auto finite = [](double x) { return std::isfinite(x); };
  for (std::size_t i = 0; i < count; ++i) {
    const double x = real ? array.reals[i] : static_cast<double>(array.whole[i]);
    bool good = !std::isnan(x);
    if (type.structure == LACUNA_SCALAR && finite(type.lower)) good = good && (type.open & 1 ? x > type.lower : x >= type.lower);
    if (type.structure == LACUNA_SCALAR && finite(type.upper)) good = good && (type.open & 2 ? x < type.upper : x <= type.upper);
    if (type.kind == LACUNA_INDEX_OF) good = x >= 0 && x < static_cast<double>(codes);
    if (good && array.present[i]) continue;
    array.present[i] = 0;
    if (real) array.reals[i] = std::nan("");
    else array.whole[i] = 0;
  }
}

// What is wrong with an element that holds no value of its type.
lacuna_code fault(const lacuna_argument_info& info, const lacuna_array& array, std::int64_t element) {
  const bool real = info.type.kind == LACUNA_REAL;
  const ir::InputArray given = gather(array, real, {array.sizes, array.sizes + array.rank});
  const auto at = static_cast<std::size_t>(element);
  if ((!given.present.empty() && !given.present[at]) || (real && std::isnan(given.reals[at]))) return LACUNA_MISSING;
  return info.type.kind == LACUNA_INDEX_OF ? LACUNA_INDEX : LACUNA_VALUE;
}

int bind_size(const lacuna_model*, const lacuna_dimension*, const lacuna_array*, std::int64_t* bytes, lacuna_error* error) {
  if (!bytes) return fail(error, LACUNA_NULL);
  *bytes = LACUNA_ALIGNMENT;
  return LACUNA_OK;
}

int bind_into(const lacuna_model* self, const lacuna_dimension* dimensions, const lacuna_array* arguments, std::uint32_t flags, void* memory,
              std::int64_t bytes, lacuna_error* error) {
  if (!self || !memory || !dimensions) return fail(error, LACUNA_NULL);
  if (bytes < static_cast<std::int64_t>(sizeof(Handle))) return fail(error, LACUNA_WORKSPACE, -1, LACUNA_ALIGNMENT);
  const auto& model = *static_cast<const InterpretedModel*>(self->context);
  Handle handle{kMagic, nullptr};
  const int code = model.bind(dimensions, arguments, flags, &handle.bound, error);
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
  const ir::Interpreter& run = bound->run;
  if (out->dimension_sizes)
    for (std::int32_t i = 0; i < m.dimension_count; ++i) out->dimension_sizes[i] = run.size(module.find_dim(m.dimensions[i].name));
  out->coordinates = out->values = 0;
  for (std::int32_t s = 0; s < m.site_count; ++s) {
    const lacuna_site_info& site = m.sites[s];
    std::int64_t cells = 1, coordinates = 0, values = 0, scored = 0;
    for (std::int32_t k = 0; k < site.rank - site.event_rank; ++k) cells *= run.size(module.find_dim(m.dimensions[site.axes[k]].name));
    if (site.coordinates) {
      coordinates = element_count(run, module, module.find_buffer(site.name));
      values = element_count(run, module, module.find_buffer(fmt::format("at.{}", site.name)));
    }
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
  out->partial = 1 + out->coordinates;
  return LACUNA_OK;
}

std::int64_t workspace_size(const void*, std::int32_t entry, std::int64_t draws) {
  switch (entry) {
    case LACUNA_ENTRY_PREDICT: return 0;
    default: return draws <= 1 ? 0 : -1;
  }
}

std::vector<long double> extended(const double* x, std::int64_t n) { return {x, x + n}; }

// One call at a point of coordinates, or of natural values. A bound model is held while it runs and is read.
class Call {
 public:
  Call(const void* memory, const double* point, bool natural, std::uint32_t flags = 0) : bound_(bound_of(memory)) {
    if (!bound_) return;
    lock_ = std::unique_lock(bound_->one_at_a_time);
    run().ask_for_jacobian((flags & LACUNA_JACOBIAN) != 0);
    run().scale_sites({});
    const std::int64_t n = natural ? run().natural_count() : run().parameter_count();
    usable_ = n == 0 || point;
    if (usable_) run().set_vector(natural ? BufferKind::Natural : BufferKind::Parameter, extended(point, n));
  }
  bool usable() const { return usable_; }
  ir::Interpreter& run() { return bound_->run; }
  const ir::Module& module() const { return bound_->model.module(); }
  const lacuna_metadata& metadata() const { return *bound_->model.table()->metadata; }

 private:
  InterpretedModel::Bound* bound_;
  std::unique_lock<std::mutex> lock_;
  bool usable_ = false;
};

int evaluate(const void* memory, const double* point, std::uint32_t flags, double* value, double* gradient, lacuna_error* error, bool natural,
             const double* scale = nullptr) {
  Call call(memory, point, natural, flags);
  const std::string function = natural ? "natural_density" : "log_density";
  if (!call.usable() || !value) return fail(error, LACUNA_NULL);
  if (scale) call.run().scale_sites({scale, scale + call.metadata().site_count});
  const ir::Outcome out = call.run().call(gradient ? function + "_gradient" : function);
  if (!out.ok()) return fail(error, LACUNA_CHECK);
  *value = static_cast<double>(out.results[0].real);
  if (gradient) {
    const std::vector<long double> g = call.run().vector(BufferKind::Gradient, natural ? BufferKind::Natural : BufferKind::Parameter);
    for (std::size_t i = 0; i < g.size(); ++i) gradient[i] = static_cast<double>(g[i]);
  }
  return LACUNA_OK;
}

int log_density(const void* bound, const double* point, std::uint32_t flags, void*, double* value, lacuna_error* error) {
  return evaluate(bound, point, flags, value, nullptr, error, false);
}

int log_density_gradient(const void* bound, const double* point, std::uint32_t flags, void*, double* value, double* gradient, lacuna_error* error) {
  const InterpretedModel::Bound* known = bound_of(bound);
  if (!gradient && (!known || known->run.parameter_count() > 0)) return fail(error, LACUNA_NULL);
  return evaluate(bound, point, flags, value, gradient, error, false);
}

// There is one part, which is all.
int density_part(const void* bound, const double* point, std::uint32_t flags, std::int32_t part, const double* scale, void*, double* partial,
                 lacuna_error* error) {
  if (!partial) return fail(error, LACUNA_NULL);
  if (part != 0) return fail(error, LACUNA_ARGUMENT, -1, part);
  return evaluate(bound, point, flags, partial, flags & LACUNA_GRADIENT ? partial + 1 : nullptr, error, false, scale);
}

int density_finish(const void* memory, const double*, std::uint32_t flags, const double*, const double* partials, void*, double* value,
                   double* gradient, lacuna_error* error) {
  const InterpretedModel::Bound* bound = bound_of(memory);
  if (!bound || !partials || !value || (!gradient && (flags & LACUNA_GRADIENT))) return fail(error, LACUNA_NULL);
  *value = partials[0];
  if (flags & LACUNA_GRADIENT) std::copy_n(partials + 1, bound->run.parameter_count(), gradient);
  return LACUNA_OK;
}

int natural_density(const void* bound, const double* values, std::uint32_t, void*, double* value, double* gradient, lacuna_error* error) {
  return evaluate(bound, values, 0, value, gradient, error, true);
}

int log_density_hvp(const void* memory, const double* point, const double* direction, std::uint32_t flags, void*, double* value, double* gradient,
                    double* product, lacuna_error* error) {
  Call call(memory, point, false, flags);
  if (!call.usable() || !direction || !value || !gradient || !product) return fail(error, LACUNA_NULL);
  call.run().set_vector(BufferKind::Direction, extended(direction, call.run().parameter_count()));
  const ir::Outcome out = call.run().call("log_density_hvp");
  if (!out.ok()) return fail(error, LACUNA_CHECK);
  *value = static_cast<double>(out.results[0].real);
  const std::vector<long double> g = call.run().vector(BufferKind::Gradient), p = call.run().vector(BufferKind::Product);
  for (std::size_t i = 0; i < g.size(); ++i) {
    gradient[i] = static_cast<double>(g[i]);
    product[i] = static_cast<double>(p[i]);
  }
  return LACUNA_OK;
}

int totals_of(const void* memory, const double* point, const char* function, bool natural, std::uint32_t flags, double* totals, std::int64_t* not_finite, lacuna_error* error) {
  Call call(memory, point, natural, flags);
  if (!call.usable() || !totals || !not_finite) return fail(error, LACUNA_NULL);
  const ir::Outcome out = call.run().call(function);
  if (!out.ok()) return fail(error, LACUNA_CHECK);
  const lacuna_metadata& m = call.metadata();
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

int terms(const void* bound, const double* point, std::uint32_t flags, void*, double* totals, std::int64_t* not_finite, lacuna_error* error) {
  return totals_of(bound, point, "terms", false, flags, totals, not_finite, error);
}

int natural_terms(const void* bound, const double* values, void*, double* totals, std::int64_t* not_finite, lacuna_error* error) {
  return totals_of(bound, values, "natural_terms", true, 0, totals, not_finite, error);
}

// Runs a function and copies its outputs `<prefix>.<site>`, in the order of the parameters, one behind the other.
int outputs_of(const void* memory, const double* point, const char* function, std::string_view prefix, bool natural, double* to, lacuna_error* error) {
  Call call(memory, point, natural);
  if (!call.usable()) return fail(error, LACUNA_NULL);
  if (!call.run().call(function).ok()) return fail(error, LACUNA_CHECK);
  const lacuna_metadata& m = call.metadata();
  std::size_t next = 0;
  for (std::int32_t p = 0; p < m.parameter_count; ++p) {
    const ir::BufferId out = call.module().find_buffer(fmt::format("{}.{}", prefix, m.sites[m.parameters[p]].name));
    for (const ir::Cell& cell : call.run().contents(out)) to[next++] = static_cast<double>(cell.real);
  }
  return LACUNA_OK;
}

int constrain(const void* memory, const double* point, void*, double* values, lacuna_error* error) {
  return outputs_of(memory, point, "constrain", "natural", false, values, error);
}

int unconstrain(const void* memory, const double* values, void*, double* point, lacuna_error* error) {
  return outputs_of(memory, values, "unconstrain", "coordinates", true, point, error);
}

int cell_terms(const void* memory, const double* point, const char* function, bool natural, double* const* out, lacuna_error* error) {
  Call call(memory, point, natural);
  if (!call.usable() || !out) return fail(error, LACUNA_NULL);
  if (!call.run().call(function).ok()) return fail(error, LACUNA_CHECK);
  const lacuna_metadata& m = call.metadata();
  for (std::int32_t s = 0; s < m.site_count; ++s) {
    const ir::BufferId from = call.module().find_buffer(fmt::format("pointwise.{}", m.sites[s].name));
    if (m.sites[s].kind != LACUNA_OBSERVED || !out[s] || !from.valid()) continue;
    std::size_t next = 0;
    for (const ir::Cell& cell : call.run().contents(from)) out[s][next++] = static_cast<double>(cell.real);
  }
  return LACUNA_OK;
}

int pointwise(const void* bound, const double* point, void*, double* const* out, lacuna_error* error) {
  return cell_terms(bound, point, "pointwise", false, out, error);
}

int natural_pointwise(const void* bound, const double* values, void*, double* const* out, lacuna_error* error) {
  return cell_terms(bound, values, "natural_pointwise", true, out, error);
}

// The positions of a latent's elements, or of an observed site's scored cells, within the site's axes.
int cells(const void* memory, std::int32_t site, std::int64_t* positions, lacuna_error* error) {
  InterpretedModel::Bound* bound = bound_of(memory);
  if (!bound || !positions) return fail(error, LACUNA_NULL);
  const lacuna_metadata& m = *bound->model.table()->metadata;
  if (site < 0 || site >= m.site_count) return fail(error, LACUNA_ARGUMENT, site);
  const lacuna_site_info& info = m.sites[site];
  const std::lock_guard<std::mutex> lock(bound->one_at_a_time);
  const ir::Module& module = bound->model.module();
  const ir::Interpreter& run = bound->run;
  const auto size = [&](std::int32_t axis) { return run.size(module.find_dim(m.dimensions[info.axes[axis]].name)); };
  const bool observed = info.kind == LACUNA_OBSERVED;
  ir::SpaceId listed;
  if (observed) listed = module.find_space("scored." + std::string(info.name));
  if (!observed && info.partial) listed = module.dim(module.find_dim(info.name)).cells;
  const std::int32_t batch = info.rank - info.event_rank;
  if (!listed.valid()) {
    std::int64_t count = 1;
    for (std::int32_t k = 0; k < (observed ? batch : info.rank); ++k) count *= size(k);
    for (std::int64_t i = 0; i < count; ++i) positions[i] = i;
    return LACUNA_OK;
  }
  for (const std::vector<std::int64_t>& cell : run.cells(listed)) {
    std::int64_t at = 0;
    for (std::size_t k = 0; k < cell.size(); ++k) at = at * size(static_cast<std::int32_t>(k)) + cell[k];
    *positions++ = at;
  }
  return LACUNA_OK;
}

}  // namespace

InterpretedModel::InterpretedModel(const elaborate::Model& model, const support::SourceMap& sources) : metadata_(model, sources, "") {}

std::unique_ptr<InterpretedModel> InterpretedModel::make(const elaborate::Model& model, const support::SourceMap& sources, diagnostics::Sink& sink,
                                                         const density::Options& functions, ir::Precision precision) {
  std::unique_ptr<InterpretedModel> made(new InterpretedModel(model, sources));
  made->precision_ = precision;
  const std::size_t errors = sink.error_count();
  made->module_ = density::lower(model, functions, sink);
  if (sink.error_count() != errors) return nullptr;
  const autodiff::Reversed reversed = autodiff::reverse_all(made->module_, {.products = true});
  if (!reversed.ok()) {
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
  t.cells = cells;
  t.workspace_size = workspace_size;
  t.log_density = log_density;
  t.log_density_gradient = log_density_gradient;
  t.density_part = density_part;
  t.density_finish = density_finish;
  t.log_density_hvp = log_density_hvp;
  t.natural_density = natural_density;
  t.natural_terms = natural_terms;
  t.natural_pointwise = natural_pointwise;
  t.terms = terms;
  t.pointwise = pointwise;
  t.constrain = constrain;
  t.unconstrain = unconstrain;
  t.predict = interpret_prediction;
  t.context = made.get();
  return made;
}

InterpretedModel::Bound* InterpretedModel::bound_of(const void* memory) {
  if (!memory) return nullptr;
  const auto* handle = static_cast<const Handle*>(memory);
  return handle->magic == kMagic ? handle->bound : nullptr;
}

int InterpretedModel::bind(const lacuna_dimension* dimensions, const lacuna_array* arrays, std::uint32_t flags, Bound** bound, lacuna_error* error) const {
  auto made = std::make_unique<Bound>(*this);
  made->for_prediction = (flags & LACUNA_FOR_PREDICTION) != 0;
  const lacuna_metadata& m = metadata_.get();
  ir::Interpreter& run = made->run;
  if (made->for_prediction) run.allow_gaps();
  for (std::int32_t i = 0; i < m.dimension_count; ++i) {
    const ir::DimId dim = module_.find_dim(m.dimensions[i].name);
    if (dimensions[i].keys && dimensions[i].size >= 0) made->keys[dim] = {dimensions[i].keys, dimensions[i].keys + dimensions[i].size};
    if (m.dimensions[i].origin != LACUNA_GIVEN) continue;
    const std::int64_t size = dimensions[i].size >= 0 ? dimensions[i].size : m.dimensions[i].declared_size;
    if (size < m.dimensions[i].least) return fail(error, LACUNA_DIMENSION, i, m.dimensions[i].least);
    if (size < 0) return fail(error, LACUNA_DIMENSION, i, 0);
    run.set_size(dim, size);
  }
  for (std::int32_t i = 0; i < m.dimension_count; ++i)
    if (m.dimensions[i].origin == LACUNA_DERIVED && run.size(module_.find_dim(m.dimensions[i].name)) < 0) return fail(error, LACUNA_DIMENSION, i, 0);
  for (std::int32_t a = 0; a < m.argument_count; ++a) {
    const lacuna_argument_info& info = m.arguments[a];
    const lacuna_array& array = arrays[a];
    const bool absent = made->for_prediction && array.rank == -1, real = info.type.kind == LACUNA_REAL;
    if (!absent && array.rank != info.rank) return fail(error, LACUNA_TYPE, a);
    std::vector<std::int64_t> sizes;
    std::int64_t count = 1;
    for (std::int32_t k = 0; k < info.rank; ++k) {
      sizes.push_back(run.size(module_.find_dim(m.dimensions[info.axes[k]].name)));
      count *= sizes.back();
      if (!absent && array.sizes[k] != sizes.back()) return fail(error, LACUNA_SIZE, a, k);
    }
    ir::InputArray input = absent ? nothing(real, count) : gather(array, real, sizes);
    const bool coded = info.type.kind == LACUNA_INDEX_OF;
    const bool unchecked = (info.flags & LACUNA_UNCHECKED) != 0;
    if (made->for_prediction || unchecked) make_gaps(input, info.type, coded ? run.size(module_.find_dim(m.dimensions[info.type.index_of].name)) : 0);
    // `bind` may ask a real whether it is NaN.
    if (unchecked && real && !made->for_prediction) input.present.clear();
    run.set_input(module_.find_buffer(info.name), std::move(input));
  }
  const ir::Outcome out = run.bind();
  if (!out.failed_check.empty()) {
    const std::string_view input = ir::given_input(out.failed_check);
    const std::int64_t cell = out.index.empty() ? -1 : out.index[0];
    for (std::int32_t a = 0; a < m.argument_count; ++a)
      if (input == m.arguments[a].name) return fail(error, fault(m.arguments[a], arrays[a], cell), a, cell);
    return fail(error, LACUNA_CHECK, std::atoi(out.failed_check.c_str()), cell);
  }
  if (!out.ok()) return fail(error, LACUNA_CHECK, -1, -1);
  const std::lock_guard<std::mutex> lock(mutex_);
  *bound = made.get();
  bound_.push_back(std::move(made));
  return LACUNA_OK;
}

}  // namespace lacuna::driver
