// Names of values, and what may be missing where.
#include <algorithm>

#include "compiler/check/check_distribution.h"
#include "compiler/check/check_expr_parts.h"
#include "compiler/check/foreign_names.h"
#include "compiler/check/provisional_type.h"
#include "compiler/support/nearest.h"

namespace lacuna::check {

using diagnostics::Id;

namespace {

// The value a local of a plate has here: its element at the plate's indices.
const Expr* element_here(Context& c, const Expr* variable, const Symbol& symbol) {
  std::vector<const Expr*> indices;
  for (const Plate* p = c.plate; p; p = p->parent) {
    std::vector<const Expr*> own;
    for (const Symbol* index : p->indices) own.push_back(make_variable(c, index, variable->range));
    indices.insert(indices.begin(), own.begin(), own.end());
  }
  indices.resize(std::min<std::size_t>(indices.size(), symbol.plate_rank));
  return make_subscript(c, variable, std::move(indices), variable->range);
}

// An earlier element of a name that is declared further down in the same plate: a symbol that its statement will complete.
Symbol* forward_symbol(Context& c, std::string_view name) {
  if (!c.plate) return nullptr;
  const auto found = c.coming.find(name);
  if (found == c.coming.end()) return nullptr;
  const syntax::Stmt* statement = found->second;
  const bool in_plate = std::find(c.plate->source->body.begin(), c.plate->source->body.end(), statement) != c.plate->source->body.end();
  if (!in_plate) return nullptr;
  if (const auto known = c.ahead.find(statement); known != c.ahead.end()) {
    c.scope.declare(known->second);
    return known->second;
  }
  const auto* let = statement->get_if<syntax::LetStmt>();
  const auto* sample = statement->get_if<syntax::SampleStmt>();
  const syntax::Target& target = let ? let->target : sample->target;

  auto* symbol = c.arena.make<Symbol>();
  symbol->kind = let ? SymbolKind::Let : SymbolKind::Latent;
  symbol->name = target.name.text;
  symbol->range = target.name.range;
  symbol->statement = statement;
  symbol->in_definition = true;
  symbol->stage = Stage::Draw;
  symbol->type = types::real_type();
  std::vector<const Dimension*> dims;
  std::vector<const Plate*> chain;
  for (const Plate* p = c.plate; p; p = p->parent) chain.insert(chain.begin(), p);
  for (const Plate* p : chain)
    for (const Symbol* index : p->indices) dims.push_back(index->type.index_of);
  symbol->plate_rank = static_cast<std::uint32_t>(dims.size());
  symbol->local = true;
  for (const syntax::TargetItem& item : target.items) {
    const auto* written = item.index ? item.index->get_if<syntax::NameExpr>() : nullptr;
    const std::string_view text = item.is_binder ? item.binder.dimension.text : written ? written->text : std::string_view{};
    const auto known = c.dimensions.find(text);
    if (known != c.dimensions.end() && known->second)
      dims.push_back(known->second);
    else
      symbol->local = false;  // it names the plate's index
  }
  c.scope.declare(symbol);
  c.ahead[statement] = symbol;
  if (sample) {
    symbol->type = {};  // until it is known, so that two names that read each other come to an end
    const Type element = provisional_type(c, *sample->distribution, name, {});
    symbol->type = element.is_error() ? types::real_type() : element;
    dims.insert(dims.end(), element.dims.begin(), element.dims.end());
  }
  symbol->type.dims = c.arena.copy(dims);
  return symbol;
}

const Expr* report_reads_itself(Context& c, const syntax::NameExpr& e, SourceRange definition) {
  c.sink.report(Id::ReadsItself, e.range, e.text)
      .also_at(definition, "being defined here")
      .note("a definition may read earlier elements of itself, such as the one at `t - 1`, and nothing else of itself");
  return make_error(c, e.range);
}

// A name that is known inside a plate that has ended.
const Symbol* local_of_plate(const Context& c, std::string_view name) {
  if (!c.model) return nullptr;
  const auto& all = c.model->symbols;
  const auto found = std::find_if(all.begin(), all.end(), [&](const Symbol* s) { return s->local && s->plate_rank > 0 && s->name == name; });
  return found == all.end() ? nullptr : *found;
}

const Expr* unknown_name(Context& c, const syntax::NameExpr& e) {
  if (c.coming.contains(e.text)) {
    const syntax::Stmt* statement = c.coming[e.text];
    if (statement->range.begin <= e.range.begin && e.range.end <= statement->range.end) return report_reads_itself(c, e, statement->range);
    c.sink.report(Id::ReadAbove, e.range, e.text)
        .also_at(statement->range, "declared here")
        .note("a name is read only below its declaration")
        .help("move its statement above this one");
    return make_error(c, e.range);
  }
  if (const auto d = c.dimensions.find(e.text); d != c.dimensions.end()) {
    if (!d->second) return make_error(c, e.range);
    c.sink.report(Id::DimensionAsValue, e.range, e.text)
        .also_at(d->second->range, "introduced here")
        .help(fmt::format("its size is `size({})`", e.text), {{e.range, fmt::format("size({})", e.text)}});
    return make_error(c, e.range);
  }
  if (c.functions->contains(e.text)) {
    c.sink.report(Id::NotAValue, e.range, e.text, "function").help(fmt::format("call it: `{}(...)`", e.text));
    return make_error(c, e.range);
  }
  // Looking for the nearest of many names takes its time, and nobody reads the hundredth suggestion.
  constexpr std::size_t kSuggestions = 100;
  const bool few = c.sink.diagnostics().size() < kSuggestions;
  const std::string_view near = few ? support::nearest(e.text, c.scope.names()) : std::string_view{};
  // A slip of the pen is one wherever it stands; what is missing altogether is missed once.
  if (near.empty() && told_in_model(c, Id::UnknownName, e.text)) return make_error(c, e.range);
  auto& report = c.sink.report(Id::UnknownName, e.range, e.text);
  if (explain_foreign_value(report, e)) return make_error(c, e.range);
  if (const Symbol* local = local_of_plate(c, e.text)) {
    report.also_at(local->range, "known inside this plate only").help(fmt::format("to read it outside, declare it with the plate's index: `{}[n]`", e.text));
    return make_error(c, e.range);
  }
  if (!near.empty())
    report.help(fmt::format("did you mean `{}`?", near), {{e.range, std::string(near)}});
  else if (c.place == Place::Function || c.place == Place::Distribution)
    report.note("a `fn` or `dist` sees its parameters only");
  else if (c.place == Place::Guide)
    report.note("a guide reads its parameters, the model's arguments, and latents covered above");
  return make_error(c, e.range);
}

}  // namespace

bool read_value(Context& c, Symbol& symbol, SourceRange range) {
  ++symbol.uses;
  if (symbol.kind != SymbolKind::Output || c.in_output) return true;
  c.sink.report(Id::OutputRead, range, symbol.name)
      .also_at(symbol.range, "declared by `output` here")
      .note("outputs are computed once inference is done, so nothing that it needs can read them; later outputs can")
      .help(fmt::format("if it is part of the model, declare `{}` with `let` or `sample`, and save it with an `output` of another name", symbol.name));
  return false;
}

const Expr* settle_missing(Context& c, const Expr* e, const Expected& expected) {
  if (e->is_error() || !e->type.optional) return e;
  if (c.facts.present(*e)) {
    // What is known to be there is a plain value from here on.
    if (const auto* s = e->get_if<SubscriptExpr>()) {
      auto* present = c.arena.make<SubscriptExpr>(*s);
      present->type.optional = false;
      return present;
    }
    auto* present = c.arena.make<VariableExpr>(e->as<VariableExpr>());
    present->type.optional = false;
    return present;
  }
  if (expected.allow_optional) return e;
  const std::string text(c.sources.text(e->range));
  std::string_view base = text;
  base = base.substr(0, base.find_first_of("[ ("));
  c.sink.report(Id::MaybeMissing, e->range, text)
      .label(fmt::format("of type `{}`", types::to_string(e->type)))
      .note("a gap has no value to compute with")
      .help(fmt::format("to score it, make it the target of an `observe`: gaps are left out by themselves"))
      .help(fmt::format("to replace it, write `{} ?? 0`; to use it only where it is there, guard it with `present({})`", text, text))
      .help(fmt::format("to impute it, write `observe {} ~ ... else impute` above", base));
  return make_error(c, e->range);
}

const Expr* check_name(Context& c, const syntax::NameExpr& e, const Expected& expected) {
  if (c.names_are_sizes) {
    const Dimension* d = find_dimension(c, {e.text, e.range});
    if (!d) return make_error(c, e.range);
    auto* size = c.arena.make<SizeExpr>();
    size->kind = ExprKind::Size;
    size->range = e.range;
    size->dimension = d;
    size->stage = Stage::Data;
    size->type = types::int_type(d->size >= 0 ? Interval::point(static_cast<double>(d->size)) : Interval::nonnegative());
    return size;
  }
  Symbol* symbol = c.scope.find(e.text);
  if (!symbol) symbol = forward_symbol(c, e.text);
  if (!symbol)
    if (const Expr* own = check_own_member(c, e.text, {}, e.range)) return own;
  if (!symbol) return unknown_name(c, e);
  if (!read_value(c, *symbol, e.range)) return make_error(c, e.range);
  if (symbol->kind == SymbolKind::Poisoned || symbol->type.is_error()) return make_error(c, e.range);
  if (symbol->in_definition) return report_reads_itself(c, e, symbol->range);
  const Expr* variable = make_variable(c, symbol, e.range);
  if (symbol->local && symbol->plate_rank > 0) variable = element_here(c, variable, *symbol);
  return settle_missing(c, variable, expected);
}

}  // namespace lacuna::check
