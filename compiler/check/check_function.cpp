// `fn`: declared once for generic dimensions, called with those of the arguments.
#include <algorithm>

#include "compiler/check/check_expr_parts.h"
#include "compiler/check/check_statement.h"
#include "compiler/syntax/limits.h"

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

// `let x[i in I, j in J] = e`: the array of `e`, as a comprehension. The binders are in scope.
const Expr* array_over(Context& c, const std::vector<const Symbol*>& binders, const Expr* body, SourceRange range) {
  if (body->is_error()) return body;
  auto* array = c.arena.make<ComprehensionExpr>();
  array->kind = ExprKind::Comprehension;
  array->range = range;
  array->binders = c.arena.copy(binders);
  array->body = body;
  array->stage = body->stage;
  array->type = body->type;
  std::vector<const Dimension*> dims;
  for (const Symbol* b : binders) dims.push_back(b->type.index_of);
  dims.insert(dims.end(), body->type.dims.begin(), body->type.dims.end());
  array->type.dims = c.arena.copy(dims);
  return array;
}

// The value of one `let` of a block, over its brackets when it has some.
const Expr* check_block_let(Context& c, const syntax::LetStmt& let, const Expected& expected) {
  if (!let.target.has_brackets) return check_expr(c, *let.value, expected);
  std::vector<syntax::Binder> binders;
  for (const syntax::TargetItem& item : let.target.items) {
    if (item.is_binder) {
      binders.push_back(item.binder);
      continue;
    }
    c.sink.report(Id::TargetItem, item.range).help("in a `fn`, give each dimension an index: `let y[n in N] = ...`");
    return make_error(c, let.target.range);
  }
  const std::vector<const Symbol*> bound = bind(c, binders);
  if (let.target.where)
    c.sink.report(Id::ComprehensionCondition, let.target.where->range).help("give the others a value: `if c then a else b`");
  const Expr* body = check_expr(c, *let.value, expected);
  return bound.size() == binders.size() ? array_over(c, bound, body, let.value->range) : make_error(c, let.target.range);
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
    const Expr* value = check_block_let(c, *let, expected);
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
      report_claim_shape(c, declaration.value->range, declaration.name.text, body->type.dims, claim.dims)
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

// `dim D`: a dimension that the caller names.
void declare_dimension_parameter(Context& inner, const syntax::Parameter& p) {
  auto* d = inner.arena.make<Dimension>();
  d->name = p.name.text;
  d->range = p.name.range;
  d->origin = DimensionOrigin::Generic;
  inner.dimensions[d->name] = d;
}

// Which parameter an argument is for; null and a report when there is none.
const syntax::Parameter* parameter_for(Context& c, const Function& f, const syntax::Argument& a, std::size_t position) {
  const auto all = f.declaration->parameters;
  if (a.name.text.empty()) return &all[position];
  const auto named = std::find_if(all.begin(), all.end(), [&](const syntax::Parameter& p) { return p.name.text == a.name.text; });
  if (named != all.end()) return &*named;
  c.sink.report(Id::NamedArgument, a.name.range, f.name).also_at(f.declaration->name.range, "declared here");
  return nullptr;
}

// The dimension that an argument names for a `dim` parameter; null and a report when it names none.
const Dimension* dimension_argument(Context& c, const Function& f, const syntax::Parameter& p, const syntax::Expr& e) {
  const auto* name = e.get_if<syntax::NameExpr>();
  const auto known = name ? c.dimensions.find(name->text) : c.dimensions.end();
  if (known != c.dimensions.end()) return known->second;
  c.sink.report(Id::DimensionArgument, e.range, p.name.text, f.name).help("write the name of a dimension");
  return nullptr;
}

}  // namespace

void check_function(Context& c, const syntax::FnDecl& declaration) {
  Function* f = (*c.functions)[declaration.name.text];
  if (!f || f->declaration != &declaration || f->checked) return;
  if (f->in_progress) return;
  f->in_progress = true;
  // A function sees its parameters and the declared dimensions, nothing of a model.
  Context inner{c.sources, c.arena, c.sink, c.library, {}, c.dimensions, c.functions, {}, Place::Function};
  inner.calls_around = c.calls_around + 1;
  enter(inner);
  std::vector<const Symbol*> parameters;
  for (const syntax::Parameter& p : declaration.parameters) {
    if (p.is_dimension) {
      declare_dimension_parameter(inner, p);
      continue;
    }
    Symbol* symbol = declare_symbol(inner, p.name, SymbolKind::Parameter, nullptr);
    symbol->parameter = &p;
    symbol->doc = p.doc;
    symbol->stage = Stage::Constant;
    if (p.type) symbol->type = check_type(inner, *p.type, true);
    if (symbol->type.is_error()) symbol->kind = SymbolKind::Poisoned;
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

namespace {

// Whether a function can be called here, with as many arguments; checks it first when it has not been checked. False: reported.
bool can_call(Context& c, const syntax::CallExpr& e, Function& f) {
  if (f.in_progress) {
    c.sink.report(Id::RecursiveFunction, e.range, f.name).note("functions are written out where they are called, so they cannot call themselves");
    return false;
  }
  if (!f.checked && c.calls_around >= syntax::kMaximumNesting) {
    const std::uint32_t limit = syntax::kMaximumNesting;
    const auto& told = c.sink.diagnostics();
    const bool again = std::any_of(told.begin(), told.end(), [](const diagnostics::Diagnostic& d) { return d.id == Id::TooDeep; });
    if (!again) c.sink.report(Id::TooDeep, e.range, limit).note("what is called here is written out here, with all that it calls itself");
    return false;
  }
  if (!f.checked) check_function(c, *f.declaration);
  const std::size_t wanted = f.declaration->parameters.size();
  if (e.arguments.size() == wanted) return true;
  c.sink.report(Id::WrongArity, e.range, f.name, wanted == 1 ? std::string("one argument") : fmt::format("{} arguments", wanted),
                e.arguments.size() == 1 ? std::string("1 is") : fmt::format("{} are", e.arguments.size()))
      .also_at(f.declaration->name.range, "declared here");
  return false;
}

// The arguments of one call, and the generic dimensions that they settle.
struct CallArguments {
  Context& c;
  const Function& f;
  std::vector<const Expr*> values = std::vector<const Expr*>(f.parameters.size(), nullptr);
  std::vector<const Dimension*> solution = std::vector<const Dimension*>(f.generic.size(), nullptr);
  bool wrong = !f.body;

  void name_dimension(const syntax::Parameter& declared, const syntax::Expr& written) {
    const Dimension* d = dimension_argument(c, f, declared, written);
    const auto g = std::find_if(f.generic.begin(), f.generic.end(), [&](const Dimension* known) { return known->name == declared.name.text; });
    wrong |= !d;
    if (d && g != f.generic.end()) solution[static_cast<std::size_t>(g - f.generic.begin())] = d;
  }

  // What the parameter's place asks for, as far as earlier arguments have settled it.
  Expected asked(const Symbol& p) const {
    Expected place;
    place.index_of = p.type.index_of;
    std::vector<const Dimension*> dims;
    for (const Dimension* d : p.type.dims) {
      const Dimension* known = substitute(d, f.generic, solution);
      if (known->origin != DimensionOrigin::Generic) dims.push_back(known);
    }
    if (dims.size() == p.type.dims.size()) place.dims = c.arena.copy(dims);
    return place;
  }

  void give(const Symbol& p, const Expr*& value, const syntax::Expr& written) {
    value = check_expr(c, written, asked(p));
    if (value->is_error() || p.type.is_error()) {
      wrong = true;
    } else if (!solve(p.type.dims, value->type.dims, f.generic, solution)) {
      auto& report = c.sink.report(Id::ArgumentShape, value->range, p.name, f.name,
                                   p.type.dims.empty() ? std::string("no dimension") : "shape " + types::shape_string(p.type.dims),
                                   value->type.dims.empty() ? std::string("no dimension") : "shape " + types::shape_string(value->type.dims));
      report.also_at(p.range, "declared here");
      if (p.type.dims.empty() && !value->type.dims.empty()) report.help(fmt::format("to apply it to each element, write `[{}(x[n]) for n in N]`", f.name));
      wrong = true;
    } else if (!check_fits(c, *value, p.type, p.name)) {
      wrong = true;
    }
  }

  // False when nothing more can be said of the call.
  bool read(const syntax::Argument& argument, std::size_t position) {
    const syntax::Parameter* declared = parameter_for(c, f, argument, position);
    if (!declared) return false;
    if (declared->is_dimension) {
      name_dimension(*declared, *argument.value);
      return true;
    }
    const auto symbol = std::find_if(f.parameters.begin(), f.parameters.end(), [&](const Symbol* p) { return p->parameter == declared; });
    const Expr*& value = values[static_cast<std::size_t>(symbol - f.parameters.begin())];
    if (value) {
      c.sink.report(Id::ArgumentTwice, argument.name.range, declared->name.text, f.name).also_at(value->range, "given here");
      return false;
    }
    give(**symbol, value, *argument.value);
    return true;
  }
};

}  // namespace

const Expr* check_function_call(Context& c, const syntax::CallExpr& e, Function& f) {
  if (!can_call(c, e, f)) return make_error(c, e.range);
  CallArguments arguments{c, f};
  for (std::size_t i = 0; i < e.arguments.size(); ++i)
    if (!arguments.read(e.arguments[i], i)) return make_error(c, e.range);
  const bool lacking = std::find(arguments.values.begin(), arguments.values.end(), nullptr) != arguments.values.end();
  if (arguments.wrong || lacking) return make_error(c, e.range);

  auto* call = c.arena.make<FunctionCallExpr>();
  call->kind = ExprKind::FunctionCall;
  call->range = e.range;
  call->function = &f;
  for (const Expr* value : arguments.values) call->stage = later(call->stage, value->stage);
  // What draws inside is a source of chance itself.
  if (f.body->stage == Stage::Chance) {
    call->stage = Stage::Chance;
    if (c.place != Place::Draw && c.place != Place::Function) {
      c.sink.report(Id::ChanceOutsideDraw, e.callee->range, f.name).also_at(f.declaration->name.range, "it draws");
      return make_error(c, e.range);
    }
  }
  call->arguments = c.arena.copy(arguments.values);
  call->dimensions = c.arena.copy(arguments.solution);
  call->type = f.result;
  std::vector<const Dimension*> dims;
  for (const Dimension* d : f.result.dims) dims.push_back(substitute(d, f.generic, arguments.solution));
  call->type.dims = c.arena.copy(dims);
  if (call->type.index_of) call->type.index_of = substitute(call->type.index_of, f.generic, arguments.solution);
  return call;
}

}  // namespace lacuna::check
