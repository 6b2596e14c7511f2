// Arrays: how one element of each kind of array expression is written.
#include <algorithm>

#include "compiler/check/check_expr.h"
#include "compiler/density/writer.h"

namespace lacuna::density {

using check::Builtin;
using check::ExprKind;

namespace {

std::shared_ptr<Array> make(const Expr& e) {
  auto a = std::make_shared<Array>();
  a->dims.assign(e.type.dims.begin(), e.type.dims.end());
  return a;
}

}  // namespace

Operand Writer::operand(const Expr& e, const Env& env) {
  if (e.kind == ExprKind::Distribution || e.type.scalar == types::Scalar::Dist) return instance(e, env);
  if (e.type.is_array()) return array(e, env);
  return scalar(e, env);
}

Values Writer::lined_up(const Expr& e, const std::vector<const Dimension*>& dims, const Values& indices) {
  if (e.type.rank() == dims.size() && std::equal(dims.begin(), dims.end(), e.type.dims.begin())) return indices;
  Values mine;
  for (const Dimension* d : e.type.dims) {
    const auto at = std::find(dims.begin(), dims.end(), d);
    mine.push_back(indices[static_cast<std::size_t>(at - dims.begin())]);
  }
  return mine;
}

ValueId Writer::element_of(const Expr& e, const Env& env, const std::vector<const Dimension*>& dims, const Values& indices) {
  if (!e.type.is_array()) return scalar(e, env);
  return array(e, env)->at(lined_up(e, dims, indices));
}

std::shared_ptr<const Array> Writer::array(const Expr& e, const Env& env) {
  if (!e.type.is_array()) throw NotCompiled("a single value where an array is needed", e.range);
  switch (e.kind) {
    case ExprKind::Variable: {
      const Symbol& symbol = *e.as<check::VariableExpr>().symbol;
      const auto a = array_of(symbol, env);
      if (!a) throw NotCompiled(fmt::format("reading `{}` here", symbol.name), e.range);
      return a;
    }
    case ExprKind::Builtin: return builtin_array(e.as<check::BuiltinExpr>(), env);
    case ExprKind::If: {
      const auto& choice = e.as<check::IfExpr>();
      auto a = make(e);
      a->at = [this, &choice, env, dims = a->dims](const Values& at) {
        const ValueId condition = element_of(*choice.condition, env, dims, at);
        return b.branch(
            condition, [&]() -> Values { return {coerce(element_of(*choice.then_value, env, dims, at), choice.type, env)}; },
            [&]() -> Values { return {coerce(element_of(*choice.else_value, env, dims, at), choice.type, env)}; })[0];
      };
      a->present = [this, &choice, env, dims = a->dims](const Values& at) {
        return b.branch(
            element_of(*choice.condition, env, dims, at), [&]() -> Values { return {present_element(*choice.then_value, env, dims, at)}; },
            [&]() -> Values { return {present_element(*choice.else_value, env, dims, at)}; })[0];
      };
      return a;
    }
    case ExprKind::Array: {
      const auto& written = e.as<check::ArrayExpr>();
      auto a = make(e);
      a->at = [this, &written, env](const Values& at) {
        const ValueId position = to_int(at[0]);
        const Values rest(at.begin() + 1, at.end());
        const auto element = [&](std::size_t i) {
          const Expr& x = *written.elements[i];
          return to_real(x.type.is_array() ? array(x, env)->at(rest) : scalar(x, env));
        };
        ValueId value = element(written.elements.size() - 1);
        for (std::size_t i = written.elements.size() - 1; i-- > 0;)
          value = b.select(b.op(ir::Op::IEq, {position, b.integer(static_cast<std::int64_t>(i))}), element(i), value);
        return coerce(value, written.type, env);
      };
      return a;
    }
    case ExprKind::Comprehension: {
      const auto& c = e.as<check::ComprehensionExpr>();
      auto a = make(e);
      const int element = chance_ && draws(*c.body) ? reserve_element(e.range) : -1;
      a->at = [this, &c, env, element](const Values& at) {
        auto scope = std::make_shared<Environment>(env);
        for (std::size_t i = 0; i < c.binders.size(); ++i) scope->bind(c.binders[i], at[i]);
        const auto one = [&] {
          if (!c.body->type.is_array()) return coerce(scalar(*c.body, scope), c.type, env);
          return coerce(array(*c.body, scope)->at(Values(at.begin() + static_cast<std::ptrdiff_t>(c.binders.size()), at.end())), c.type, env);
        };
        return element < 0 ? one() : in_element(element, at, one);
      };
      a->present = [this, &c, env](const Values& at) {
        auto scope = std::make_shared<Environment>(env);
        for (std::size_t i = 0; i < c.binders.size(); ++i) scope->bind(c.binders[i], at[i]);
        const std::vector<const Dimension*> inner(c.type.dims.begin() + static_cast<std::ptrdiff_t>(c.binders.size()), c.type.dims.end());
        return present_element(*c.body, scope, inner, Values(at.begin() + static_cast<std::ptrdiff_t>(c.binders.size()), at.end()));
      };
      return a;
    }
    case ExprKind::Subscript: {
      const auto& s = e.as<check::SubscriptExpr>();
      auto a = make(e);
      // Indices that are given are the same for every element: written once, where the array is made.
      Values given;
      for (std::size_t i = 0; i < s.indices.size(); ++i)
        given.push_back(s.indices[i] ? to_index(scalar(*s.indices[i], env), dim(s.object->type.dims[i], env)) : ValueId{});
      const auto filled = [given](const Values& at) {
        Values all = given;
        std::size_t next = 0;
        for (ValueId& v : all)
          if (!v.valid()) v = at[next++];
        return all;
      };
      const auto object = array(*s.object, env);
      a->at = [object, filled](const Values& at) { return object->at(filled(at)); };
      if (object->present) a->present = [object, filled](const Values& at) { return object->present(filled(at)); };
      return a;
    }
    case ExprKind::FunctionCall: {
      const auto& call = e.as<check::FunctionCallExpr>();
      return array(*call.function->body, call_environment(call, env));
    }
    case ExprKind::Member: return member_array(e.as<check::MemberExpr>(), env);
    default: throw NotCompiled("this array", e.range);
  }
}

std::shared_ptr<const Array> Writer::builtin_array(const check::BuiltinExpr& e, const Env& env) {
  auto a = make(e);
  const std::vector<const Dimension*> dims = a->dims;
  switch (e.op) {
    case Builtin::Contract: {
      const Expr& left = *e.arguments[0];
      const Expr& right = *e.arguments[1];
      const std::size_t split = left.type.rank() - 1;
      a->at = [this, x = array(left, env), y = array(right, env), split, shared = dim(left.type.dims.back(), env)](const Values& at) {
        return b.for_each(ir::Builder::over({shared}), {ir::Reducer::Sum}, [&](const Values& k) -> Values {
          Values left_at(at.begin(), at.begin() + static_cast<std::ptrdiff_t>(split));
          Values right_at(k);
          left_at.push_back(k[0]);
          right_at.insert(right_at.end(), at.begin() + static_cast<std::ptrdiff_t>(split), at.end());
          return {b.mul(to_real(x->at(left_at)), to_real(y->at(right_at)))};
        })[0];
      };
      return a;
    }
    case Builtin::Transpose:
      a->at = [x = array(*e.arguments[0], env)](const Values& at) {
        Values swapped = at;
        std::swap(swapped[swapped.size() - 1], swapped[swapped.size() - 2]);
        return x->at(swapped);
      };
      return a;
    case Builtin::ScaleRows:
      a->at = [this, scale = array(*e.arguments[0], env), x = array(*e.arguments[1], env)](const Values& at) {
        return b.mul(to_real(scale->at({at[0]})), to_real(x->at(at)));
      };
      return a;
    case Builtin::Diag:
      if (e.type.rank() < e.arguments[0]->type.rank()) {
        a->at = [x = array(*e.arguments[0], env)](const Values& at) {
          Values twice = at;
          twice.push_back(at.back());
          return x->at(twice);
        };
      } else {
        a->at = [this, x = array(*e.arguments[0], env)](const Values& at) {
          return b.branch(
              b.op(ir::Op::IEq, {to_int(at[0]), to_int(at[1])}), [&]() -> Values { return {to_real(x->at({at[0]}))}; },
              [&]() -> Values { return {b.real(0)}; })[0];
        };
      }
      return a;
    case Builtin::Cumsum: return cumulative_sum(e, env);
    case Builtin::Cholesky:
    case Builtin::Solve: throw NotCompiled(fmt::format("`{}`", check::builtin_entry(e.op).spelling), e.range);
    case Builtin::MultinomialDraw: return multinomial(e, env);
    default: break;
  }
  for (const Expr* x : e.arguments)
    if (!x->type.is_array() && draws(*x)) throw NotCompiled("one draw for all elements of an array", x->range);
  a->at = [this, &e, env, dims](const Values& at) {
    const auto operand = [&](std::size_t i) { return element_of(*e.arguments[i], env, dims, at); };
    if (e.op == Builtin::Coalesce) {
      return b.branch(
          present_element(*e.arguments[0], env, dims, at), [&]() -> Values { return {coerce(operand(0), e.type, env)}; },
          [&]() -> Values { return {coerce(operand(1), e.type, env)}; })[0];
    }
    std::vector<ValueId> arguments;
    for (std::size_t i = 0; i < e.arguments.size(); ++i) arguments.push_back(operand(i));
    return coerce(element(e, arguments), e.type, env);
  };
  a->present = [this, &e, env, dims](const Values& at) {
    ValueId here = present_element(*e.arguments[0], env, dims, at);
    for (std::size_t i = 1; i < e.arguments.size(); ++i)
      here = b.op(e.op == Builtin::Coalesce ? ir::Op::Or : ir::Op::And, {here, present_element(*e.arguments[i], env, dims, at)});
    return here;
  };
  return a;
}

// Along the last axis, each element from those up to it.
std::shared_ptr<const Array> Writer::cumulative_sum(const check::BuiltinExpr& e, const Env& env) {
  auto a = make(e);
  const bool real = e.type.scalar == types::Scalar::Real;
  a->at = [this, real, x = array(*e.arguments[0], env), along = dim(e.type.dims.back(), env)](const Values& at) {
    const ValueId last = to_int(at.back());
    return b.for_each(ir::Builder::over({along}), {real ? ir::Reducer::Sum : ir::Reducer::ISum}, [&](const Values& k) -> Values {
      Values here = at;
      here.back() = k[0];
      return b.branch(
          b.op(ir::Op::ILe, {to_int(k[0]), last}), [&]() -> Values { return {real ? to_real(x->at(here)) : to_int(x->at(here))}; },
          [&]() -> Values { return {real ? b.real(0) : b.integer(0)}; });
    })[0];
  };
  return a;
}

// A member that gives an array: its body, where the distribution's parameters and the member's mean something.
std::shared_ptr<const Array> Writer::member_array(const check::MemberExpr& e, const Env& env) {
  const auto d = instance(*e.object, env);
  for (const auto& m : d->distribution->members) {
    if (m.name != e.member || !m.body) continue;
    auto scope = std::make_shared<Environment>(d->env);
    for (std::size_t i = 0; i < m.parameters.size(); ++i)
      scope->bind(m.parameters[i], coerce(operand(*e.arguments[i], env), m.parameters[i]->type, d->env));
    return array(*m.body, scope);
  }
  throw NotCompiled(fmt::format("member `{}`, which `{}` does not give", e.member, d->distribution->name), e.range);
}

}  // namespace lacuna::density
