// Machine code against the interpreter, for one draw and for blocks of eight whose points are alike.
#pragma once
#include <gtest/gtest.h>

#include <cmath>

#include "compiler/jit/machine.h"
#include "test/unit/density/lowered.h"

namespace lacuna::jit {

using ir::BufferKind;

// Gives the same sizes and inputs to the interpreter and to machine code.
struct Both {
  ir::Interpreter& oracle;
  Machine& machine;

  void set_size(ir::DimId dim, std::int64_t size) {
    oracle.set_size(dim, size);
    machine.set_size(dim, size);
  }
  std::int64_t size(ir::DimId dim) const { return oracle.size(dim); }
  void set_input(ir::BufferId buffer, ir::InputArray array) {
    machine.set_input(buffer, {array.reals, array.whole, array.present});
    oracle.set_input(buffer, std::move(array));
  }
};

inline void expect_near(double got, long double expected, double scale, const std::string& what) {
  EXPECT_LE(std::abs(got - static_cast<double>(expected)), 1e-12 * scale)
      << what << ": " << got << ", not " << static_cast<double>(expected);
}

// Without log-Jacobians, in machine code and by the interpreter.
inline void compare_without_jacobian(ir::Interpreter& oracle, Machine& machine, const std::vector<double>& point) {
  oracle.ask_for_jacobian(false);
  const ir::Outcome exact = oracle.call("log_density_gradient");
  oracle.ask_for_jacobian(true);
  ASSERT_TRUE(exact.ok()) << exact.error;
  const auto slopes = oracle.vector(BufferKind::Gradient);
  double scale = std::max(1.0, static_cast<double>(std::abs(exact.results[0].real)));
  for (long double slope : slopes) scale = std::max(scale, static_cast<double>(std::abs(slope)));
  std::vector<double> gradient(point.size());
  const Machine::Call call{.point = point.data(), .gradient = gradient.data(), .without_jacobian = true};
  expect_near(machine.run("log_density_gradient", call, 1)[0], exact.results[0].real, scale, "value without Jacobians");
  expect_near(machine.run("log_density", call, 1)[0], exact.results[0].real, scale, "log_density without Jacobians");
  for (std::size_t i = 0; i < slopes.size(); ++i) expect_near(gradient[i], slopes[i], scale, "gradient without Jacobians");
}

inline void compare(const ir::Module& module, Machine& machine, const density::Filling& filling) {
  SCOPED_TRACE("size " + std::to_string(filling.size) + ", share " + std::to_string(filling.share));
  ir::Interpreter oracle(module);
  Both both{oracle, machine};
  density::fill(both, module, filling);
  const ir::Outcome bound = oracle.bind();
  ASSERT_TRUE(bound.ok()) << bound.error << bound.failed_check;
  ASSERT_FALSE(machine.bind());
  const auto point = density::random_point(oracle.parameter_count(), filling.seed);
  oracle.set_vector(BufferKind::Parameter, point);
  const ir::Outcome exact = oracle.call("log_density_gradient");
  ASSERT_TRUE(exact.ok()) << exact.error;
  const auto slopes = oracle.vector(BufferKind::Gradient);
  double scale = std::max(1.0, static_cast<double>(std::abs(exact.results[0].real)));
  for (long double slope : slopes) scale = std::max(scale, static_cast<double>(std::abs(slope)));

  constexpr std::size_t kDraws = 8;
  std::vector<double> one(point.begin(), point.end()), gradient(point.size());
  std::vector<double> eight(point.size() * kDraws), gradients(eight.size());
  for (std::size_t i = 0; i < eight.size(); ++i) eight[i] = one[i / kDraws];
  const double value = machine.run("log_density_gradient", {.point = one.data(), .gradient = gradient.data()}, 1)[0];
  const auto values =
      machine.run("log_density_gradient.block", {.point = eight.data(), .gradient = gradients.data()}, kDraws);
  expect_near(value, exact.results[0].real, scale, "value");
  expect_near(machine.run("log_density", {.point = one.data()}, 1)[0], exact.results[0].real, scale, "log_density");
  for (std::size_t i = 0; i < slopes.size(); ++i) expect_near(gradient[i], slopes[i], scale, "gradient");
  for (std::size_t d = 0; d < kDraws; ++d) {
    expect_near(values[d], exact.results[0].real, scale, "block value");
    for (std::size_t i = 0; i < slopes.size(); ++i) {
      expect_near(gradients[i * kDraws + d], slopes[i], scale, "block gradient");
    }
  }
  compare_without_jacobian(oracle, machine, one);
}

// The Hessian times a direction, alone and in a block whose draws have directions of their own.
inline void compare_products(const ir::Module& module, Machine& machine, const density::Filling& filling) {
  SCOPED_TRACE("product, size " + std::to_string(filling.size) + ", share " + std::to_string(filling.share));
  constexpr std::size_t kDraws = 8;
  ir::Interpreter oracle(module);
  Both both{oracle, machine};
  density::fill(both, module, filling);
  ASSERT_TRUE(oracle.bind().ok());
  ASSERT_FALSE(machine.bind());
  const auto point = density::random_point(oracle.parameter_count(), filling.seed);
  const auto direction = density::random_point(oracle.parameter_count(), filling.seed + 1);
  oracle.set_vector(BufferKind::Parameter, point);
  oracle.set_vector(BufferKind::Direction, direction);
  const ir::Outcome exact = oracle.call("log_density_hvp");
  ASSERT_TRUE(exact.ok()) << exact.error;
  const auto products = oracle.vector(BufferKind::Product);
  double scale = std::max(1.0, static_cast<double>(std::abs(exact.results[0].real)));
  for (long double x : products) scale = std::max(scale, static_cast<double>(std::abs(x)));
  std::vector<double> one(point.begin(), point.end()), along(direction.begin(), direction.end());
  std::vector<double> gradient(one.size()), product(one.size()), eight(one.size() * kDraws);
  std::vector<double> alongs(eight.size()), gradients(eight.size()), many(eight.size());
  for (std::size_t i = 0; i < eight.size(); ++i) {
    eight[i] = one[i / kDraws];
    alongs[i] = along[i / kDraws] * static_cast<double>(i % kDraws);
  }
  machine.run("log_density_hvp", {.point = one.data(), .gradient = gradient.data(), .direction = along.data(), .product = product.data()}, 1);
  machine.run("log_density_hvp.block", {.point = eight.data(), .gradient = gradients.data(), .direction = alongs.data(), .product = many.data()}, kDraws);
  for (std::size_t i = 0; i < products.size(); ++i) {
    expect_near(product[i], products[i], scale, "product");
    for (std::size_t d = 0; d < kDraws; ++d)
      expect_near(many[i * kDraws + d], products[i] * static_cast<double>(d), scale * 8, "block product");
  }
}

// Functions that give more than one number: terms, and those that fill outputs.
inline void compare_functions(const ir::Module& module, Machine& machine, const density::Filling& filling) {
  SCOPED_TRACE("functions, size " + std::to_string(filling.size) + ", share " + std::to_string(filling.share));
  ir::Interpreter oracle(module);
  Both both{oracle, machine};
  density::fill(both, module, filling);
  ASSERT_TRUE(oracle.bind().ok());
  ASSERT_FALSE(machine.bind());
  const auto point = density::random_point(oracle.parameter_count(), filling.seed);
  oracle.set_vector(BufferKind::Parameter, point);
  ASSERT_TRUE(oracle.call("constrain").ok());
  std::vector<long double> natural;
  for (const ir::Buffer& each : module.buffers)
    if (each.kind == BufferKind::Parameter)
      for (const ir::Cell& cell : oracle.contents(module.find_buffer("natural." + each.name))) natural.push_back(cell.real);
  for (const std::string function : {"terms", "constrain", "pointwise", "unconstrain", "natural_density", "natural_terms", "natural_pointwise"}) {
    const bool at_values = function == "unconstrain" || function.starts_with("natural");
    const std::vector<long double>& at = at_values ? natural : point;
    oracle.set_vector(at_values ? BufferKind::Natural : BufferKind::Parameter, at);
    const ir::Outcome exact = oracle.call(function);
    ASSERT_TRUE(exact.ok()) << function << ": " << exact.error;
    const std::vector<double> given(at.begin(), at.end());
    Machine::Call call{.point = given.data()};
    std::vector<std::pair<ir::BufferId, std::vector<double>>> outputs;
    for (std::uint32_t i = 0; i < module.buffers.size(); ++i)
      if (module.buffers[i].kind == BufferKind::Output) outputs.emplace_back(ir::BufferId{i}, std::vector<double>(oracle.contents({i}).size()));
    for (auto& [buffer, cells] : outputs) call.outputs.push_back(cells.data());
    const std::vector<double> results = machine.run(function, call, exact.results.size());
    for (std::size_t i = 0; i < results.size(); i += 2)
      expect_near(results[i], exact.results[i].real, std::max(1.0, static_cast<double>(std::abs(exact.results[i].real))), function);
    const std::string prefix = function == "constrain" ? "natural." : function == "unconstrain" ? "coordinates." : "pointwise.";
    for (const auto& [buffer, cells] : outputs) {
      if (!module.buffer(buffer).name.starts_with(prefix) || !exact.results.empty()) continue;
      for (std::size_t i = 0; i < cells.size(); ++i) {
        const long double want = oracle.contents(buffer)[i].real;
        expect_near(cells[i], want, std::max(1.0, static_cast<double>(std::abs(want))), function + " " + module.buffer(buffer).name);
      }
    }
  }
}

}  // namespace lacuna::jit
