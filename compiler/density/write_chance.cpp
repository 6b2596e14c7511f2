// Sources of chance, and what stands on them: draws of categories and of counts in several, quantiles that are searched for.
#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "compiler/density/writer.h"
#include "compiler/elaborate/reads.h"

namespace lacuna::density {

using check::Builtin;
using ir::Op;
using ir::Reducer;

namespace {

constexpr int kInElement = 4;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

bool is_chance(Builtin op) { return check::builtin_entry(op).rule == check::Rule::Chance; }

}  // namespace

bool draws(const Expr& e) {
  bool found = false;
  elaborate::for_each_node(&e, [&](const Expr& node) {
    if (const auto* builtin = node.get_if<check::BuiltinExpr>()) found = found || is_chance(builtin->op);
    const auto* call = node.get_if<check::FunctionCallExpr>();
    if (!call || found) return;
    for (const Expr* let : call->function->let_values) found = found || draws(*let);
    found = found || (call->function->body && draws(*call->function->body));
  });
  return found;
}

// The operands of the next source: seed, key, counter.
Values Writer::source(support::SourceRange range) {
  if (!chance_) throw NotCompiled("a draw here", range);
  if (chance_->next >= chance_->end) throw NotCompiled("so many draws in one", range);
  const std::int64_t block = std::int64_t{chance_->next++} << 32;
  const ValueId counter = block == 0 ? chance_->counter : b.op(Op::IAdd, {chance_->counter, b.integer(block)});
  return {chance_->seed, chance_->cell, counter};
}

ValueId Writer::source_of_uniform(support::SourceRange range) { return b.op(Op::StandardUniform, source(range)); }

ValueId Writer::draw_between(const Instance& d, std::optional<ValueId> lower, std::optional<ValueId> upper, support::SourceRange range) {
  const ValueId low = lower ? member_anywhere(d, "cdf", {Operand(*lower)}, range) : b.real(0);
  const ValueId high = upper ? member_anywhere(d, "cdf", {Operand(*upper)}, range) : b.real(1);
  const ValueId share = b.add(low, b.mul(source_of_uniform(range), b.sub(high, low)));
  return to_real(member(d, "quantile", {Operand(share)}, range));
}

int Writer::reserve_element(support::SourceRange range) {
  if (chance_->next + kInElement > chance_->end) throw NotCompiled("so many draws in one", range);
  chance_->next += kInElement;
  return chance_->next - kInElement;
}

ValueId Writer::in_element(int first, const Values& indices, const std::function<ValueId()>& body) {
  const Chance around = *chance_;
  chance_->next = first;
  chance_->end = first + kInElement;
  for (const ValueId index : indices) chance_->cell = b.op(Op::CombineKeys, {chance_->cell, to_int(index)});
  const ValueId value = body();
  *chance_ = around;
  return value;
}

// A draw is a real whatever the kind, so that -inf can say that there is none.
ValueId Writer::chance(const check::BuiltinExpr& e, const Env& env) {
  if (e.op == Builtin::CategoricalDraw) return category(e, env);
  Values operands = source(e.range);
  for (const Expr* a : e.arguments) operands.push_back(to_real(scalar(*a, env)));
  switch (e.op) {
    case Builtin::StandardUniform: return b.op(Op::StandardUniform, operands);
    case Builtin::StandardNormal: return b.op(Op::StandardNormal, operands);
    case Builtin::StandardGamma: return b.op(Op::StandardGamma, operands);
    case Builtin::LogStandardGamma: return b.op(Op::LogStandardGamma, operands);
    case Builtin::PoissonDraw: return b.op(Op::PoissonDraw, operands);
    case Builtin::BinomialDraw: return b.op(Op::BinomialDraw, operands);
    default: throw NotCompiled(fmt::format("`{}`", check::builtin_entry(e.op).spelling), e.range);
  }
}

// The position where the sum of weights passes u times the whole; what rounding leaves over belongs to the last that may be.
ValueId Writer::category(const check::BuiltinExpr& e, const Env& env) {
  const auto weights = array(*e.arguments[0], env);
  const ir::Domain over = ir::Builder::over({dim(e.arguments[0]->type.dims[0], env)});
  const ValueId total = b.for_each(over, {Reducer::Sum}, [&](const Values& k) -> Values { return {to_real(weights->at(k))}; })[0];
  const ValueId start = b.mul(source_of_uniform(e.range), total);
  const ValueId none = b.real(-kInfinity);
  const Values ends = b.scan(over, {start, none}, {}, [&](const Values& at) -> Values {
    const ValueId weight = to_real(weights->at({at[0]}));
    const ValueId left = at[1];
    // `left` is negative once a position is found.
    const ValueId may = b.op(Op::And, {b.op(Op::Lt, {b.real(0), weight}), b.op(Op::Le, {b.real(0), left})});
    return {b.sub(left, weight), b.select(may, to_real(to_int(at[0])), at[2])};
  });
  const ValueId sound = b.op(Op::And, {b.op(Op::Lt, {b.real(0), total}), b.op(Op::IsFinite, {total})});
  return b.select(sound, ends[1], none);
}

// Category by category: a binomial of what is left (the k-th element runs through those before it).
std::shared_ptr<const Array> Writer::multinomial(const check::BuiltinExpr& e, const Env& env) {
  const int element = reserve_element(e.range);
  const auto shares = array(*e.arguments[1], env);
  const ValueId count = to_real(scalar(*e.arguments[0], env));
  const ir::Domain over = ir::Builder::over({dim(e.arguments[1]->type.dims[0], env)});
  const ValueId total = b.for_each(over, {Reducer::Sum}, [&](const Values& k) -> Values { return {to_real(shares->at(k))}; })[0];
  auto a = std::make_shared<Array>();
  a->dims.assign(e.type.dims.begin(), e.type.dims.end());
  a->at = [this, element, shares, count, over, total, range = e.range](const Values& at) {
    const Values ends = b.scan(over, {count, total, b.real(0)}, {}, [&](const Values& k) -> Values {
      const ValueId share = to_real(shares->at({k[0]}));
      const ValueId chance = b.select(b.op(Op::Lt, {share, k[2]}), b.div(share, k[2]), b.real(1));
      const ValueId p = b.select(b.op(Op::Lt, {b.real(0), share}), chance, b.real(0));
      const ValueId drawn = in_element(element, {k[0]}, [&] {
        Values operands = source(range);
        operands.insert(operands.end(), {k[1], p});
        return b.op(Op::BinomialDraw, operands);
      });
      const ValueId here = b.op(Op::IEq, {to_int(k[0]), to_int(at[0])});
      return {b.sub(k[1], drawn), b.sub(k[2], share), b.select(here, drawn, k[3])};
    });
    return ends[2];
  };
  return a;
}

// The least whole number with cdf >= share, or with survival <= share: the largest that fails, bit by bit, and one more.
ValueId Writer::search(const Instance& d, bool upper, const Operand& share, support::SourceRange range) {
  constexpr std::int64_t kBits = 53;
  ir::DimId bits;
  for (std::uint32_t i = 0; i < module_.dims.size(); ++i)
    if (module_.dims[i].name == "search.bits") bits = {i};
  if (!bits.valid()) bits = module_.add(ir::Dim{.name = "search.bits", .kind = ir::Dim::Kind::Derived, .size = ir::SizeExpr::constant(kBits)});
  const ValueId wanted = to_real(std::get<ValueId>(share));
  const std::optional<ValueId> lowest = support_end(d, true);
  if (!lowest) throw NotCompiled("a quantile of a distribution of whole numbers without a lowest", range);
  const ValueId start = b.sub(*lowest, b.real(1));
  const Values ends = b.scan(ir::Builder::over({bits}), {start, b.real(std::ldexp(1.0, kBits - 1))}, {}, [&](const Values& at) -> Values {
    const ValueId tried = b.add(at[1], at[2]);
    const ValueId there = member_anywhere(d, upper ? "survival" : "cdf", {Operand(coerce(tried, d.distribution->result, d.env))}, range);
    const ValueId reached = upper ? b.op(Op::Le, {there, wanted}) : b.op(Op::Le, {wanted, there});
    return {b.select(reached, at[1], tried), b.mul(at[2], b.real(0.5))};
  });
  return b.add(ends[0], b.real(1));
}

}  // namespace lacuna::density
