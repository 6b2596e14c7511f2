// From the elaborated model to IR: the log density in its several forms, as functions of one module.
//
// needs    an elaborated model; the bodies of the distributions it reaches
// leaves   a module with a data-stage function `bind` and the draw-stage functions asked for; stages are those of the values,
//          nothing has been moved or fused yet
// shown by test/unit/density/gallery_test.cpp, peers_test.cpp
//
// What is not built yet is refused by E0910, never lowered to something else.
#pragma once
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/elaborate/model.h"
#include "compiler/ir/module.h"

namespace lacuna::density {

struct Options {
  bool log_density = true;  // function `log_density`: returns the log density of the coordinates, or of the natural values there where the call
                            // asks for no log-Jacobians (MAP)
  bool terms = false;       // function `terms`: returns, for each site in order, its total and how many terms are not finite
  bool pointwise = false;   // function `pointwise`: stores each scored cell's term in the output `pointwise.<site>`
  bool predict = false;     // for each site the functions of prediction_writer.h
  bool constrain = false;   // function `constrain`: stores each latent's natural values in the output `natural.<site>`
  bool unconstrain = false; // function `unconstrain`: from a point of natural values, coordinates in `coordinates.<site>`
  bool natural = false;     // `natural_density`, `natural_terms`, `natural_pointwise`: the same at a point of natural values
  bool outside = false;     // function `outside`: returns for each of `bounded_parameters` in how many of the cells that count it lies
                            // outside its bounds, and the least and the greatest of its values there; with `natural` at natural values
};

// A number that the distribution of an item takes within bounds: a scale, a chance.
struct BoundedParameter {
  const elaborate::Item* item = nullptr;
  const check::Expr* value = nullptr;
  types::Interval bounds;
};
// Of all latents and observed sites, in the order of the program.
std::vector<BoundedParameter> bounded_parameters(const elaborate::Model& model);

// The module of `model`. Sites of the module are the items with a density, in order. Reports E0910 and returns an empty module
// for what is not compiled yet.
ir::Module lower(const elaborate::Model& model, const Options& options, diagnostics::Sink& sink);

}  // namespace lacuna::density
