// Built-in operations on single values, and reductions.
#include <array>

#include "compiler/check/check_expr.h"
#include "compiler/density/writer.h"

namespace lacuna::density {

using check::Builtin;
using ir::Op;
using ir::Reducer;
using types::Scalar;

namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

// Functions of reals that are one operation of the IR.
struct Direct {
  Builtin builtin;
  Op op;
};
constexpr std::array kDirect = {
    Direct{Builtin::Divide, Op::Div}, Direct{Builtin::Floor, Op::Floor}, Direct{Builtin::Ceil, Op::Ceil}, Direct{Builtin::Round, Op::Round},
    Direct{Builtin::Exp, Op::Exp}, Direct{Builtin::Expm1, Op::Expm1}, Direct{Builtin::Log, Op::Log}, Direct{Builtin::Log1p, Op::Log1p},
    Direct{Builtin::Sqrt, Op::Sqrt}, Direct{Builtin::Sin, Op::Sin}, Direct{Builtin::Cos, Op::Cos}, Direct{Builtin::Tan, Op::Tan},
    Direct{Builtin::Asin, Op::Asin}, Direct{Builtin::Acos, Op::Acos}, Direct{Builtin::Atan, Op::Atan}, Direct{Builtin::Atan2, Op::Atan2},
    Direct{Builtin::Sinh, Op::Sinh}, Direct{Builtin::Cosh, Op::Cosh}, Direct{Builtin::Tanh, Op::Tanh}, Direct{Builtin::Sigmoid, Op::Sigmoid},
    Direct{Builtin::Logit, Op::Logit}, Direct{Builtin::Softplus, Op::Softplus}, Direct{Builtin::Log1mexp, Op::Log1mExp},
    Direct{Builtin::Logaddexp, Op::LogAddExp}, Direct{Builtin::Erf, Op::Erf}, Direct{Builtin::Erfc, Op::Erfc},
    Direct{Builtin::NormalCdf, Op::NormalCdf}, Direct{Builtin::NormalLogCdf, Op::NormalLogCdf},
    Direct{Builtin::NormalQuantile, Op::NormalQuantile}, Direct{Builtin::Lgamma, Op::Lgamma}, Direct{Builtin::Digamma, Op::Digamma},
    Direct{Builtin::Lbeta, Op::Lbeta}, Direct{Builtin::LogChoose, Op::LogChoose}, Direct{Builtin::GammaP, Op::GammaP},
    Direct{Builtin::GammaQ, Op::GammaQ}, Direct{Builtin::BetaInc, Op::BetaInc},
    Direct{Builtin::Log1pmx, Op::Log1pMx}, Direct{Builtin::Expm1mx, Op::Expm1Mx}, Direct{Builtin::KlDiv, Op::KlDiv},
    Direct{Builtin::LgammaExcess, Op::LgammaExcess}, Direct{Builtin::DigammaExcess, Op::DigammaExcess},
    Direct{Builtin::LogGammaP, Op::LogGammaP}, Direct{Builtin::LogGammaQ, Op::LogGammaQ},
    Direct{Builtin::LogBetaInc, Op::LogBetaInc}, Direct{Builtin::GammaPInverse, Op::GammaPInverse},
    Direct{Builtin::GammaQInverse, Op::GammaQInverse}, Direct{Builtin::BetaIncInverse, Op::BetaIncInverse}};

// Operations that exist for reals and for ints.
struct Paired {
  Builtin builtin;
  Op real;
  Op integer;
};
constexpr std::array kPaired = {Paired{Builtin::Add, Op::Add, Op::IAdd}, Paired{Builtin::Subtract, Op::Sub, Op::ISub},
    Paired{Builtin::Multiply, Op::Mul, Op::IMul}, Paired{Builtin::Min, Op::Min, Op::IMin}, Paired{Builtin::Max, Op::Max, Op::IMax},
    Paired{Builtin::Div, Op::Div, Op::IDiv}, Paired{Builtin::Modulo, Op::Mod, Op::IMod}};

}  // namespace

// What the list of elementwise operations means for operands that have been written already.
struct BuiltinWriter {
  Writer& w;
  ir::Builder& b;
  const check::BuiltinExpr& e;
  const std::vector<ValueId>& a;

  bool is_real(ValueId v) const { return b.body().type(v).scalar == ir::Scalar::Real; }
  Values reals() const {
    Values all;
    for (const ValueId v : a) all.push_back(w.to_real(v));
    return all;
  }
  Values ints() const {
    Values all;
    for (const ValueId v : a) all.push_back(w.to_int(v));
    return all;
  }

  ValueId compare(Op real, Op integer, bool swapped) const {
    const bool any_real = is_real(a[0]) || is_real(a[1]);
    Values v = any_real ? reals() : ints();
    if (swapped) std::swap(v[0], v[1]);
    return b.op(any_real ? real : integer, v);
  }

  // x ^ k for a small whole constant by multiplication, else pow.
  ValueId power() const {
    const auto* k = e.arguments[1]->get_if<check::LiteralExpr>();
    const ValueId x = w.to_real(a[0]);
    if (k && k->value == 2) return b.mul(x, x);
    if (k && k->value == 1) return x;
    if (k && k->value == 3) return b.mul(b.mul(x, x), x);
    if (k && k->value == -1) return b.div(b.real(1), x);
    if (k && k->value == 0.5) return b.op(Op::Sqrt, {x});
    return b.op(Op::Pow, {x, w.to_real(a[1])});
  }

  // a log(b), 0 where a is 0 (its derivative by a is log(b) there too); just the product where b cannot be 0 (stdlib/README.md).
  ValueId weighted_log(Op log, Op whole, bool away_from_edge) const {
    const ValueId weight = w.to_real(a[0]);
    const ValueId x = w.to_real(a[1]);
    return away_from_edge ? b.mul(weight, b.op(log, {x})) : b.op(whole, {weight, x});
  }

  ValueId write() const {
    for (const Direct& d : kDirect)
      if (d.builtin == e.op) return b.op(d.op, reals());
    for (const Paired& p : kPaired) {
      if (p.builtin != e.op) continue;
      const bool integer = e.type.scalar != Scalar::Real;
      return b.op(integer ? p.integer : p.real, integer ? ints() : reals());
    }
    switch (e.op) {
      case Builtin::Power: return power();
      case Builtin::Negate: return e.type.scalar == Scalar::Real ? b.neg(w.to_real(a[0])) : b.op(Op::ISub, {b.integer(0), w.to_int(a[0])});
      case Builtin::Square: {
        const ValueId x = e.type.scalar == Scalar::Real ? w.to_real(a[0]) : w.to_int(a[0]);
        return b.op(e.type.scalar == Scalar::Real ? Op::Mul : Op::IMul, {x, x});
      }
      case Builtin::Abs:
        if (e.type.scalar == Scalar::Real) return b.op(Op::Abs, reals());
        return b.op(Op::IMax, {w.to_int(a[0]), b.op(Op::ISub, {b.integer(0), w.to_int(a[0])})});
      case Builtin::Sign: {
        const ValueId s = b.op(Op::Sign, {w.to_real(a[0])});
        return e.type.scalar == Scalar::Real ? s : b.op(Op::Truncate, {s});
      }
      case Builtin::Clamp: {
        const bool real = e.type.scalar == Scalar::Real;
        const Values v = real ? reals() : ints();
        return b.op(real ? Op::Min : Op::IMin, {b.op(real ? Op::Max : Op::IMax, {v[0], v[1]}), v[2]});
      }
      case Builtin::Not: return b.op(Op::Not, {w.to_bool(a[0])});
      case Builtin::Equal: return compare(Op::Eq, Op::IEq, false);
      case Builtin::NotEqual: return compare(Op::Ne, Op::INe, false);
      case Builtin::Less: return compare(Op::Lt, Op::ILt, false);
      case Builtin::LessEqual: return compare(Op::Le, Op::ILe, false);
      case Builtin::Greater: return compare(Op::Lt, Op::ILt, true);
      case Builtin::GreaterEqual: return compare(Op::Le, Op::ILe, true);
      case Builtin::Xlogy: return weighted_log(Op::Log, Op::XLogY, e.arguments[1]->type.bounds.lo > 0);
      case Builtin::Xlog1py: return weighted_log(Op::Log1p, Op::XLog1pY, e.arguments[1]->type.bounds.lo > -1);
      default: break;
    }
    throw NotCompiled(fmt::format("`{}`", check::builtin_entry(e.op).spelling), e.range);
  }
};

ValueId Writer::element(const check::BuiltinExpr& e, const std::vector<ValueId>& arguments) { return BuiltinWriter{*this, b, e, arguments}.write(); }

ValueId Writer::builtin(const check::BuiltinExpr& e, const Env& env) {
  switch (e.op) {
    // The right operand may only be read when the left one says so.
    case Builtin::And:
      return b.branch(
          scalar(*e.arguments[0], env), [&]() -> Values { return {scalar(*e.arguments[1], env)}; },
          [&]() -> Values { return {b.boolean(false)}; })[0];
    case Builtin::Or:
      return b.branch(
          scalar(*e.arguments[0], env), [&]() -> Values { return {b.boolean(true)}; },
          [&]() -> Values { return {scalar(*e.arguments[1], env)}; })[0];
    case Builtin::Present: return presence(*e.arguments[0], env);
    case Builtin::Coalesce:
      return b.branch(
          presence(*e.arguments[0], env), [&]() -> Values { return {coerce(scalar(*e.arguments[0], env), e.type, env)}; },
          [&]() -> Values { return {coerce(scalar(*e.arguments[1], env), e.type, env)}; })[0];
    case Builtin::Contract: {  // a vector with a vector
      const Expr& left = *e.arguments[0];
      const Expr& right = *e.arguments[1];
      const auto x = array(left, env);
      const auto y = array(right, env);
      return b.for_each(ir::Builder::over({dim(left.type.dims[0], env)}), {Reducer::Sum},
                        [&](const Values& at) -> Values { return {b.mul(to_real(x->at(at)), to_real(y->at(at)))}; })[0];
    }
    default: break;
  }
  if (check::builtin_entry(e.op).rule == check::Rule::Chance) return chance(e, env);
  std::vector<ValueId> arguments;
  for (const Expr* a : e.arguments) arguments.push_back(scalar(*a, env));
  return coerce(element(e, arguments), e.type, env);
}

ValueId Writer::reduce_body(Builtin op, ir::Domain domain, const std::function<ValueId(const Values&)>& body,
                            const std::function<ValueId(const Values&)>& condition, support::SourceRange range) {
  const auto run = [&](Reducer reducer, const std::function<ValueId(const Values&)>& value, const std::function<ValueId()>& neutral) {
    return b.for_each(domain, {reducer}, [&](const Values& at) -> Values {
      if (!condition) return {value(at)};
      return b.branch(condition(at), [&]() -> Values { return {value(at)}; }, [&]() -> Values { return {neutral()}; });
    })[0];
  };
  const auto one = [&](const Values&) { return b.integer(1); };
  const auto zero = [&] { return b.integer(0); };
  const auto real_body = [&](const Values& at) { return to_real(body(at)); };
  switch (op) {
    case Builtin::Sum: return run(Reducer::Sum, real_body, [&] { return b.real(0); });
    case Builtin::Prod: return run(Reducer::Prod, real_body, [&] { return b.real(1); });
    case Builtin::Min: return run(Reducer::Min, real_body, [&] { return b.real(kInf); });
    case Builtin::Max: return run(Reducer::Max, real_body, [&] { return b.real(-kInf); });
    case Builtin::Logsumexp: return run(Reducer::LogSumExp, real_body, [&] { return b.real(-kInf); });
    case Builtin::Any: return run(Reducer::Any, body, [&] { return b.boolean(false); });
    case Builtin::All: return run(Reducer::All, body, [&] { return b.boolean(true); });
    case Builtin::Count: return run(Reducer::ISum, [&](const Values& at) { return to_int(body(at)); }, zero);
    case Builtin::Mean: {
      const ValueId total = run(Reducer::Sum, real_body, [&] { return b.real(0); });
      return b.div(total, to_real(run(Reducer::ISum, one, zero)));
    }
    default: throw NotCompiled("this reduction", range);
  }
}

ValueId Writer::reduce(const check::ReduceExpr& e, const Env& env) {
  if (const std::optional<ValueId> listed = reduce_components(e, env)) return coerce(*listed, e.type, env);
  std::vector<ir::DimId> over;
  ValueId value;
  if (e.binders.empty()) {
    const auto whole = array(*e.body, env);
    for (const Dimension* d : e.body->type.dims) over.push_back(dim(d, env));
    value = reduce_body(e.op, ir::Builder::over(over), [&](const Values& at) { return whole->at(at); }, nullptr, e.range);
  } else {
    for (const Symbol* s : e.binders) over.push_back(dim(s->type.index_of, env));
    const auto inner = [&](const Values& at) {
      auto scope = std::make_shared<Environment>(env);
      for (std::size_t i = 0; i < e.binders.size(); ++i) scope->bind(e.binders[i], at[i]);
      return scope;
    };
    std::function<ValueId(const Values&)> condition;
    if (e.where) condition = [&](const Values& at) { return scalar(*e.where, inner(at)); };
    const int element = chance_ && draws(*e.body) ? reserve_element(e.range) : -1;
    const auto body = [&](const Values& at) {
      const auto one = [&] { return scalar(*e.body, inner(at)); };
      return element < 0 ? one() : in_element(element, at, one);
    };
    value = reduce_body(e.op, ir::Builder::over(over), body, condition, e.range);
  }
  return coerce(value, e.type, env);
}

}  // namespace lacuna::density
