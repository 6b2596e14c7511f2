#include "compiler/check/distribution_members.h"

#include <algorithm>
#include <array>

#include "compiler/check/walk.h"

namespace lacuna::check {

namespace {

constexpr auto kMembers = std::to_array<MemberEntry>({
#define LACUNA_MEMBER(name, parameter, result, instead) {#name, MemberParameter::parameter, MemberResult::result, instead},
#include "compiler/check/distribution_members.def"
#undef LACUNA_MEMBER
});

std::vector<std::string_view> split(std::string_view list) {
  std::vector<std::string_view> parts;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    parts.push_back(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return parts;
}

// The `dist` parameter whose member is read, whole (`base`) or an element (`components[k]`); null for a distribution.
const Symbol* parameter_read(const MemberExpr& m) {
  const Expr* object = m.object;
  if (const auto* s = object->get_if<SubscriptExpr>()) object = s->object;
  const auto* v = object->get_if<VariableExpr>();
  return v ? v->symbol : nullptr;
}

// What is needed of distributions for one body to be evaluated.
struct Search {
  Context& c;
  const DistributionExpr& call;
  std::vector<std::string_view> asked;  // members of `call` on the way, against a member that asks for itself
  std::optional<MissingMember> missing;

  // The distributions that stand for a `dist` parameter of the call.
  std::vector<const DistributionExpr*> given(const Symbol* parameter) const {
    const Distribution& d = *call.distribution;
    for (std::size_t i = 0; i < d.parameters.size(); ++i) {
      if (d.parameters[i] != parameter) continue;
      if (!parameter->type.dims.empty()) return {call.components.begin(), call.components.end()};
      const Expr* argument = i < call.arguments.size() ? call.arguments[i] : nullptr;
      if (argument && argument->kind == ExprKind::Distribution) return {&argument->as<DistributionExpr>()};
    }
    return {};
  }

  void in_body(const Expr& body) {
    for_each_expr(body, [&](const Expr& e) {
      const auto* m = e.get_if<MemberExpr>();
      if (!m || missing) return;
      if (const Symbol* parameter = parameter_read(*m)) {
        for (const DistributionExpr* d : given(parameter))
          if (!missing) missing = missing_member(c, *d, m->member);
      } else if (const auto* d = m->object->get_if<DistributionExpr>()) {
        if (d->distribution == call.distribution)
          member(m->member);
        else if (!missing)
          missing = missing_member(c, *d, m->member);
      }
    });
  }

  void member(std::string_view name) {
    if (missing || std::find(asked.begin(), asked.end(), name) != asked.end()) return;
    asked.push_back(name);
    const Distribution& d = *call.distribution;
    if (const DistributionMember* written = find_member(d, name)) {
      if (written->body) in_body(*written->body);
      return;
    }
    const MemberEntry* entry = find_member_entry(name);
    if (entry && entry->instead == "always") return;
    if (entry)
      for (std::string_view other : split(entry->instead))
        if (find_member(d, other)) return member(other);
    missing = MissingMember{name, d.name};
  }
};

}  // namespace

std::span<const MemberEntry> member_entries() { return kMembers; }

const MemberEntry* find_member_entry(std::string_view name) {
  const auto found = std::find_if(kMembers.begin(), kMembers.end(), [&](const MemberEntry& m) { return m.name == name; });
  return found == kMembers.end() ? nullptr : &*found;
}

const DistributionMember* find_member(const Distribution& d, std::string_view name) {
  const auto found = std::find_if(d.members.begin(), d.members.end(), [&](const DistributionMember& m) { return m.name == name; });
  return found == d.members.end() ? nullptr : &*found;
}

std::optional<MissingMember> missing_member(Context& c, const DistributionExpr& d, std::string_view member) {
  if (!d.distribution) return std::nullopt;  // a parameter: known where the combinator is called
  // Distributions that take none are answered from their names alone; the bodies of the others are followed.
  const bool takes_distributions = std::any_of(d.distribution->parameters.begin(), d.distribution->parameters.end(),
                                               [](const Symbol* p) { return p->type.scalar == types::Scalar::Dist; });
  if (takes_distributions) c.library.complete(c, const_cast<Distribution&>(*d.distribution));
  Search search{c, d, {}, std::nullopt};
  search.member(member);
  return search.missing;
}

bool computes_with_value(const Distribution& d) {
  const DistributionMember* density = find_member(d, "log_density");
  if (!density || !density->body || density->parameters.empty()) return false;
  const Symbol* x = density->parameters[0];
  std::size_t reads = 0;
  std::size_t handed_on = 0;
  const auto is_value = [&](const Expr& e) { return e.kind == ExprKind::Variable && e.as<VariableExpr>().symbol == x; };
  for_each_expr(*density->body, [&](const Expr& e) {
    if (is_value(e)) ++reads;
    const auto* m = e.get_if<MemberExpr>();
    if (!m || !parameter_read(*m)) return;
    for (const Expr* argument : m->arguments)
      if (is_value(*argument)) ++handed_on;
  });
  return reads > handed_on;
}

}  // namespace lacuna::check
