// What a cell's digits depend on, which values it reads, and what cannot be predicted.
#include <algorithm>
#include <random>

#include "compiler/aot/object.h"
#include "test/unit/jit/predicted.h"

namespace lacuna::jit {
namespace {

constexpr const char* kGroups = R"(
open J
model groups(j: J[N], x: real[N, P], y: real?[N]) {
  sample mu    ~ Normal(0, 1)
  sample tau   ~ HalfNormal(1)
  sample a[J]  ~ Normal(mu, tau)
  sample b[P]  ~ Normal(0, 1)
  sample sigma ~ HalfNormal(1)
  observe y[n in N] ~ Normal(a[j[n]] + sum(x[n, p] * b[p] for p in P), sigma)
})";

constexpr std::int64_t kDraws = 21;

struct Rows {
  std::vector<double> j, x;
  std::vector<std::uint64_t> keys;
};

Rows make_rows(std::int64_t count) {
  std::mt19937_64 random(7);
  Rows made;
  for (std::int64_t n = 0; n < count; ++n) {
    made.j.push_back(static_cast<double>(random() % 4));
    made.keys.push_back(random());
    for (int p = 0; p < 3; ++p) made.x.push_back(static_cast<double>(random() % 1000) / 500 - 1);
  }
  return made;
}

Rows select(const Rows& all, const std::vector<std::size_t>& rows) {
  Rows made;
  for (const std::size_t n : rows) {
    made.j.push_back(all.j[n]);
    made.keys.push_back(all.keys[n]);
    made.x.insert(made.x.end(), all.x.begin() + static_cast<std::ptrdiff_t>(3 * n), all.x.begin() + static_cast<std::ptrdiff_t>(3 * n + 3));
  }
  return made;
}

// Two groups are known, in the second and the fourth place.
struct Groups {
  Predicted model{kGroups};
  TestBound training = model.bind({{{"N", 1}, {"J", 2}, {"P", 3}}, {{"j", {0}}, {"x", {0, 0, 0}}, {"y", {0}}}});
  std::vector<double> draws;
  Groups() {
    std::mt19937 random(3);
    std::uniform_real_distribution<double> unit(0.1, 1);
    for (std::int64_t i = 0; i < 8 * kDraws; ++i) draws.push_back(unit(random));
  }
  std::vector<double> rows(const Rows& r, std::int64_t first = 0, std::int64_t count = kDraws, std::uint64_t seed = 77) const {
    const std::int64_t n = static_cast<std::int64_t>(r.j.size());
    const TestBound target = model.bind({{{"N", n}, {"J", 4}, {"P", 3}}, {{"j", r.j}, {"x", r.x}}, {{"N", r.keys}, {"J", {11, 22, 33, 44}}}}, true);
    return model.predict({&training, &target, draws, kDraws, first, count, seed, LACUNA_MISSING_NAN,
                          {{"N", std::vector<std::int64_t>(static_cast<std::size_t>(n), -1)}, {"J", {-1, 0, -1, 1}}, {"P", {0, 1, 2}}}},
                         {"y"})[0];
  }
};

TEST(Digits, DependOnTheKeyNotOnWhatStandsBeside) {
  const Groups groups;
  ASSERT_EQ(groups.model.mistake(), "");
  constexpr std::size_t kRows = 1200;
  const Rows all = make_rows(kRows);
  const std::vector<double> whole = groups.rows(all);
  std::vector<std::size_t> shuffled(kRows);
  for (std::size_t n = 0; n < kRows; ++n) shuffled[n] = n;
  std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937(5));
  const std::vector<double> other = groups.rows(select(all, shuffled));
  for (std::size_t d = 0; d < kDraws; ++d)
    for (std::size_t i = 0; i < kRows; ++i) ASSERT_EQ(other[d * kRows + i], whole[d * kRows + shuffled[i]]) << "order";
  const std::vector<std::size_t> some = {3, 17, 600, 601, 1199};
  const std::vector<double> subset = groups.rows(select(all, some));
  for (std::size_t d = 0; d < kDraws; ++d)
    for (std::size_t i = 0; i < some.size(); ++i) ASSERT_EQ(subset[d * some.size() + i], whole[d * kRows + some[i]]) << "subset";
  for (const std::size_t n : some) {
    const std::vector<double> one = groups.rows(select(all, {n}));
    for (std::size_t d = 0; d < kDraws; ++d) ASSERT_EQ(one[d], whole[d * kRows + n]) << "one by one";
  }
}

TEST(Digits, DependOnTheDrawNotOnTheBlock) {
  const Groups groups;
  for (const std::size_t count : {1, 13, 700}) {
    std::vector<std::size_t> rows(count);
    for (std::size_t n = 0; n < count; ++n) rows[n] = n;
    const Rows some = select(make_rows(700), rows);
    const std::vector<double> whole = groups.rows(some);
    for (const auto& [first, length] : {std::pair<std::int64_t, std::int64_t>{0, 5}, {5, 1}, {6, 15}, {20, 1}, {3, 0}}) {
      const std::vector<double> part = groups.rows(some, first, length);
      for (std::size_t i = 0; i < part.size(); ++i) ASSERT_EQ(part[i], whole[static_cast<std::size_t>(first) * count + i]) << count << " from " << first;
    }
    EXPECT_NE(groups.rows(some, 0, kDraws, 78), whole);
  }
}

TEST(Digits, AreThoseOfTheObject) {
  const Groups groups;
  const codegen::Target target = codegen::host_target();
  const aot::Object object = aot::make_object(groups.model.plain(), groups.model.metadata(), target);
  ASSERT_EQ(object.error, "");
  Jit linked;
  ASSERT_EQ(linked.add(object.bytes, "object"), "");
  const auto door = reinterpret_cast<const lacuna_model* (*)()>(linked.find("lacuna_groups"));
  ASSERT_NE(door, nullptr);
  ASSERT_NE(door()->predict, nullptr);
  for (const std::size_t count : {3, 800}) {
    std::vector<std::size_t> rows(count);
    for (std::size_t n = 0; n < count; ++n) rows[n] = n;
    const Rows some = select(make_rows(800), rows);
    const std::vector<double> jit = groups.rows(some);
    groups.model.use(door());
    const TestBound training = groups.model.bind({{{"N", 1}, {"J", 2}, {"P", 3}}, {{"j", {0}}, {"x", {0, 0, 0}}, {"y", {0}}}});
    const TestBound bound = groups.model.bind({{{"N", static_cast<std::int64_t>(count)}, {"J", 4}, {"P", 3}}, {{"j", some.j}, {"x", some.x}}, {{"N", some.keys}, {"J", {11, 22, 33, 44}}}}, true);
    const auto out = groups.model.predict({&training, &bound, groups.draws, kDraws, 0, kDraws, 77, LACUNA_MISSING_NAN,
                                           {{"N", std::vector<std::int64_t>(count, -1)}, {"J", {-1, 0, -1, 1}}, {"P", {0, 1, 2}}}}, {"y"})[0];
    groups.model.use(nullptr);
    EXPECT_EQ(out, jit);
  }
}

TEST(Gaps, MakeTheCellMissingAndNoOther) {
  const Groups groups;
  const TestBound target = groups.model.bind({{{"N", 4}, {"J", 2}, {"P", 3}}, {{"j", {0, kGap, 1, 1}}, {"x", {0, 0, 0, 0, 0, 0, 0, kGap, 0, 0, 0, 0}}}}, true);
  Predicted::Call call{&groups.training, &target, groups.draws, kDraws, 0, kDraws};
  call.maps = {{"N", {-1, -1, -1, -1}}, {"J", {0, 1}}, {"P", {0, 1, 2}}};
  const auto y = groups.model.predict(call, {"y"})[0];
  for (std::size_t d = 0; d < kDraws; ++d) {
    EXPECT_TRUE(std::isfinite(y[d * 4]));
    EXPECT_TRUE(std::isnan(y[d * 4 + 1]));
    EXPECT_TRUE(std::isnan(y[d * 4 + 2]));
    EXPECT_TRUE(std::isfinite(y[d * 4 + 3]));
  }
  call.flags = 0;
  call.code = LACUNA_DRAW;
  groups.model.predict(call, {"y"});
}

// Codes outside the dimension, values outside the type: missing too.
TEST(Gaps, AreValuesOutsideTheirType) {
  const Predicted model("model m(w: positive[N], k: count[N], y: real?[N]) { sample a ~ Normal(0, 1) observe y[n in N] ~ Normal(a + k[n] + (if k[n] > 2 then 1 else 0), w[n]) }");
  ASSERT_EQ(model.mistake(), "");
  const TestBound target = model.bind({{{"N", 4}}, {{"w", {1, -1, 1, 1}}, {"k", {0, 1, kGap, -3}}}}, true);
  const auto y = model.predict({nullptr, &target, {}, 0, 0, kDraws}, {"y"})[0];
  for (std::size_t d = 0; d < kDraws; ++d) {
    EXPECT_TRUE(std::isfinite(y[d * 4]));
    for (std::size_t n = 1; n < 4; ++n) EXPECT_TRUE(std::isnan(y[d * 4 + n])) << n;
  }
}

// A parameter that latents bring outside its bounds has no distribution.
TEST(Gaps, AreParametersThatDrawNothing) {
  const Predicted model("model m(y: real?[N], c: count?[N]) { sample a ~ Normal(0, 1) observe y ~ Normal(0, a) observe c ~ Poisson(a) }");
  ASSERT_EQ(model.mistake(), "");
  const TestBound training = model.bind({{{"N", 1}}, {{"y", {0}}, {"c", {0}}}});
  const auto drawn = model.predict({&training, &training, {-1, 1, 0, 2}, 4, 0, 4}, {"y", "c"});
  for (const std::size_t d : {0, 2}) EXPECT_TRUE(std::isnan(drawn[0][d]));
  for (const std::size_t d : {1, 3}) EXPECT_TRUE(std::isfinite(drawn[0][d]));
  EXPECT_TRUE(std::isnan(drawn[1][0]));
  EXPECT_EQ(drawn[1][2], 0);
}

TEST(Training, MeansAndScalesStay) {
  const Predicted model(R"(model m(x: real[N], y: real?[N]) {
    let centre = mean(x)
    let z[n in N] = x[n] - centre
    sample a ~ Normal(0, 1)
    sample s ~ HalfNormal(1)
    observe y[n in N] ~ Normal(z[n] / max(x[m] for m in N) + a, s)
    output middle = mean(x)
  })");
  ASSERT_EQ(model.mistake(), "");
  const TestBound training = model.bind({{{"N", 4}}, {{"x", {1, 2, 3, 10}}, {"y", {0, 0, 0, 0}}}});
  const TestBound target = model.bind({{{"N", 2}}, {{"x", {5, 100}}}}, true);
  const auto drawn = model.predict({&training, &target, {0, 1e-300}, 1, 0, 1, 1, LACUNA_MISSING_NAN, {{"N", {-1, -1}}}}, {"y", "middle"});
  EXPECT_DOUBLE_EQ(drawn[0][0], (5 - 4.0) / 10);
  EXPECT_DOUBLE_EQ(drawn[0][1], (100 - 4.0) / 10);
  EXPECT_DOUBLE_EQ(drawn[1][0], 52.5);  // outputs are computed over the data given
}

// A lag reads what is supplied, and the draw where nothing is; elements of the fit keep their gaps.
TEST(Lags, ReadDataElseDraws) {
  const Predicted model(R"(open T
  model m(y: real?[T]) {
    sample a ~ Normal(0, 1)
    observe y[t in T where t > 0] ~ Normal(a * y[t - 1], 1e-300) where present(y[t - 1])
  })");
  ASSERT_EQ(model.mistake(), "");
  const TestBound training = model.bind({{{"T", 4}}, {{"y", {8, kGap, 2, 3}}}});
  const auto check = model.predict({&training, &training, {0.5}, 1, 0, 1}, {"y"})[0];
  EXPECT_TRUE(std::isnan(check[0]));  // no statement draws it
  EXPECT_DOUBLE_EQ(check[1], 4);
  EXPECT_TRUE(std::isnan(check[2]));
  EXPECT_DOUBLE_EQ(check[3], 1);
  const TestBound target = model.bind({{{"T", 7}}, {{"y", {8, kGap, 2, 3, kGap, 20, kGap}}}}, true);
  Predicted::Call call{&training, &target, {0.5}, 1, 0, 1};
  call.maps = {{"T", {0, 1, 2, 3, -1, -1, -1}}};
  const auto ahead = model.predict(call, {"y"})[0];
  EXPECT_DOUBLE_EQ(ahead[4], 1.5);
  EXPECT_DOUBLE_EQ(ahead[5], 0.75);
  EXPECT_DOUBLE_EQ(ahead[6], 10);
  call.flags |= LACUNA_SIMULATE;
  const auto simulated = model.predict(call, {"y"})[0];
  for (std::size_t t = 1; t < 7; ++t) EXPECT_DOUBLE_EQ(simulated[t], 8 * std::pow(0.5, t)) << t;
}

TEST(LogLikelihood, IsTheDensityOfScoredCells) {
  const Predicted model("model m(x: real[N], y: real?[N], keep: bool[N]) { sample a ~ Normal(0, 1) observe y ~ Normal(a * x, 2) where keep }");
  ASSERT_EQ(model.mistake(), "");
  const TestBound training = model.bind({{{"N", 4}}, {{"x", {1, 2, 3, 4}}, {"y", {1, kGap, 5, 7}}, {"keep", {1, 1, 0, 1}}}});
  const auto term = [](double y, double mean) { return -0.5 * (y - mean) * (y - mean) / 4 - std::log(2.0) - 0.5 * std::log(2 * 3.141592653589793); };
  const auto out = model.predict({&training, &training, {0.5, -1}, 2, 0, 2, 1, LACUNA_LOG_LIKELIHOOD}, {"y"})[0];
  EXPECT_NEAR(out[0], term(1, 0.5), 1e-14);
  EXPECT_TRUE(std::isnan(out[1]));
  EXPECT_TRUE(std::isnan(out[2]));
  EXPECT_NEAR(out[3], term(7, 2), 1e-14);
  EXPECT_NEAR(out[7], term(7, -4), 1e-14);
}

TEST(LogLikelihood, OfDerivedValuesAndEvents) {
  const Predicted model(R"(dim K = 3
  model m(earn: positive[N], c: count[N, K]) {
    let log_earn = log(earn)
    sample a ~ Normal(0, 1)
    observe log_earn ~ Normal(a, 1)
    observe c[n in N] ~ Multinomial(4, [0.2, 0.3, 0.5])
  })");
  ASSERT_EQ(model.mistake(), "");
  const TestBound training = model.bind({{{"N", 2}, {"K", 3}}, {{"earn", {std::exp(1.0), std::exp(2.0)}}, {"c", {1, 1, 2, 4, 0, 0}}}});
  const auto out = model.predict({&training, &training, {0.5}, 1, 0, 1, 1, LACUNA_LOG_LIKELIHOOD}, {"log_earn", "c"});
  EXPECT_NEAR(out[0][0], -0.5 * 0.25 - 0.5 * std::log(2 * 3.141592653589793), 1e-14);
  EXPECT_NEAR(out[0][1], -0.5 * 2.25 - 0.5 * std::log(2 * 3.141592653589793), 1e-14);
  EXPECT_NEAR(out[1][0], std::log(12 * 0.2 * 0.3 * 0.25), 1e-13);
  EXPECT_TRUE(std::isnan(out[1][1]));
  EXPECT_NEAR(out[1][3], 4 * std::log(0.2), 1e-13);
}

TEST(Refused, WrongCalls) {
  const Groups groups;
  const lacuna_model& table = groups.model.table();
  std::vector<double*> out(static_cast<std::size_t>(groups.model.metadata().site_count), nullptr);
  const AlignedMemory workspace(static_cast<std::size_t>(table.workspace_size(groups.training.get(), LACUNA_ENTRY_PREDICT, 1)));
  const lacuna_prediction good{sizeof(lacuna_prediction), 0, groups.training.get(), groups.training.get(), nullptr, groups.draws.data(), kDraws, 0, 1, 1, out.data()};
  lacuna_error error{};
  EXPECT_EQ(table.predict(&good, workspace.data(), &error), LACUNA_OK);
  EXPECT_EQ(table.predict(nullptr, workspace.data(), &error), LACUNA_NULL);
  EXPECT_EQ(table.predict(&good, nullptr, &error), LACUNA_WORKSPACE);
  auto wrong = good;
  wrong.struct_size = 8;
  EXPECT_EQ(table.predict(&wrong, workspace.data(), &error), LACUNA_VERSION);
  wrong = good;
  wrong.first = kDraws;
  EXPECT_EQ(table.predict(&wrong, workspace.data(), &error), LACUNA_ARGUMENT);
  wrong = good;
  wrong.flags = 64;
  EXPECT_EQ(table.predict(&wrong, workspace.data(), &error), LACUNA_ARGUMENT);
  wrong = good;
  wrong.draws = nullptr;
  EXPECT_EQ(table.predict(&wrong, workspace.data(), &error), LACUNA_NULL);
  wrong = good;
  wrong.target = nullptr;
  EXPECT_EQ(table.predict(&wrong, workspace.data(), &error), LACUNA_NULL);
}

// Of a latent under a condition the fit lists the cells that it has; the others do not exist, nor do new ones outside the condition.
TEST(Known, LatentsUnderACondition) {
  const Predicted model(R"(open J model m(m: bool[J], y: real?[J]) {
    sample a ~ Normal(0, 1)
    sample z[j in J where m[j]] ~ Normal(100 * a, 1e-300)
    sample w[J] ~ Normal(0, 1)
    observe y[j in J] ~ Normal(if m[j] then z[j] else w[j], 1e-300)
  })");
  ASSERT_EQ(model.mistake(), "");
  const TestBound training = model.bind({{{"J", 4}}, {{"m", {0, 1, 0, 1}}, {"y", {0, 0, 0, 0}}}});
  const std::vector<double> draws = {9, 1, 2, 3, 4, 5, 6};
  const Predicted::Call check{&training, &training, draws, 1, 0, 1};
  EXPECT_EQ(model.predict(check, {"y"})[0], (std::vector<double>{3, 1, 5, 2}));
  const TestBound target = model.bind({{{"J", 4}}, {{"m", {1, 1, 0, 0}}}}, true);
  Predicted::Call fresh{&training, &target, draws, 1, 0, 1};
  fresh.maps = {{"J", {3, -1, -1, 0}}};
  const auto drawn = model.predict(fresh, {"y", "z"});
  EXPECT_EQ(drawn[0][0], 2);
  EXPECT_EQ(drawn[0][1], 900);
  EXPECT_EQ(drawn[0][3], 3);
  EXPECT_TRUE(std::isnan(drawn[1][2]));
}

// A latent without a distribution that can be drawn is no matter while the fit has it.
TEST(Refused, DrawsOfWhatHasNone) {
  const Predicted model("model m(y: real?[N]) { sample a ~ Flat() observe y ~ Normal(a, 1) }");
  ASSERT_EQ(model.mistake(), "");
  const TestBound training = model.bind({{{"N", 1}}, {{"y", {0}}}});
  EXPECT_TRUE(std::isfinite(model.predict({&training, &training, {0.5}, 1, 0, 1}, {"y"})[0][0]));
  Predicted::Call prior{nullptr, &training, {}, 0, 0, 1};
  prior.code = LACUNA_ABSENT;
  model.predict(prior, {"y"});
}

}  // namespace
}  // namespace lacuna::jit
