// What a module has before any draw-stage function: dimensions, buffers, spaces, and the function `bind`.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/density/metadata.h"
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

// "factor at line 3" as a name of the IR.
std::string one_word(std::string_view name) {
  std::string made(name);
  std::replace(made.begin(), made.end(), ' ', '_');
  return made;
}

}  // namespace

ModelWriter::ModelWriter(const elaborate::Model& model, const Options& options, ir::Module& module)
    : model_(model), options_(options), module_(module), dims_(module) {}

void ModelWriter::declare() {
  module_.name = std::string(model_.name);
  for (const elaborate::DimensionInfo& info : model_.dimensions) dims_.id(info.dimension);
  declare_inputs();
  int next_site = 0;
  for (const elaborate::Item* item : model_.items) {
    scales_[item] = next_site;
    next_site += site_count(*item);
    switch (item->kind) {
      case ItemKind::Let: declare_let(item->as<elaborate::LetItem>()); break;
      case ItemKind::Latent: declare_latent(item->as<elaborate::LatentItem>()); break;
      case ItemKind::Observed: {
        const auto& observed = item->as<elaborate::ObservedItem>();
        if (observed.seen) throw NotCompiled("a mask finer than the event", item->range);
        if (observed.imputation == elaborate::Imputation::Summed) throw NotCompiled("summing out imputed cells", item->range);
        declare_space(*item, observed.scored, fmt::format("scored.{}", item->name));
        if (observed.imputation == elaborate::Imputation::Latent) declare_imputed(observed);
        break;
      }
      case ItemKind::Factor: declare_space(*item, nullptr, fmt::format("cells.{}", one_word(item->name))); break;
      case ItemKind::Output: break;
    }
    const bool has_density = item->kind == ItemKind::Latent || item->kind == ItemKind::Observed || item->kind == ItemKind::Factor;
    if (!has_density) continue;
    sites_[item] = static_cast<int>(module_.sites.size());
    module_.sites.push_back({std::string(item->name), item->line});
  }
  write_bind();
}

void ModelWriter::declare_inputs() {
  for (const Symbol* argument : model_.arguments) {
    ir::Buffer buffer;
    buffer.name = std::string(argument->name);
    buffer.kind = BufferKind::Input;
    buffer.element = element_type(dims_, argument->type);
    // Data of a prediction may lack any cell, and those of an argument that is checked where it is read; a real says so by NaN.
    const bool may_lack = options_.predict || elaborate::is_unchecked(model_, argument);
    buffer.optional = argument->type.optional || (may_lack && argument->type.scalar != Scalar::Real);
    for (const Dimension* d : argument->type.dims) buffer.axes.push_back(dims_.id(d));
    module_.add(buffer);
  }
}

void ModelWriter::declare_let(const elaborate::LetItem& item) {
  const check::Type& type = item.symbol->type;
  const bool data = item.stage <= check::Stage::Data;
  if (!data && !item.ordered && type.dims.empty() && !type.optional) return;  // a value of each function
  ir::Buffer buffer;
  buffer.name = std::string(item.name);
  buffer.kind = data ? BufferKind::Data : BufferKind::Work;
  buffer.element = element_type(dims_, type);
  for (const Dimension* d : type.dims) buffer.axes.push_back(dims_.id(d));
  lets_[item.symbol] = module_.add(buffer);
  if (type.optional) {
    ir::Buffer presence{.name = fmt::format("present.{}", item.name), .kind = BufferKind::Data, .element = ir::Type::boolean(), .axes = buffer.axes};
    presence_[item.symbol] = module_.add(presence);
  }
  if (item.space.where) spaces_[&item] = make_space(item, item.space.indices.size(), nullptr, true, fmt::format("cells.{}", item.name));
}

// Conditions of stage data become spaces that `bind` lists; a full product needs none.
void ModelWriter::declare_space(const elaborate::Item& item, const Expr* condition, std::string_view name) {
  if (condition || item.space.where) spaces_[&item] = make_space(item, item.space.indices.size(), condition, true, name);
}

ir::SpaceId ModelWriter::make_space(const elaborate::Item& item, std::size_t indices, const Expr* condition, bool holds, std::string_view name) {
  ir::Space space;
  space.name = std::string(name);
  for (std::size_t i = 0; i < indices; ++i) space.dims.push_back(dims_.id(item.space.indices[i]->type.index_of));
  space.predicate.emplace();
  ir::Body& body = *space.predicate;
  for (std::size_t i = 0; i < indices; ++i) {
    const ValueId v = body.add(ir::Type::index_of(space.dims[i]), std::string(item.space.indices[i]->name));
    body.block.arguments.push_back(v);
  }
  ir::Builder b(module_, body);
  Writer w(module_, dims_, b);
  const auto env = root(w, b);
  for (std::size_t i = 0; i < indices; ++i) env->bind(item.space.indices[i], body.block.arguments[i]);
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

std::shared_ptr<const Array> ModelWriter::load_array(ir::Builder& b, ir::BufferId buffer, const std::vector<const Dimension*>& dims) {
  auto a = std::make_shared<Array>();
  a->dims = dims;
  a->at = [&b, buffer](const Values& at) { return b.load(buffer, at); };
  return a;
}

// What every body may read: inputs and stored lets of stage data.
ModelWriter::Scope ModelWriter::root(Writer&, ir::Builder& b) {
  auto env = std::make_shared<Environment>();
  for (const Symbol* argument : model_.arguments) {
    const ir::BufferId buffer = module_.find_buffer(argument->name);
    auto a = std::make_shared<Array>(*load_array(b, buffer, {argument->type.dims.begin(), argument->type.dims.end()}));
    if (argument->type.optional) a->present = [&b, buffer](const Values& at) { return b.present(buffer, at); };
    env->bind(argument, Operand(std::shared_ptr<const Array>(a)));
  }
  for (const auto& [symbol, buffer] : lets_) {
    auto a = std::make_shared<Array>(*load_array(b, buffer, {symbol->type.dims.begin(), symbol->type.dims.end()}));
    const auto gaps = presence_.find(symbol);
    if (gaps != presence_.end()) a->present = [&b, presence = gaps->second](const Values& at) { return b.load(presence, at); };
    env->bind(symbol, Operand(std::shared_ptr<const Array>(a)));
  }
  return env;
}

void ModelWriter::write_predictions() { PredictionWriter(model_, module_, dims_, lets_).run(); }

// The vectors of a stretch that there are, and the number of each.
void ModelWriter::list_cells(ir::Builder& b, const Stretch& s) {
  b.build_space(s.cells);
  if (!s.place.valid()) return;
  ir::Domain domain = b.over(s.cells);
  domain.position = true;
  b.for_each(domain, {}, [&](const Values& given) -> Values {
    b.store(s.place, {given.begin(), given.end() - 1}, b.op(ir::Op::ToInt, {given.back()}));
    return {};
  });
}

void ModelWriter::write_bind() {
  Body f;
  open(f, ir::Stage::Data, "bind", {});
  ir::Builder& b = *f.builder;
  for (std::size_t i = 0; i < model_.items.size(); ++i) {
    const std::size_t last = in_step(i);
    write_checks(f, i);
    for (std::size_t k = i; k <= last; ++k) {
      const elaborate::Item* item = model_.items[k];
      if (const ir::SpaceId space = space_of(*item); space.valid()) b.build_space(space);
      const auto stretch = stretches_.find(item);
      if (stretch != stretches_.end() && stretch->second.cells.valid()) list_cells(b, stretch->second);
      const auto* let = item->get_if<elaborate::LetItem>();
      if (let && presence_.contains(let->symbol)) write_presence(f, *let);
    }
    for (std::size_t k = i; k <= last; ++k) write_given(f, *model_.items[k]);
    write_checks(f, i);
    write_in_step(f, i, last);
    i = last;
  }
  write_checks(f, model_.items.size());
  close(f, {});
}

}  // namespace lacuna::density
