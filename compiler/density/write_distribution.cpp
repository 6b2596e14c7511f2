// Distributions: instances, and their members with the library's rules for those that are not written (stdlib/README.md).
#include <algorithm>

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
  if (!call) throw NotCompiled("an element of an array of distributions", e.range);
  auto made = std::make_shared<Instance>();
  made->distribution = call->distribution;
  made->expr = call;
  auto inner = std::make_shared<Environment>();
  const check::Distribution& d = *call->distribution;
  for (std::size_t i = 0; i < d.generic.size(); ++i)
    if (call->dimensions[i]) inner->bind(d.generic[i], env->resolve(call->dimensions[i]));
  for (std::size_t i = 0; i < d.parameters.size(); ++i) {
    const Expr* argument = call->arguments[i];
    if (!argument) throw NotCompiled("a parameter left to its default", e.range);
    inner->bind(d.parameters[i], coerce(operand(*argument, env), d.parameters[i]->type, inner));
  }
  made->env = inner;
  return made;
}

ValueId Writer::member(const Instance& d, std::string_view name, const std::vector<Operand>& arguments, support::SourceRange range) {
  const auto& members = d.distribution->members;
  const auto found = std::find_if(members.begin(), members.end(), [&](const auto& m) { return m.name == name; });
  if (found != members.end()) {
    if (!found->body) throw NotCompiled(fmt::format("member `{}` of `{}`", name, d.distribution->name), range);
    auto scope = std::make_shared<Environment>(d.env);
    for (std::size_t i = 0; i < found->parameters.size(); ++i) scope->bind(found->parameters[i], coerce(arguments[i], found->parameters[i]->type, scope));
    return scalar(*found->body, scope);
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
  if (name == "discrete") return b.boolean(result.scalar != types::Scalar::Real);
  if (name == "lowest") return b.real(result.bounds.lo);
  if (name == "highest") return b.real(result.bounds.hi);
  throw NotCompiled(fmt::format("member `{}`, which `{}` does not give", name, d.distribution->name), range);
}

ValueId Writer::member_expr(const check::MemberExpr& e, const Env& env) {
  std::vector<Operand> arguments;
  for (const Expr* a : e.arguments) arguments.push_back(operand(*a, env));
  // A member of the same distribution is written on the distribution of its own parameters.
  const auto d = instance(*e.object, env);
  return coerce(member(*d, e.member, arguments, e.range), e.type, env);
}

}  // namespace lacuna::density
