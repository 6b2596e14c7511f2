// The interpreter's reductions and dense kernels.
#include <algorithm>
#include <cmath>
#include <limits>

#include "compiler/ir/interpreter.h"

namespace lacuna::ir {
namespace {

using Real = long double;
constexpr Real kInfinity = std::numeric_limits<Real>::infinity();

Real log_sum_exp(const std::vector<Cell>& operands) {
  Real high = -kInfinity;
  for (const Cell& each : operands) {
    if (std::isnan(each.real)) return each.real;
    high = std::max(high, each.real);
  }
  if (std::isinf(high)) return high;
  Real sum = 0;
  for (const Cell& each : operands) sum += std::exp(each.real - high);
  return high + std::log(sum);
}

Real largest_number(const std::vector<Cell>& operands) {
  Real high = -kInfinity;
  for (const Cell& each : operands) high = each.real > high ? each.real : high;
  return high;
}

Cell real_reduction(Reducer reducer, const std::vector<Cell>& operands) {
  if (reducer == Reducer::LogSumExp) return Cell::of(log_sum_exp(operands));
  if (reducer == Reducer::MaxNumber) return Cell::of(largest_number(operands));
  Op op = Op::Add;
  Real total = 0;
  if (reducer == Reducer::Prod) total = 1, op = Op::Mul;
  if (reducer == Reducer::Min) total = kInfinity, op = Op::Min;
  if (reducer == Reducer::Max) total = -kInfinity, op = Op::Max;
  for (const Cell& each : operands) {
    const Real operand = reducer == Reducer::SumLog ? std::log(each.real) : each.real;
    total = evaluate(op, {Cell::of(total), Cell::of(operand)}).real;
  }
  return Cell::of(total);
}

Cell whole_reduction(Reducer reducer, const std::vector<Cell>& operands) {
  Op op = Op::IAdd;
  std::int64_t total = 0;
  if (reducer == Reducer::IMin) total = std::numeric_limits<std::int64_t>::max(), op = Op::IMin;
  if (reducer == Reducer::IMax) total = std::numeric_limits<std::int64_t>::min(), op = Op::IMax;
  if (reducer == Reducer::Any) op = Op::Or;
  if (reducer == Reducer::All) total = 1, op = Op::And;
  for (const Cell& each : operands) total = evaluate(op, {Cell::of(total), each}).whole;
  return Cell::of(total);
}

void cholesky(std::vector<Cell>& l, const std::vector<Cell>& a, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      if (j > i) {
        l[i * n + j] = Cell::of(0.0L);
        continue;
      }
      Real sum = a[i * n + j].real;
      for (std::size_t k = 0; k < j; ++k) sum -= l[i * n + k].real * l[j * n + k].real;
      l[i * n + j] = Cell::of(i == j ? std::sqrt(sum) : sum / l[j * n + j].real);
    }
  }
}

void solve_lower(std::vector<Cell>& x, const std::vector<Cell>& l, const std::vector<Cell>& b, bool transposed) {
  const std::size_t n = b.size();
  for (std::size_t step = 0; step < n; ++step) {
    const std::size_t i = transposed ? n - 1 - step : step;
    Real sum = b[i].real;
    for (std::size_t k = transposed ? i + 1 : 0; k < (transposed ? n : i); ++k) {
      sum -= l[transposed ? k * n + i : i * n + k].real * x[k].real;
    }
    x[i] = Cell::of(sum / l[i * n + i].real);
  }
}

}  // namespace

Cell Interpreter::reduce(Reducer reducer, const std::vector<Cell>& operands) const {
  return operand_letter(reducer) == 'r' ? real_reduction(reducer, operands) : whole_reduction(reducer, operands);
}

void Interpreter::kernel(const Instruction& each) {
  Contents& result = buffers_[each.buffers[0].index];
  if (!result.allocated) allocate(each.buffers[0]);
  const auto& first = buffers_[each.buffers[1].index].cells;
  const auto rows = static_cast<std::size_t>(size(module_.buffer(each.buffers[0]).axes[0]));
  switch (each.kernel) {
    case Kernel::Cholesky:
      cholesky(result.cells, first, rows);
      break;
    case Kernel::SolveLower:
    case Kernel::SolveLowerTransposed:
      solve_lower(result.cells, first, buffers_[each.buffers[2].index].cells, each.kernel != Kernel::SolveLower);
      break;
    case Kernel::MatrixProduct: {
      const auto& second = buffers_[each.buffers[2].index].cells;
      const auto columns = static_cast<std::size_t>(size(module_.buffer(each.buffers[0]).axes[1]));
      const std::size_t inner = rows == 0 ? 0 : first.size() / rows;
      for (std::size_t i = 0; i < rows; ++i) {
        for (std::size_t j = 0; j < columns; ++j) {
          Real sum = 0;
          for (std::size_t k = 0; k < inner; ++k) sum += first[i * inner + k].real * second[k * columns + j].real;
          result.cells[i * columns + j] = Cell::of(sum);
        }
      }
      break;
    }
  }
  for (std::size_t i = 0; i < result.cells.size(); ++i) {
    result.cells[i] = rounded(result.cells[i], Type::real());
    result.marks[i] = Mark::Stored;
  }
}

}  // namespace lacuna::ir
