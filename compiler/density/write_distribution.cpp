// Distributions: instances, and their members with the library's rules for those that are not written (stdlib/README.md).
#include <algorithm>
#include <cmath>
#include <limits>

#include "compiler/check/check_expr.h"
#include "compiler/density/writer.h"

namespace lacuna::density {

using check::ExprKind;

std::shared_ptr<const Instance> Writer::instance(const Expr& e, const Env& env) {
  if (const auto* variable = e.get_if<check::VariableExpr>()) {
    const Operand* known = env->find(variable->symbol);
    const auto* i = known ? std::get_if<std::shared_ptr<const Instance>>(known) : nullptr;
    if (!i) throw NotCompiled("this distribution", e.range);
    return *i;
  }
  const auto* call = e.get_if<check::DistributionExpr>();
  if (!call) throw NotCompiled("this distribution", e.range);
  auto made = std::make_shared<Instance>();
  made->distribution = call->distribution;
  made->expr = call;
  // What is bound may hold the environment that it reads, so never the one that it is bound in: they would keep each other.
  auto sizes = std::make_shared<Environment>();
  const check::Distribution& d = *call->distribution;
  for (std::size_t i = 0; i < d.generic.size(); ++i)
    if (call->dimensions[i]) sizes->bind(d.generic[i], env->resolve(call->dimensions[i]));
  auto inner = std::make_shared<Environment>(sizes);
  for (std::size_t i = 0; i < d.parameters.size(); ++i) {
    const Expr* argument = call->arguments[i];
    if (!argument) {
      // Components are in the call, or where a member reads another, in the distribution at hand.
      const Operand* own = env->find(d.parameters[i]);
      inner->bind(d.parameters[i], own ? *own : Operand(std::make_shared<const Components>(Components{call, env})));
      continue;
    }
    inner->bind(d.parameters[i], coerce(operand(*argument, env), d.parameters[i]->type, sizes));
  }
  made->env = inner;
  return made;
}

namespace {

// Members that are real whatever the distribution gives: `log_density(x) = 0` is written as an int.
bool gives_real(std::string_view name) {
  constexpr std::string_view kReal[] = {"log_density", "cdf", "survival", "log_cdf", "log_survival", "mean", "variance"};
  return std::find(std::begin(kReal), std::end(kReal), name) != std::end(kReal);
}

}  // namespace

ValueId Writer::member(const Instance& d, std::string_view name, const std::vector<Operand>& arguments, support::SourceRange range) {
  const auto& members = d.distribution->members;
  const auto found = std::find_if(members.begin(), members.end(), [&](const auto& m) { return m.name == name; });
  if (found != members.end()) {
    if (!found->body) throw NotCompiled(fmt::format("member `{}` of `{}`", name, d.distribution->name), range);
    auto scope = std::make_shared<Environment>(d.env);
    for (std::size_t i = 0; i < found->parameters.size(); ++i) scope->bind(found->parameters[i], coerce(arguments[i], found->parameters[i]->type, d.env));
    const ValueId value = scalar(*found->body, scope);
    return gives_real(name) ? to_real(value) : value;
  }
  const auto has = [&](std::string_view other) {
    return std::any_of(members.begin(), members.end(), [&](const auto& m) { return m.name == other; });
  };
  const auto complement = [&](std::string_view other) { return b.sub(b.real(1), member(d, other, arguments, range)); };
  if (name == "cdf" && has("survival")) return complement("survival");
  if (name == "survival" && has("cdf")) return complement("cdf");
  if (name == "log_cdf" && (has("cdf") || has("survival"))) return b.op(ir::Op::Log, {member(d, "cdf", arguments, range)});
  if (name == "log_survival" && (has("cdf") || has("survival"))) return b.op(ir::Op::Log, {member(d, "survival", arguments, range)});
  const check::Type& result = d.distribution->result;
  if (name == "draw" && (has("quantile") || has("cdf"))) return member(d, "quantile", {source_of_uniform(range)}, range);
  if (name == "quantile" && has("upper_quantile")) return member(d, "upper_quantile", {b.sub(b.real(1), std::get<ValueId>(arguments[0]))}, range);
  if (name == "upper_quantile" && has("quantile")) return member(d, "quantile", {b.sub(b.real(1), std::get<ValueId>(arguments[0]))}, range);
  if ((name == "quantile" || name == "upper_quantile") && (has("cdf") || has("survival")) && result.scalar != types::Scalar::Real)
    return search(d, name == "upper_quantile", arguments[0], range);
  if (name == "discrete") return b.boolean(is_discrete(d));
  if (name == "lowest" || name == "highest") {
    const double infinity = std::numeric_limits<double>::infinity();
    const std::optional<ValueId> end = support_end(d, name == "lowest");
    return end ? *end : b.real(name == "lowest" ? -infinity : infinity);
  }
  throw NotCompiled(fmt::format("member `{}`, which `{}` does not give", name, d.distribution->name), range);
}

std::shared_ptr<const Array> Writer::member_array(const Instance& d, std::string_view name, support::SourceRange range) {
  const auto& members = d.distribution->members;
  const auto found = std::find_if(members.begin(), members.end(), [&](const auto& m) { return m.name == name; });
  if (found == members.end() || !found->body) throw NotCompiled(fmt::format("member `{}` of `{}`", name, d.distribution->name), range);
  return array(*found->body, std::make_shared<Environment>(d.env));
}

// Whether a distribution gives whole numbers: one made of others as they do.
bool Writer::is_discrete(const Instance& d) const {
  const check::Distribution& distribution = *d.distribution;
  const Operand* base = distribution.result_of ? d.env->find(distribution.result_of) : nullptr;
  if (!base) return distribution.result.scalar != types::Scalar::Real;
  if (const auto* made = std::get_if<std::shared_ptr<const Instance>>(base)) return is_discrete(**made);
  return std::get<std::shared_ptr<const Components>>(*base)->mixture->components[0]->type.scalar != types::Scalar::Real;
}

std::optional<ValueId> Writer::support_end(const Instance& d, bool lower) {
  const check::Distribution& distribution = *d.distribution;
  if (const Expr* end = lower ? distribution.lower : distribution.upper) {
    if (end->type.bounds.is_point() && std::isinf(end->type.bounds.lo)) return std::nullopt;
    return to_real(scalar(*end, d.env));
  }
  if (distribution.result_of) {
    const Operand* base = d.env->find(distribution.result_of);
    const auto* made = base ? std::get_if<std::shared_ptr<const Instance>>(base) : nullptr;
    return made ? support_end(**made, lower) : std::nullopt;
  }
  const check::Type& result = distribution.result;
  const double end = lower ? result.bounds.lo : result.bounds.hi;
  const bool number = result.scalar == types::Scalar::Real || result.scalar == types::Scalar::Int;
  return number && !std::isinf(end) ? std::optional(b.real(end)) : std::nullopt;
}

ValueId Writer::member_anywhere(const Instance& d, std::string_view name, const std::vector<Operand>& arguments, support::SourceRange range,
                                Ends ends) {
  const auto written = [&] { return member(d, name, arguments, range); };
  const ValueId* value = arguments.size() == 1 ? std::get_if<ValueId>(&arguments[0]) : nullptr;
  const bool density = name == "log_density";
  const bool share = name == "cdf" || name == "survival" || name == "log_cdf" || name == "log_survival";
  if (!value || !(density || share)) return written();
  const check::Distribution& distribution = *d.distribution;
  const auto end = [&](bool lower) -> std::optional<ValueId> {
    if (ends == Ends::Parameters && !(lower ? distribution.lower : distribution.upper)) return std::nullopt;
    return support_end(d, lower);
  };
  const std::optional<ValueId> lowest = end(true);
  const std::optional<ValueId> highest = end(false);
  const ValueId x = to_real(*value);
  const double infinity = std::numeric_limits<double>::infinity();
  const bool rises = name == "cdf" || name == "log_cdf";
  const bool log = name == "log_cdf" || name == "log_survival";
  const auto constant = [&](bool one) { return b.real(density ? -infinity : log ? (one ? 0 : -infinity) : (one ? 1 : 0)); };
  const auto below_highest = [&]() -> Values {
    if (!highest) return {written()};
    return b.branch(
        b.op(ir::Op::Le, {x, *highest}), [&]() -> Values { return {written()}; }, [&]() -> Values { return {constant(rises)}; });
  };
  if (!lowest) return below_highest()[0];
  const bool open = density && distribution.result.bounds.lo_open && !distribution.lower;
  return b.branch(b.op(open ? ir::Op::Lt : ir::Op::Le, {*lowest, x}), below_highest, [&]() -> Values { return {constant(!rises)}; })[0];
}

ValueId Writer::member_expr(const check::MemberExpr& e, const Env& env) {
  std::vector<Operand> arguments;
  for (const Expr* a : e.arguments) arguments.push_back(operand(*a, env));
  if (const auto components = components_of(*e.object, env))
    return coerce(component_member(*components, e.object->as<check::SubscriptExpr>(), e.member, arguments, env, e.range), e.type, env);
  // A member of the same distribution is written on the distribution of its own parameters.
  const auto d = instance(*e.object, env);
  return coerce(member_anywhere(*d, e.member, arguments, e.range), e.type, env);
}

}  // namespace lacuna::density
