// `guide`: parameters, the latents it covers, and what it leaves to an automatic one.
#include <algorithm>
#include <array>

#include "compiler/check/check_statement.h"
#include "compiler/support/nearest.h"

namespace lacuna::check {

using diagnostics::Id;
using types::Scalar;

namespace {

constexpr std::array<std::string_view, 6> kFamilies = {"Delta", "MeanFieldNormal", "FullRankNormal", "LowRankNormal", "Laplace", "Flow"};

struct Guide {
  Context& c;
  const CheckedModel& model;
  CheckedGuide result{};

  Symbol* find_latent(const syntax::Name& name) {
    std::vector<std::string_view> latents;
    for (const Symbol* s : model.symbols) {
      if (s->name == name.text) {
        if (s->kind == SymbolKind::Poisoned) return nullptr;
        if (s->kind == SymbolKind::Latent) return const_cast<Symbol*>(s);
        c.sink.report(Id::UncoverableLatent, name.range, name.text)
            .also_at(s->range, "no latent of the model")
            .note("a guide gives distributions to latents, which the model declares with `sample`");
        return nullptr;
      }
      if (s->kind == SymbolKind::Latent) latents.push_back(s->name);
    }
    auto& report = c.sink.report(Id::UnknownName, name.range, name.text);
    const std::string_view near = support::nearest(name.text, latents);
    if (!near.empty())
      report.help(fmt::format("did you mean `{}`?", near), {{name.range, std::string(near)}});
    else
      report.note(fmt::format("a guide covers latents of `{}`", model.name));
    return nullptr;
  }

  void add_parameter(const syntax::ParamStmt& s) {
    Symbol* symbol = declare_symbol(c, s.name, SymbolKind::GuideParameter, &s);
    symbol->stage = Stage::Draw;
    if (s.type) symbol->type = check_type(c, *s.type, false);
    if (symbol->type.is_error()) {
      symbol->kind = SymbolKind::Poisoned;
      return;
    }
    const Expr* start = nullptr;
    if (s.value) {
      start = check_expr(c, *s.value, {.dims = symbol->type.dims});
      if (start->is_error()) return;
      if (!start->type.dims.empty() && !types::same_dims(start->type.dims, symbol->type.dims)) {
        report_claim_shape(c, start->range, s.name.text, start->type.dims, symbol->type.dims);
        return;
      }
      if (!check_fits(c, *start, symbol->type, s.name.text)) return;
    }
    result.statements.push_back({&s, symbol, nullptr, start});
  }

  bool check_coverable(const syntax::SampleStmt& s, const Symbol& latent) {
    const auto earlier = std::find_if(result.statements.begin(), result.statements.end(), [&](const GuideStatement& g) { return g.symbol == &latent; });
    if (earlier != result.statements.end()) {
      c.sink.report(Id::CoveredTwice, s.target.name.range, latent.name).also_at(earlier->source->range, "covered here");
      return false;
    }
    if (latent.type.scalar == Scalar::Real) return true;
    c.sink.report(Id::UncoverableLatent, s.target.name.range, latent.name)
        .also_at(latent.range, fmt::format("of type `{}`", types::to_string(latent.type)))
        .note("a discrete latent is summed out exactly, so nothing of it is left to approximate");
    return false;
  }

  static bool same_support(const Type& a, const Type& b) {
    return a.scalar == b.scalar && a.structure == b.structure && a.bounds.lo == b.bounds.lo && a.bounds.hi == b.bounds.hi;
  }

  void cover(const syntax::SampleStmt& s) {
    Symbol* latent = find_latent(s.target.name);
    if (!latent || !check_coverable(s, *latent)) return;
    const OpenTarget open = open_target(c, s.target);
    const auto dims = latent->type.dims;
    const DistributionExpr* d = nullptr;
    if (!open.wrong && (open.dims.size() > dims.size() || !std::equal(open.dims.begin(), open.dims.end(), dims.begin()))) {
      c.sink.report(Id::TargetBrackets, s.target.range, types::shape_string(c.arena.copy(open.dims)), latent->name,
                    dims.empty() ? std::string("no dimension") : "shape " + types::shape_string(dims))
          .also_at(latent->range, "declared here");
    } else if (!open.wrong) {
      DistributionPlace place;
      place.target = latent;
      place.dims = dims.subspan(open.indexed);
      place.has_dims = true;
      d = check_distribution(c, *s.distribution, place);
    }
    close_target(c);
    if (!d) return;
    if (!same_support(d->type, latent->type)) {
      c.sink.report(Id::GuideSupport, d->range, latent->name, fmt::format("`{}`", types::to_string(d->type)), fmt::format("`{}`", types::to_string(latent->type)))
          .also_at(latent->range, "declared here")
          .note("a guide must be able to draw every value that the latent may have, and no other");
      return;
    }
    if (!c.scope.find(latent->name)) c.scope.declare(latent);
    result.statements.push_back({&s, latent, d, nullptr});
  }

  void set_automatic(const syntax::AutoStmt& s) {
    if (std::find(kFamilies.begin(), kFamilies.end(), s.family.text) == kFamilies.end()) {
      auto& report = c.sink.report(Id::UnknownGuideFamily, s.family.range, s.family.text);
      const std::string_view near = support::nearest(s.family.text, {kFamilies.begin(), kFamilies.end()});
      if (!near.empty())
        report.help(fmt::format("did you mean `{}`?", near), {{s.family.range, std::string(near)}});
      else
        report.note("there are `Delta`, `MeanFieldNormal`, `FullRankNormal`, `LowRankNormal`, `Laplace` and `Flow`");
      return;
    }
    if (!result.automatic.empty()) {
      c.sink.report(Id::CoveredTwice, s.range, "the rest");
      return;
    }
    result.automatic = s.family.text;
  }

  void check(const syntax::Stmt& s) {
    switch (s.kind) {
      case syntax::StmtKind::Param: return add_parameter(s.as<syntax::ParamStmt>());
      case syntax::StmtKind::Sample: return cover(s.as<syntax::SampleStmt>());
      case syntax::StmtKind::Auto: return set_automatic(s.as<syntax::AutoStmt>());
      case syntax::StmtKind::Let:
        check_let(c, s.as<syntax::LetStmt>());
        if (const Symbol* symbol = c.scope.find(s.as<syntax::LetStmt>().target.name.text)) result.statements.push_back({&s, symbol, nullptr, nullptr});
        return;
      case syntax::StmtKind::Broken: return check_statement(c, s);
      case syntax::StmtKind::For:
        c.sink.report(Id::GuideStatement, s.range, "a plate").help("an index stands in the target: `sample a[j in J] ~ Normal(m[j], s[j])`");
        return;
      case syntax::StmtKind::Observe:
      case syntax::StmtKind::Factor:
      case syntax::StmtKind::Output:
        c.sink.report(Id::GuideStatement, s.range, s.kind == syntax::StmtKind::Observe ? "an `observe`" : s.kind == syntax::StmtKind::Factor ? "a `factor`" : "an `output`")
            .note("a guide says from which distributions latents are drawn; what is known of them stands in the model");
        return;
    }
  }
};

}  // namespace

void check_guide(Context& file, const syntax::GuideDecl& declaration, CheckedModel& model) {
  Context c{file.sources, file.arena, file.sink, file.library, {}, file.dimensions, file.functions, {}, Place::Guide};
  for (const Dimension* d : model.dimensions) c.dimensions[d->name] = const_cast<Dimension*>(d);
  enter(c);
  for (const Symbol* argument : model.arguments) c.scope.declare(const_cast<Symbol*>(argument));
  Guide guide{c, model};
  guide.result.name = declaration.name.text;
  for (const syntax::Stmt* s : declaration.body) guide.check(*s);
  leave(c);
  model.guides.push_back(std::move(guide.result));
}

}  // namespace lacuna::check
