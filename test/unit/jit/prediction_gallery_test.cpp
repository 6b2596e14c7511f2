// The gallery predicts: the table of machine code against that of the interpreter, cell by cell: for the training data, for new rows and new
// groups, from the prior, and log likelihoods.
#include <fstream>
#include <random>
#include <sstream>

#include "test/unit/jit/predicted.h"

namespace lacuna::jit {
namespace {

std::string gallery(const std::string& name) {
  std::ifstream stream(std::string(LACUNA_GALLERY) + "/" + name + ".ppl");
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

// Random cells for every argument; of optional ones a share is there.
TestData random_data(const Predicted& model, std::int64_t size, double share, unsigned seed) {
  const lacuna_metadata& m = model.metadata();
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> unit(0, 1);
  TestData made;
  std::vector<std::int64_t> sizes;
  for (std::int32_t d = 0; d < m.dimension_count; ++d) {
    const lacuna_dimension_info& info = m.dimensions[d];
    sizes.push_back(info.declared_size >= 0 ? info.declared_size : size + d);
    made.sizes[info.name] = sizes.back();
  }
  for (std::int32_t a = 0; a < m.argument_count; ++a) {
    const lacuna_argument_info& info = m.arguments[a];
    std::int64_t cells = 1;
    for (std::int32_t k = 0; k < info.rank; ++k) cells *= sizes[static_cast<std::size_t>(info.axes[k])];
    std::vector<double>& values = made.values[info.name];
    for (std::int64_t c = 0; c < cells; ++c) {
      const double x = unit(random);
      double value = 0.1 + 1.9 * x;
      if (info.type.kind == LACUNA_INT) value = std::floor(5 * x);
      if (info.type.kind == LACUNA_BOOL) value = x < 0.7 ? 1 : 0;
      if (info.type.kind == LACUNA_INDEX_OF) value = std::floor(x * static_cast<double>(sizes[static_cast<std::size_t>(info.type.index_of)]));
      values.push_back((info.flags & LACUNA_OPTIONAL) && unit(random) > share ? kGap : value);
    }
  }
  return made;
}

// Natural values at random points, [value][draw].
std::vector<double> random_draws(const Predicted& model, const TestBound& bound, std::int64_t draws, unsigned seed) {
  lacuna_shape shape{};
  lacuna_error error{};
  EXPECT_EQ(model.table().shape(bound.get(), &shape, &error), LACUNA_OK);
  const AlignedMemory workspace(static_cast<std::size_t>(model.table().workspace_size(bound.get(), LACUNA_ENTRY_CONSTRAIN, 1)));
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0, 0.5);
  std::vector<double> point(static_cast<std::size_t>(shape.coordinates)), values(static_cast<std::size_t>(shape.values) + 1), all(static_cast<std::size_t>(shape.values * draws));
  for (std::int64_t d = 0; d < draws; ++d) {
    for (double& x : point) x = normal(random);
    EXPECT_EQ(model.table().constrain(bound.get(), point.data(), workspace.data(), values.data(), &error), LACUNA_OK);
    for (std::int64_t k = 0; k < shape.values; ++k) all[static_cast<std::size_t>(k * draws + d)] = values[static_cast<std::size_t>(k)];
  }
  return all;
}

void expect_same(const std::vector<double>& got, const std::vector<double>& expected, const std::string& what) {
  ASSERT_EQ(got.size(), expected.size()) << what;
  for (std::size_t c = 0; c < expected.size(); ++c) {
    const double x = got[c], y = expected[c];
    if (std::isnan(y)) {
      EXPECT_TRUE(std::isnan(x)) << what << " cell " << c << ": " << x;
    } else {
      EXPECT_NEAR(x, y, 1e-10 * std::max(1.0, std::abs(y))) << what << " cell " << c;
    }
  }
}

constexpr std::int64_t kDraws = 9;

// The training data and new ones, in which every dimension that is not closed has three more elements, rows only new ones.
struct Case {
  TestData training, fresh;
  std::map<std::string, std::vector<std::int64_t>> maps{};
};

Case random_case(const Predicted& model, std::int64_t size) {
  Case made;
  made.training = random_data(model, size, 0.6, static_cast<unsigned>(size));
  made.fresh = random_data(model, size + 3, 0.6, static_cast<unsigned>(size) + 1);
  const lacuna_metadata& m = model.metadata();
  std::int64_t closed = 0;
  for (std::int32_t d = 0; d < m.dimension_count; ++d) {
    const std::string name = m.dimensions[d].name;
    const std::int64_t known = made.training.sizes[name];
    closed += m.dimensions[d].kind == LACUNA_CLOSED && made.fresh.sizes[name] != known;
    for (std::int64_t e = 0; e < made.fresh.sizes[name]; ++e) {
      made.maps[name].push_back(m.dimensions[d].kind != LACUNA_FREE && e < known ? e : -1);
      made.fresh.keys[name].push_back(1000 + static_cast<std::uint64_t>(e));
    }
  }
  // New elements of a closed dimension are an error before the table is asked: such a model gets its own sizes again.
  if (closed > 0) made.fresh = made.training;
  for (auto& [name, map] : made.maps)
    if (closed > 0) map.resize(static_cast<std::size_t>(made.training.sizes[name]));
  return made;
}

class GalleryPredicts : public testing::TestWithParam<const char*> {
 protected:
  enum class What { Check, Fresh, Prior };

  // All sites for all draws, by whichever table the model uses.
  static std::vector<std::vector<double>> drawn(const Predicted& model, const Case& data, const std::vector<double>& draws, What what, std::uint32_t flags,
                                                const std::vector<std::string>& names) {
    const TestBound training = model.bind(data.training);
    const TestBound fresh = model.bind(data.fresh, true);
    Predicted::Call call{&training, what == What::Check ? &training : &fresh, draws, kDraws, 0, kDraws, 0x123456789ABCDEF, flags | LACUNA_MISSING_NAN};
    if (what == What::Fresh) call.maps = data.maps;
    if (what == What::Prior) call.training = nullptr, call.draws.clear();
    return model.predict(call, names);
  }

  static void compare(Predicted& model, const lacuna_model& interpreted, const Case& data, What what, std::uint32_t flags) {
    const std::vector<double> draws = random_draws(model, model.bind(data.training), kDraws, 5);
    std::vector<std::string> names;
    const lacuna_metadata& m = model.metadata();
    for (std::int32_t s = 0; s < m.site_count; ++s)
      if (m.sites[s].kind != LACUNA_FACTOR && (!(flags & LACUNA_LOG_LIKELIHOOD) || m.sites[s].kind == LACUNA_OBSERVED)) names.emplace_back(m.sites[s].name);
    const auto machine = drawn(model, data, draws, what, flags, names);
    model.use(&interpreted);
    const auto slow = drawn(model, data, draws, what, flags, names);
    model.use(nullptr);
    for (std::size_t i = 0; i < names.size(); ++i) expect_same(machine[i], slow[i], names[i]);
  }

  static void compare_all(const std::string& program, const std::vector<std::int64_t>& sizes) {
    Predicted model(program);
    ASSERT_EQ(model.mistake(), "");
    const auto interpreted = model.interpreted();
    ASSERT_TRUE(interpreted);
    for (const std::int64_t size : sizes) {
      SCOPED_TRACE(size);
      const Case data = random_case(model, size);
      for (const What what : {What::Check, What::Fresh, What::Prior}) {
        SCOPED_TRACE(static_cast<int>(what));
        compare(model, *interpreted->table(), data, what, 0);
        if (what != What::Prior) compare(model, *interpreted->table(), data, what, LACUNA_SIMULATE);
        if (what == What::Check) compare(model, *interpreted->table(), data, what, LACUNA_LOG_LIKELIHOOD);
      }
    }
  }
};

TEST_P(GalleryPredicts, AsTheInterpreterDoes) {
  // Rows stand in lanes from 64 cells on; the interpreter takes its time where cells have several axes.
  const std::string name = GetParam();
  const bool wide = name == "masked_categories" || name == "nan_scores" || name == "item_response" || name == "ratings";
  compare_all(gallery(name), {1, 6, wide ? 9 : 67});
}

INSTANTIATE_TEST_SUITE_P(Programs, GalleryPredicts,
                         testing::Values("missing_outcome", "missing_outcome_imputed", "missing_covariate", "masked_categories", "nan_scores", "eight_schools", "radon", "logistic",
                                         "counts", "garch", "local_level", "item_response", "ratings", "survival"));

// What no program of the gallery has: latents under a condition, statements in step, recurrences over training values, gaps that are
// filled with draws, a simplex for each group.
class ProgramPredicts : public GalleryPredicts {};

TEST_P(ProgramPredicts, AsTheInterpreterDoes) { compare_all(GetParam(), {1, 5, 70}); }

INSTANTIATE_TEST_SUITE_P(Programs, ProgramPredicts, testing::Values(R"(open J
  model partial(m: bool[J], j: J[N], y: real?[N]) {
    sample b ~ Normal(0, 1)
    sample z[k in J where m[k]] ~ Normal(b, 1)
    sample w[J] ~ Normal(0, 1)
    observe y[n in N] ~ Normal(if m[j[n]] then z[j[n]] else w[j[n]], 0.1)
  })", R"(open T
  model pair(x: real?[G, T], y: real?[T]) {
    sample a[G] ~ Normal(0, 1)
    for t in T {
      let h[t] = if t == 0 then 0.0 else 0.5 * g[t - 1] + sum((x[k, t - 1] ?? 0) for k in G)
      let g[t] = if t == 0 then 1.0 else tanh(h[t - 1]) + (y[t - 1] ?? 0)
    }
    observe x[k in G, t in T] ~ Normal(a[k] * tanh(h[t]), 1)
    observe y[t in T] ~ Normal(tanh(g[t]), 1)
  })", R"(open T
  model latents(y: real?[T]) {
    sample s ~ HalfNormal(1)
    for t in T {
      sample z[t] ~ Normal(if t == 0 then 0.0 else 0.5 * w[t - 1], s)
      sample w[t] ~ Normal(0.5 * z[t], s)
      observe y[t] ~ Normal(z[t] + w[t], 1) else impute
    }
    output last = sum(y[t] for t in T)
  })", R"(open T
  model centred(x: real[T], y: real?[T]) {
    sample a ~ Normal(0, 1)
    let centre = mean(x)
    let h[t in T] = if t == 0 then x[t] - centre else 0.5 * h[t - 1] + (x[t] - centre)
    observe y[t in T] ~ Normal(a * h[t], 1)
  })", R"(open G
  dim K = 3
  model classes(g: G[N], k: K[N]) {
    sample p[i in G]: simplex[K] ~ Dirichlet([1.0, 2.0, 3.0])
    observe k[n in N] ~ Categorical(p[g[n], :])
  })"));

}  // namespace
}  // namespace lacuna::jit
