// What a module has before any draw-stage function: dimensions, buffers, spaces, and the function `bind`.
#include <fmt/format.h>

#include "compiler/density/model_writer.h"
#include "compiler/density/prediction_writer.h"

namespace lacuna::density {

using elaborate::ItemKind;
using ir::BufferKind;
using types::Scalar;

namespace {

ir::Type element_type(DimensionTable& dims, const check::Type& t) {
  switch (t.scalar) {
    case Scalar::Int: return ir::Type::integer();
    case Scalar::Bool: return ir::Type::boolean();
    case Scalar::Index: return ir::Type::index_of(dims.id(t.index_of));
    default: return ir::Type::real();
  }
}

}  // namespace

ModelWriter::ModelWriter(const elaborate::Model& model, const Options& options, ir::Module& module)
    : model_(model), options_(options), module_(module), dims_(module) {}

void ModelWriter::declare() {
  module_.name = std::string(model_.name);
  for (const elaborate::DimensionInfo& info : model_.dimensions) dims_.id(info.dimension);
  declare_inputs();
  for (const elaborate::Item* item : model_.items) {
    switch (item->kind) {
      case ItemKind::Let: declare_let(item->as<elaborate::LetItem>()); break;
      case ItemKind::Latent: declare_latent(item->as<elaborate::LatentItem>()); break;
      case ItemKind::Observed: {
        const auto& observed = item->as<elaborate::ObservedItem>();
        if (observed.seen) throw NotCompiled("a mask finer than the event", item->range);
        if (observed.imputation == elaborate::Imputation::Summed)
          throw NotCompiled("summing out imputed cells", item->range);
        declare_space(*item, observed.scored, fmt::format("scored.{}", item->name));
        if (observed.imputation == elaborate::Imputation::Latent) declare_imputed(observed);
        break;
      }
      case ItemKind::Factor: declare_space(*item, nullptr, fmt::format("cells.{}", item->name)); break;
      case ItemKind::Output: break;
    }
    const bool has_density = item->kind == ItemKind::Latent || item->kind == ItemKind::Observed || item->kind == ItemKind::Factor;
    if (!has_density) continue;
    sites_[item] = static_cast<int>(module_.sites.size());
    const auto line = static_cast<std::uint32_t>(module_.sites.size() + 1);
    module_.sites.push_back({std::string(item->name), line});
  }
  write_bind();
}

void ModelWriter::declare_inputs() {
  for (const Symbol* argument : model_.arguments) {
    ir::Buffer buffer;
    buffer.name = std::string(argument->name);
    buffer.kind = BufferKind::Input;
    buffer.element = element_type(dims_, argument->type);
    // Data of a prediction may lack any cell; a real says so by NaN.
    buffer.optional = argument->type.optional || (options_.predict && argument->type.scalar != Scalar::Real);
    for (const Dimension* d : argument->type.dims) buffer.axes.push_back(dims_.id(d));
    module_.add(buffer);
  }
}

void ModelWriter::declare_latent(const elaborate::LatentItem& item) {
  if (item.symbol->type.scalar != Scalar::Real) throw NotCompiled("summing out a discrete latent", item.range);
  const bool vector = is_vector_structure(item.structure);
  if (item.structure != types::Structure::None && !vector)
    throw NotCompiled(fmt::format("a latent of type `{}`", types::structure_name(item.structure)), item.range);
  if (item.space.where) throw NotCompiled("a latent that exists only under a condition", item.range);
  LatentSlot slot;
  ir::Buffer parameter;
  parameter.name = std::string(item.name);
  parameter.kind = BufferKind::Parameter;
  for (const Dimension* d : item.symbol->type.dims) parameter.axes.push_back(dims_.id(d));
  slot.in_line = options_.measure == Measure::Natural || (!vector && !item.lower && !item.upper && !item.noncentered);
  ir::Buffer value = parameter;
  if (vector && !slot.in_line) parameter.axes.back() = coordinate_dimension(parameter.axes.back(), lost_coordinates(item.structure));
  slot.parameter = module_.add(parameter);
  if (!slot.in_line && !item.symbol->type.dims.empty()) {
    value.name = fmt::format("value.{}", item.name);
    value.kind = BufferKind::Work;
    slot.value = module_.add(value);
  }
  latents_[item.symbol] = slot;
}

// The dimension of a vector's coordinates: `lost` shorter than `event`.
ir::DimId ModelWriter::coordinate_dimension(ir::DimId event, int lost) {
  if (lost == 0) return event;
  const std::string name = fmt::format("{}.less_{}", module_.dim(event).name, lost);
  const ir::DimId known = module_.find_dim(name);
  if (known.valid()) return known;
  return module_.add(ir::Dim{.name = name, .kind = ir::Dim::Kind::Derived, .size = ir::SizeExpr::of(event) + ir::SizeExpr::constant(-lost)});
}

void ModelWriter::declare_let(const elaborate::LetItem& item) {
  if (item.symbol->type.optional) throw NotCompiled("a derived value with gaps", item.range);
  const bool data = item.stage <= check::Stage::Data;
  if (!data && !item.ordered && item.symbol->type.dims.empty()) return;  // a value of each function
  if (item.space.where) throw NotCompiled("a derived value that exists only under a condition", item.range);
  ir::Buffer buffer;
  buffer.name = std::string(item.name);
  buffer.kind = data ? BufferKind::Data : BufferKind::Work;
  buffer.element = element_type(dims_, item.symbol->type);
  for (const Dimension* d : item.symbol->type.dims) buffer.axes.push_back(dims_.id(d));
  lets_[item.symbol] = module_.add(buffer);
}

// Conditions of stage data become spaces that `bind` lists; a full product needs none.
void ModelWriter::declare_space(const elaborate::Item& item, const Expr* condition, std::string_view name) {
  if (condition || item.space.where) spaces_[&item] = make_space(item, condition, true, name);
}

ir::SpaceId ModelWriter::make_space(const elaborate::Item& item, const Expr* condition, bool holds, std::string_view name) {
  ir::Space space;
  space.name = std::string(name);
  for (const Symbol* index : item.space.indices) space.dims.push_back(dims_.id(index->type.index_of));
  space.predicate.emplace();
  ir::Body& body = *space.predicate;
  for (std::size_t i = 0; i < item.space.indices.size(); ++i) {
    const ValueId v = body.add(ir::Type::index_of(space.dims[i]), std::string(item.space.indices[i]->name));
    body.block.arguments.push_back(v);
  }
  ir::Builder b(module_, body);
  Writer w(module_, dims_, b);
  const auto env = root(w, b);
  for (std::size_t i = 0; i < item.space.indices.size(); ++i) env->bind(item.space.indices[i], body.block.arguments[i]);
  const auto counts = [&]() -> ValueId {
    if (!condition) return b.boolean(holds);
    const ValueId value = w.to_bool(w.scalar(*condition, env));
    return holds ? value : b.op(ir::Op::Not, {value});
  };
  // The condition is asked only inside the statement's domain.
  if (item.space.where)
    b.yield(b.branch(w.to_bool(w.scalar(*item.space.where, env)), [&]() -> Values { return {counts()}; }, [&]() -> Values { return {b.boolean(false)}; }));
  else
    b.yield({counts()});
  return module_.add(space);
}

void ModelWriter::declare_imputed(const elaborate::ObservedItem& item) {
  const check::Distribution& d = *item.distribution->distribution;
  if (!item.event.empty() || item.target->type.scalar != Scalar::Real) throw NotCompiled("imputed cells that are not single reals", item.range);
  if (item.space.indices.empty()) throw NotCompiled("imputing a value without indices", item.range);
  if (d.lower || d.upper || d.result_of) throw NotCompiled("imputed cells whose support depends on parameters", item.range);
  ImputedSlot slot;
  slot.cells = make_space(item, item.scored, false, fmt::format("imputed.{}", item.name));
  const std::string name = fmt::format("{}.imputed", item.name);
  const ir::DimId cells = module_.add(ir::Dim{.name = name, .kind = ir::Dim::Kind::Cells, .cells = slot.cells});
  slot.parameter = module_.add(ir::Buffer{.name = name, .kind = BufferKind::Parameter, .element = ir::Type::real(), .axes = {cells}});
  ir::Buffer whole{.name = fmt::format("completed.{}", item.name), .kind = BufferKind::Work, .element = ir::Type::real()};
  for (const Dimension* dimension : item.target->type.dims) whole.axes.push_back(dims_.id(dimension));
  slot.completed = module_.add(whole);
  imputed_[&item] = slot;
}

std::shared_ptr<const Array> ModelWriter::load_array(ir::Builder& b, ir::BufferId buffer, const std::vector<const Dimension*>& dims) {
  auto a = std::make_shared<Array>();
  a->dims = dims;
  a->at = [&b, buffer](const Values& at) { return b.load(buffer, at); };
  return a;
}

// What every body may read: inputs and stored lets of stage data.
std::shared_ptr<Environment> ModelWriter::root(Writer&, ir::Builder& b) {
  auto env = std::make_shared<Environment>();
  const auto bind = [&](const Symbol* symbol, ir::BufferId buffer) {
    env->bind(symbol, Operand(load_array(b, buffer, {symbol->type.dims.begin(), symbol->type.dims.end()})));
  };
  for (const Symbol* argument : model_.arguments) bind(argument, module_.find_buffer(argument->name));
  for (const auto& [symbol, buffer] : lets_) bind(symbol, buffer);
  return env;
}

void ModelWriter::write_predictions() { PredictionWriter(model_, module_, dims_, lets_).run(); }

void ModelWriter::write_bind() {
  ir::Function bind;
  bind.name = "bind";
  bind.stage = ir::Stage::Data;
  {
    ir::Builder b(module_, bind.body);
    Writer w(module_, dims_, b);
    const auto env = root(w, b);
    for (const elaborate::Item* item : model_.items) {
      const auto* let = item->get_if<elaborate::LetItem>();
      if (let && let->stage <= check::Stage::Data) {
        const ir::BufferId buffer = lets_.at(let->symbol);
        std::vector<ir::DimId> over;
        for (const Symbol* index : let->space.indices) over.push_back(dims_.id(index->type.index_of));
        const auto store = [&](const Values& at) {
          auto scope = std::make_shared<Environment>(env);
          for (std::size_t i = 0; i < at.size(); ++i) scope->bind(let->space.indices[i], at[i]);
          b.store(buffer, at, w.coerce(w.scalar(*let->value, scope), let->symbol->type, scope));
        };
        if (over.empty())
          store({});
        else if (let->ordered)
          b.scan(ir::Builder::over(over), {}, {}, [&](const Values& at) -> Values { store(at); return {}; });
        else
          b.for_each(ir::Builder::over(over), {}, [&](const Values& at) -> Values { store(at); return {}; });
      }
      const auto space = spaces_.find(item);
      if (space != spaces_.end()) b.build_space(space->second);
      const auto imputed = imputed_.find(item);
      if (imputed != imputed_.end()) b.build_space(imputed->second.cells);
    }
  }
  module_.functions.push_back(std::move(bind));
}

}  // namespace lacuna::density
