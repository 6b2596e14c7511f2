// Mixtures: members of `components[k]`. Components written one by one are told apart where the code is written; those that a
// binder counts have their index as a value.
#include <fmt/format.h>

#include <limits>

#include "compiler/check/walk.h"
#include "compiler/density/writer.h"

namespace lacuna::density {

using check::Builtin;
using ir::Op;

std::shared_ptr<const Components> Writer::components_of(const Expr& e, const Env& env) {
  const auto* subscript = e.get_if<check::SubscriptExpr>();
  const auto* variable = subscript ? subscript->object->get_if<check::VariableExpr>() : nullptr;
  const Operand* known = variable ? env->find(variable->symbol) : nullptr;
  const auto* components = known ? std::get_if<std::shared_ptr<const Components>>(known) : nullptr;
  return components ? *components : nullptr;
}

ValueId Writer::component_member(const Components& c, const check::SubscriptExpr& which, std::string_view name, const std::vector<Operand>& arguments,
                                 const Env& env, support::SourceRange range) {
  const ValueId k = scalar(*which.indices[0], env);
  const auto of = [&](std::size_t i, const Env& scope) { return member_anywhere(*instance(*c.mixture->components[i], scope), name, arguments, range); };
  if (const Symbol* binder = c.mixture->component_binder) {
    auto scope = std::make_shared<Environment>(c.env);
    scope->bind(binder, to_index(k, dim(binder->type.index_of, c.env)));
    if (!c.mixture->component_where) return of(0, scope);
    if (name != "log_density") throw NotCompiled(fmt::format("`{}` of a mixture whose components have a condition", name), range);
    return b.branch(
        to_bool(scalar(*c.mixture->component_where, scope)), [&]() -> Values { return {of(0, scope)}; },
        [&]() -> Values { return {b.real(-std::numeric_limits<double>::infinity())}; })[0];
  }
  const auto known = constant_indices_.find(k.index);
  if (known != constant_indices_.end()) return of(known->second, c.env);
  std::function<ValueId(std::size_t)> from = [&](std::size_t i) {
    if (i + 1 == c.mixture->components.size()) return of(i, c.env);
    return b.branch(
        b.op(Op::IEq, {to_int(k), b.integer(static_cast<std::int64_t>(i))}), [&]() -> Values { return {of(i, c.env)}; },
        [&]() -> Values { return {from(i + 1)}; })[0];
  };
  return from(0);
}

namespace {

// The operation that joins two terms of a reduction, where there is one.
std::optional<Op> joining(Builtin reduction) {
  switch (reduction) {
    case Builtin::Sum: return Op::Add;
    case Builtin::Logsumexp: return Op::LogAddExp;
    case Builtin::Min: return Op::Min;
    case Builtin::Max: return Op::Max;
    default: return std::nullopt;
  }
}

}  // namespace

std::optional<ValueId> Writer::reduce_components(const check::ReduceExpr& e, const Env& env) {
  const std::optional<Op> join = joining(e.op);
  if (!join || e.binders.size() != 1 || e.where) return std::nullopt;
  std::size_t count = 0;
  check::for_each_expr(*e.body, [&](const Expr& each) {
    const auto components = components_of(each, env);
    if (!components || components->mixture->component_binder) return;
    const auto* index = each.as<check::SubscriptExpr>().indices[0]->get_if<check::VariableExpr>();
    if (index && index->symbol == e.binders[0]) count = components->mixture->components.size();
  });
  if (count == 0) return std::nullopt;
  std::optional<ValueId> total;
  for (std::size_t i = 0; i < count; ++i) {
    auto scope = std::make_shared<Environment>(env);
    const ValueId k = b.index(dim(e.binders[0]->type.index_of, env), b.integer(static_cast<std::int64_t>(i)));
    constant_indices_[k.index] = i;
    scope->bind(e.binders[0], k);
    const ValueId term = to_real(scalar(*e.body, scope));
    total = total ? b.op(*join, {*total, term}) : term;
  }
  return total;
}

}  // namespace lacuna::density
