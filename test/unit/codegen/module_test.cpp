// Modules as machine code against the interpreter: values, gradients and outputs, for three processors, one row or many
// rows in a vector, one draw or eight.
#include "compiler/ir/module.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>

#include "compiler/codegen/module_code.h"
#include "compiler/ir/interpreter.h"
#include "compiler/ir/parser.h"
#include "compiler/ir/verifier.h"
#include "compiler/ir/walk.h"
#include "compiler/jit/machine.h"
#include "test/unit/codegen/cells.h"
#include "test/unit/codegen/modules.h"
#include "test/unit/codegen/value_tables.h"

namespace lacuna {
namespace {

using ir::BufferKind;

// Sizes and inputs for every module of modules.h and value_tables.h, by name.
struct Data {
  std::map<std::string, std::int64_t> sizes;
  std::mt19937_64 random;
  double missing;

  Data(std::uint64_t seed, std::int64_t rows, double gaps) : random(seed), missing(gaps) {
    sizes = {{"N", rows}, {"J", 5}, {"P", 3}, {"C", 4}, {"E", 7}, {"T", rows}};
  }
  double uniform() { return std::uniform_real_distribution<>(0, 1)(random); }

  ir::InputArray input(const ir::Buffer& buffer, const std::map<ir::DimId, std::int64_t>& known) {
    std::size_t elements = 1;
    for (ir::DimId dim : buffer.axes) elements *= static_cast<std::size_t>(known.at(dim));
    ir::InputArray array;
    for (std::size_t i = 0; i < elements; ++i) {
      const bool here = !buffer.optional || uniform() >= missing;
      if (buffer.optional) array.present.push_back(here);
      const double nan = std::numeric_limits<double>::quiet_NaN();
      if (buffer.element.scalar == ir::Scalar::Real) {
        array.reals.push_back(here ? 2 * uniform() - 1 : nan);
      } else if (buffer.element.scalar == ir::Scalar::Index) {
        const std::int64_t size = known.at(buffer.element.dim);
        array.whole.push_back(here ? static_cast<std::int64_t>(uniform() * static_cast<double>(size)) : 1 << 30);
      } else if (buffer.element.scalar == ir::Scalar::Bool) {
        array.whole.push_back(uniform() >= missing);
      } else {
        array.whole.push_back(static_cast<std::int64_t>(uniform() * 9) - 4);
      }
    }
    return array;
  }
};

void expect_near(double got, long double expected, double scale, const std::string& what) {
  if (std::isnan(expected)) {
    EXPECT_TRUE(std::isnan(got)) << what << ": " << got;
  } else if (std::isinf(expected)) {
    EXPECT_EQ(got, static_cast<double>(expected)) << what;
  } else {
    EXPECT_LE(std::abs(got - static_cast<double>(expected)), 1e-12 * scale)
        << what << ": " << got << ", not " << static_cast<double>(expected);
  }
}

void set_lanes(ir::Module& module, int tile) {
  for (ir::Function& function : module.functions) {
    if (function.stage != ir::Stage::Draw) continue;
    for (ir::Instruction& each : function.body.block.body) {
      if (each.op == ir::Op::For) each.schedule = {.tile = tile, .lanes = tile > 0 ? ir::Lanes::Rows : ir::Lanes::None};
    }
  }
}

// Some cells at a time, with lanes over the columns of their inner loops.
void set_cells(ir::Module& module, int cells, int columns) {
  for (ir::Function& function : module.functions) {
    if (function.stage != ir::Stage::Draw) continue;
    for (ir::Instruction& each : function.body.block.body) {
      if (each.op != ir::Op::For) continue;
      each.schedule = {.tile = cells};
      for (ir::Instruction& inner : each.blocks.front().body) {
        if (inner.op == ir::Op::For) inner.schedule = {.tile = columns, .lanes = ir::Lanes::Rows};
      }
    }
  }
}

constexpr unsigned kDraws = 8;

void compare(const ir::Module& module, jit::Machine& machine, Data data) {
  ir::Interpreter oracle(module);
  std::map<ir::DimId, std::int64_t> known;
  for (std::uint32_t i = 0; i < module.dims.size(); ++i) {
    if (module.dims[i].kind != ir::Dim::Kind::Given) continue;
    known[{i}] = data.sizes.at(module.dims[i].name);
    machine.set_size({i}, known[{i}]);
    oracle.set_size({i}, known[{i}]);
  }
  for (std::uint32_t i = 0; i < module.buffers.size(); ++i) {
    const ir::Buffer& buffer = module.buffers[i];
    if (buffer.kind != BufferKind::Input) continue;
    const ir::InputArray input = data.input(buffer, known);
    machine.set_input({i}, {input.reals, input.whole, input.present});
    oracle.set_input({i}, input);
  }
  ASSERT_TRUE(oracle.bind().ok());
  ASSERT_FALSE(machine.bind());
  const auto coordinates = static_cast<std::size_t>(machine.coordinates());
  ASSERT_EQ(coordinates, static_cast<std::size_t>(oracle.parameter_count()));

  std::vector<double> points(coordinates * kDraws), gradients(coordinates * kDraws);
  for (double& x : points) x = 2 * data.uniform() - 1;
  for (const ir::Function& function : module.functions) {
    if (function.stage != ir::Stage::Draw) continue;
    const std::size_t count = function.body.block.yields.size();
    const auto block_values =
        machine.run(function.name + ".block", {.point = points.data(), .gradient = gradients.data()}, count * kDraws);
    for (unsigned draw = 0; draw < kDraws; ++draw) {
      std::vector<double> point(coordinates), gradient(coordinates);
      for (std::size_t i = 0; i < coordinates; ++i) point[i] = points[i * kDraws + draw];
      const auto values = machine.run(function.name, {.point = point.data(), .gradient = gradient.data()}, count);
      oracle.set_vector(BufferKind::Parameter, {point.begin(), point.end()});
      const ir::Outcome outcome = oracle.call(function.name);
      ASSERT_TRUE(outcome.ok()) << outcome.error;
      const auto exact = oracle.vector(BufferKind::Gradient);
      double scale = 10;
      for (long double each : exact) scale = std::max(scale, static_cast<double>(std::abs(each)));
      for (const ir::Cell& each : outcome.results)
        scale = std::max(scale, std::isfinite(each.real) ? static_cast<double>(std::abs(each.real)) : 0);
      for (std::size_t i = 0; i < count; ++i) {
        expect_near(values[i], outcome.results[i].real, scale, function.name);
        expect_near(block_values[i * kDraws + draw], outcome.results[i].real, scale, function.name + ".block");
      }
      for (std::size_t i = 0; i < exact.size(); ++i) {
        expect_near(gradient[i], exact[i], scale, function.name + " gradient");
        expect_near(gradients[i * kDraws + draw], exact[i], scale, function.name + ".block gradient");
      }
    }
  }
}

struct Named {
  const char* name;
  std::string_view text;
};
void PrintTo(const Named& named, std::ostream* out) {
  *out << named.name;
}

class Modules : public testing::TestWithParam<std::tuple<std::string, int, Named>> {};

void compare_sizes(const std::string& cpu, std::string_view text, const std::function<void(ir::Module&)>& schedule) {
  const codegen::Target target = codegen::named_target(cpu);
  if (!codegen::runs_here(target)) GTEST_SKIP() << "this machine has no " << cpu;
  ir::Parsed parsed = ir::parse(text);
  ASSERT_TRUE(parsed.module) << parsed.error;
  schedule(*parsed.module);
  const auto mistakes = ir::verify(*parsed.module);
  ASSERT_TRUE(mistakes.empty()) << mistakes.front();
  jit::Machine machine(*parsed.module, target, kDraws);
  ASSERT_EQ(machine.error(), "");
  std::uint64_t seed = 1;
  for (std::int64_t rows : {0, 1, 7, 33, 100}) {
    for (double gaps : {0.0, 0.4, 1.0}) compare(*parsed.module, machine, Data(seed++, rows, gaps));
  }
}

TEST_P(Modules, AgreeWithTheInterpreter) {
  const auto& [cpu, tile, named] = GetParam();
  compare_sizes(cpu, named.text, [tile = tile](ir::Module& module) { set_lanes(module, tile); });
}

INSTANTIATE_TEST_SUITE_P(Everywhere, Modules,
                         testing::Combine(testing::Values("x86-64-v4", "x86-64-v3", "x86-64"),
                                          testing::Values(0, 8, 32),
                                          testing::Values(Named{"regression", kRegression},
                                                          Named{"categorical", kCategorical}, Named{"series", kSeries},
                                                          Named{"branches", kBranches}, Named{"segments", kSegments}, Named{"scans", kScans},
                                                          Named{"reductions", kReductions}, Named{"value_tables", kValueTables})));

class Cells : public testing::TestWithParam<std::tuple<std::string, int, int, Named>> {};

TEST_P(Cells, AgreeWithTheInterpreter) {
  const auto& [cpu, cells, columns, named] = GetParam();
  compare_sizes(cpu, named.text, [cells = cells, columns = columns](ir::Module& module) { set_cells(module, cells, columns); });
}

// Fewer and more cells than a register has lanes, fewer and more columns than there are.
INSTANTIATE_TEST_SUITE_P(Everywhere, Cells,
                         testing::Combine(testing::Values("x86-64-v4", "x86-64-v3", "x86-64"), testing::Values(2, 8, 16), testing::Values(2, 16),
                                          testing::Values(Named{"cells", kCells}, Named{"categorical", kCategorical})));

}  // namespace
}  // namespace lacuna
