#include "compiler/entries/describe.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>

#include "compiler/ir/walk.h"

#include "compiler/codegen/listed_inputs.h"
#include "compiler/entries/packed_inputs.h"
#include "compiler/ir/given.h"
#include "compiler/ir/infer.h"

namespace lacuna::entries {

static_assert(sizeof(lacuna_frame) == sizeof(codegen::Frame) &&
              offsetof(lacuna_frame, scales) == offsetof(codegen::Frame, scales));

namespace {

int element_kind(ir::Scalar scalar) {
  switch (scalar) {
    case ir::Scalar::Real:
      return LACUNA_REAL;
    case ir::Scalar::Int:
      return LACUNA_INT;
    case ir::Scalar::Bool:
      return LACUNA_BOOL;
    case ir::Scalar::Index:
      return LACUNA_INDEX_OF;
  }
  return LACUNA_REAL;
}

int position(ir::DimId dim) { return static_cast<int>(dim.index); }

}  // namespace

const char* function_name(int function) {
  constexpr const char* kNames[] = {"log_density", "log_density_gradient", "log_density_hvp", "terms", "constrain",
                                    "pointwise", "unconstrain", "log_density_rows_gradient", "log_density_rest_gradient",
                                    "natural_density", "natural_density_gradient", "natural_terms", "natural_pointwise"};
  static_assert(std::size(kNames) == LACUNA_FUNCTION_COUNT);
  return kNames[function];
}

Description::Description(const ir::Module& module, const codegen::Layout& layout, const lacuna_metadata& metadata)
    : module_(module), layout_(layout), metadata_(metadata) {
  add_dims();
  add_buffers();
  add_sites();
  add_functions();
  add_predictions();
  add_row_loops();
  lacuna_descriptor& d = descriptor_;
  d.metadata = &metadata;
  d.header_bytes = layout.header_bytes();
  d.coordinates = polynomial(module.parameter_count());
  d.dim_count = static_cast<int>(dims_.size());
  d.buffer_count = static_cast<int>(buffers_.size());
  d.space_count = static_cast<int>(spaces_.size());
  d.check_count = static_cast<int>(checks_.size());
  d.row_loop_count = static_cast<int>(row_loops_.size());
  d.row_loops = row_loops_.data();
  d.binding_count = static_cast<int>(bindings_.size());
  for (const ir::Buffer& each : module.buffers) d.output_count += codegen::is_callers_array(each.kind) ? 1 : 0;
  d.dims = dims_.data();
  d.buffers = buffers_.data();
  d.spaces = spaces_.data();
  d.sites = sites_.data();
  d.checks = checks_.data();
  d.dimensions = dimensions_.data();
  d.numbers = numbers_.data();
  d.terms = terms_.data();
  d.functions = functions_.data();
  d.predicted = predicted_.empty() ? nullptr : predicted_.data();
  d.predictions = prediction_code_.data();
  d.frozen = frozen_.data();
  d.frozen_count = static_cast<int>(frozen_.size());
  const auto place = [&](std::string_view name) {
    const ir::BufferId found = module.find_buffer(name);
    return found.valid() ? static_cast<int>(layout.output(found)) : -1;
  };
  d.seed = place("prediction.seed");
  d.draw = place("prediction.draw");
  d.simulate = place("prediction.simulate");
}

bool Description::has_lists() const {
  const auto lists = [](const lacuna_buffer& each) { return each.optional != 0 || each.listable != 0 || each.packed >= 0 || each.passing != 0; };
  return !spaces_.empty() || !frozen_.empty() || std::any_of(buffers_.begin(), buffers_.end(), lists);
}

bool Description::has_windows() const {
  return std::any_of(predicted_.begin(), predicted_.end(), [](const lacuna_predicted& each) { return each.window[0] >= 0 || each.window[1] >= 0; });
}

lacuna_span Description::dims(const std::vector<ir::DimId>& each) {
  const lacuna_span span{static_cast<int>(numbers_.size()), static_cast<int>(each.size())};
  for (const ir::DimId dim : each) numbers_.push_back(position(dim));
  return span;
}

lacuna_span Description::polynomial(const ir::SizeExpr& size) {
  const lacuna_span span{static_cast<int>(terms_.size()), static_cast<int>(size.terms.size())};
  for (const ir::SizeTerm& term : size.terms) terms_.push_back({term.coefficient, dims(term.dims)});
  return span;
}

void Description::add_dims() {
  for (const ir::Dim& dim : module_.dims) {
    lacuna_dim made{static_cast<int>(dim.kind), -1, dim.preset.value_or(-1), {0, 0}, static_cast<int>(dim.rule), {0, 0}, {0, 0}, -1, 0, -1, -1};
    made.keys = static_cast<int>(layout_.keys({static_cast<std::uint32_t>(dims_.size())}));
    if (const ir::BufferId key = module_.find_buffer("key." + dim.name); key.valid()) made.key = static_cast<int>(layout_.output(key));
    if (const ir::BufferId map = module_.find_buffer("map." + dim.name); map.valid()) made.map = static_cast<int>(layout_.output(map));
    for (int i = 0; dim.kind == ir::Dim::Kind::Given && i < metadata_.dimension_count; ++i) {
      if (dim.name == metadata_.dimensions[i].name) made.dimension = i;
    }
    if (dim.kind == ir::Dim::Kind::Derived) made.terms = polynomial(dim.size);
    if (dim.rule != ir::Dim::Rule::Sum) made.other = polynomial(dim.other);
    if (dim.kind == ir::Dim::Kind::Cells) {
      const ir::Space& space = module_.space(dim.cells);
      made.most = dims(ir::bounding_dims(space));
      made.space = static_cast<int>(dim.cells.index);
    }
    dims_.push_back(made);
  }
  for (int i = 0; i < metadata_.dimension_count; ++i) {
    const ir::DimId found = module_.find_dim(metadata_.dimensions[i].name);
    dimensions_.push_back(found.valid() ? position(found) : -1);
  }
  for (std::uint32_t i = 0; i < module_.spaces.size(); ++i) {
    const ir::Space& space = module_.spaces[i];
    const lacuna_span parameters = dims(space.parameters), axes = dims(space.dims);
    spaces_.push_back({parameters, axes, dims(ir::bounding_dims(space)), static_cast<int>(layout_.cells({i})), argument_of(codegen::listed_by(module_, space))});
  }
}

int Description::argument_of(ir::BufferId input) const {
  for (int a = 0; input.valid() && a < metadata_.argument_count; ++a) {
    if (module_.buffer(input).name == metadata_.arguments[a].name) return a;
  }
  return -1;
}

void Description::add_buffers() {
  // Arguments first, in the order of the metadata, so that mistakes are found in that order.
  const auto add = [this](ir::BufferId id, int argument) {
    const ir::Buffer& buffer = module_.buffer(id);
    const ir::DimId codes = buffer.element.dim;
    const bool has_presence = buffer.optional && buffer.element.scalar != ir::Scalar::Real;
    buffers_.push_back({.argument = argument,
                        .element = element_kind(buffer.element.scalar),
                        .codes = codes.valid() ? position(codes) : -1,
                        .optional = has_presence ? 1 : 0,
                        .listable = codegen::may_be_listed(module_, id) ? 1 : 0,
                        .fill = codegen::fill_of(buffer),
                        .passing = argument >= 0 && !codegen::is_read_by_draws(module_, id) && !is_frozen(buffer) ? 1 : 0,
                        .packed = -1,
                        .packs = -1,
                        .slot = static_cast<int>(layout_.buffer(id)),
                        .axes = dims(buffer.axes)});
  };
  for (int a = 0; a < metadata_.argument_count; ++a) {
    if (const ir::BufferId id = module_.find_buffer(metadata_.arguments[a].name); id.valid()) add(id, a);
  }
  for (std::uint32_t b = 0; b < module_.buffers.size(); ++b) {
    if (module_.buffers[b].kind == ir::BufferKind::Data) add({b}, -1);
  }
  for (const PackedInput& each : packed_inputs(module_)) {
    if (is_frozen(module_.buffer(each.input))) continue;
    lacuna_buffer& cells = buffer_at(each.cells);
    buffer_at(each.input).packed = static_cast<int>(&cells - buffers_.data());
    cells.packs = static_cast<int>(each.space.index);
  }
}

lacuna_buffer& Description::buffer_at(ir::BufferId id) {
  const int slot = static_cast<int>(layout_.buffer(id));
  return *std::find_if(buffers_.begin(), buffers_.end(), [&](const lacuna_buffer& each) { return each.slot == slot; });
}

// Predictions read the values that the training data had.
bool Description::is_frozen(const ir::Buffer& buffer) const {
  return module_.find_buffer("frozen." + buffer.name).valid();
}

// The axes of a site's natural values: those of its coordinates, but that a vector with a structure is as long as its event.
std::vector<ir::DimId> Description::values_axes(const ir::Buffer& coordinates, const lacuna_site_info& info) const {
  std::vector<ir::DimId> axes = coordinates.axes;
  const ir::DimId event = info.rank > 0 ? module_.find_dim(metadata_.dimensions[info.axes[info.rank - 1]].name) : ir::DimId{};
  const bool vector = info.type.structure >= LACUNA_SIMPLEX && info.type.structure <= LACUNA_ZERO_SUM;
  if (vector && event.valid()) axes.back() = event;
  return axes;
}

void Description::add_sites() {
  for (int s = 0; s < metadata_.site_count; ++s) {
    const lacuna_site_info& info = metadata_.sites[s];
    const std::string name = info.name;
    lacuna_site made{0, 0, {0, 0}, -1, -1, -1, {0, 0}, -1, -1, {0, 0}};
    made.has_term = info.kind == LACUNA_LATENT || info.kind == LACUNA_OBSERVED || info.kind == LACUNA_FACTOR;
    const bool may = info.kind == LACUNA_LATENT || info.kind == LACUNA_IMPUTED;
    if (const ir::BufferId own = module_.find_buffer(name); may && info.coordinates && own.valid()) {
      made.has_coordinates = 1;
      made.coordinates = dims(module_.buffer(own).axes);
      for (const ir::DimId dim : module_.buffer(own).axes) {
        if (module_.dim(dim).kind == ir::Dim::Kind::Cells) made.cells = static_cast<int>(module_.dim(dim).cells.index);
      }
    }
    if (const ir::SpaceId scored = module_.find_space("scored." + name); scored.valid())
      made.scored = static_cast<int>(scored.index);
    if (made.has_coordinates) made.natural_axes = dims(values_axes(module_.buffer(module_.find_buffer(name)), info));
    if (const ir::BufferId out = module_.find_buffer("natural." + name); out.valid()) made.natural = static_cast<int>(layout_.output(out));
    if (const ir::BufferId out = module_.find_buffer("coordinates." + name); out.valid()) made.back = static_cast<int>(layout_.output(out));
    if (const ir::BufferId out = module_.find_buffer("pointwise." + name); out.valid()) {
      made.pointwise = static_cast<int>(layout_.output(out));
      made.pointwise_axes = dims(module_.buffer(out).axes);
    }
    sites_.push_back(made);
  }
}

void Description::add_functions() {
  for (int f = 0; f < LACUNA_FUNCTION_COUNT; ++f) {
    const ir::Function* found = module_.find_function(function_name(f));
    functions_[static_cast<std::size_t>(f)].results = found ? static_cast<int>(found->body.block.yields.size()) : -1;
    functions_[static_cast<std::size_t>(f)].block = f == LACUNA_GRADIENT_FUNCTION ? 1 : 0;
  }
  for (const ir::Function& function : module_.functions) {
    if (function.stage == ir::Stage::Data) bindings_.push_back(function.name);
  }
  // In the order in which code generation numbers them; each is called by its number in the metadata.
  for (const ir::Function& function : module_.functions) {
    ir::for_each_instruction(function.body.block, [&](const ir::Instruction& each) {
      if (each.op != ir::Op::Check) return;
      const std::string_view input = ir::given_input(each.name);
      checks_.push_back({input.empty() ? std::atoi(each.name.c_str()) : -1, argument_of(module_.find_buffer(input))});
    });
  }
}

// Instructions of one iteration; inner loops over whole dimensions count as often as they run, lists once.
static ir::SizeExpr work_of(const ir::Block& block) {
  ir::SizeExpr total;
  total.terms.push_back({static_cast<std::int64_t>(block.body.size()), {}});
  for (const ir::Instruction& each : block.body) {
    for (const ir::Block& inner : each.blocks) {
      for (ir::SizeTerm term : work_of(inner).terms) {
        const bool dense = !each.domain.space.valid();
        if (dense) term.dims.insert(term.dims.end(), each.domain.dims.begin(), each.domain.dims.end());
        total.terms.push_back(std::move(term));
      }
    }
  }
  return total;
}

void Description::add_row_loops() {
  const ir::Function* rows = module_.find_function("log_density_rows_gradient");
  if (!rows) return;
  for (const ir::Instruction& each : rows->body.block.body) {
    if (each.schedule.parts == 0) continue;
    const bool listed = each.domain.space.valid();
    row_loops_.push_back({listed ? static_cast<int>(each.domain.space.index) : -1, position(each.domain.dims[0]),
                          polynomial(work_of(each.blocks.front()))});
  }
}

}  // namespace lacuna::entries
