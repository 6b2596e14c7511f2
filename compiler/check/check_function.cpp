// `fn`: declared once for generic dimensions, called with those of the arguments.
#include <algorithm>

#include "compiler/check/check_expr_parts.h"
#include "compiler/check/check_statement.h"

namespace lacuna::check {

using diagnostics::Id;
using types::DimensionOrigin;

namespace {

// Solves the generic dimensions of a parameter from an argument's; false when the shapes cannot match.
bool solve(List<const Dimension* const> parameter, List<const Dimension* const> argument, List<const Dimension* const> generic,
           std::vector<const Dimension*>& solution) {
  if (parameter.size() != argument.size()) return false;
  for (std::size_t i = 0; i < parameter.size(); ++i) {
    const auto g = std::find(generic.begin(), generic.end(), parameter[i]);
    if (g == generic.end()) {
      if (parameter[i] != argument[i]) return false;
      continue;
    }
    const Dimension*& slot = solution[static_cast<std::size_t>(g - generic.begin())];
    if (slot && slot != argument[i]) return false;
    slot = argument[i];
  }
  return true;
}

const Dimension* substitute(const Dimension* d, List<const Dimension* const> generic, const std::vector<const Dimension*>& solution) {
  const auto g = std::find(generic.begin(), generic.end(), d);
  if (g == generic.end()) return d;
  const Dimension* s = solution[static_cast<std::size_t>(g - generic.begin())];
  return s ? s : d;
}

// The lets and the result of a function's body, in a scope that holds its parameters.
void check_body(Context& c, const syntax::FnDecl& declaration, Function& f) {
  std::vector<const Symbol*> lets;
  std::vector<const Expr*> values;
  for (const syntax::LetStmt* let : declaration.lets) {
    const syntax::Target& target = let->target;
    Type claim;
    Expected expected;
    if (target.type) {
      claim = check_type(c, *target.type, false);
      expected.dims = claim.dims;
    }
    enter(c);
    if (target.has_brackets) {
      c.sink.report(Id::TargetItem, target.range).help("in a `fn`, write an array: `let y = [... for n in N]`");
    }
    const Expr* value = check_expr(c, *let->value, expected);
    leave(c);
    if (target.type && !value->is_error()) check_fits(c, *value, claim, target.name.text);
    Symbol* symbol = declare_symbol(c, target.name, value->is_error() ? SymbolKind::Poisoned : SymbolKind::Let, let);
    symbol->type = value->type;
    symbol->stage = value->stage;
    lets.push_back(symbol);
    values.push_back(value);
  }
  f.lets = c.arena.copy(lets);
  f.let_values = c.arena.copy(values);
  Expected result;
  Type claim;
  if (declaration.result) {
    claim = check_type(c, *declaration.result, false);
    result.dims = claim.dims;
    result.index_of = claim.index_of;
  }
  if (!declaration.value) return;
  const Expr* body = check_expr(c, *declaration.value, result);
  if (body->is_error()) return;
  f.result = body->type;
  if (declaration.result && !claim.is_error()) {
    if (!body->type.dims.empty() && !types::same_dims(body->type.dims, claim.dims)) {
      c.sink.report(Id::ClaimShape, declaration.value->range, declaration.name.text, "shape " + types::shape_string(body->type.dims),
                    claim.dims.empty() ? std::string("no dimension") : "shape " + types::shape_string(claim.dims))
          .also_at(declaration.result->range, "the type written here");
      return;
    }
    if (!check_fits(c, *body, claim, declaration.name.text)) return;
    f.result = claim;
    f.result.bounds = types::intersect(claim.bounds, body->type.bounds);
    if (f.result.bounds.lo > f.result.bounds.hi) f.result.bounds = claim.bounds;
  }
  f.body = body;
}

}  // namespace

void check_function(Context& c, const syntax::FnDecl& declaration) {
  Function* f = c.functions[declaration.name.text];
  if (!f || f->declaration != &declaration || f->checked) return;
  if (f->in_progress) return;
  f->in_progress = true;
  // A function sees its parameters and the declared dimensions, nothing of a model.
  Context inner{c.sources, c.arena, c.sink, c.library, {}, c.dimensions, {}, {}, Place::Function};
  inner.functions = c.functions;
  enter(inner);
  std::vector<const Symbol*> parameters;
  for (const syntax::Parameter& p : declaration.parameters) {
    Symbol* symbol = declare_symbol(inner, p.name, SymbolKind::Parameter, nullptr);
    symbol->parameter = &p;
    symbol->doc = p.doc;
    symbol->stage = Stage::Constant;
    if (p.is_dimension || !p.type) {
      c.sink.report(Id::ModelParameter, p.range, "dimension by itself").help("dimensions of a `fn` come with its arguments: `x: real[N]`");
      symbol->kind = SymbolKind::Poisoned;
    } else {
      symbol->type = check_type(inner, *p.type, true);
      if (symbol->type.is_error()) symbol->kind = SymbolKind::Poisoned;
    }
    parameters.push_back(symbol);
  }
  f->parameters = c.arena.copy(parameters);
  std::vector<const Dimension*> generic;
  for (const auto& [name, d] : inner.dimensions)
    if (d && d->origin == DimensionOrigin::Generic) generic.push_back(d);
  std::sort(generic.begin(), generic.end(), [](const Dimension* a, const Dimension* b) { return a->range.begin < b->range.begin; });
  f->generic = c.arena.copy(generic);
  check_body(inner, declaration, *f);
  f->in_progress = false;
  f->checked = true;
}

const Expr* check_function_call(Context& c, const syntax::CallExpr& e, Function& f) {
  if (f.in_progress) {
    c.sink.report(Id::RecursiveFunction, e.range, f.name).note("functions are written out where they are called, so they cannot call themselves");
    return make_error(c, e.range);
  }
  if (!f.checked) check_function(c, *f.declaration);
  if (e.arguments.size() != f.parameters.size()) {
    c.sink.report(Id::WrongArity, e.range, f.name, f.parameters.size() == 1 ? std::string("one argument") : fmt::format("{} arguments", f.parameters.size()),
                  e.arguments.size() == 1 ? std::string("1 is") : fmt::format("{} are", e.arguments.size()))
        .also_at(f.declaration->name.range, "declared here");
    return make_error(c, e.range);
  }
  auto* call = c.arena.make<FunctionCallExpr>();
  call->kind = ExprKind::FunctionCall;
  call->range = e.range;
  call->function = &f;
  std::vector<const Expr*> arguments(f.parameters.size(), nullptr);
  std::vector<const Dimension*> solution(f.generic.size(), nullptr);
  bool wrong = !f.body;
  for (std::size_t i = 0; i < e.arguments.size(); ++i) {
    std::size_t at = i;
    if (!e.arguments[i].name.text.empty()) {
      const auto named = std::find_if(f.parameters.begin(), f.parameters.end(), [&](const Symbol* p) { return p->name == e.arguments[i].name.text; });
      at = static_cast<std::size_t>(named - f.parameters.begin());
      if (named == f.parameters.end() || arguments[at]) {
        c.sink.report(Id::NamedArgument, e.arguments[i].name.range, f.name).also_at(f.declaration->name.range, "declared here");
        return make_error(c, e.range);
      }
    }
    const Symbol& p = *f.parameters[at];
    Expected place;
    place.index_of = p.type.index_of;
    std::vector<const Dimension*> asked;
    for (const Dimension* d : p.type.dims) {
      const Dimension* known = substitute(d, f.generic, solution);
      if (known->origin != DimensionOrigin::Generic) asked.push_back(known);
    }
    if (asked.size() == p.type.dims.size()) place.dims = c.arena.copy(asked);
    const Expr* value = check_expr(c, *e.arguments[i].value, place);
    arguments[at] = value;
    if (value->is_error() || p.type.is_error()) {
      wrong = true;
      continue;
    }
    if (!solve(p.type.dims, value->type.dims, f.generic, solution)) {
      auto& report = c.sink.report(Id::ArgumentShape, value->range, p.name, f.name,
                                   p.type.dims.empty() ? std::string("no dimension") : "shape " + types::shape_string(p.type.dims),
                                   value->type.dims.empty() ? std::string("no dimension") : "shape " + types::shape_string(value->type.dims));
      report.also_at(p.range, "declared here");
      if (p.type.dims.empty() && !value->type.dims.empty()) report.help(fmt::format("to apply it to each element, write `[{}(x[n]) for n in N]`", f.name));
      wrong = true;
      continue;
    }
    if (!check_fits(c, *value, p.type, p.name)) wrong = true;
    call->stage = later(call->stage, value->stage);
  }
  if (wrong) return make_error(c, e.range);
  call->arguments = c.arena.copy(arguments);
  call->dimensions = c.arena.copy(solution);
  call->type = f.result;
  std::vector<const Dimension*> dims;
  for (const Dimension* d : f.result.dims) dims.push_back(substitute(d, f.generic, solution));
  call->type.dims = c.arena.copy(dims);
  if (call->type.index_of) call->type.index_of = substitute(call->type.index_of, f.generic, solution);
  return call;
}

}  // namespace lacuna::check
