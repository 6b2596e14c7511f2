// Calls: built-in functions, reductions, users' functions, members of distributions.
#include <algorithm>
#include <array>
#include <map>

#include "compiler/check/check_distribution.h"
#include "compiler/check/check_expr_parts.h"
#include "compiler/check/foreign_names.h"
#include "compiler/check/check_statement.h"
#include "compiler/support/nearest.h"

namespace lacuna::check {

using diagnostics::Id;
using types::Scalar;

namespace {

const std::map<std::string_view, Builtin>& builtins_by_name() {
  static const std::map<std::string_view, Builtin> table = [] {
    std::map<std::string_view, Builtin> t;
#define LACUNA_BUILTIN(name, spelling, min, max, rule) \
  if (spelling[0] >= 'a' && spelling[0] <= 'z') t.emplace(spelling, Builtin::name);
#include "compiler/check/builtins.def"
#undef LACUNA_BUILTIN
    return t;
  }();
  return table;
}

std::string arguments_phrase(int low, int high) {
  const auto count = [](int n) { return n == 0 ? std::string("no argument") : n == 1 ? "one argument" : fmt::format("{} arguments", n); };
  return low == high ? count(low) : fmt::format("{} to {} arguments", low, high);
}

std::string given_phrase(std::size_t n) { return n == 1 ? "1 is" : fmt::format("{} are", n); }

// `size(K)`
const Expr* check_size(Context& c, const syntax::CallExpr& e) {
  const auto* name = e.arguments.size() == 1 ? e.arguments[0].value->get_if<syntax::NameExpr>() : nullptr;
  if (!name) {
    c.sink.report(Id::SizeOfValue, e.range).help("write `size(N)` with a dimension's name");
    return make_error(c, e.range);
  }
  if (const Symbol* value = c.scope.find(name->text); value && !c.dimensions.contains(name->text)) {
    auto& report = c.sink.report(Id::SizeOfValue, name->range).label("a value");
    if (value->type.is_array())
      report.help(fmt::format("`{}` has shape {}: write `size({})`", name->text, types::shape_string(value->type.dims),
                              types::dimension_string(value->type.dims[0])));
    return make_error(c, e.range);
  }
  const Dimension* d = find_dimension(c, {name->text, name->range});
  if (!d) return make_error(c, e.range);
  auto* size = c.arena.make<SizeExpr>();
  size->kind = ExprKind::Size;
  size->range = e.range;
  size->dimension = d;
  size->stage = Stage::Data;
  size->type = types::int_type(d->size >= 0 ? Interval::point(static_cast<double>(d->size)) : Interval::nonnegative());
  return size;
}

bool no_names(Context& c, const syntax::CallExpr& e, std::string_view function) {
  for (const syntax::Argument& a : e.arguments) {
    if (a.name.text.empty()) continue;
    c.sink.report(Id::NamedArgument, a.name.range, function);
    return false;
  }
  return true;
}

bool no_binders(Context& c, const syntax::CallExpr& e, std::string_view function) {
  if (e.binders.empty()) return true;
  c.sink.report(Id::WrongArity, e.range, function, "values", "a comprehension is")
      .help("to apply it to each element, write an array: `[f(x[n]) for n in N]`");
  return false;
}

const Expr* check_builtin_call(Context& c, const syntax::CallExpr& e, Builtin op, const Expected& expected) {
  const BuiltinEntry& entry = builtin_entry(op);
  if (!no_names(c, e, entry.spelling)) return make_error(c, e.range);
  const auto count = static_cast<int>(e.arguments.size());
  if (count < entry.min_arity || count > entry.max_arity) {
    c.sink.report(Id::WrongArity, e.range, entry.spelling, arguments_phrase(entry.min_arity, entry.max_arity), given_phrase(e.arguments.size()));
    return make_error(c, e.range);
  }
  if (op == Builtin::Size) return check_size(c, e);
  if (is_reduction(op) && count == 1) return check_reduction(c, e, op, expected);
  if (!no_binders(c, e, entry.spelling)) return make_error(c, e.range);
  if (entry.rule == Rule::Chance && c.place != Place::Draw && c.place != Place::Function) {
    c.sink.report(Id::ChanceOutsideDraw, e.range, entry.spelling)
        .help("to draw a value in a model, write `sample z ~ Normal(0, 1)` or `output q ~ Normal(0, 1)`");
    return make_error(c, e.range);
  }
  Expected place;
  const bool elementwise = entry.rule == Rule::Arithmetic || entry.rule == Rule::Real || entry.rule == Rule::Keep || entry.rule == Rule::Integer;
  if (elementwise) {
    place.dims = expected.dims;
    place.allow_optional = expected.allow_optional;
  }
  if (op == Builtin::Present) place.allow_optional = true;
  std::vector<const Expr*> arguments;
  for (const syntax::Argument& a : e.arguments) arguments.push_back(check_expr(c, *a.value, place));
  if (op == Builtin::Present && !arguments[0]->is_error() && !arguments[0]->type.optional) {
    // Known to be there by a condition is fine to ask again; never missing by its type is a slip.
    const Type& t = arguments[0]->type;
    const auto* s = arguments[0]->get_if<SubscriptExpr>();
    const auto* v = (s ? s->object : arguments[0])->get_if<VariableExpr>();
    if (v && !v->symbol->type.optional)
      c.sink.report(Id::NeverMissing, e.arguments[0].value->range).label(fmt::format("of type `{}`", types::to_string(t)));
  }
  return make_builtin(c, op, std::move(arguments), e.range);
}

}  // namespace

std::string_view callee_name(const syntax::CallExpr& e) {
  const auto* name = e.callee->get_if<syntax::NameExpr>();
  return name ? name->text : std::string_view{};
}

void report_unknown_function(Context& c, std::string_view name, SourceRange range) {
  auto& report = c.sink.report(Id::UnknownFunction, range, name);
  if (explain_foreign_function(c, report, name)) return;
  std::vector<std::string_view> names;
  for (const auto& [known, op] : builtins_by_name()) names.push_back(known);
  for (const auto& [known, function] : *c.functions) names.push_back(known);
  std::sort(names.begin(), names.end());
  const std::string_view near = support::nearest(name, names);
  if (!near.empty()) {
    report.help(fmt::format("did you mean `{}`?", near), {{range, std::string(near)}});
    return;
  }
  if (c.scope.find(name)) report.note(fmt::format("`{}` is a value; its elements are read with brackets: `{}[n]`", name, name));
}

const Expr* check_call(Context& c, const syntax::CallExpr& e, const Expected& expected) {
  if (const auto* member = e.callee->get_if<syntax::MemberExpr>()) return check_member(c, *member, e.arguments, e.range);
  const std::string_view name = callee_name(e);
  const SourceRange at = e.callee->range;
  if (const Expr* own = check_own_member(c, name, e.arguments, e.range)) return own;
  if (const auto f = c.functions->find(name); f != c.functions->end()) {
    if (!f->second) return make_error(c, e.range);
    return check_function_call(c, e, *f->second);
  }
  if (const auto b = builtins_by_name().find(name); b != builtins_by_name().end()) return check_builtin_call(c, e, b->second, expected);
  if (Function* f = c.library.find_function(c, name)) return check_function_call(c, e, *f);
  if (!c.library.find(c, name).empty()) {
    c.sink.report(Id::NotAValue, at, name, "distribution")
        .help("it stands behind a `~`, as in `sample z ~ Normal(0, 1)`; a member of it is a value: `Normal(0, 1).cdf(x)`");
    return make_error(c, e.range);
  }
  report_unknown_function(c, name, at);
  for (const syntax::Argument& a : e.arguments)
    if (e.binders.empty()) check_expr(c, *a.value, {.allow_optional = true});
  return make_error(c, e.range);
}

}  // namespace lacuna::check
