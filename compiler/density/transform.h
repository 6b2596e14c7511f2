// Supports and their unconstrained coordinates: value and log-Jacobian of each transform.
//
// A latent of scalar support (lower, upper) with coordinate u, in the forms of the Stan reference manual, "Constraint transforms":
//   no bound    x = u                                         log |dx/du| = 0
//   lower a     x = a + exp(u)                                              u
//   upper b     x = b - exp(u)                                              u
//   both        x = a + (b - a) sigmoid(u)                    log(b - a) - softplus(u) - softplus(-u)
#pragma once
#include <optional>

#include "compiler/density/writer.h"

namespace lacuna::density {

// Bounds that have been written where the transform is; none: infinite.
struct ScalarSupport {
  std::optional<ValueId> lower;
  std::optional<ValueId> upper;
  bool is_whole_line() const { return !lower && !upper; }
};

ValueId constrained(ir::Builder& b, const ScalarSupport& support, ValueId coordinate);
// log |dx/du| at `coordinate`; none for the whole line.
std::optional<ValueId> log_jacobian(ir::Builder& b, const ScalarSupport& support, ValueId coordinate);
// The coordinate of a natural value.
ValueId unconstrained(ir::Builder& b, const ScalarSupport& support, ValueId value);

}  // namespace lacuna::density
