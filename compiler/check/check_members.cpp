// Bodies of the members of a `dist`.
#include <algorithm>

#include "compiler/check/check_distribution.h"
#include "compiler/check/check_expr_parts.h"
#include "compiler/check/check_statement.h"
#include "compiler/check/distribution_members.h"
#include "compiler/check/distribution_signature.h"

namespace lacuna::check {

using diagnostics::Id;
using types::Scalar;

namespace {

// A value that the distribution draws, as its members see it: a number when a `dist` parameter says what it is.
Type value_type(const Distribution& d) { return d.result_of ? types::real_type() : d.result; }

Type parameter_type(const Distribution& d, const MemberEntry* entry) {
  switch (entry ? entry->parameter : MemberParameter::Value) {
    case MemberParameter::Probability: return types::real_type(Interval::unit());
    case MemberParameter::Standard: {
      Type t = types::real_type();
      t.dims = d.result.dims;
      return t;
    }
    case MemberParameter::Seen: {
      Type t = types::bool_type();
      t.dims = d.result.dims;
      return t;
    }
    case MemberParameter::None:
    case MemberParameter::Value: break;
  }
  return value_type(d);
}

std::string_view parameter_words(const MemberEntry& entry) {
  switch (entry.parameter) {
    case MemberParameter::None: return "no parameter";
    case MemberParameter::Value: return "one parameter, a value that may be drawn";
    case MemberParameter::Probability: return "one parameter, a probability";
    case MemberParameter::Standard: return "one parameter, a draw from the standard normal";
    case MemberParameter::Seen: return "one parameter, which coordinates are seen";
  }
  return "";
}

// Whether the body is of the kind that the member answers with; reports.
bool result_fits(Context& inner, const Distribution& d, const MemberEntry& entry, const Expr& body) {
  Type wanted = types::real_type();
  std::string words = "a real number";
  switch (entry.result) {
    case MemberResult::Part: return true;
    case MemberResult::Value:
    case MemberResult::Moment:
      if (d.result_of) return true;
      if (entry.result == MemberResult::Value) wanted = d.result;
      wanted.dims = d.result.dims;
      words = fmt::format("a value of type `{}`", types::to_string(wanted));
      break;
    case MemberResult::Share: words = "a number between 0 and 1"; break;
    default: break;
  }
  const bool index = wanted.scalar == Scalar::Index;
  const bool numeric = wanted.scalar == Scalar::Bool ? body.type.scalar == Scalar::Bool : body.type.is_numeric();
  const bool whole = wanted.scalar != Scalar::Int || body.type.scalar != Scalar::Real;
  const bool index_fits = !index || body.type.scalar == Scalar::Int || body.type.index_of == wanted.index_of;
  const bool shape_fits = body.type.dims.empty() || types::same_dims(body.type.dims, wanted.dims);
  if (numeric && whole && index_fits && shape_fits) return true;
  inner.sink.report(Id::MemberResult, body.range, entry.name, words, types::to_string(body.type));
  return false;
}

struct MemberCheck {
  Context& inner;
  Distribution& d;
  const syntax::DistMember& source;

  DistributionMember run(DistributionMember member) {
    const MemberEntry* entry = find_member_entry(source.name.text);
    if (entry && entry->result == MemberResult::Flag) {
      inner.sink.report(Id::GivenMember, source.name.range, source.name.text)
          .note("whether a draw is a whole number, a bool or an index follows from the result type");
      return member;
    }
    const std::size_t wanted = entry && entry->parameter != MemberParameter::None ? 1 : 0;
    if (entry && source.parameters.size() != wanted) {
      inner.sink.report(Id::MemberParameters, source.name.range, source.name.text, parameter_words(*entry))
          .help(wanted ? fmt::format("write `{}(x) = ...`", source.name.text) : fmt::format("write `{}{} = ...`", source.name.text, entry->name == "draw" ? "()" : ""));
      return member;
    }
    enter(inner);
    std::vector<const Symbol*> parameters;
    for (const syntax::Name& name : source.parameters) {
      Symbol* p = declare_symbol(inner, name, SymbolKind::Parameter, nullptr);
      p->type = parameter_type(d, entry);
      p->stage = Stage::Constant;
      if (p->type.is_error()) p->kind = SymbolKind::Poisoned;
      parameters.push_back(p);
    }
    member.parameters = inner.arena.copy(parameters);
    inner.place = source.name.text == "draw" ? Place::Draw : Place::Distribution;
    member.body = body(entry);
    leave(inner);
    return member;
  }

  const Expr* body(const MemberEntry* entry) {
    if (entry && entry->result == MemberResult::Part) return check_distribution(inner, *source.value, {});
    Expected expected;
    if (entry && (entry->result == MemberResult::Value || entry->result == MemberResult::Moment)) expected.dims = d.result.dims;
    const Expr* value = check_expr(inner, *source.value, expected);
    if (value->is_error()) return nullptr;
    if (entry && !result_fits(inner, d, *entry, *value)) return nullptr;
    return value;
  }
};

// The distribution as its own members see it: with its parameters as arguments.
const DistributionExpr* own_distribution(Context& inner, const Distribution& d) {
  auto* self = inner.arena.make<DistributionExpr>();
  self->kind = ExprKind::Distribution;
  self->range = d.declaration->name.range;
  self->distribution = &d;
  std::vector<const Expr*> arguments;
  for (const Symbol* p : d.parameters) arguments.push_back(make_variable(inner, p, self->range));
  self->arguments = inner.arena.copy(arguments);
  self->dimensions = d.generic;
  self->type = value_type(d);
  return self;
}

}  // namespace

void check_distribution_bodies(Context& c, Distribution& d) {
  d.completed = true;
  Context inner = signature_context(c, d);
  inner.own_distribution = own_distribution(inner, d);
  std::vector<DistributionMember> members(d.members.begin(), d.members.end());
  for (DistributionMember& member : members) {
    const auto source = std::find_if(d.declaration->members.begin(), d.declaration->members.end(),
                                     [&](const syntax::DistMember& m) { return m.name.range == member.range; });
    if (source == d.declaration->members.end()) continue;
    member = MemberCheck{inner, d, *source}.run(member);
    // What is checked so far is what the members below may call.
    d.members = c.arena.copy(members);
    if (member.name == "lowest" && member.body) d.lower = member.body;
    if (member.name == "highest" && member.body) d.upper = member.body;
  }
}

const Expr* check_own_member(Context& c, std::string_view name, List<const syntax::Argument> arguments, SourceRange range) {
  if (!c.own_distribution) return nullptr;
  const Distribution& d = *c.own_distribution->distribution;
  const DistributionMember* member = find_member(d, name);
  if (!member) return nullptr;
  if (!member->body) {
    if (member->range.begin < range.begin) return make_error(c, range);  // wrong itself, which is reported
    c.sink.report(Id::ReadAbove, range, name)
        .also_at(member->range, "given here")
        .note("a member may call the members above it")
        .help(fmt::format("move `{}` above this one", name));
    return make_error(c, range);
  }
  if (arguments.size() != member->parameters.size()) {
    c.sink.report(Id::WrongArity, range, name, member->parameters.size() == 1 ? "one argument" : fmt::format("{} arguments", member->parameters.size()),
                  arguments.size() == 1 ? std::string("1 is") : fmt::format("{} are", arguments.size()))
        .also_at(member->range, "given here");
    return make_error(c, range);
  }
  auto* read = c.arena.make<MemberExpr>();
  read->kind = ExprKind::Member;
  read->range = range;
  read->object = c.own_distribution;
  read->member = member->name;
  read->type = member->body->type;
  read->stage = member->body->stage;
  std::vector<const Expr*> values;
  for (const syntax::Argument& a : arguments) {
    const Expr* value = check_expr(c, *a.value);
    if (value->is_error()) return value;
    read->stage = later(read->stage, value->stage);
    values.push_back(value);
  }
  read->arguments = c.arena.copy(values);
  return read;
}

}  // namespace lacuna::check
