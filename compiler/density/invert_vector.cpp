// From vectors with a structure to their coordinates; see transform_vector.h for the forms.
#include "compiler/density/transform_vector.h"

namespace lacuna::density {

using ir::Op;
using types::Structure;

ValueId VectorTransform::number(const Values& place, ValueId at) {
  Values indices = place;
  indices.push_back(b.body().type(at) == ir::Type::index_of(k) ? at : b.index(k, b.op(Op::ToInt, {at})));
  return b.load(value, indices);
}

void VectorTransform::put_coordinate(const Values& place, ValueId at, ValueId u) {
  Values indices = place;
  indices.push_back(at);
  b.store(parameter, indices, u);
}

void VectorTransform::write_inverse(const Values& place) {
  switch (structure) {
    case Structure::Ordered:
    case Structure::PositiveOrdered: return invert_ordered(place);
    case Structure::Simplex: return invert_simplex(place);
    case Structure::ZeroSum: return invert_zero_sum(place);
    default: break;
  }
  // A unit vector is its own coordinates, at distance 1.
  b.for_each(ir::Builder::over({coordinates}), {}, [&](const Values& at) -> Values {
    put_coordinate(place, at[0], number(place, at[0]));
    return {};
  });
}

// The log of each element's distance from the one before it, or from the lower bound; below an upper bound alone, from the one after
// it; between two, relative to the last gap.
void VectorTransform::invert_ordered(const Values& place) {
  const bool falls = bounds.upper && !bounds.lower;
  const ValueId last = b.op(Op::ISub, {b.size(k), b.integer(1)});
  b.for_each(ir::Builder::over({coordinates}), {}, [&](const Values& at) -> Values {
    const ValueId i = b.op(Op::ToInt, {at[0]});
    const ValueId x = number(place, at[0]);
    const auto log_of = [&](ValueId gap) { return b.op(Op::Log, {gap}); };
    const auto at_end = [&]() -> Values {
      if (falls) return {log_of(b.sub(*bounds.upper, x))};
      return {bounds.lower ? log_of(b.sub(x, *bounds.lower)) : x};
    };
    const auto step = [&]() -> Values {
      const ValueId neighbour = number(place, b.op(falls ? Op::IAdd : Op::ISub, {i, b.integer(1)}));
      return {log_of(falls ? b.sub(neighbour, x) : b.sub(x, neighbour))};
    };
    ValueId u = b.branch(b.op(Op::IEq, {i, falls ? last : b.integer(0)}), at_end, step)[0];
    if (bounds.upper && bounds.lower) u = b.sub(u, log_of(b.sub(*bounds.upper, number(place, last))));
    put_coordinate(place, at[0], u);
    return {};
  });
}

void VectorTransform::invert_simplex(const Values& place) {
  const ValueId last = b.op(Op::Log, {number(place, b.op(Op::ISub, {b.size(k), b.integer(1)}))});
  b.for_each(ir::Builder::over({coordinates}), {}, [&](const Values& at) -> Values {
    put_coordinate(place, at[0], b.sub(b.op(Op::Log, {number(place, at[0])}), last));
    return {};
  });
}

// The basis is orthonormal: u_j = (sum_{i <= j} x_i - (j + 1) x_{j+1}) / sqrt((j + 1) (j + 2)).
void VectorTransform::invert_zero_sum(const Values& place) {
  b.scan(ir::Builder::over({coordinates}), {b.real(0)}, {}, [&](const Values& at) -> Values {
    const ValueId j = b.op(Op::ToInt, {at[0]});
    const ValueId next = b.op(Op::IAdd, {j, b.integer(1)});
    const ValueId sum = b.add(at[1], number(place, j));
    const ValueId steps = b.op(Op::ToReal, {next});
    const ValueId norm = b.op(Op::Sqrt, {b.mul(steps, b.add(steps, b.real(1)))});
    put_coordinate(place, at[0], b.div(b.sub(sum, b.mul(steps, number(place, next))), norm));
    return {sum};
  });
}

}  // namespace lacuna::density
