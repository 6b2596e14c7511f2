#include "compiler/check/distribution_overload.h"

#include <algorithm>

#include "compiler/check/distribution_signature.h"
#include "compiler/check/foreign_names.h"
#include "compiler/support/nearest.h"

namespace lacuna::check {

using diagnostics::Id;
using types::Scalar;

namespace {

using Parameters = List<syntax::Parameter>;

bool is_called(const syntax::Parameter& p, std::string_view name) {
  if (p.name.text == name) return true;
  return std::any_of(p.aliases.begin(), p.aliases.end(), [&](const syntax::Name& alias) { return alias.text == name; });
}

// The parameter's place, or the number of parameters.
std::size_t place_of(const Distribution& d, std::string_view name) {
  const Parameters all = d.declaration->parameters;
  return static_cast<std::size_t>(std::find_if(all.begin(), all.end(), [&](const syntax::Parameter& p) { return is_called(p, name); }) -
                                  all.begin());
}

// A dimension that follows from others is never an argument.
bool takes_argument(const syntax::Parameter& p) { return !p.is_dimension || !p.default_value; }
bool takes_many(const syntax::Parameter& p) { return p.type && p.type->name.text == "dist" && !p.type->dimensions.empty(); }
bool is_needed(const syntax::Parameter& p) { return !p.is_dimension && !p.default_value; }

std::size_t positional_count(const syntax::CallExpr& call) {
  return static_cast<std::size_t>(
      std::find_if(call.arguments.begin(), call.arguments.end(), [](const syntax::Argument& a) { return !a.name.text.empty(); }) -
      call.arguments.begin());
}

bool knows_all_names(const Distribution& d, const syntax::CallExpr& call) {
  return std::all_of(call.arguments.begin(), call.arguments.end(), [&](const syntax::Argument& a) {
    return a.name.text.empty() || place_of(d, a.name.text) < d.declaration->parameters.size();
  });
}

// What the call leaves without a value.
std::vector<std::string_view> lacking(const Distribution& d, const syntax::CallExpr& call) {
  std::vector<std::string_view> names;
  std::size_t by_position = positional_count(call);
  for (const syntax::Parameter& p : d.declaration->parameters) {
    if (takes_argument(p) && by_position > 0) {
      --by_position;
      continue;
    }
    const bool named = std::any_of(call.arguments.begin(), call.arguments.end(), [&](const syntax::Argument& a) { return is_called(p, a.name.text); });
    if (!named && is_needed(p)) names.push_back(p.name.text);
  }
  return names;
}

std::string quoted(const std::vector<std::string_view>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + fmt::format("`{}`", names[i]);
  return text;
}

std::string forms(const std::vector<Distribution*>& overloads) {
  std::string text;
  for (const Distribution* d : overloads) text += (text.empty() ? "" : ", ") + fmt::format("`{}`", call_form(*d));
  return text;
}

void report_unknown_name(Context& c, const std::vector<Distribution*>& overloads, const syntax::Argument& a, const syntax::CallExpr& call) {
  const std::string_view name = overloads[0]->name;
  auto& report = c.sink.report(Id::UnknownParameter, a.name.range, name, a.name.text);
  std::vector<std::string_view> known;
  for (const Distribution* d : overloads) {
    for (const syntax::Parameter& p : d->declaration->parameters) {
      known.push_back(p.name.text);
      for (const syntax::Name& alias : p.aliases) known.push_back(alias.text);
    }
  }
  if (explain_foreign_parameter(c, report, a, call)) return;
  const std::string_view near = support::nearest(a.name.text, known);
  if (!near.empty()) report.help(fmt::format("did you mean `{}`?", near), {{a.name.range, std::string(near)}});
  report.note(fmt::format("it is called as {}", forms(overloads)));
}

// Names that exist, but in no one declaration together.
void report_apart(Context& c, const std::vector<Distribution*>& overloads, const syntax::CallExpr& call) {
  std::vector<std::string_view> names;
  for (const syntax::Argument& a : call.arguments)
    if (!a.name.text.empty()) names.push_back(a.name.text);
  c.sink.report(Id::ParametersApart, call.range, overloads[0]->name, quoted(names)).note(fmt::format("it is called as {}", forms(overloads)));
}

Distribution* choose(Context& c, const std::vector<Distribution*>& overloads, const syntax::CallExpr& call) {
  if (positional_count(call) == call.arguments.size()) return overloads[0];
  Distribution* best = nullptr;
  std::size_t fewest = 0;
  for (Distribution* d : overloads) {
    if (!knows_all_names(*d, call)) continue;
    const std::size_t lacks = lacking(*d, call).size();
    if (best && lacks >= fewest) continue;
    best = d;
    fewest = lacks;
  }
  if (best) return best;
  for (const syntax::Argument& a : call.arguments) {
    if (a.name.text.empty()) continue;
    const bool known = std::any_of(overloads.begin(), overloads.end(),
                                   [&](const Distribution* d) { return place_of(*d, a.name.text) < d->declaration->parameters.size(); });
    if (known) continue;
    report_unknown_name(c, overloads, a, call);
    return nullptr;
  }
  report_apart(c, overloads, call);
  return nullptr;
}

std::string count_of(std::size_t n, std::string_view what) { return n == 1 ? fmt::format("one {}", what) : fmt::format("{} {}s", n, what); }

}  // namespace

std::string call_form(const Distribution& d) {
  std::string text;
  for (const syntax::Parameter& p : d.declaration->parameters) {
    if (!takes_argument(p)) continue;
    text += text.empty() ? "" : ", ";
    text += p.name.text;
    if (takes_many(p)) text += "...";
  }
  return fmt::format("{}({})", d.name, text);
}

std::optional<Binding> bind_arguments(Context& c, const std::vector<Distribution*>& overloads, const syntax::CallExpr& call) {
  Distribution* d = choose(c, overloads, call);
  if (!d) return std::nullopt;
  const Parameters parameters = d->declaration->parameters;
  Binding binding{d, std::vector<const syntax::Expr*>(parameters.size(), nullptr), {}};
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < parameters.size(); ++i)
    if (takes_argument(parameters[i])) order.push_back(i);

  std::size_t next = 0;
  for (const syntax::Argument& a : call.arguments) {
    std::size_t place = 0;
    if (!a.name.text.empty()) {
      place = place_of(*d, a.name.text);
    } else if (!order.empty() && next >= order.size() && takes_many(parameters[order.back()])) {
      binding.components.push_back(a.value);
      continue;
    } else if (next >= order.size()) {
      const std::size_t given = positional_count(call);
      c.sink.report(Id::TooManyArguments, a.value->range, d->name, order.empty() ? std::string("no parameters") : count_of(order.size(), "parameter"),
                    given == 1 ? std::string("1 is") : fmt::format("{} are", given))
          .note(fmt::format("it is called as {}", forms(overloads)));
      return std::nullopt;
    } else {
      place = order[next++];
      if (takes_many(parameters[place])) {
        binding.components.push_back(a.value);
        binding.given[place] = a.value;
        continue;
      }
    }
    if (binding.given[place]) {
      c.sink.report(Id::ArgumentTwice, a.name.range, parameters[place].name.text, d->name).also_at(binding.given[place]->range, "given here");
      return std::nullopt;
    }
    binding.given[place] = a.value;
    if (takes_many(parameters[place])) binding.components.push_back(a.value);
  }
  const std::vector<std::string_view> names = lacking(*d, call);
  if (!names.empty()) {
    c.sink.report(Id::ArgumentMissing, call.range, d->name, quoted(names)).note(fmt::format("it is called as {}", forms(overloads)));
    return std::nullopt;
  }
  return binding;
}

}  // namespace lacuna::check
