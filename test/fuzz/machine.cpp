// Well-typed programs, made from a seed taken from the input, from text to machine code: value, gradient and Hessian product are those
// of the interpreter, the gradient in blocks too, with the schedule that is chosen. Programs that are not compiled yet are left out, and so
// are points where the density is not finite, or where doubles do not carry it.
#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "compiler/autodiff/differentiate.h"
#include "compiler/codegen/target.h"
#include "compiler/ir/verifier.h"
#include "compiler/jit/machine.h"
#include "compiler/schedule/choose.h"
#include "test/generate/program.h"
#include "test/unit/density/lowered.h"

namespace {

using namespace lacuna;
using ir::BufferKind;

struct Case {
  std::uint64_t seed;
  std::string text;

  [[noreturn]] void complain(std::string_view what) const {
    fmt::print(stderr, "fuzz: generated program {}: {}\n{}\n", seed, what, text);
    std::abort();
  }
};

// Sizes and inputs for all that run.
struct All {
  ir::Interpreter& exact;
  ir::Interpreter& doubles;
  jit::Machine& machine;  // blocks of gradients
  jit::Machine& products;

  void set_size(ir::DimId dim, std::int64_t size) {
    exact.set_size(dim, size);
    doubles.set_size(dim, size);
    machine.set_size(dim, size);
    products.set_size(dim, size);
  }
  std::int64_t size(ir::DimId dim) const { return exact.size(dim); }
  void set_input(ir::BufferId buffer, ir::InputArray array) {
    machine.set_input(buffer, {array.reals, array.whole, array.present});
    products.set_input(buffer, {array.reals, array.whole, array.present});
    doubles.set_input(buffer, array);
    exact.set_input(buffer, std::move(array));
  }
};

struct Point {
  long double value = NAN;
  std::vector<long double> gradient, product;
};

Point evaluate(ir::Interpreter& run, const std::vector<long double>& at, const std::vector<long double>& along) {
  run.set_vector(BufferKind::Parameter, at);
  run.set_vector(BufferKind::Direction, along);
  const ir::Outcome outcome = run.call("log_density_hvp");
  if (!outcome.ok()) return {};
  return {outcome.results[0].real, run.vector(BufferKind::Gradient), run.vector(BufferKind::Product)};
}

long double largest(const std::vector<long double>& values) {
  long double most = 0;
  for (long double v : values) most = std::isfinite(v) ? std::max(most, std::fabs(v)) : INFINITY;
  return most;
}

// How far doubles are from the exact values: the rounding that any order of evaluation may show.
bool agrees(double got, long double exact, long double in_doubles, long double scale) {
  return std::fabs(got - exact) <= 1e-11L * scale + 1e3L * std::fabs(in_doubles - exact);
}

void compare(const Case& each, ir::Module module) {
  const autodiff::Reversed made = autodiff::differentiate(module, {}, {.products = true});
  if (!made.ok()) return;
  const codegen::Target target = codegen::host_target();
  ir::Module scheduled = module;
  schedule::choose(scheduled, {.lanes = target.lanes()});
  if (!ir::verify(scheduled).empty()) each.complain("schedule: " + ir::verify(scheduled).front());
  std::vector<std::string> gradient_alone{"log_density_gradient"}, product_alone{"log_density_hvp"};
  for (const ir::Function& function : scheduled.functions) {
    if (function.stage != ir::Stage::Data) continue;
    gradient_alone.push_back(function.name);
    product_alone.push_back(function.name);
  }
  jit::Machine machine(scheduled, target, 8, std::move(gradient_alone));
  jit::Machine products_machine(scheduled, target, 0, std::move(product_alone));
  if (!machine.error().empty()) each.complain(machine.error());
  ir::Interpreter exact(module);
  ir::Interpreter doubles(module, ir::Precision::Double);
  All all{exact, doubles, machine, products_machine};
  const density::Filling filling{.size = 1 + static_cast<std::int64_t>(each.seed % 11),
                                 .share = 0.25 * static_cast<double>(each.seed / 5 % 5),
                                 .seed = static_cast<unsigned>(each.seed),
                                 .largest = 1};
  density::fill(all, module, filling);
  if (!exact.bind().ok() || !doubles.bind().ok()) return;
  if (machine.bind() || products_machine.bind()) each.complain("machine code refuses data that the interpreter takes");
  const auto at = density::random_point(exact.parameter_count(), filling.seed);
  const auto along = density::random_point(exact.parameter_count(), filling.seed + 1);
  const Point want = evaluate(exact, at, along);
  const Point rounded = evaluate(doubles, at, along);
  const long double scale = std::max({1.0L, std::fabs(want.value), largest(want.gradient), largest(want.product)});
  if (!(scale < 1e9L) || !(std::fabs(rounded.value - want.value) <= 1e-9L * scale)) return;

  constexpr std::size_t kDraws = 8;
  std::vector<double> point(at.begin(), at.end()), direction(along.begin(), along.end());
  std::vector<double> gradient(point.size()), product(point.size()), points, gradients(point.size() * kDraws);
  for (std::size_t i = 0; i < point.size() * kDraws; ++i) points.push_back(point[i / kDraws]);
  products_machine.run("log_density_hvp", {.point = point.data(), .gradient = gradient.data(), .direction = direction.data(), .product = product.data()}, 1);
  const double value = machine.run("log_density_gradient", {.point = point.data(), .gradient = gradient.data()}, 1)[0];
  if (!agrees(value, want.value, rounded.value, scale)) each.complain(fmt::format("value {}, not {}", value, static_cast<double>(want.value)));
  machine.run("log_density_gradient.block", {.point = points.data(), .gradient = gradients.data()}, kDraws);
  for (std::size_t i = 0; i < point.size(); ++i) {
    const auto check = [&](const char* what, double got, const std::vector<long double>& exactly, const std::vector<long double>& in_doubles) {
      if (!agrees(got, exactly[i], in_doubles[i], scale))
        each.complain(fmt::format("{} {} is {}, not {}", what, i, got, static_cast<double>(exactly[i])));
    };
    check("gradient", gradient[i], want.gradient, rounded.gradient);
    check("product", product[i], want.product, rounded.product);
    check("gradient of a block", gradients[i * kDraws + i % kDraws], want.gradient, rounded.gradient);
  }
}

std::uint64_t seed_from(const std::uint8_t* data, std::size_t size) {
  std::uint64_t seed = 0xcbf29ce484222325U;  // FNV-1a
  for (std::size_t i = 0; i < size; ++i) seed = (seed ^ data[i]) * 0x100000001b3U;
  return seed;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::uint64_t seed = seed_from(data, size);
  const Case each{seed, generate::generate_program(seed, {.statements = 3, .depth = 2}).text};
  density::Lowered lowered = density::lower_text("generated.ppl", each.text);
  if (lowered.complete) compare(each, std::move(lowered.module));
  return 0;
}
