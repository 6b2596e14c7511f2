// The IR's operations, as the interpreter computes and the adjoint rules differentiate them, against `functions/`.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "compiler/autodiff/adjoint_rules.h"
#include "compiler/autodiff/reversal.h"
#include "compiler/ir/evaluate.h"
#include "compiler/ir/interpreter.h"
#include "compiler/ir/parser.h"
#include "test/numeric/table.h"

namespace lacuna::numeric {
namespace {

using Point = std::vector<long double>;

const std::string kFolder = LACUNA_TABLES "/functions";

bool agrees(long double got, long double want, long double allowed) {
  if (std::isnan(want)) return std::isnan(got);
  // Both are wider than a double: what matters is the double that they round to.
  if (std::isinf(static_cast<double>(want))) return static_cast<double>(got) == static_cast<double>(want);
  return std::fabs(got - want) <= allowed;
}

std::string shown(const Row& row, std::size_t inputs) {
  std::string text = "(";
  for (std::size_t i = 0; i < inputs; ++i) text += (i == 0 ? "" : ", ") + row.cells[i];
  return text + ") in line " + std::to_string(row.line);
}

// An error of one part in 1e16 of each input and of the result, ten times over.
long double allowance(const Row& row, std::size_t inputs) {
  long double size = std::fabs(number(row.cells[inputs]));
  for (std::size_t i = 0; i < inputs; ++i) {
    const std::string& slope = row.cells[inputs + 1 + i];
    const long double part = std::fabs(number(row.cells[i]) * (slope == "-" ? 0.0L : number(slope)));
    if (std::isfinite(part)) size = std::max(size, part);
  }
  return 1e-15L * size + 1e-323L;
}

class FunctionTable : public testing::TestWithParam<std::string> {};

TEST_P(FunctionTable, Values) {
  const Table table = read_table(kFolder + "/" + GetParam() + ".tsv");
  ASSERT_GT(table.rows.size(), 10u);
  const std::size_t inputs = (table.columns.size() - 1) / 2;
  const auto op = ir::op_by_mnemonic(GetParam());
  if (!op) GTEST_SKIP() << "no operation of the IR";
  for (const Row& row : table.rows) {
    if (row.cells[inputs] == "-") continue;
    std::vector<ir::Cell> operands;
    for (std::size_t i = 0; i < inputs; ++i) operands.push_back(ir::Cell::of(number(row.cells[i])));
    const long double got = ir::evaluate(*op, operands).real;
    EXPECT_TRUE(agrees(got, number(row.cells[inputs]), allowance(row, inputs)))
        << static_cast<double>(got) << " is not " << row.cells[inputs] << " at " << shown(row, inputs);
  }
}

// A module whose function `f` is the operation of its parameters, with its gradient.
std::optional<ir::Module> with_gradient(const std::string& operation, std::size_t inputs) {
  std::string text = "module m {\n";
  std::string loads;
  std::string list;
  for (std::size_t i = 0; i < inputs; ++i) {
    const std::string n = std::to_string(i);
    text += "param @p" + n + " : real\n";
    loads += "%x" + n + " = load @p" + n + "[]\n";
    list += (i == 0 ? "%x" : ", %x") + n;
  }
  ir::Parsed parsed = ir::parse(text + "func draw @f() {\n" + loads + "%r = " + operation + " " + list + "\nreturn %r\n} }");
  if (!parsed.module || !autodiff::add_gradient(*parsed.module, "f", "gradient").ok()) return std::nullopt;
  return std::move(*parsed.module);
}

TEST_P(FunctionTable, Derivatives) {
  const Table table = read_table(kFolder + "/" + GetParam() + ".tsv");
  const std::size_t inputs = (table.columns.size() - 1) / 2;
  const auto op = ir::op_by_mnemonic(GetParam());
  if (!op || !autodiff::has_adjoint(*op)) GTEST_SKIP() << "no operation of the IR, or none that has a derivative";
  const auto module = with_gradient(GetParam(), inputs);
  ASSERT_TRUE(module.has_value());
  ir::Interpreter run(*module);
  for (const Row& row : table.rows) {
    Point at;
    bool finite = true;
    for (std::size_t i = 0; i < inputs; ++i) {
      at.push_back(number(row.cells[i]));
      finite = finite && std::isfinite(at.back());
    }
    if (!finite) continue;
    run.set_vector(ir::BufferKind::Parameter, at);
    ASSERT_TRUE(run.call("gradient").ok());
    const Point gradient = run.vector(ir::BufferKind::Gradient);
    for (std::size_t i = 0; i < inputs; ++i) {
      const std::string& cell = row.cells[inputs + 1 + i];
      if (cell == "-") continue;
      const long double want = number(cell);
      // Relative; or what roundings of the value and of logs near 1 make of it, since rules go through them (`r * (1 - r)`).
      const long double value = std::fabs(number(row.cells[inputs]));
      const long double by_value = 1e-15L * std::max(1.0L, value) / std::max(1e-300L, std::fabs(at[i]));
      const long double allowed = 1e-12L * std::fabs(want) + (std::isfinite(by_value) ? by_value : 0) + 1e-15L;
      EXPECT_TRUE(agrees(gradient[i], want, allowed))
          << static_cast<double>(gradient[i]) << " is not " << cell << " by operand " << i << " at " << shown(row, inputs);
    }
  }
}

std::string test_name(const testing::TestParamInfo<std::string>& info) { return info.param; }

INSTANTIATE_TEST_SUITE_P(All, FunctionTable, testing::ValuesIn(tables_in(kFolder)), test_name);

}  // namespace
}  // namespace lacuna::numeric
