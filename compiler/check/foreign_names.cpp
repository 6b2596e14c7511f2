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
