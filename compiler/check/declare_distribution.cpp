// Signatures of `dist` declarations.
#include <algorithm>

#include "compiler/check/check_distribution.h"
#include "compiler/check/check_statement.h"
#include "compiler/check/distribution_members.h"
#include "compiler/check/distribution_signature.h"
#include "compiler/support/nearest.h"

namespace lacuna::check {

using diagnostics::Id;
using types::DimensionOrigin;
using types::Scalar;

namespace {

// Dimensions of a signature are its own, whatever the program declares under the same names.
void hide_dimensions(Context& inner, const syntax::DistDecl& declaration) {
  const auto hide = [&](const syntax::TypeExpr* type) {
    if (!type) return;
    for (const syntax::Name& d : type->dimensions) inner.dimensions.erase(d.text);
    inner.dimensions.erase(type->name.text);
  };
  for (const syntax::Parameter& p : declaration.parameters) {
    hide(p.type);
    if (p.is_dimension) inner.dimensions.erase(p.name.text);
  }
  hide(declaration.result);
}

Dimension* generic_dimension(Context& inner, const syntax::Name& name) {
  Dimension*& slot = inner.dimensions[name.text];
  if (slot) return slot;
  auto* d = inner.arena.make<Dimension>();
  d->name = name.text;
  d->range = name.range;
  d->origin = DimensionOrigin::Generic;
  return slot = d;
}

Symbol* declare_parameter(Context& inner, const syntax::Parameter& p) {
  Symbol* symbol = declare_symbol(inner, p.name, SymbolKind::Parameter, nullptr);
  symbol->parameter = &p;
  symbol->doc = p.doc;
  symbol->stage = Stage::Constant;
  if (p.type) symbol->type = check_type(inner, *p.type, true);
  if (symbol->type.optional) {
    inner.sink.report(Id::SignatureType, p.type->range, "a parameter is never missing")
        .note("a gap has no value to compute with; the caller says what stands for it: `x ?? 0`");
    symbol->type = {};
  }
  if (symbol->type.is_error()) symbol->kind = SymbolKind::Poisoned;
  return symbol;
}

// `C = K - 1`: read when all dimensions of the signature are known.
void derive_dimensions(Context& inner, const syntax::DistDecl& declaration) {
  for (const syntax::Parameter& p : declaration.parameters) {
    if (!p.is_dimension || !p.default_value) continue;
    Dimension* d = generic_dimension(inner, p.name);
    inner.names_are_sizes = true;
    const Expr* size = check_expr(inner, *p.default_value);
    inner.names_are_sizes = false;
    if (!size->is_error()) d->derived = size;
  }
}

const Expr* default_of(Context& inner, const syntax::Parameter& p, const Symbol& symbol) {
  if (!p.default_value || !p.type) return nullptr;
  Expected place;
  place.dims = symbol.type.dims;
  const Expr* value = check_expr(inner, *p.default_value, place);
  if (value->is_error() || symbol.type.is_error()) return value;
  check_fits(inner, *value, symbol.type, p.name.text);
  return value;
}

// `: base`, `: interval(low, high)`, or a type.
void read_result(Context& inner, const syntax::TypeExpr& type, Distribution& d) {
  if (const Symbol* named = inner.scope.find(type.name.text); named && named->type.scalar == Scalar::Dist) {
    d.result_of = named;
    d.result.scalar = Scalar::Dist;
    return;
  }
  if (type.name.text != "interval" || type.arguments.size() != 2) {
    d.result = check_type(inner, type, true);
    if (!d.result.optional) return;
    inner.sink.report(Id::SignatureType, type.range, "a draw is never missing").help("leave the `?` out");
    d.result.optional = false;
    return;
  }
  const Expr* lower = check_expr(inner, *type.arguments[0], {.allow_array = false});
  const Expr* upper = check_expr(inner, *type.arguments[1], {.allow_array = false});
  if (lower->is_error() || upper->is_error()) return;
  d.lower = lower;
  d.upper = upper;
  std::vector<const Dimension*> dims;
  for (const syntax::Name& name : type.dimensions) dims.push_back(generic_dimension(inner, name));
  d.result = types::real_type({lower->type.bounds.lo, upper->type.bounds.hi});
  d.result.dims = inner.arena.copy(dims);
}

void read_members(Context& inner, const syntax::DistDecl& declaration, Distribution& d) {
  std::vector<DistributionMember> members;
  for (const syntax::DistMember& m : declaration.members) {
    const auto earlier = std::find_if(members.begin(), members.end(), [&](const DistributionMember& e) { return e.name == m.name.text; });
    if (earlier != members.end()) {
      inner.sink.report(Id::MemberTwice, m.name.range, m.name.text).also_at(earlier->range, "given here");
      continue;
    }
    members.push_back({m.name.text, {}, nullptr, m.name.range});
  }
  d.members = inner.arena.copy(members);
  if (find_member(d, "log_density")) return;
  auto& report = inner.sink.report(Id::LogDensityMissing, declaration.name.range, declaration.name.text);
  report.note("the log density is what makes a distribution; without it nothing can be scored or inferred");
  std::vector<std::string_view> names;
  for (const DistributionMember& m : members) names.push_back(m.name);
  const std::string_view near = support::nearest("log_density", names);
  if (!near.empty())
    report.help(fmt::format("did you mean `log_density` by `{}`?", near), {{find_member(d, near)->range, "log_density"}});
  else
    report.help("write `log_density(x) = ...`");
}

bool same_parameters(const Distribution& a, const Distribution& b) {
  return std::equal(a.declaration->parameters.begin(), a.declaration->parameters.end(), b.declaration->parameters.begin(),
                    b.declaration->parameters.end(),
                    [](const syntax::Parameter& p, const syntax::Parameter& q) { return p.name.text == q.name.text; });
}

}  // namespace

Context signature_context(Context& c, const Distribution& d) {
  Context inner{c.sources, c.arena, c.sink, c.library};
  inner.place = Place::Distribution;
  inner.functions = c.functions;
  if (!d.from_library) inner.dimensions = c.dimensions;
  for (const Dimension* g : d.generic) inner.dimensions[g->name] = const_cast<Dimension*>(g);
  for (const Symbol* p : d.parameters) inner.scope.declare(const_cast<Symbol*>(p));
  return inner;
}

void declare_distribution(Context& c, const syntax::DistDecl& declaration, bool from_library) {
  auto* d = c.arena.make<Distribution>();
  d->name = declaration.name.text;
  d->declaration = &declaration;
  d->from_library = from_library;

  Context inner = signature_context(c, *d);
  hide_dimensions(inner, declaration);
  inner.scope.push();
  std::vector<const Symbol*> parameters;
  for (const syntax::Parameter& p : declaration.parameters) {
    if (p.is_dimension)
      generic_dimension(inner, p.name);
    else
      parameters.push_back(declare_parameter(inner, p));
  }
  if (declaration.result) read_result(inner, *declaration.result, *d);
  derive_dimensions(inner, declaration);
  std::vector<const Expr*> defaults;
  for (const Symbol* p : parameters) defaults.push_back(default_of(inner, *p->parameter, *p));

  std::vector<const Dimension*> generic;
  for (const auto& [name, dimension] : inner.dimensions)
    if (dimension && dimension->origin == DimensionOrigin::Generic) generic.push_back(dimension);
  std::sort(generic.begin(), generic.end(), [](const Dimension* a, const Dimension* b) { return a->range.begin < b->range.begin; });
  d->parameters = c.arena.copy(parameters);
  d->defaults = c.arena.copy(defaults);
  d->generic = c.arena.copy(generic);
  read_members(inner, declaration, *d);

  if (!from_library) {
    for (const Distribution* known : c.library.declared(d->name)) {
      if (!same_parameters(*known, *d)) continue;
      c.sink.report(Id::SameParameters, declaration.name.range, d->name)
          .also_at(known->declaration->name.range, "declared here")
          .note("a call by name picks a declaration by its parameters' names, so no two may have the same");
      return;
    }
  }
  c.library.declare(d);
}

}  // namespace lacuna::check
