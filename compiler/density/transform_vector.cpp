#include "compiler/density/transform_vector.h"

namespace lacuna::density {

using ir::Op;
using ir::Reducer;
using types::Structure;

bool is_vector_structure(Structure s) { return types::event_rank(s) == 1; }

int lost_coordinates(Structure s) { return s == Structure::Simplex || s == Structure::ZeroSum ? 1 : 0; }

ValueId VectorTransform::coordinate(const Site& site, ValueId at) {
  Values indices = site.parameter;
  indices.push_back(b.body().type(at) == ir::Type::index_of(coordinates) ? at : b.index(coordinates, b.op(Op::ToInt, {at})));
  return b.load(parameter, indices);
}

void VectorTransform::put(const Site& site, ValueId at, ValueId x) {
  Values indices = site.value;
  indices.push_back(b.body().type(at) == ir::Type::index_of(k) ? at : b.index(k, b.op(Op::ToInt, {at})));
  b.store(value, indices, x);
}

std::optional<ValueId> VectorTransform::write(const Values& batch, const Values& place) {
  const Site site{batch, place};
  switch (structure) {
    case Structure::Ordered:
    case Structure::PositiveOrdered: return write_ordered(site);
    case Structure::Simplex: return write_simplex(site);
    case Structure::ZeroSum: return write_zero_sum(site);
    default: return write_unit_vector(site);
  }
}

std::optional<ValueId> VectorTransform::write_ordered(const Site& site) {
  if (bounds.upper) return bounds.lower ? write_between(site) : write_below(site);
  return write_rising(site);
}

// From the lowest element on.
ValueId VectorTransform::write_rising(const Site& site) {
  const Values sums = b.scan(ir::Builder::over({k}), {bounds.lower ? *bounds.lower : b.real(0)}, {Reducer::Sum}, [&](const Values& at) -> Values {
    const ValueId u = coordinate(site, at[0]);
    const ValueId step = b.op(Op::Exp, {u});
    if (bounds.lower) {
      const ValueId x = b.add(at[1], step);
      put(site, at[0], x);
      return {x, u};
    }
    const ValueId first = b.op(Op::IEq, {b.op(Op::ToInt, {at[0]}), b.integer(0)});
    const ValueId x = b.branch(first, [&]() -> Values { return {u}; }, [&]() -> Values { return {b.add(at[1], step)}; })[0];
    put(site, at[0], x);
    return {x, b.branch(first, [&]() -> Values { return {b.real(0)}; }, [&]() -> Values { return {u}; })[0]};
  });
  return sums[1];
}

// From the highest element down.
ValueId VectorTransform::write_below(const Site& site) {
  ir::Domain down = ir::Builder::over({k});
  down.descending = true;
  return b.scan(down, {*bounds.upper}, {Reducer::Sum}, [&](const Values& at) -> Values {
    const ValueId u = coordinate(site, at[0]);
    const ValueId x = b.sub(at[1], b.op(Op::Exp, {u}));
    put(site, at[0], x);
    return {x, u};
  })[1];
}

// The K + 1 gaps between the bounds are shares of the way.
ValueId VectorTransform::write_between(const Site& site) {
  const ValueId width = b.sub(*bounds.upper, *bounds.lower);
  const Values sums = b.for_each(ir::Builder::over({k}), {Reducer::LogSumExp, Reducer::Sum}, [&](const Values& at) -> Values {
    const ValueId u = coordinate(site, at[0]);
    return {u, u};
  });
  const ValueId log_norm = b.op(Op::Softplus, {sums[0]});
  b.scan(ir::Builder::over({k}), {b.real(0)}, {}, [&](const Values& at) -> Values {
    const ValueId share = b.add(at[1], b.op(Op::Exp, {b.sub(coordinate(site, at[0]), log_norm)}));
    put(site, at[0], b.add(*bounds.lower, b.mul(width, share)));
    return {share};
  });
  const ValueId size = b.op(Op::ToReal, {b.size(k)});
  const ValueId stretched = b.mul(size, b.op(Op::Log, {width}));
  return b.add(stretched, b.sub(sums[1], b.mul(b.add(size, b.real(1)), log_norm)));
}

std::optional<ValueId> VectorTransform::write_simplex(const Site& site) {
  const auto over = ir::Builder::over({coordinates});
  const Values sums = b.for_each(over, {Reducer::LogSumExp, Reducer::Sum}, [&](const Values& at) -> Values {
    const ValueId u = coordinate(site, at[0]);
    return {u, u};
  });
  // The last coordinate, which is fixed at 0, takes part in the norm.
  const ValueId log_norm = b.op(Op::Softplus, {sums[0]});
  b.for_each(over, {}, [&](const Values& at) -> Values {
    put(site, at[0], b.op(Op::Exp, {b.sub(coordinate(site, at[0]), log_norm)}));
    return {};
  });
  put(site, b.op(Op::ISub, {b.size(k), b.integer(1)}), b.op(Op::Exp, {b.neg(log_norm)}));
  return b.sub(sums[1], b.mul(b.op(Op::ToReal, {b.size(k)}), log_norm));
}

// With w_j = u_j / sqrt((j + 1) (j + 2)): x_i = sum_{j >= i} w_j - i w_{i-1}.
std::optional<ValueId> VectorTransform::write_zero_sum(const Site& site) {
  const auto weight = [&](ValueId j) {
    const ValueId real = b.op(Op::ToReal, {j});
    const ValueId norm = b.op(Op::Sqrt, {b.mul(b.add(real, b.real(1)), b.add(real, b.real(2)))});
    return b.div(coordinate(site, b.index(coordinates, j)), norm);
  };
  const ValueId last = b.op(Op::ISub, {b.size(k), b.integer(1)});
  ir::Domain down = ir::Builder::over({k});
  down.descending = true;
  b.scan(down, {b.real(0)}, {}, [&](const Values& at) -> Values {
    const ValueId i = b.op(Op::ToInt, {at[0]});
    const ValueId suffix = b.branch(b.op(Op::ILt, {i, last}), [&]() -> Values { return {b.add(at[1], weight(i))}; }, [&]() -> Values { return {at[1]}; })[0];
    const ValueId before = b.branch(
        b.op(Op::ILt, {b.integer(0), i}),
        [&]() -> Values { return {b.mul(b.op(Op::ToReal, {i}), weight(b.op(Op::ISub, {i, b.integer(1)})))}; }, [&]() -> Values { return {b.real(0)}; })[0];
    put(site, at[0], b.sub(suffix, before));
    return {suffix};
  });
  return std::nullopt;
}

std::optional<ValueId> VectorTransform::write_unit_vector(const Site& site) {
  const auto over = ir::Builder::over({k});
  const ValueId square = b.for_each(over, {Reducer::Sum}, [&](const Values& at) -> Values {
    const ValueId u = coordinate(site, at[0]);
    return {b.mul(u, u)};
  })[0];
  const ValueId norm = b.op(Op::Sqrt, {square});
  b.for_each(over, {}, [&](const Values& at) -> Values {
    put(site, at[0], b.div(coordinate(site, at[0]), norm));
    return {};
  });
  return b.mul(b.real(-0.5), square);
}

}  // namespace lacuna::density
