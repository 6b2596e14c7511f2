// The units of a prediction: which elements of the model's dimensions are known from the fit, and which are new. The
// rule is that of docs/predicting.md.
//
//   needs    the fit's data, new data matched with Needs::fitted
//   leaves   for each dimension what the model is bound to, and from where each element comes; all arguments, those of
//            known elements filled from the fit
//   shown by test/unit/runtime/units_test.cpp
#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "runtime/data/dataset.h"

namespace lacuna::runtime::predict {

// One dimension.
struct Units {
  std::vector<std::int64_t> known;   // [bound element] its element in the fit, -1 for a new one
  std::vector<std::int64_t> given;   // [bound element] its element in the new data, -1 when they have none
  std::vector<std::int64_t> wanted;  // the bound elements that are asked for, in order
  bool all_wanted = true;            // `wanted` is then empty
  bool like_given = false;           // bound elements are those of the new data, one for one
};

struct Target {
  std::vector<Units> units;  // by dimension; of a derived one all empty
  data::Dataset dataset;     // what to bind
};

// What may be said when something is missing.
struct Context {
  const lacuna_metadata& metadata;
  const data::Options& options;
  const std::vector<std::unique_ptr<data::Source>>& sources;
  bool targets = false;  // observed arguments are needed too: a log likelihood
};

// Empty when anything is wrong: the problems say what.
std::optional<Target> make_target(const Context& context, const data::Dataset& fitted, data::Dataset fresh,
                                  Problems& problems);

// Step 1 of it: one dimension's elements. `bound` gets size, labels and keys.
Units match_units(const lacuna_dimension_info& about, const data::Options& options, const data::Dimension& fitted,
                  const data::Dimension& fresh, data::Dimension& bound, Problems& problems);
// Step 2: one argument over the bound elements.
data::Array fill_argument(const Context& context, int argument, const data::Dataset& fitted, data::Array& fresh,
                          const std::vector<Units>& units, const std::vector<data::Dimension>& bound,
                          Problems& problems);

}  // namespace lacuna::runtime::predict
