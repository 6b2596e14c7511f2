// `observe`: the likelihood.
#include <algorithm>

#include "compiler/check/check_expr_parts.h"
#include "compiler/check/check_mask.h"
#include "compiler/check/check_statement.h"
#include "compiler/check/distribution_members.h"

namespace lacuna::check {

using diagnostics::Id;
using types::Outcome;
using types::Scalar;

namespace {

// What is observed, before anything completed it.
const Symbol* original(const Symbol* symbol) {
  while (symbol && symbol->kind == SymbolKind::Completed) symbol = symbol->completes;
  return symbol;
}

struct Observe {
  Context& c;
  const syntax::ObserveStmt& source;
  Symbol* named = nullptr;           // what the name means now
  const Symbol* target = nullptr;    // the argument or let
  OpenTarget open{};
  List<const Dimension* const> whole{};  // the target's dimensions that no index runs through

  std::string_view name() const { return source.target.name.text; }

  // A latent under the name of an argument, which is reported where it is declared.
  bool redefines_argument() const {
    return c.model && std::any_of(c.model->arguments.begin(), c.model->arguments.end(), [&](const Symbol* a) { return a->name == target->name; });
  }

  // The argument or data-only `let` that is scored; null when it is none, which is reported.
  bool find_target() {
    const syntax::Name& written = source.target.name;
    named = c.scope.find(written.text);
    if (!named) {
      auto* e = c.arena.make<syntax::NameExpr>();
      e->kind = syntax::ExprKind::Name;
      e->range = written.range;
      e->text = written.text;
      check_expr(c, *e, {.allow_optional = true});
      return false;
    }
    ++named->uses;
    target = original(named);
    if (target->kind == SymbolKind::Poisoned || target->type.is_error()) return false;
    if (target->kind == SymbolKind::Latent && redefines_argument()) return false;
    if (target->kind == SymbolKind::Latent) {
      c.sink.report(Id::ObservedLatent, written.range, written.text)
          .also_at(target->range, "declared by `sample` here")
          .note("its `sample` gives it a density already; a second one would count it twice")
          .help(fmt::format("if `{0}` is data, make it an argument of the model and leave its `sample` out; to weigh it further, write a `factor`", written.text));
      return false;
    }
    const bool data = target->kind == SymbolKind::Argument || target->kind == SymbolKind::Let;
    if (data && target->stage <= Stage::Data) return true;
    if (target->kind == SymbolKind::Index) {
      c.sink.report(Id::ObservedComputed, written.range, written.text).also_at(target->range, "an index");
      return false;
    }
    c.sink.report(Id::ObservedComputed, written.range, written.text)
        .also_at(target->range, target->kind == SymbolKind::Output ? "an output" : "computed from latents here")
        .note("a density of something that moves with the latents needs the change of volume too, and is rarely what is meant")
        .help("observe the data themselves, or add the term that you mean with `factor`");
    return false;
  }

  // The brackets run over the target's dimensions, in order, and may leave its last ones out.
  bool check_brackets() {
    if (source.target.type) {
      c.sink.report(Id::ObservedType, source.target.type->range, name())
          .also_at(target->range, fmt::format("of type `{}`", types::to_string(target->type)))
          .help("leave the type out here");
      return false;
    }
    if (open.local) {
      std::string indices;
      for (const Symbol* i : open.target.indices) indices += (indices.empty() ? "" : ", ") + std::string(i->name);
      auto& report = c.sink.report(Id::ObservedInPlate, source.target.name.range, name());
      report.also_at(c.plate->source->range.empty() ? source.target.range : c.plate->source->binders[0].variable.range, "the plate's index")
          .note("the statement holds for each element of the plate, so it says which cells are scored in each");
      report.help(fmt::format("write `{}[{}]`", name(), indices));
      return false;
    }
    const auto dims = target->type.dims;
    const bool fits = open.dims.size() <= dims.size() && std::equal(open.dims.begin(), open.dims.end(), dims.begin());
    if (!fits) {
      c.sink.report(Id::TargetBrackets, source.target.range, types::shape_string(c.arena.copy(open.dims)), name(),
                    dims.empty() ? std::string("no dimension") : "shape " + types::shape_string(dims))
          .also_at(target->range, fmt::format("of type `{}`", types::to_string(target->type)));
      return false;
    }
    whole = dims.subspan(open.indexed);
    return true;
  }

  // ---------------------------------------------------------------------------------------- kind and support

  bool kind_fits(const Type& draw) const {
    const Type& t = target->type;
    switch (draw.scalar) {
      case Scalar::Real: return t.scalar == Scalar::Real;
      case Scalar::Int: return t.scalar == Scalar::Int || t.scalar == Scalar::Bool;
      case Scalar::Bool: return t.scalar == Scalar::Bool;
      case Scalar::Index: return t.scalar == Scalar::Index && t.index_of == draw.index_of;
      default: return false;
    }
  }

  static std::string kind_words(const Type& draw) {
    switch (draw.scalar) {
      case Scalar::Real: return "a real number";
      case Scalar::Int: return "a count";
      case Scalar::Bool: return "a `bool`";
      case Scalar::Index: return fmt::format("an index of `{}`", types::dimension_string(draw.index_of));
      default: return "a value";
    }
  }

  static std::string type_for(const Type& draw) {
    switch (draw.scalar) {
      case Scalar::Int: return "count";
      case Scalar::Bool: return "bool";
      case Scalar::Index: return types::dimension_string(draw.index_of);
      default: return "real";
    }
  }

  bool check_kind(const DistributionExpr& d) {
    if (!d.distribution || kind_fits(d.type)) return true;
    Type element = target->type;
    element.dims = {};
    element.optional = false;
    Type wanted = target->type;
    auto& report = c.sink.report(Id::TargetKind, source.target.name.range, name(), types::to_string(element), d.distribution->name, kind_words(d.type));
    report.also_at(target->range, fmt::format("of type `{}`", types::to_string(target->type)))
        .also_at(d.range, fmt::format("draws {}", kind_words(d.type)));
    const std::string shape = wanted.dims.empty() ? "" : types::shape_string(wanted.dims);
    report.help(fmt::format("declare it `{}: {}{}{}` if that is what the data are", target->name, type_for(d.type), wanted.optional ? "?" : "", shape));
    return false;
  }

  // The target at the indices of its brackets.
  const Expr* cell() const {
    const Expr* variable = make_variable(c, target, source.target.range);
    if (open.target.indices.empty()) return variable;
    std::vector<const Expr*> indices;
    for (const Symbol* i : open.target.indices) indices.push_back(make_variable(c, i, source.target.range));
    return make_subscript(c, variable, std::move(indices), source.target.range);
  }

  // Values outside the distribution's support are errors of the data, unless none can be inside.
  bool check_support(const DistributionExpr& d) {
    const bool bounds_apply = d.type.scalar == Scalar::Real || d.type.scalar == Scalar::Int;
    const Outcome inside = bounds_apply ? types::lies_in(target->type.bounds, d.type.bounds) : Outcome::Shown;
    if (inside == Outcome::Refuted) {
      c.sink.report(Id::TargetOutsideSupport, source.target.name.range, name(), d.distribution ? d.distribution->name : "")
          .also_at(target->range, fmt::format("of type `{}`", types::to_string(target->type)))
          .also_at(d.range, fmt::format("draws `{}`", types::to_string(d.type)));
      return false;
    }
    const bool shaped = d.type.structure != types::Structure::None && target->type.structure != d.type.structure;
    if (inside == Outcome::Shown && !shaped) return true;
    Obligation o;
    o.kind = Obligation::Kind::Support;
    o.subject = cell();
    o.required = d.type.bounds;
    o.structure = shaped ? d.type.structure : types::Structure::None;
    o.parameter = c.arena.copy(fmt::format("`{}` under `{}`", name(), d.distribution ? d.distribution->name : ""));
    o.range = source.target.range;
    oblige(c, o);
    return true;
  }

  // ---------------------------------------------------------------------------------------- imputation

  // From here on the name means the complete array: scored cells are data, the others latents.
  Symbol* complete() {
    auto* symbol = c.arena.make<Symbol>();
    symbol->kind = SymbolKind::Completed;
    symbol->name = target->name;
    symbol->range = source.impute_range;
    symbol->statement = &source;
    symbol->doc = target->doc;
    symbol->type = target->type;
    symbol->type.optional = false;
    symbol->stage = Stage::Draw;
    symbol->completes = named;
    symbol->domain = open.target.domain;
    symbol->domain_axes = open.target.indices;
    symbol->uses = 1;
    symbol->in_definition = true;
    c.scope.declare(symbol);
    return symbol;
  }

  void warn_when_nothing_is_left(const Expr* where) {
    if (target->type.optional || where) return;
    c.sink.report(Id::NothingToImpute, source.impute_range, name())
        .also_at(target->range, fmt::format("of type `{}`", types::to_string(target->type)))
        .note("it is never missing, and no mask leaves a cell out")
        .help("leave `else impute` out", {{source.impute_range, ""}});
  }

  bool check(ObserveStatement& statement) {
    if (open.wrong || !check_brackets()) return false;
    statement.target = open.target;
    statement.target.symbol = target;
    Symbol* completed = source.impute ? complete() : nullptr;
    bool right = true;
    if (source.where) {
      statement.where = check_mask(c, *source.where, *target, open);
      right = statement.where != nullptr;
      if (right) assume(c, statement.where);
    }
    DistributionPlace place;
    place.target = target;
    place.dims = whole;
    place.has_dims = true;
    place.observed = true;
    statement.distribution = check_distribution(c, *source.distribution, place);
    if (!statement.distribution) return false;
    const DistributionExpr& d = *statement.distribution;
    if (!right || !check_kind(d) || !check_support(d)) return false;
    const std::optional<bool> in_event = mask_in_event(c, source, *target, *cell(), statement.where, d);
    if (!in_event) return false;
    statement.mask_in_event = *in_event;
    if (completed) {
      warn_when_nothing_is_left(statement.where);
      statement.completed = completed;
    }
    return true;
  }
};

}  // namespace

void check_observe(Context& c, const syntax::ObserveStmt& source) {
  Observe observe{c, source};
  if (!observe.find_target()) return;
  observe.open = open_target(c, source.target);
  auto* statement = c.arena.make<ObserveStatement>();
  statement->kind = syntax::StmtKind::Observe;
  statement->source = &source;
  statement->plate = c.plate;
  const bool right = observe.check(*statement);
  Symbol* completed = source.impute ? c.scope.find(source.target.name.text) : nullptr;
  close_target(c);
  if (completed && completed->kind == SymbolKind::Completed && completed->statement == &source) {
    // Even when the statement is wrong: what reads the name below means the complete array.
    completed->in_definition = false;
    c.scope.declare(completed);
    if (c.model) c.model->symbols.push_back(completed);
  }
  if (right && c.model) c.model->statements.push_back(statement);
}

}  // namespace lacuna::check
