#include "compiler/check/foreign_names.h"

#include <algorithm>
#include <array>

#include "compiler/support/nearest.h"

namespace lacuna::check {

using diagnostics::Id;

namespace {

struct Foreign {
  std::string_view name;
  std::string_view here;
  std::string_view rename;
};

constexpr auto kForeign = std::to_array<Foreign>({
#define LACUNA_FOREIGN_DISTRIBUTION(name, here, rename) {name, here, rename},
#include "compiler/check/foreign_distributions.def"
#undef LACUNA_FOREIGN_DISTRIBUTION
});

struct ForeignWord {
  std::string_view name;
  std::string_view here;
};
constexpr auto kFunctions = std::to_array<ForeignWord>({
#define LACUNA_FOREIGN_FUNCTION(name, here) {name, here},
#include "compiler/check/foreign_functions.def"
});
constexpr auto kValues = std::to_array<ForeignWord>({
#define LACUNA_FOREIGN_VALUE(name, here) {name, here},
#include "compiler/check/foreign_functions.def"
});
constexpr auto kGaps = std::to_array<std::string_view>({
#define LACUNA_FOREIGN_GAP(name) name,
#include "compiler/check/foreign_functions.def"
});
constexpr auto kModules = std::to_array<std::string_view>({
#define LACUNA_FOREIGN_MODULE(name) name,
#include "compiler/check/foreign_functions.def"
});

bool contains(const auto& names, std::string_view name) { return std::find(names.begin(), names.end(), name) != names.end(); }

// `Normal` for `normal_lpdf`; empty for what is no density of another language.
std::string_view density_of(Context& c, std::string_view name) {
  for (const std::string_view ending : {"_lpdf", "_lpmf", "_lupdf", "_lupmf", "_lcdf", "_lccdf", "_cdf", "_rng"}) {
    if (name.size() <= ending.size() || !name.ends_with(ending)) continue;
    const std::string_view stem = name.substr(0, name.size() - ending.size());
    for (const Foreign& f : kForeign)
      if (f.name == stem && !f.rename.empty()) return f.rename;
    return support::nearest(stem, c.library.names());
  }
  return {};
}

// What other languages call parameters that are nearly everywhere.
struct ForeignParameter {
  std::string_view name;
  std::string_view here;
};
constexpr auto kParameters = std::to_array<ForeignParameter>({
    {"sd", "scale"}, {"sigma", "scale"}, {"std", "scale"}, {"stddev", "scale"}, {"beta", "rate"}, {"lambda", "rate"}, {"lam", "rate"},
    {"mu", "loc"}, {"mean", "loc"}, {"location", "loc"}, {"nu", "df"}, {"alpha", "concentration"}, {"a", "concentration"},
    {"n", "total_count"}, {"N", "total_count"}, {"trials", "total_count"}, {"prob", "p"}, {"theta", "p"}, {"lower", "low"}, {"upper", "high"},
    {"eta", "concentration"}, {"gate", "p"}, {"weights", "w"}, {"probs", "p"},
});

}  // namespace

void report_unknown_distribution(Context& c, const syntax::CallExpr& call, std::string_view name) {
  const SourceRange at = call.callee->range;
  auto& report = c.sink.report(Id::UnknownDistribution, at, name);
  for (const Foreign& f : kForeign) {
    if (f.name != name) continue;
    std::vector<diagnostics::FixIt> fixits;
    if (!f.rename.empty()) fixits.push_back({at, std::string(f.rename)});
    report.help(fmt::format("Lacuna writes `{}`", f.here), std::move(fixits));
    return;
  }
  const std::string_view near = support::nearest(name, c.library.names());
  if (!near.empty())
    report.help(fmt::format("did you mean `{}`?", near), {{at, std::string(near)}});
  else
    report.help(fmt::format("declare it: `dist {}(...): real {{ log_density(x) = ... }}`", name));
}

bool is_foreign_gap(std::string_view name) { return contains(kGaps, name); }

bool explain_foreign_value(diagnostics::Diagnostic& report, const syntax::NameExpr& name) {
  for (const ForeignWord& known : kValues) {
    if (known.name != name.text) continue;
    report.help(fmt::format("write `{}`", known.here), {{name.range, std::string(known.here)}});
    return true;
  }
  if (is_foreign_gap(name.text)) {
    report.note("a gap is not a value, so nothing compares with it").help("whether there is a value is asked by `present(x)`");
    return true;
  }
  if (!contains(kModules, name.text)) return false;
  report.help("functions need no module: write `exp(x)`");
  return true;
}

bool explain_foreign_function(Context& c, diagnostics::Diagnostic& report, std::string_view name) {
  for (const ForeignWord& known : kFunctions) {
    if (known.name != name) continue;
    report.help(fmt::format("Lacuna writes `{}`", known.here));
    return true;
  }
  const std::string_view distribution = density_of(c, name);
  if (distribution.empty()) return false;
  if (name.ends_with("cdf") && !name.ends_with("lcdf") && !name.ends_with("lccdf"))
    report.help(fmt::format("a member of a distribution is a value: `{}(...).cdf(x)`", distribution));
  else if (name.ends_with("_rng"))
    report.help(fmt::format("to draw for each draw of the posterior, write `output q ~ {}(...)`", distribution));
  else
    report.help(fmt::format("data are scored by `observe y ~ {0}(...)`; the density at a value is `{0}(...).log_density(y)`", distribution));
  return true;
}

bool explain_foreign_parameter(Context& c, diagnostics::Diagnostic& report, const syntax::Argument& argument, const syntax::CallExpr& call) {
  const std::string_view name = argument.name.text;
  if (name == "obs" || name == "observed") {
    report.note("what is observed stands before the `~` of an `observe`")
        .help(fmt::format("write `observe {} ~ {}(...)`", c.sources.text(argument.value->range), c.sources.text(call.callee->range)));
    return true;
  }
  if (name == "shape" || name == "size" || name == "dims" || name == "sample_shape") {
    report.help("the dimensions of a latent stand in its brackets: `sample z[K] ~ Normal(0, 1)`");
    return true;
  }
  if (name == "mask") {
    report.help("a mask stands behind the distribution: `observe y ~ Normal(mu, sigma) where seen`");
    return true;
  }
  const auto* callee = call.callee->get_if<syntax::NameExpr>();
  if (!callee) return false;
  for (const ForeignParameter& p : kParameters) {
    if (p.name != name) continue;
    for (const Distribution* d : c.library.declared(callee->text)) {
      const auto all = d->declaration->parameters;
      const bool has = std::any_of(all.begin(), all.end(), [&](const syntax::Parameter& own) { return own.name.text == p.here; });
      if (!has) continue;
      report.help(fmt::format("Lacuna calls it `{}`", p.here), {{argument.name.range, std::string(p.here)}});
      return true;
    }
  }
  return false;
}

}  // namespace lacuna::check
