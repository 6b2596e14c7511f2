// `sample`: latents.
#include <algorithm>
#include <array>

#include "compiler/check/check_statement.h"
#include "compiler/check/distribution_members.h"
#include "compiler/check/narrow_support.h"
#include "compiler/check/provisional_type.h"
#include "compiler/check/walk.h"

namespace lacuna::check {

using diagnostics::Id;

namespace {

struct Sample {
  Context& c;
  const syntax::SampleStmt& source;
  OpenTarget open;
  Type declared;
  bool claimed = false;
  Symbol* symbol = nullptr;

  List<const Dimension* const> whole_dims() const {
    if (claimed) return declared.dims;
    return c.arena.copy(std::vector<const Dimension*>(open.dims.begin() + static_cast<std::ptrdiff_t>(open.indexed), open.dims.end()));
  }

  void read_type() {
    const syntax::Target& target = source.target;
    if (!target.type) return;
    claimed = true;
    declared = check_type(c, *target.type, false);
    if (declared.is_error()) {
      open.wrong = true;
      return;
    }
    if (declared.optional) {
      c.sink.report(Id::MaybeMissingLatent, target.type->range).note("a latent has a value in every draw").help("leave the `?` out");
      declared.optional = false;
      open.wrong = true;
    }
    if (open.dims.size() > open.indexed) {
      c.sink.report(Id::BracketsAndType, target.type->range, target.name.text)
          .help(fmt::format("with an index, the type is that of one element: `{}[i in I]: {}`", target.name.text, c.sources.text(target.type->range)));
      open.wrong = true;
    }
  }

  Type whole_type(Type element) const {
    std::vector<const Dimension*> dims(open.dims.begin(), open.dims.begin() + static_cast<std::ptrdiff_t>(open.indexed));
    dims.insert(dims.end(), element.dims.begin(), element.dims.end());
    element.dims = c.arena.copy(dims);
    return element;
  }

  // With an index, the distribution may read earlier elements, so the symbol has a type before it is settled.
  void declare() {
    symbol = declare_symbol(c, source.target.name, SymbolKind::Latent, &source);
    symbol->kind = SymbolKind::Latent;
    symbol->stage = Stage::Draw;
    symbol->in_definition = true;
    symbol->plate_rank = 0;
    for (const Plate* p = c.plate; p; p = p->parent) symbol->plate_rank += static_cast<std::uint32_t>(p->indices.size());
    symbol->local = open.local;
    symbol->domain = open.target.domain;
    symbol->domain_axes = open.target.indices;
    if (open.wrong) {
      symbol->type = {};  // what it reads of itself is no second mistake
      return;
    }
    if (!mentions(*source.distribution, source.target.name.text)) {
      if (symbol->type.is_error()) symbol->type = whole_type(types::real_type());
      return;
    }
    Type element = claimed ? declared : provisional_type(c, *source.distribution, source.target.name.text, whole_dims());
    if (!claimed && !element.is_error() && element.dims.size() < whole_dims().size()) element.dims = whole_dims();
    // What cannot be known yet poisons the reads of itself; `check` reports it when nothing else was wrong.
    symbol->type = element.is_error() ? Type{} : whole_type(element);
  }

  bool check_noncentered(const DistributionExpr& d, bool narrower) {
    if (!source.noncentered) return true;
    if (narrower) {
      c.sink.report(Id::NoncenteredNarrowed, source.noncentered_range)
          .note("a standard normal that is shifted and scaled reaches every number");
      return false;
    }
    const auto missing = missing_member(c, d, "from_standard");
    if (!missing) return true;
    c.sink.report(Id::NoStandardForm, source.noncentered_range, missing->distribution)
        .also_at(d.range, "gives no `from_standard`")
        .note("`noncentered` infers a standard normal and turns it into this one, which `from_standard(z)` says how to do");
    return false;
  }

  bool check_censored(const DistributionExpr& d) {
    static constexpr std::array<std::string_view, 3> kCensored = {"LeftCensored", "RightCensored", "IntervalCensored"};
    if (!d.distribution || !d.distribution->from_library) return true;
    if (std::find(kCensored.begin(), kCensored.end(), d.distribution->name) == kCensored.end()) return true;
    c.sink.report(Id::CensoredLatent, d.range)
        .note("censoring says what was seen of a value; a latent has its value in every draw")
        .help("`Truncated` limits where a latent may lie");
    return false;
  }

  const SampleStatement* check() {
    DistributionPlace place;
    place.dims = whole_dims();
    place.has_dims = claimed || source.target.has_brackets;
    place.target = symbol;
    if (claimed) place.declared = &declared;
    const std::size_t errors = c.sink.error_count();
    const DistributionExpr* d = open.wrong ? nullptr : check_distribution(c, *source.distribution, place);
    if (!d) {
      if (!open.wrong && symbol->type.is_error() && c.sink.error_count() == errors) {
        c.sink.report(Id::OwnPastUnsettled, source.target.name.range, source.target.name.text)
            .note("its distribution reads it, and nothing else there says what it is")
            .help("write the dimension of its draws in the brackets, or give a parameter whose shape says it");
      }
      return nullptr;
    }
    if (!check_censored(*d)) return nullptr;
    Narrowed narrowed{.type = d->type};
    if (claimed) narrowed = narrow_support(c, source.target, declared, *d);
    if (narrowed.wrong || !check_noncentered(*d, narrowed.narrower)) return nullptr;
    auto* sample = c.arena.make<SampleStatement>();
    sample->kind = syntax::StmtKind::Sample;
    sample->source = &source;
    sample->plate = c.plate;
    sample->target = open.target;
    sample->target.symbol = symbol;
    sample->distribution = d;
    sample->noncentered = source.noncentered;
    sample->own_past = reads_symbol(*d, symbol);
    sample->normaliser = narrowed.normaliser;
    symbol->type = whole_type(narrowed.type);
    return sample;
  }
};

}  // namespace

void check_sample(Context& c, const syntax::SampleStmt& statement) {
  Sample sample{c, statement, open_target(c, statement.target), {}};
  sample.read_type();
  sample.declare();
  const SampleStatement* result = sample.check();
  close_target(c);
  // The brackets' scope took the name away.
  c.scope.declare(sample.symbol);
  sample.symbol->in_definition = false;
  if (!result) {
    sample.symbol->kind = SymbolKind::Poisoned;
    return;
  }
  if (c.model) c.model->statements.push_back(result);
}

}  // namespace lacuna::check
