// `output q = e`, `output q ~ D(...)`: computed, or drawn, for each posterior draw.
#include "compiler/check/check_expr_parts.h"
#include "compiler/check/check_statement.h"

namespace lacuna::check {

using diagnostics::Id;

namespace {

// The dimensions that a whole target's brackets or type give the value: `output q[N] ~ ...`, `output q: real[N] = ...`.
std::vector<const Dimension*> whole_dims(const OpenTarget& open, const Type& claim, bool claimed) {
  if (claimed) return {claim.dims.begin(), claim.dims.end()};
  return {open.dims.begin() + static_cast<std::ptrdiff_t>(open.indexed), open.dims.end()};
}

void check_output_itself(Context& c, const syntax::OutputStmt& statement) {
  OpenTarget open = open_target(c, statement.target);
  Type claim;
  const bool claimed = statement.target.type != nullptr;
  if (claimed) {
    claim = check_type(c, *statement.target.type, false);
    open.wrong |= claim.is_error();
    if (open.dims.size() > open.indexed && !claim.is_error()) {
      c.sink.report(Id::BracketsAndType, statement.target.type->range, statement.target.name.text);
      open.wrong = true;
    }
  }
  auto* output = c.arena.make<OutputStatement>();
  output->kind = syntax::StmtKind::Output;
  output->source = &statement;
  output->plate = c.plate;
  output->target = open.target;
  const std::vector<const Dimension*> dims = whole_dims(open, claim, claimed);
  const bool has_dims = claimed || open.dims.size() > open.indexed;

  Type element;
  if (statement.drawn) {
    DistributionPlace place;
    place.dims = c.arena.copy(dims);
    place.has_dims = has_dims;
    if (claimed) place.declared = &claim;
    output->distribution = check_distribution(c, *statement.value, place);
    if (!output->distribution)
      open.wrong = true;
    else
      element = support_of(c, *output->distribution);
    if (!open.wrong && has_dims && element.dims.size() < dims.size()) element.dims = place.dims;
  } else {
    Expected expected;
    expected.dims = c.arena.copy(dims);
    if (claimed) {
      expected.index_of = claim.index_of;
      expected.allow_optional = claim.optional;
    }
    output->value = check_expr(c, *statement.value, expected);
    open.wrong |= output->value->is_error();
    if (!open.wrong) {
      element = output->value->type;
      if (has_dims && !element.dims.empty() && !types::same_dims(element.dims, expected.dims)) {
        report_claim_shape(c, statement.value->range, statement.target.name.text, element.dims, expected.dims);
        open.wrong = true;
      } else if (claimed) {
        open.wrong |= !check_fits(c, *output->value, claim, statement.target.name.text);
        element = claim;
      } else if (has_dims) {
        element.dims = expected.dims;
      }
    }
  }
  close_target(c);
  Symbol* symbol = declare_symbol(c, statement.target.name, SymbolKind::Output, &statement);
  symbol->stage = Stage::Chance;
  for (const Plate* p = c.plate; p; p = p->parent) symbol->plate_rank += static_cast<std::uint32_t>(p->indices.size());
  symbol->local = open.local;
  if (open.wrong) {
    symbol->kind = SymbolKind::Poisoned;
    return;
  }
  std::vector<const Dimension*> all(open.dims.begin(), open.dims.begin() + static_cast<std::ptrdiff_t>(open.indexed));
  all.insert(all.end(), element.dims.begin(), element.dims.end());
  symbol->type = element;
  symbol->type.dims = c.arena.copy(all);
  symbol->domain = open.target.domain;
  symbol->domain_axes = open.target.indices;
  output->target.symbol = symbol;
  if (c.model) c.model->statements.push_back(output);
}

}  // namespace

void check_output(Context& c, const syntax::OutputStmt& statement) {
  c.in_output = true;
  check_output_itself(c, statement);
  c.in_output = false;
}

}  // namespace lacuna::check
