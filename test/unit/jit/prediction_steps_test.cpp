// Statements that follow from each other's elements are predicted in step. Scales of 1e-300 leave only the means, so that every cell has a
// value that can be written down.
#include "test/unit/jit/predicted.h"

namespace lacuna::jit {
namespace {

// `known` elements of T, then `ahead` new ones.
Predicted::Call along(const TestBound& training, const TestBound& target, std::vector<double> draws, std::int64_t known, std::int64_t ahead) {
  std::vector<std::int64_t> map;
  for (std::int64_t t = 0; t < known + ahead; ++t) map.push_back(t < known ? t : -1);
  return {&training, &target, std::move(draws), 1, 0, 1, 1, LACUNA_MISSING_NAN, {{"T", map}}};
}

// Each latent reads the other's past; the fit's last elements are where the new ones begin.
TEST(InStep, LatentsThatReadEachOther) {
  const Predicted model(R"(open T
  model m(y: real?[T]) {
    for t in T {
      sample z[t] ~ Normal(if t == 0 then 8.0 else w[t - 1] + 1, 1e-300)
      sample w[t] ~ Normal(0.5 * z[t], 1e-300)
      observe y[t] ~ Normal(z[t] - w[t], 1e-300)
    }
  })");
  ASSERT_EQ(model.mistake(), "");
  const TestBound training = model.bind({{{"T", 2}}, {{"y", {0, 0}}}});
  const TestBound target = model.bind({{{"T", 5}}, {}}, true);
  const auto drawn = model.predict(along(training, target, {1, 2, 10, 20}, 2, 3), {"z", "w", "y"});
  EXPECT_EQ(drawn[0], (std::vector<double>{1, 2, 21, 11.5, 6.75}));
  EXPECT_EQ(drawn[1], (std::vector<double>{10, 20, 10.5, 5.75, 3.375}));
  EXPECT_EQ(drawn[2], (std::vector<double>{-9, -18, 10.5, 5.75, 3.375}));
  Predicted::Call prior{nullptr, &target, {}, 0, 0, 1};
  EXPECT_EQ(model.predict(prior, {"w"})[0], (std::vector<double>{4, 2.5, 1.75, 1.375, 1.1875}));
  // One latent alone needs the other's draws all the same.
  EXPECT_EQ(model.predict(prior, {"z"})[0], (std::vector<double>{8, 5, 3.5, 2.75, 2.375}));
}

constexpr const char* kPair = R"(open T
model m(x: real?[T], y: real?[T]) {
  sample a ~ Normal(0, 1)
  observe x[t in T] ~ Normal(if t == 0 then 1.0 else a * (y[t - 1] ?? 0), 1e-300)
  observe y[t in T] ~ Normal((x[t] ?? 0) + 1, 1e-300)
})";

// Two observed arrays, each drawn from the other: a value that is supplied is read, and the draw where none is.
TEST(InStep, ObservedArraysThatReadEachOther) {
  const Predicted model(kPair);
  ASSERT_EQ(model.mistake(), "");
  const TestBound training = model.bind({{{"T", 2}}, {{"x", {4, 5}}, {"y", {6, 8}}}});
  const TestBound target = model.bind({{{"T", 5}}, {{"x", {4, 5, kGap, kGap, kGap}}, {"y", {6, 8, kGap, 100, kGap}}}}, true);
  const auto drawn = model.predict(along(training, target, {0.5}, 2, 3), {"x", "y"});
  EXPECT_EQ(drawn[0], (std::vector<double>{1, 3, 4, 2.5, 50}));
  EXPECT_EQ(drawn[1], (std::vector<double>{5, 6, 5, 3.5, 51}));
  Predicted::Call simulate = along(training, target, {0.5}, 2, 3);
  simulate.flags |= LACUNA_SIMULATE;
  EXPECT_EQ(model.predict(simulate, {"x", "y"})[1], (std::vector<double>{2, 2, 2, 2, 2}));
  EXPECT_EQ(model.metadata().dimensions[0].ordered, 1);
}

// Random scales: the draws of one function are those of the other, whichever is asked for.
TEST(InStep, DrawsAreThoseOfTheSite) {
  const Predicted model(R"(open T
  model m(x: real?[T], y: real?[T]) {
    observe x[t in T] ~ Normal(if t == 0 then 1.0 else (y[t - 1] ?? 0), 1e-300)
    observe y[t in T] ~ Normal(x[t] ?? 0, 1)
  })");
  ASSERT_EQ(model.mistake(), "");
  const TestBound target = model.bind({{{"T", 6}}, {}}, true);
  Predicted::Call call{nullptr, &target, {}, 0, 0, 21};
  const auto both = model.predict(call, {"x", "y"});
  EXPECT_EQ(model.predict(call, {"x"})[0], both[0]);
  for (std::size_t d = 0; d < 21; ++d)
    for (std::size_t t = 1; t < 6; ++t) EXPECT_EQ(both[0][6 * d + t], both[1][6 * d + t - 1]);
}

// A let over one dimension carries what is drawn over two.
TEST(InStep, ALetThatReadsAllSeries) {
  const Predicted model(R"(open T
  model m(y: real?[G, T]) {
    sample a ~ Normal(0, 1)
    let h[t in T] = if t == 0 then 2.0 else a * h[t - 1] + sum((y[g, t - 1] ?? 0) for g in G)
    observe y[g in G, t in T] ~ Normal(h[t], 1e-300)
  })");
  ASSERT_EQ(model.mistake(), "");
  const TestBound training = model.bind({{{"G", 2}, {"T", 2}}, {{"y", {1, 3, kGap, 5}}}});
  const TestBound target = model.bind({{{"G", 2}, {"T", 4}}, {{"y", {1, 3, kGap, kGap, kGap, 5, kGap, kGap}}}}, true);
  const auto drawn = model.predict(along(training, target, {0.5}, 2, 2), {"y"})[0];
  // h = 2, 1 + 1 + 0, 1 + 3 + 5, 4.5 + 9 + 9.
  EXPECT_EQ(drawn, (std::vector<double>{2, 2, 9, 22.5, 2, 2, 9, 22.5}));
}

TEST(InStep, LetsThatReadEachOther) {
  const Predicted model(R"(open T
  model m(x: real[T], y: real?[T]) {
    sample a ~ Normal(0, 1)
    for t in T {
      let h[t] = if t == 0 then 1.0 else a * g[t - 1] + (y[t - 1] ?? 0)
      let g[t] = h[t] + x[t]
      observe y[t] ~ Normal(g[t], 1e-300)
    }
  })");
  ASSERT_EQ(model.mistake(), "");
  const TestBound training = model.bind({{{"T", 1}}, {{"x", {1}}, {"y", {7}}}});
  const TestBound target = model.bind({{{"T", 3}}, {{"x", {1, 0, 3}}, {"y", {7, kGap, kGap}}}}, true);
  // h = 1, 0.5 * 2 + 7, 0.5 * 8 + 8; g = 2, 8, 15.
  EXPECT_EQ(model.predict(along(training, target, {0.5}, 1, 2), {"y"})[0], (std::vector<double>{2, 8, 15}));
}

// The variance of GARCH's new days follows from the fit's last one, then from what was drawn.
TEST(InStep, GarchGoesOn) {
  const Predicted model(R"(open T
  model garch(r: real?[T]) {
    sample h0 ~ HalfNormal(1)
    let h[t in T] = if t == 0 then h0 else 0.1 + 0.5 * (r[t - 1] ?? 0) ^ 2 + 0.25 * h[t - 1]
    observe r[t in T] ~ Normal(h[t], 1e-300)
  })");
  ASSERT_EQ(model.mistake(), "");
  const TestBound training = model.bind({{{"T", 2}}, {{"r", {2, kGap}}}});
  const TestBound target = model.bind({{{"T", 4}}, {{"r", {2, kGap, kGap, kGap}}}}, true);
  std::vector<double> h = {4, 0.1 + 2 + 1};
  h.push_back(0.1 + 0.25 * h[1]);  // the gap of the fit stays a gap
  h.push_back(0.1 + 0.5 * h[2] * h[2] + 0.25 * h[2]);
  const auto drawn = model.predict(along(training, target, {4}, 2, 2), {"r"})[0];
  for (std::size_t t = 0; t < 4; ++t) EXPECT_DOUBLE_EQ(drawn[t], h[t]) << t;
}

TEST(InStep, ARecurrenceOverTrainingValues) {
  const Predicted model(R"(model m(x: real[T], y: real?[T]) {
    sample a ~ Normal(0, 1)
    let centre = mean(x)
    let h[t in T] = if t == 0 then x[t] - centre else 0.5 * h[t - 1] + (x[t] - centre)
    let top = h[0] + 1
    observe y[t in T] ~ Normal(a * h[t] + top, 1e-300)
  } open T)");
  ASSERT_EQ(model.mistake(), "");
  const TestBound training = model.bind({{{"T", 3}}, {{"x", {1, 2, 6}}, {"y", {0, 0, 0}}}});
  const TestBound target = model.bind({{{"T", 4}}, {{"x", {1, 2, 6, 13}}}}, true);
  // The mean is 3: h = -2, -2, 2, 11; top = -1.
  EXPECT_EQ(model.predict(along(training, target, {2}, 3, 1), {"y"})[0], (std::vector<double>{-5, -5, 3, 21}));
}

// An array that a later statement observes is drawn when it is read.
TEST(InStep, AStatementBelowIsReadAbove) {
  const Predicted model(R"(model m(x: real?[N], y: real?[N]) {
    sample a ~ Normal(0, 1)
    observe y[n in N] ~ Normal(10 * (x[n] ?? 0), 1e-300)
    observe x[n in N] ~ Normal(a, 1e-300)
  })");
  ASSERT_EQ(model.mistake(), "");
  const TestBound training = model.bind({{{"N", 1}}, {{"x", {0}}, {"y", {0}}}});
  const TestBound target = model.bind({{{"N", 2}}, {{"x", {kGap, 7}}}}, true);
  const auto drawn = model.predict({&training, &target, {3}, 1, 0, 1, 1, LACUNA_MISSING_NAN, {{"N", {-1, -1}}}}, {"y", "x"});
  EXPECT_EQ(drawn[0], (std::vector<double>{30, 70}));
  EXPECT_EQ(drawn[1], (std::vector<double>{3, 3}));
}

}  // namespace
}  // namespace lacuna::jit
