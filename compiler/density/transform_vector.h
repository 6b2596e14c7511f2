// Vectors with a structure and their unconstrained coordinates.
//
// K values x from coordinates u, for one vector of a batch; the log-Jacobian is that of the base measure that Stan gives the type:
//   ordered            x_0 = u_0, x_k = x_{k-1} + exp(u_k)                  sum_{k>0} u_k
//     above a          x_0 = a + exp(u_0), x_k = x_{k-1} + exp(u_k)         sum_k u_k       (positive_ordered: above 0)
//     below b          x_{K-1} = b - exp(u_{K-1}), x_k = x_{k+1} - exp(u_k) sum_k u_k
//     between          x_k = a + (b - a) sum_{j <= k} p_j, p = softmax(u_0, ..., u_{K-1}, 0)   K log(b - a) + sum_{k <= K} log p_k
//   simplex            x = softmax(u_0, ..., u_{K-2}, 0)                    sum_k log x_k   (additive log-ratio; Aitchison 1986)
//   zero_sum           x = sum_j u_j h_j, h the Helmert basis, an isometry  0
//   unit_vector        x = u / |u|                                          -|u|^2 / 2      (Muller 1959)
#pragma once
#include <optional>

#include "compiler/density/transform.h"
#include "compiler/density/writer.h"

namespace lacuna::density {

struct VectorTransform {
  ir::Builder& b;
  types::Structure structure;
  ir::BufferId parameter;  // [batch..., coordinates]
  ir::BufferId value;      // [batch..., K]
  ir::DimId k;
  ir::DimId coordinates;
  ScalarSupport bounds{};  // of the elements of an ordered vector

  // Writes code that stores the vector at `batch`, whose coordinates are at `place`; returns its log-Jacobian, none where
  // that is 0.
  std::optional<ValueId> write(const Values& batch, const Values& place);
  // Writes code that stores the coordinates of the vector; `place` is where both are.
  void write_inverse(const Values& place);

 private:
  // Where vector and coordinates are: indices before the last one.
  struct Site {
    const Values& value;
    const Values& parameter;
  };
  ValueId coordinate(const Site& site, ValueId at);
  void put(const Site& site, ValueId at, ValueId x);
  std::optional<ValueId> write_ordered(const Site& site);
  ValueId write_rising(const Site& site);
  ValueId write_below(const Site& site);
  ValueId write_between(const Site& site);
  std::optional<ValueId> write_simplex(const Site& site);
  std::optional<ValueId> write_zero_sum(const Site& site);
  std::optional<ValueId> write_unit_vector(const Site& site);
  ValueId number(const Values& place, ValueId at);
  void put_coordinate(const Values& place, ValueId at, ValueId u);
  void invert_ordered(const Values& place);
  void invert_simplex(const Values& place);
  void invert_zero_sum(const Values& place);
};

// How many coordinates a vector of `k` elements has less than elements: 1 for simplex and zero_sum, else 0. Matrices are not
// compiled yet.
int lost_coordinates(types::Structure structure);
bool is_vector_structure(types::Structure structure);

}  // namespace lacuna::density
