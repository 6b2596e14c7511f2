// Latent vectors with a structure, of every size, alone and in a batch: the log density at a point against the plain density of the natural
// values plus the log of the volume that the map from coordinates stretches, from its differences.
#include <gtest/gtest.h>

#include <functional>

#include "compiler/autodiff/differentiate.h"
#include "compiler/ir/verifier.h"
#include "test/unit/autodiff/differences.h"
#include "test/unit/density/lowered.h"

namespace lacuna::density {
namespace {

using autodiff::Point;
using ir::BufferKind;

struct Structured {
  const char* type;
  const char* prior;
  int lost;  // coordinates fewer than elements
  // What the prior and its constant give at the natural values of one vector.
  std::function<long double(const Point& x)> density;
};

long double normal(long double x, long double m, long double s) {
  return -0.5L * (x - m) * (x - m) / (s * s) - std::log(s) - 0.5L * std::log(2 * std::acos(-1.0L));
}

long double sum(const Point& x, const std::function<long double(long double)>& f) {
  long double total = 0;
  for (const long double v : x) total += f(v);
  return total;
}

const Structured kStructures[] = {
    {"simplex", "Flat()", 1, [](const Point&) { return 0.0L; }},
    {"simplex", "Dirichlet(2)", 1,
     [](const Point& x) {
       return sum(x, [](long double v) { return std::log(v); }) + std::lgamma(2.0L * static_cast<long double>(x.size()));
     }},
    {"zero_sum", "Flat()", 1, [](const Point&) { return 0.0L; }},
    {"unit_vector", "Flat()", 0, [](const Point&) { return 0.0L; }},
    {"ordered", "Flat()", 0, [](const Point&) { return 0.0L; }},
    {"ordered", "Normal(1, 1)", 0,
     [](const Point& x) { return sum(x, [](long double v) { return normal(v, 1, 1); }) + std::lgamma(static_cast<long double>(x.size()) + 1); }},
    {"positive_ordered", "Exponential(2)", 0,
     [](const Point& x) {
       return sum(x, [](long double v) { return std::log(2.0L) - 2 * v; }) + std::lgamma(static_cast<long double>(x.size()) + 1);
     }},
    {"ordered", "Uniform(-1, 3)", 0,
     [](const Point& x) { return std::lgamma(static_cast<long double>(x.size()) + 1) - static_cast<long double>(x.size()) * std::log(4.0L); }},
    {"positive_ordered", "Beta(2, 1)", 0,
     [](const Point& x) { return sum(x, [](long double v) { return std::log(2 * v); }) + std::lgamma(static_cast<long double>(x.size()) + 1); }},
    {"ordered", "Pareto(1.5, 2)", 0,
     [](const Point& x) {
       return sum(x, [](long double v) { return std::log(2 * 1.5L * 1.5L) - 3 * std::log(v); }) + std::lgamma(static_cast<long double>(x.size()) + 1);
     }},
    {"ordered", "Truncated(Normal(0, 1), upper = 0)", 0,
     [](const Point& x) {
       return sum(x, [](long double v) { return normal(v, 0, 1) + std::log(2.0L); }) + std::lgamma(static_cast<long double>(x.size()) + 1);
     }},
    // The sum of K normals has a normal's density at 0, K of it by the measure of the plane.
    {"zero_sum", "Normal(0.5, 2)", 1,
     [](const Point& x) {
       const long double k = static_cast<long double>(x.size());
       return sum(x, [](long double v) { return normal(v, 0.5L, 2); }) - normal(0, 0.5L * k, 2 * std::sqrt(k)) - 0.5L * std::log(k);
     }},
    // Half the mass of a normal around 0 is positive.
    {"positive_ordered", "Normal(0, 2)", 0,
     [](const Point& x) {
       return sum(x, [](long double v) { return normal(v, 0, 2) + std::log(2.0L); }) + std::lgamma(static_cast<long double>(x.size()) + 1);
     }},
};

void PrintTo(const Structured& s, std::ostream* out) { *out << s.type << " ~ " << s.prior; }

class Structures : public testing::TestWithParam<std::tuple<Structured, int>> {
 public:
  void run(const std::string& program, std::int64_t vectors);
};

// log |det|, by elimination with the largest pivot.
long double log_determinant(std::vector<Point> rows) {
  long double total = 0;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    const auto largest = std::max_element(rows.begin() + static_cast<std::ptrdiff_t>(k), rows.end(),
                                          [&](const Point& a, const Point& b) { return std::fabs(a[k]) < std::fabs(b[k]); });
    std::swap(rows[k], *largest);
    total += std::log(std::fabs(rows[k][k]));
    for (std::size_t i = k + 1; i < rows.size(); ++i)
      for (std::size_t c = rows.size(); c-- > k;) rows[i][c] -= rows[i][k] / rows[k][k] * rows[k][c];
  }
  return total;
}

// The log of the volume by which a map stretches: from the differences of its first elements, one for each coordinate; a unit vector has
// the weight of independent standard normals instead, and a vector that sums to 0 is only turned.
long double log_volume(const std::string& type, const std::function<Point(const Point&)>& map, const Point& u) {
  if (type == "zero_sum" || u.empty()) return 0;
  if (type == "unit_vector") return sum(u, [](long double v) { return -0.5L * v * v; });
  std::vector<Point> slopes;
  for (std::size_t i = 0; i < u.size(); ++i) slopes.push_back(autodiff::differences([&](const Point& at) { return map(at)[i]; }, u));
  return log_determinant(slopes);
}

void expect_structure(const std::string& type, const Point& x) {
  const double total = static_cast<double>(sum(x, [](long double v) { return v; }));
  const double squares = static_cast<double>(sum(x, [](long double v) { return v * v; }));
  if (type == "unit_vector") {
    EXPECT_NEAR(squares, 1, 1e-15);
  } else if (type == "simplex" || type == "zero_sum") {
    EXPECT_NEAR(total, type == "simplex" ? 1 : 0, 1e-15);
  } else {
    EXPECT_TRUE(std::is_sorted(x.begin(), x.end(), std::less_equal<>()));
    EXPECT_TRUE(type == "ordered" || x.empty() || x[0] > 0);
  }
}

void Structures::run(const std::string& program, std::int64_t vectors) {
  const auto& [structure, size] = GetParam();
  const Lowered lowered = lower_text("structure.ppl", program, {.constrain = true});
  ASSERT_TRUE(lowered.complete) << lowered.mistakes;
  ir::Module module = lowered.module;
  ASSERT_TRUE(autodiff::differentiate(module).ok());
  ASSERT_EQ(ir::verify(module), std::vector<std::string>{});
  ir::Interpreter run(module);
  run.set_size(module.find_dim("K"), size);
  if (module.find_dim("J").valid()) run.set_size(module.find_dim("J"), vectors);
  ASSERT_TRUE(run.bind().ok());
  const auto elements = static_cast<std::size_t>(size);
  const std::size_t coordinates = elements - static_cast<std::size_t>(structure.lost);
  const Point at = random_point(run.parameter_count(), 7);
  ASSERT_EQ(at.size(), coordinates * static_cast<std::size_t>(vectors));
  const auto constrained = [&](const Point& u) {
    run.set_vector(BufferKind::Parameter, u);
    EXPECT_TRUE(run.call("constrain").ok());
    Point all;
    for (const ir::Cell& cell : run.contents(module.find_buffer("natural.c"))) all.push_back(cell.real);
    return all;
  };
  long double expected = 0;
  for (std::size_t v = 0; v < static_cast<std::size_t>(vectors); ++v) {
    const auto own = [&](const Point& u) {
      Point all = at;
      std::copy(u.begin(), u.end(), all.begin() + static_cast<std::ptrdiff_t>(v * coordinates));
      const Point x = constrained(all);
      return Point(x.begin() + static_cast<std::ptrdiff_t>(v * elements), x.begin() + static_cast<std::ptrdiff_t>((v + 1) * elements));
    };
    const Point u(at.begin() + static_cast<std::ptrdiff_t>(v * coordinates), at.begin() + static_cast<std::ptrdiff_t>((v + 1) * coordinates));
    expect_structure(structure.type, own(u));
    expected += structure.density(own(u)) + log_volume(structure.type, own, u);
  }
  const auto density = [&](const Point& p) {
    run.set_vector(BufferKind::Parameter, p);
    return run.call("log_density").results.at(0).real;
  };
  EXPECT_NEAR(static_cast<double>(density(at)), static_cast<double>(expected), 1e-9 * std::max(1.0, std::fabs(static_cast<double>(expected))));
  const Point slope = autodiff::differences(density, at);
  run.set_vector(BufferKind::Parameter, at);
  ASSERT_TRUE(run.call("log_density_gradient").ok());
  EXPECT_LT(autodiff::distance(run.vector(BufferKind::Gradient), slope), 1e-9);
}

TEST_P(Structures, HaveTheDensityThatTheirVolumeSays) {
  const auto& [structure, size] = GetParam();
  if (size < structure.lost || (size == 0 && std::string(structure.type) == "unit_vector")) GTEST_SKIP() << "refused when data are bound";
  const std::string of = std::string(structure.type) + "[K] ~ " + structure.prior;
  run("dim K\nmodel m() { sample c: " + of + " }", 1);
  for (const std::int64_t vectors : {0, 1, 3}) run("dim K dim J\nmodel m() { sample c[j in J]: " + of + " }", vectors);
}

std::string name_of(const testing::TestParamInfo<std::tuple<Structured, int>>& each) {
  const Structured& structure = std::get<0>(each.param);
  std::string name = std::string(structure.type) + "_" + structure.prior + "_" + std::to_string(std::get<1>(each.param));
  std::replace_if(name.begin(), name.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Sizes, Structures, testing::Combine(testing::ValuesIn(kStructures), testing::Values(0, 1, 2, 7, 19)), name_of);

}  // namespace
}  // namespace lacuna::density
