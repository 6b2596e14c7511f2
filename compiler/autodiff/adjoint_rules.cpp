#include "compiler/autodiff/adjoint_rules.h"

#include "compiler/autodiff/term.h"

namespace lacuna::autodiff {
namespace {

using ir::Op;
using ir::ValueId;
using Share = std::optional<Term>;

constexpr double kTwoOverSqrtPi = 1.1283791670955125738961589031215452;
constexpr double kHalfLog2Pi = 0.91893853320467274178032973640561764;
constexpr std::nullopt_t nothing = std::nullopt;

// The density at x of a gamma with shape a, divided by exp(log_scale).
Term gamma_density(const Term& a, const Term& x, const Term& log_scale) {
  return a / x * exp(-apply(Op::KlDiv, a, x) - apply(Op::LgammaExcess, a) - log_scale);
}

// The density at x of a beta with shapes a and b, divided by exp(log_scale).
Term beta_density(const Term& a, const Term& b, const Term& x, const Term& log_scale) {
  return exp(apply(Op::XLogY, a - 1, x) + apply(Op::XLog1pY, b - 1, -x) - apply(Op::Lbeta, a, b) - log_scale);
}

// The normal density at x over the distribution function, whose log is given. Far below 0 the two exponents cancel;
// there the asymptotic series has all the digits of a double.
Term normal_hazard(const Term& x, const Term& log_cdf) {
  return select(x < number(x, -1000.0), -x - 1 / x, exp(-0.5 * x * x - kHalfLog2Pi - log_cdf));
}

// One function for each number of operands; `which` picks the operand whose share is written.
Share unary(Op op, const Term& x, const Term& r, const Term& g) {
  [[maybe_unused]] auto zero = [&] { return number(g, 0.0); };
  (void)r;
  switch (op) {
#define LACUNA_ADJOINT_1(name, dx) \
  case Op::name:                   \
    return dx;
#define LACUNA_ADJOINT_2(name, dx, dy)
#define LACUNA_ADJOINT_3(name, dx, dy, dz)
#include "compiler/autodiff/adjoint_rules.def"
#undef LACUNA_ADJOINT_1
#undef LACUNA_ADJOINT_2
#undef LACUNA_ADJOINT_3
    default:
      return nothing;
  }
}

Share binary(Op op, std::size_t which, const Term& x, const Term& y, const Term& r, const Term& g) {
  auto zero = [&] { return number(g, 0.0); };
  switch (op) {
#define LACUNA_ADJOINT_1(name, dx)
#define LACUNA_ADJOINT_2(name, dx, dy) \
  case Op::name:                       \
    return which == 0 ? Share(dx) : Share(dy);
#define LACUNA_ADJOINT_3(name, dx, dy, dz)
#include "compiler/autodiff/adjoint_rules.def"
#undef LACUNA_ADJOINT_1
#undef LACUNA_ADJOINT_2
#undef LACUNA_ADJOINT_3
    default:
      return nothing;
  }
}

Share ternary(Op op, std::size_t which, const Term& x, const Term& y, const Term& z, const Term& r, const Term& g) {
  auto zero = [&] { return number(g, 0.0); };
  switch (op) {
#define LACUNA_ADJOINT_1(name, dx)
#define LACUNA_ADJOINT_2(name, dx, dy)
#define LACUNA_ADJOINT_3(name, dx, dy, dz) \
  case Op::name:                           \
    return which == 0 ? Share(dx) : which == 1 ? Share(dy) : Share(dz);
#include "compiler/autodiff/adjoint_rules.def"
#undef LACUNA_ADJOINT_1
#undef LACUNA_ADJOINT_2
#undef LACUNA_ADJOINT_3
    default:
      return nothing;
  }
}

}  // namespace

bool has_adjoint(Op op) {
  switch (op) {
#define LACUNA_ADJOINT_1(name, dx) case Op::name:
#define LACUNA_ADJOINT_2(name, dx, dy) case Op::name:
#define LACUNA_ADJOINT_3(name, dx, dy, dz) case Op::name:
#include "compiler/autodiff/adjoint_rules.def"
#undef LACUNA_ADJOINT_1
#undef LACUNA_ADJOINT_2
#undef LACUNA_ADJOINT_3
    return true;
    default:
      return false;
  }
}

bool fades(Op op) {
  switch (op) {
#define LACUNA_FADING(name) case Op::name:
#define LACUNA_STEEP(name)
#include "compiler/autodiff/edges.def"
#undef LACUNA_FADING
#undef LACUNA_STEEP
    return true;
    default:
      return false;
  }
}

bool is_steep(Op op) {
  switch (op) {
#define LACUNA_FADING(name)
#define LACUNA_STEEP(name) case Op::name:
#include "compiler/autodiff/edges.def"
#undef LACUNA_FADING
#undef LACUNA_STEEP
    return true;
    default:
      return false;
  }
}

std::optional<ValueId> adjoint_of_operand(ir::Builder& builder, const ir::Instruction& operation, std::size_t operand,
                                          ValueId adjoint) {
  const Term g(builder, adjoint);
  const Term r(builder, operation.result());
  auto at = [&](std::size_t i) { return Term(builder, operation.operands[i]); };
  Share share;
  switch (operation.operands.size()) {
    case 1:
      share = unary(operation.op, at(0), r, g);
      break;
    case 2:
      share = binary(operation.op, operand, at(0), at(1), r, g);
      break;
    case 3:
      share = ternary(operation.op, operand, at(0), at(1), at(2), r, g);
      break;
    default:
      break;
  }
  return share ? std::optional(share->id()) : std::nullopt;
}

}  // namespace lacuna::autodiff
