#include "compiler/density/gaps.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "compiler/elaborate/reads.h"

namespace lacuna::density {

using check::Builtin;
using check::ExprKind;
using ir::Op;
using types::Scalar;

namespace {

bool is_real(const Expr& e) { return e.type.scalar == Scalar::Real; }

// Operations of reals that can give a number where an operand is NaN.
bool swallows_nan(const check::BuiltinExpr& e) {
  if (!is_real(e)) return true;
  switch (e.op) {
    case Builtin::Power:
    case Builtin::Xlogy:
    case Builtin::Xlog1py:
    case Builtin::Clamp: return true;
    default: return false;
  }
}

const elaborate::LetItem* let_of(const elaborate::Model& model, const Symbol& symbol) {
  for (const elaborate::Item* item : model.items)
    if (item->symbol == &symbol) return item->get_if<elaborate::LetItem>();
  return nullptr;
}

// The parameters that a draw reads, members of the same distribution looked through.
void add_drawn(const check::Distribution& d, std::string_view member, std::set<const Symbol*>& found, std::set<std::string_view>& seen) {
  if (!seen.insert(member).second) return;
  for (const check::DistributionMember& each : d.members) {
    if (each.name != member || !each.body) continue;
    elaborate::for_each_node(each.body, [&](const Expr& node) {
      if (const auto* variable = node.get_if<check::VariableExpr>()) found.insert(variable->symbol);
      const auto* inner = node.get_if<check::MemberExpr>();
      if (inner && inner->object->kind == ExprKind::Distribution) add_drawn(d, inner->member, found, seen);
    });
  }
}

}  // namespace

Gaps::Conditions Gaps::both(Conditions a, Conditions other) {
  if (!a || !other) return a ? a : other;
  return b().op(Op::And, {*a, *other});
}

bool Gaps::needs_cell(const Symbol& symbol) {
  if (symbol.kind == check::SymbolKind::Argument) {
    const ir::BufferId buffer = module_.find_buffer(symbol.name);
    return symbol.type.scalar != Scalar::Real && buffer.valid() && module_.buffer(buffer).optional;
  }
  const elaborate::LetItem* let = let_of(model_, symbol);
  if (!let || let->ordered || std::find(open_.begin(), open_.end(), &symbol) != open_.end()) return false;
  open_.push_back(&symbol);
  const bool found = needs(*let->value);
  open_.pop_back();
  return found;
}

bool Gaps::needs(const Expr& e) {
  bool found = false;
  elaborate::for_each_node(&e, [&](const Expr& node) {
    if (found) return;
    if (const auto* variable = node.get_if<check::VariableExpr>()) found = needs_cell(*variable->symbol);
    const auto* builtin = node.get_if<check::BuiltinExpr>();
    if (!builtin || builtin->op == Builtin::Present || !swallows_nan(*builtin)) return;
    for (const Expr* a : builtin->arguments) found = found || (is_real(*a) && a->stage > check::Stage::Constant);
  });
  return found;
}

Gaps::Conditions Gaps::cell(const Symbol& symbol, const Values& at, const Env& env) {
  if (!needs_cell(symbol)) return std::nullopt;
  if (symbol.kind == check::SymbolKind::Argument) return b().present(module_.find_buffer(symbol.name), at);
  const elaborate::LetItem* let = let_of(model_, symbol);
  auto scope = std::make_shared<Environment>(env);
  for (std::size_t i = 0; i < at.size() && i < let->space.indices.size(); ++i) scope->bind(let->space.indices[i], at[i]);
  open_.push_back(&symbol);
  const Conditions found = condition(*let->value, scope);
  open_.pop_back();
  return found;
}

Gaps::Conditions Gaps::all_of(check::List<const Expr* const> parts, const Env& env) {
  Conditions all;
  for (const Expr* each : parts)
    if (each) all = both(all, condition(*each, env));
  return all;
}

Gaps::Conditions Gaps::value_is_there(const Expr& e, const Env& env) {
  if (e.type.is_array() || e.stage == check::Stage::Constant) return std::nullopt;
  return b().op(Op::Not, {b().op(Op::IsNan, {w.to_real(w.scalar(e, env))})});
}

Gaps::Conditions Gaps::choice(const Expr& test, const Expr& yes, const Expr& no, const Env& env) {
  const Conditions first = condition(test, env);
  if (!needs(yes) && !needs(no)) return first;
  const auto side = [&](const Expr& e) -> Values { return {condition(e, env).value_or(b().boolean(true))}; };
  const ValueId taken = b().branch(w.to_bool(w.scalar(test, env)), [&] { return side(yes); }, [&] { return side(no); })[0];
  return both(first, taken);
}

Gaps::Conditions Gaps::builtin(const check::BuiltinExpr& e, const Env& env) {
  switch (e.op) {
    case Builtin::Present: return std::nullopt;
    case Builtin::Coalesce: {
      const ValueId there = w.presence(*e.arguments[0], env);
      if (!needs(*e.arguments[0]) && !needs(*e.arguments[1])) return std::nullopt;
      const auto side = [&](const Expr& part) -> Values { return {condition(part, env).value_or(b().boolean(true))}; };
      return b().branch(there, [&] { return side(*e.arguments[0]); }, [&] { return side(*e.arguments[1]); })[0];
    }
    case Builtin::And:
    case Builtin::Or: {
      // The right operand counts where it is asked.
      const Conditions left = condition(*e.arguments[0], env);
      if (!needs(*e.arguments[1])) return left;
      const ValueId first = w.to_bool(w.scalar(*e.arguments[0], env));
      const auto right = [&]() -> Values { return {condition(*e.arguments[1], env).value_or(b().boolean(true))}; };
      const auto nothing = [&]() -> Values { return {b().boolean(true)}; };
      return both(left, e.op == Builtin::And ? b().branch(first, right, nothing)[0] : b().branch(first, nothing, right)[0]);
    }
    default: break;
  }
  Conditions all = all_of(e.arguments, env);
  if (!swallows_nan(e)) return all;
  for (const Expr* a : e.arguments)
    if (is_real(*a)) all = both(all, value_is_there(*a, env));
  return all;
}

Gaps::Conditions Gaps::loop(check::List<const Symbol* const> binders, const Expr* where, const Expr& body, const Env& env) {
  if (!needs(body) && !(where && needs(*where))) return std::nullopt;
  if (binders.empty()) return std::nullopt;
  std::vector<ir::DimId> over;
  for (const Symbol* each : binders) over.push_back(dims_.id(env->resolve(each->type.index_of)));
  return b().for_each(ir::Builder::over(over), {ir::Reducer::All}, [&](const Values& at) -> Values {
    auto scope = std::make_shared<Environment>(env);
    for (std::size_t i = 0; i < binders.size(); ++i) scope->bind(binders[i], at[i]);
    const auto inside = [&]() -> Values { return {condition(body, scope).value_or(b().boolean(true))}; };
    if (!where) return inside();
    const Conditions asked = condition(*where, scope);
    const ValueId counts = b().branch(w.to_bool(w.scalar(*where, scope)), inside, [&]() -> Values { return {b().boolean(true)}; })[0];
    return {both(asked, counts).value()};
  })[0];
}

Gaps::Conditions Gaps::condition(const Expr& e, const Env& env) {
  if (!needs(e)) return std::nullopt;
  switch (e.kind) {
    case ExprKind::Variable: return cell(*e.as<check::VariableExpr>().symbol, {}, env);
    case ExprKind::Builtin: return builtin(e.as<check::BuiltinExpr>(), env);
    case ExprKind::If: {
      const auto& choice_of = e.as<check::IfExpr>();
      return choice(*choice_of.condition, *choice_of.then_value, *choice_of.else_value, env);
    }
    case ExprKind::Reduce: {
      const auto& r = e.as<check::ReduceExpr>();
      return loop(r.binders, r.where, *r.body, env);
    }
    case ExprKind::Comprehension: {
      const auto& c = e.as<check::ComprehensionExpr>();
      return loop(c.binders, c.where, *c.body, env);
    }
    case ExprKind::Array: return all_of(e.as<check::ArrayExpr>().elements, env);
    case ExprKind::FunctionCall: return all_of(e.as<check::FunctionCallExpr>().arguments, env);
    case ExprKind::Subscript: {
      const auto& s = e.as<check::SubscriptExpr>();
      Conditions all = all_of(s.indices, env);
      const auto* object = s.object->get_if<check::VariableExpr>();
      if (!object) return both(all, condition(*s.object, env));
      if (!needs_cell(*object->symbol)) return all;
      Values at;
      for (std::size_t i = 0; i < s.indices.size(); ++i) at.push_back(w.to_index(w.scalar(*s.indices[i], env), w.dim(s.object->type.dims[i], env)));
      return both(all, cell(*object->symbol, at, env));
    }
    default: return std::nullopt;
  }
}

Gaps::Conditions Gaps::parameters(const check::DistributionExpr& e, const Instance& made, const Env& env) {
  const check::Distribution& d = *made.distribution;
  std::set<const Symbol*> used;
  std::set<std::string_view> seen;
  for (const std::string_view member : {"draw", "quantile", "upper_quantile", "cdf", "survival"}) {
    add_drawn(d, member, used, seen);
    if (!used.empty()) break;
  }
  Conditions all;
  for (std::size_t i = 0; i < d.parameters.size(); ++i) {
    const Symbol* parameter = d.parameters[i];
    const Expr* argument = e.arguments[i];
    if (!used.contains(parameter) || !argument) continue;
    const Operand* given = made.env->find(parameter);
    if (const auto* inner = argument->get_if<check::DistributionExpr>()) {
      const auto* base = std::get_if<std::shared_ptr<const Instance>>(given);
      if (base) all = both(all, parameters(*inner, **base, env));
      continue;
    }
    all = both(all, condition(*argument, env));
    const auto* value = std::get_if<ValueId>(given);
    if (!value || parameter->type.scalar == Scalar::Bool || parameter->type.scalar == Scalar::Index || argument->stage == check::Stage::Constant) continue;
    const ValueId x = w.to_real(*value);
    const types::Interval bounds = parameter->type.bounds;
    if (std::isfinite(bounds.lo)) all = both(all, b().op(bounds.lo_open ? Op::Lt : Op::Le, {b().real(bounds.lo), x}));
    if (std::isfinite(bounds.hi)) all = both(all, b().op(bounds.hi_open ? Op::Lt : Op::Le, {x, b().real(bounds.hi)}));
    if (!std::isfinite(bounds.lo) && !std::isfinite(bounds.hi)) all = both(all, b().op(Op::Not, {b().op(Op::IsNan, {x})}));
  }
  return all;
}

}  // namespace lacuna::density
