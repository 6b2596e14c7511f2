// Whether a value is there: every optional cell that its expression reads is. Only what conditions and branches leave is asked.
#include "compiler/check/check_expr.h"
#include "compiler/density/writer.h"

namespace lacuna::density {

using check::ExprKind;
using ir::Op;

// What a name stands for, when that is an array: which cells are there is as the array says, unless it means something else here.
std::shared_ptr<const Array> Writer::array_of(const Symbol& symbol, const Env& env) const {
  const Operand* known = env->find(&symbol);
  const auto* a = known ? std::get_if<std::shared_ptr<const Array>>(known) : nullptr;
  if (!a) return nullptr;
  const auto other = presence_.find(&symbol);
  const bool replaced = other != presence_.end() && other->second;
  const ir::BufferId buffer = symbol.type.optional ? module_.find_buffer(symbol.name) : ir::BufferId{};
  const bool asked = !(*a)->present && buffer.valid() && module_.buffer(buffer).optional;
  if (!replaced && !asked) return *a;
  auto made = std::make_shared<Array>(**a);
  if (replaced)
    made->present = other->second;
  else
    made->present = [this, buffer](const Values& at) { return b.present(buffer, at); };
  return made;
}

ValueId Writer::both(ValueId a, ValueId other) { return b.op(Op::And, {a, other}); }

ValueId Writer::all_present(check::List<const Expr* const> parts, const Env& env) {
  ValueId all;
  for (const Expr* part : parts) {
    if (!part) continue;
    const ValueId here = presence(*part, env);
    all = all.valid() ? both(all, here) : here;
  }
  return all.valid() ? all : b.boolean(true);
}

ValueId Writer::present_element(const Expr& e, const Env& env, const std::vector<const Dimension*>& dims, const Values& indices) {
  if (!e.type.is_array()) return presence(e, env);
  const auto a = array(e, env);
  return a->present ? a->present(lined_up(e, dims, indices)) : b.boolean(true);
}

ValueId Writer::presence(const Expr& e, const Env& env) {
  if (e.type.is_array()) {
    const auto a = array(e, env);
    if (!a->present) return b.boolean(true);
    std::vector<ir::DimId> all;
    for (const Dimension* d : e.type.dims) all.push_back(dim(d, env));
    return b.for_each(ir::Builder::over(all), {ir::Reducer::All}, [&](const Values& at) -> Values { return {a->present(at)}; })[0];
  }
  switch (e.kind) {
    case ExprKind::Variable: {
      const auto a = array_of(*e.as<check::VariableExpr>().symbol, env);
      return a && a->present ? a->present({}) : b.boolean(true);
    }
    case ExprKind::Subscript: {
      const auto& s = e.as<check::SubscriptExpr>();
      const ValueId which = all_present(s.indices, env);
      const auto a = array(*s.object, env);
      if (!a->present) return which;
      Values at;
      for (std::size_t i = 0; i < s.indices.size(); ++i) at.push_back(to_index(scalar(*s.indices[i], env), dim(s.object->type.dims[i], env)));
      return both(which, a->present(at));
    }
    case ExprKind::If: {
      const auto& choice = e.as<check::IfExpr>();
      const ValueId branch = b.branch(
          scalar(*choice.condition, env), [&]() -> Values { return {presence(*choice.then_value, env)}; },
          [&]() -> Values { return {presence(*choice.else_value, env)}; })[0];
      return both(presence(*choice.condition, env), branch);
    }
    case ExprKind::Builtin: {
      const auto& op = e.as<check::BuiltinExpr>();
      if (op.op == check::Builtin::Present) return b.boolean(true);
      if (op.op == check::Builtin::Coalesce) return b.op(Op::Or, {presence(*op.arguments[0], env), presence(*op.arguments[1], env)});
      return all_present(op.arguments, env);
    }
    case ExprKind::Reduce: {
      const auto& r = e.as<check::ReduceExpr>();
      if (r.binders.empty()) return presence(*r.body, env);
      std::vector<ir::DimId> over;
      for (const Symbol* s : r.binders) over.push_back(dim(s->type.index_of, env));
      return b.for_each(ir::Builder::over(over), {ir::Reducer::All}, [&](const Values& at) -> Values {
        auto scope = std::make_shared<Environment>(env);
        for (std::size_t i = 0; i < r.binders.size(); ++i) scope->bind(r.binders[i], at[i]);
        if (!r.where) return {presence(*r.body, scope)};
        return b.branch(
            to_bool(scalar(*r.where, scope)), [&]() -> Values { return {presence(*r.body, scope)}; }, [&]() -> Values { return {b.boolean(true)}; });
      })[0];
    }
    case ExprKind::FunctionCall: return all_present(e.as<check::FunctionCallExpr>().arguments, env);
    case ExprKind::Member: return all_present(e.as<check::MemberExpr>().arguments, env);
    default: return b.boolean(true);
  }
}

}  // namespace lacuna::density
