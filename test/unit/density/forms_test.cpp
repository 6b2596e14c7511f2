// Every form that is lowered: its gradient against differences, and its functions against each other.
#include "test/unit/density/forms.h"

#include <gtest/gtest.h>

#include <map>

#include "compiler/autodiff/differentiate.h"
#include "compiler/ir/printer.h"
#include "compiler/ir/verifier.h"
#include "test/unit/autodiff/differences.h"
#include "test/unit/density/lowered.h"

namespace lacuna::density {
namespace {

using autodiff::Point;
using ir::BufferKind;

constexpr Options kAll{.terms = true, .pointwise = true, .constrain = true, .unconstrain = true, .natural = true};

class Forms : public testing::TestWithParam<Form> {};

// A bound module whose functions are called by name at a point.
class Model {
 public:
  explicit Model(const ir::Module& module, const Filling& filling) : module_(module), run_(module) {
    fill(run_, module, filling);
    const ir::Outcome bound = run_.bind();
    EXPECT_TRUE(bound.ok()) << bound.error << bound.failed_check;
  }

  std::vector<ir::Cell> call(const std::string& function, const Point& point, BufferKind kind = BufferKind::Parameter) {
    run_.set_vector(kind, point);
    const ir::Outcome outcome = run_.call(function);
    EXPECT_TRUE(outcome.ok()) << function << ": " << outcome.error;
    return outcome.ok() ? outcome.results : std::vector<ir::Cell>(2 * module_.sites.size() + 1);
  }
  std::vector<ir::Cell> without_jacobian(const std::string& function, const Point& point) {
    run_.ask_for_jacobian(false);
    std::vector<ir::Cell> made = call(function, point);
    run_.ask_for_jacobian(true);
    return made;
  }
  long double value(const std::string& function, const Point& point, BufferKind kind = BufferKind::Parameter) { return call(function, point, kind)[0].real; }
  // All outputs whose names begin so, in the order of the point.
  Point outputs(const std::string& prefix) const {
    Point all;
    for (const ir::Buffer& point : module_.buffers) {
      const ir::BufferId out = point.kind == BufferKind::Parameter ? module_.find_buffer(prefix + point.name) : ir::BufferId{};
      if (!out.valid()) continue;
      for (const ir::Cell& cell : run_.contents(out)) all.push_back(cell.real);
    }
    return all;
  }
  ir::Interpreter& run() { return run_; }

 private:
  const ir::Module& module_;
  ir::Interpreter run_;
};

void expect_close(long double got, long double want, const std::string& what) {
  EXPECT_LE(std::fabs(got - want), 1e-13L * std::max(1.0L, std::fabs(want))) << what;
}

// Totals of sites add up to the density; the terms of scored cells to their sites' totals.
void check_terms(Model& model, const ir::Module& module, const Point& point, const Point& natural) {
  const auto total = [&](const std::vector<ir::Cell>& terms) {
    long double sum = 0;
    for (std::size_t site = 0; site < module.sites.size(); ++site) sum += terms[2 * site].real;
    return sum;
  };
  expect_close(total(model.call("terms", point)), model.value("log_density", point), "terms");
  expect_close(total(model.without_jacobian("terms", point)), model.without_jacobian("log_density", point)[0].real, "terms without Jacobians");
  const std::vector<ir::Cell> terms = model.call("natural_terms", natural, BufferKind::Natural);
  expect_close(total(terms), model.value("natural_density", natural, BufferKind::Natural), "natural_terms");
  for (const std::string function : {"pointwise", "natural_pointwise"}) {
    model.call(function, function == "pointwise" ? point : natural, function == "pointwise" ? BufferKind::Parameter : BufferKind::Natural);
    for (std::size_t site = 0; site < module.sites.size(); ++site) {
      const ir::BufferId cells = module.find_buffer("pointwise." + module.sites[site].name);
      if (!cells.valid() || module.find_buffer(module.sites[site].name + ".imputed").valid()) continue;
      long double sum = 0;
      for (const ir::Cell& cell : model.run().contents(cells)) sum += cell.real;
      expect_close(sum, terms[2 * site].real, function + " of " + module.sites[site].name);
    }
  }
}

void check(const ir::Module& lowered, const Filling& filling) {
  SCOPED_TRACE("size " + std::to_string(filling.size) + ", share " + std::to_string(filling.share));
  ir::Module module = lowered;
  const autodiff::Reversed made = autodiff::differentiate(module, {}, {.products = true});
  ASSERT_TRUE(made.ok()) << made.error;
  ASSERT_EQ(ir::verify(module), std::vector<std::string>{}) << ir::print(module);
  Model plain(lowered, filling);
  Model model(module, filling);
  if (testing::Test::HasFailure()) return;

  const Point point = random_point(plain.run().parameter_count(), filling.seed);
  const long double expected = plain.value("log_density", point);
  ASSERT_TRUE(std::isfinite(expected));
  const auto density = [&](const Point& p) { return plain.value("log_density", p); };
  expect_close(model.value("log_density_gradient", point), expected, "log_density");
  EXPECT_LT(autodiff::distance(model.run().vector(BufferKind::Gradient), autodiff::differences(density, point)), 1e-9);

  // Natural values there and back, and the density at them.
  model.call("constrain", point);
  const Point natural = model.outputs("natural.");
  ASSERT_EQ(static_cast<std::int64_t>(natural.size()), model.run().natural_count());
  expect_close(model.value("natural_density_gradient", natural, BufferKind::Natural), model.without_jacobian("log_density", point)[0].real, "natural_density");
  model.call("natural_density_gradient", natural, BufferKind::Natural);
  const Point slope = model.run().vector(BufferKind::Gradient, BufferKind::Natural);
  const auto at_values = [&](const Point& p) { return plain.value("natural_density", p, BufferKind::Natural); };
  EXPECT_LT(autodiff::distance(slope, autodiff::differences(at_values, natural, 1e-5L)), 1e-8);
  model.call("unconstrain", natural, BufferKind::Natural);
  const Point back = model.outputs("coordinates.");
  ASSERT_EQ(back.size(), point.size());
  model.call("constrain", back);
  EXPECT_LT(autodiff::distance(model.outputs("natural."), natural), 1e-15);
  check_terms(model, module, point, natural);
}

TEST_P(Forms, AgreeWithEachOther) {
  const Lowered lowered = lower_text("form.ppl", GetParam().text, kAll);
  ASSERT_TRUE(lowered.complete) << lowered.mistakes;
  ASSERT_EQ(ir::verify(lowered.module), std::vector<std::string>{}) << ir::print(lowered.module);
  check(lowered.module, {.size = 5, .share = 0.7, .seed = 1});
  check(lowered.module, {.size = 3, .share = 1.0, .seed = 2});
  check(lowered.module, {.size = 4, .share = 0.0, .seed = 3});
  check(lowered.module, {.size = 1, .share = 0.5, .seed = 4});
  check(lowered.module, {.size = 0, .share = 0.5, .seed = 5});
}

INSTANTIATE_TEST_SUITE_P(Programs, Forms, testing::ValuesIn(kForms), [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace lacuna::density
