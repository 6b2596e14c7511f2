// Generic dimensions of a distribution: settled by arguments, by the target, or by what follows from others.
#include <algorithm>
#include <cstdlib>
#include <utility>

#include "compiler/check/distribution_call.h"

namespace lacuna::check {

using diagnostics::Id;
using types::DimensionOrigin;
using types::Scalar;
using types::Structure;

using Dims = List<const Dimension* const>;

namespace {

bool is_literal(const Dimension* d) { return d->origin == DimensionOrigin::Literal; }

// A written vector's dimension gives way to a named one of the same size.
bool agree(const Dimension* a, const Dimension* b) {
  if (a == b) return true;
  if (!is_literal(a) && !is_literal(b)) return false;
  return a->size < 0 || b->size < 0 || a->size == b->size;
}

// Settles `generic`, or compares with what settled it; false and reports when they disagree.
bool settle(DistributionCall& call, const Dimension* generic, const Dimension* dimension, SourceRange range, std::string_view by) {
  DistributionCall::Solution* s = call.find_solution(generic);
  if (!s) {
    if (generic == dimension) return true;
  } else if (!s->dimension) {
    *s = {dimension, range, by};
    return true;
  } else if (s->dimension == dimension) {
    return true;
  }
  call.wrong = true;
  if (s && std::exchange(s->disputed, true)) return false;
  auto& report = call.c.sink.report(Id::DimensionsDisagree, range, call.d.name, generic->name);
  report.label(fmt::format("over `{}`", types::dimension_string(dimension)));
  if (!s) return false;
  report.also_at(s->range, fmt::format("over `{}`", types::dimension_string(s->dimension)));
  if (is_literal(dimension) != is_literal(s->dimension))
    report.note("a vector written elsewhere has no dimension with a name; one written in this place takes that of the others")
        .help(fmt::format("give it its dimension where it is made: `let x: real[{0}] = [...]`, `sample x[{0}] ~ ...`",
                          types::dimension_string(is_literal(dimension) ? s->dimension : dimension)));
  return false;
}

// Puts the target's dimension in the place of a written vector's, whose length is checked when the size is known.
void adopt(DistributionCall& call, DistributionCall::Solution& s, const Dimension* dimension, SourceRange range) {
  if (s.dimension && dimension->size < 0) {
    Obligation o;
    o.kind = Obligation::Kind::Length;
    o.dimension = dimension;
    o.required = Interval::point(static_cast<double>(s.dimension->size));
    o.range = s.range;
    oblige(call.c, o);
  }
  s = {dimension, range, "the target"};
}

std::string shape_words(Dims dims) { return dims.empty() ? "no dimension" : types::shape_string(dims); }

void report_shape(DistributionCall& call, const Symbol& p, const Expr& value) {
  auto& report = call.c.sink.report(Id::ParameterShape, value.range, p.name, call.d.name, shape_words(substitute(call, p.type.dims)),
                                    shape_words(value.type.dims));
  if (p.type.rank() == 1 && p.type.structure == Structure::None) report.help("one value for all fills it; a value for each stands in brackets: `[x for k in K]`");
}

}  // namespace

DistributionCall::Solution* DistributionCall::find_solution(const Dimension* generic) {
  const auto g = std::find(d.generic.begin(), d.generic.end(), generic);
  return g == d.generic.end() ? nullptr : &solution[static_cast<std::size_t>(g - d.generic.begin())];
}

Dims substitute(DistributionCall& call, Dims dims) {
  std::vector<const Dimension*> all;
  for (const Dimension* d : dims) {
    const auto* s = call.find_solution(d);
    all.push_back(s && s->dimension ? s->dimension : d);
  }
  return call.c.arena.copy(all);
}

Type substitute(DistributionCall& call, const Type& type) {
  Type t = type;
  t.dims = substitute(call, type.dims);
  if (!t.index_of) return t;
  const auto* s = call.find_solution(t.index_of);
  if (s && s->dimension) {
    t.index_of = s->dimension;
    t.bounds = types::index_type(s->dimension).bounds;
  }
  return t;
}

bool is_solved(DistributionCall& call, const Type& type) {
  return std::all_of(type.dims.begin(), type.dims.end(), [&](const Dimension* d) {
    const auto* s = call.find_solution(d);
    return !s || s->dimension;
  });
}

bool match_dimensions(DistributionCall& call, std::size_t parameter, const Expr& value) {
  const Symbol& p = *call.d.parameters[parameter];
  const Dims own = p.type.dims;
  const Dims given = value.type.dims;
  if (given.empty() && !own.empty() && p.type.structure == Structure::None) return true;  // one number fills the array
  if (given.size() < own.size()) {
    report_shape(call, p, value);
    return false;
  }
  const std::size_t batch = given.size() - own.size();
  call.batches[parameter] = given.subspan(0, batch);
  for (std::size_t i = 0; i < own.size(); ++i)
    if (!settle(call, own[i], given[batch + i], value.range, p.name)) return false;
  return true;
}

Dims event_dims(DistributionCall& call) {
  if (call.d.result_of) return call.drawn ? call.drawn->type.dims.subspan(call.drawn->batch_rank) : Dims{};
  return substitute(call, call.d.result.dims);
}

void settle_from_target(DistributionCall& call) {
  const DistributionPlace& place = call.place;
  if (call.d.result_of) return;
  const Type& result = call.d.result;
  const SourceRange range = place.target ? place.target->range : call.source.range;
  if (place.has_dims && place.dims.size() >= result.dims.size()) {
    const Dims last = place.dims.subspan(place.dims.size() - result.dims.size());
    for (std::size_t i = 0; i < last.size(); ++i) {
      auto* s = call.find_solution(result.dims[i]);
      if (!s) continue;
      if (!s->dimension || (is_literal(s->dimension) && agree(s->dimension, last[i]))) {
        adopt(call, *s, last[i], range);
      } else if (place.observed || s->by == "the target") {
        settle(call, result.dims[i], last[i], range, "the target");
      }
    }
  }
}

void settle_index(DistributionCall& call) {
  const Type& result = call.d.result;
  if (!call.place.observed || !call.place.target || result.scalar != Scalar::Index) return;
  const Type& target = call.place.target->type;
  auto* s = call.find_solution(result.index_of);
  if (!s || target.scalar != Scalar::Index) return;
  if (!s->dimension || (is_literal(s->dimension) && agree(s->dimension, target.index_of))) adopt(call, *s, target.index_of, call.place.target->range);
}

namespace {

// `size(A) + n`, `size(A) - n` or `size(A)`.
struct Following {
  const Dimension* base = nullptr;
  std::int64_t more = 0;
};

bool read_following(const Expr* e, Following& f) {
  if (!e) return false;
  if (const auto* size = e->get_if<SizeExpr>()) {
    f = {size->dimension, 0};
    return true;
  }
  const auto* b = e->get_if<BuiltinExpr>();
  if (!b || b->arguments.size() != 2 || (b->op != Builtin::Add && b->op != Builtin::Subtract)) return false;
  const auto* n = b->arguments[1]->get_if<LiteralExpr>();
  if (!n || !read_following(b->arguments[0], f)) return false;
  f.more += b->op == Builtin::Add ? n->integer : -n->integer;
  return true;
}

std::string following_words(const Following& f, std::string_view base) {
  if (f.more == 0) return fmt::format("`{}`", base);
  return fmt::format("`{} {} {}`", base, f.more > 0 ? "+" : "-", std::abs(f.more));
}

// Whether the size of `d` is that of `base` and `more`.
bool follows_from(const Dimension* d, const Dimension* base, std::int64_t more) {
  if (d->size >= 0 && base->size >= 0) return d->size == base->size + more;
  Following own;
  if (read_following(d->derived, own) && own.base == base && own.more == more) return true;
  if (read_following(base->derived, own) && own.base == d && own.more == -more) return true;
  // Both from a third.
  Following other;
  return read_following(d->derived, own) && read_following(base->derived, other) && own.base == other.base && own.more == other.more + more;
}

void settle_one(DistributionCall& call, const Dimension* generic, bool last) {
  Following rule;
  if (!read_following(generic->derived, rule)) return;
  auto* own = call.find_solution(generic);
  auto* base = call.find_solution(rule.base);
  if (!own || !base) return;
  if (own->dimension && !base->dimension) {
    Following known;
    if (read_following(own->dimension->derived, known) && known.more == rule.more) *base = {known.base, own->range, own->by};
    return;
  }
  if (!own->dimension && base->dimension) return;  // only its size is known, which is enough where no argument has it
  if (!last || !own->dimension || !base->dimension || follows_from(own->dimension, base->dimension, rule.more)) return;
  const std::string wanted = following_words(rule, types::dimension_string(base->dimension));
  call.c.sink.report(Id::DerivedDimension, own->range, own->by, call.d.name, fmt::format("`{}`", types::dimension_string(own->dimension)),
                     wanted)
      .note(fmt::format("`{}` of `{}` is {}", generic->name, call.d.name, following_words(rule, rule.base->name)))
      .help(fmt::format("declare `dim {} = {}`", types::dimension_string(own->dimension), wanted.substr(1, wanted.size() - 2)));
  call.wrong = true;
}

}  // namespace

void settle_derived(DistributionCall& call, bool last) {
  for (const Dimension* g : call.d.generic)
    if (g->derived) settle_one(call, g, last);
  if (!last) return;
  for (std::size_t i = 0; i < call.solution.size(); ++i) {
    const Dimension* g = call.d.generic[i];
    if (call.solution[i].dimension || g->derived) continue;
    const bool in_draw = types::contains(call.d.result.dims, g) || call.d.result.index_of == g;
    auto& report = call.c.sink.report(Id::DimensionUnsettled, call.source.range, call.d.name);
    if (in_draw && !call.d.result.dims.empty())
      report.help(fmt::format("write it in the target's brackets: `sample z{} ~ {}(...)`", types::shape_string(call.d.result.dims), call.d.name));
    else if (in_draw)
      report.note("the number of categories comes from its arguments; `size` and `dim` can give it: `[1.0 for k in K]`");
    else
      report.help("give an array for the parameter that has this dimension");
    call.wrong = true;
    return;
  }
}

}  // namespace lacuna::check
