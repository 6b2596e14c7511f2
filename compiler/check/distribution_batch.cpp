// The batch of a distribution: what the arguments' dimensions beyond their parameters' come to, lined up with the target.
//
// Each argument lines up with the target by itself, so `Normal(row, col)` is fine for a target over `[N, P]`. Without a
// target's dimensions the arguments' must contain each other (fine_print.md, Dimensions).
#include <algorithm>

#include "compiler/check/check_expr_parts.h"
#include "compiler/check/distribution_call.h"

namespace lacuna::check {

using diagnostics::Id;

using Dims = List<const Dimension* const>;

namespace {

// What lines up: an argument, or the draws of a base or component.
struct Part {
  Dims dims;
  SourceRange range;
  std::string_view name;
};

std::vector<Part> parts_of(DistributionCall& call) {
  std::vector<Part> parts;
  for (std::size_t i = 0; i < call.batches.size(); ++i)
    if (!call.batches[i].empty()) parts.push_back({call.batches[i], call.arguments[i]->range, call.d.parameters[i]->name});
  return parts;
}

// The distributions taken: they are lined up with the target where they stand, so only their batch counts here.
std::vector<const DistributionExpr*> taken(const DistributionCall& call) {
  std::vector<const DistributionExpr*> all(call.components.begin(), call.components.end());
  for (const Expr* a : call.arguments)
    if (a && a->kind == ExprKind::Distribution) all.push_back(&a->as<DistributionExpr>());
  return all;
}

bool fits_batch(Dims part, Dims batch) {
  if (types::has_repeated(part) || types::has_repeated(batch)) return part.empty() || types::same_dims(part, batch);
  return std::all_of(part.begin(), part.end(), [&](const Dimension* d) { return types::contains(batch, d); });
}

// The first dimension of the part that the target lacks; where there is none, the shape as a whole does not fit.
const Dimension* extra(Dims part, Dims batch) {
  for (const Dimension* d : part)
    if (!types::contains(batch, d)) return d;
  return part.empty() ? nullptr : part[0];
}

void report_growth(DistributionCall& call, const Part& part, Dims batch) {
  auto& report = call.c.sink.report(Id::ArgumentGrowsTarget, part.range, part.name, call.d.name);
  const Dimension* d = extra(part.dims, batch);
  report.label(fmt::format("has shape {}", types::shape_string(part.dims)));
  if (call.place.target)
    report.also_at(call.place.target->range, fmt::format("{} here", batch.empty() ? std::string("one value") : "has shape " + types::shape_string(batch)));
  const bool indexed = std::any_of(call.c.indices.begin(), call.c.indices.end(), [&](const Symbol* s) { return s->type.index_of == d; });
  if (indexed) {
    const auto index = std::find_if(call.c.indices.rbegin(), call.c.indices.rend(), [&](const Symbol* s) { return s->type.index_of == d; });
    report.note(fmt::format("the target is written for each `{}`, so its parameters are too", (*index)->name));
    if (call.c.sources.text(part.range).find_first_of(" [(") == std::string_view::npos && part.dims.size() == 1)
      report.help(fmt::format("write `{}[{}]`", call.c.sources.text(part.range), (*index)->name),
                  {{{part.range.file, part.range.end, part.range.end}, fmt::format("[{}]", (*index)->name)}});
    else
      report.help(fmt::format("take the element of `{}`, as in `x[{}]`", (*index)->name, (*index)->name));
  } else {
    report.note("no array grows in silence: an argument has no other dimensions than the target");
    if (d) report.help(fmt::format("reduce it over `{0}`, as `sum(... for {1} in {0})` does, or give the target the dimension", types::dimension_string(d), index_name(d)));
  }
  call.wrong = true;
}

bool in_plate(const Context& c, const Dimension* d) {
  for (const Plate* p = c.plate; p; p = p->parent)
    for (const Symbol* index : p->indices)
      if (index->type.index_of == d) return true;
  return false;
}

Dims batch_of_target(DistributionCall& call, Dims event) {
  const DistributionPlace& place = call.place;
  const Dims dims = place.dims;
  const bool has_event = dims.size() >= event.size() && types::same_dims(dims.subspan(dims.size() - event.size()), event);
  if (has_event) return dims.subspan(0, dims.size() - event.size());
  if (place.observed && place.target) {
    call.c.sink
        .report(Id::EventShape, call.source.range, call.d.name, event.empty() ? std::string("no dimension") : "shape " + types::shape_string(event),
                dims.empty() ? std::string("is one value") : "has shape " + types::shape_string(dims))
        .also_at(place.target->range, fmt::format("`{}` is `{}`", place.target->name, types::to_string(place.target->type)));
    call.wrong = true;
  }
  return dims;
}

// No target says the shape: the widest part does, if it contains the others.
Dims batch_of_parts(DistributionCall& call, const std::vector<Part>& parts) {
  Dims batch;
  const Part* widest = nullptr;
  for (const Part& part : parts) {
    const auto both = line_up(call.c, batch, part.dims);
    if (!both) {
      auto& report = call.c.sink.report(Id::ArgumentsApart, call.source.range, call.d.name, types::shape_string(batch), types::shape_string(part.dims));
      if (widest) report.also_at(widest->range, fmt::format("has shape {}", types::shape_string(widest->dims)));
      report.also_at(part.range, fmt::format("has shape {}", types::shape_string(part.dims)));
      std::vector<const Dimension*> all(batch.begin(), batch.end());
      for (const Dimension* d : part.dims)
        if (!types::contains(batch, d)) all.push_back(d);
      report.help(fmt::format("say what the target runs over: `sample z{} ~ {}(...)`", types::shape_string(call.c.arena.copy(all)), call.d.name));
      call.wrong = true;
      return {};
    }
    if (!types::same_dims(*both, batch)) widest = &part;
    batch = *both;
  }
  return batch;
}

}  // namespace

Dims line_up_batch(DistributionCall& call, Dims event) {
  std::vector<Part> parts = parts_of(call);
  if (call.place.has_dims) {
    const Dims batch = batch_of_target(call, event);
    if (call.wrong) return {};
    for (const Part& part : parts)
      if (!fits_batch(part.dims, batch)) {
        report_growth(call, part, batch);
        return {};
      }
    return batch;
  }
  for (const DistributionExpr* d : taken(call)) parts.push_back({d->type.dims.subspan(0, d->batch_rank), d->range, d->distribution ? d->distribution->name : ""});
  // Inside a plate an argument with the plate's own dimension would give every element all of them.
  for (const Part& part : parts)
    for (const Dimension* d : part.dims)
      if (in_plate(call.c, d)) {
        report_growth(call, part, {});
        return {};
      }
  return batch_of_parts(call, parts);
}

}  // namespace lacuna::check
