// Distributions in scalar form: each argument lines up with the target by itself, and is whole along the event of its parameter.
#include "compiler/elaborate/scalar_form.h"

namespace lacuna::elaborate {

namespace {

// The dimensions that a parameter takes whole: its own, with the generic ones of the signature replaced by those of this call; by
// the argument's where the call does not say.
std::vector<const Dimension*> event_of(const check::DistributionExpr& e, const Symbol& parameter, const Expr& argument) {
  std::vector<const Dimension*> dims;
  const auto& generic = e.distribution->generic;
  const std::size_t rank = parameter.type.dims.size(), given = argument.type.dims.size();
  for (std::size_t k = 0; k < rank; ++k) {
    const Dimension* actual = nullptr;
    for (std::size_t i = 0; i < generic.size() && i < e.dimensions.size(); ++i)
      if (generic[i] == parameter.type.dims[k]) actual = e.dimensions[i];
    if (!actual) actual = given >= rank ? argument.type.dims[given - rank + k] : parameter.type.dims[k];
    dims.push_back(actual);
  }
  return dims;
}

}  // namespace

const check::DistributionExpr* ScalarForm::distribution(const check::DistributionExpr& e, const Cell& cell) {
  auto* made = make_.arena.make<check::DistributionExpr>(e);
  std::vector<const Expr*> arguments;
  for (std::size_t i = 0; i < e.arguments.size(); ++i) {
    const Expr* argument = e.arguments[i];
    if (!argument) {
      arguments.push_back(nullptr);
      continue;
    }
    if (const auto* base = argument->get_if<check::DistributionExpr>()) {
      arguments.push_back(distribution(*base, cell));
      continue;
    }
    const std::vector<const Dimension*> event = event_of(e, *e.distribution->parameters[i], *argument);
    arguments.push_back(array(*argument, cell, make_.arena.copy(event)));
  }
  made->arguments = make_.arena.copy(arguments);
  if (e.component_binder) names_.take(e.component_binder->name);
  std::vector<const check::DistributionExpr*> components;
  for (const auto* component : e.components) components.push_back(distribution(*component, cell));
  made->components = make_.arena.copy(components);
  if (e.component_where) made->component_where = aligned(*e.component_where, cell);
  made->type.dims = e.type.dims.subspan(e.batch_rank);
  made->batch_rank = 0;
  Stage stage = Stage::Constant;
  for (const Expr* argument : arguments)
    if (argument) stage = check::later(stage, argument->stage);
  for (const auto* component : components) stage = check::later(stage, component->stage);
  made->stage = stage;
  return made;
}

}  // namespace lacuna::elaborate
