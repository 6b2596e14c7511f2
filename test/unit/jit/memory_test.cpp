// How much memory models take: bound data against the data themselves, at 8 bytes a value, or 16 for each cell of a sparse
// table; and workspaces for more rows.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "compiler/driver/model_table.h"
#include "compiler/driver/pipeline.h"

namespace lacuna {
namespace {

using Sizes = std::map<std::string, std::int64_t>;

struct Free {
  void operator()(void* memory) const { std::free(memory); }
};

// What the arrays of a program hold.
struct Contents {
  double missing = 0;    // the share of optional cells that are gaps, and of bools that are false
  bool large = false;    // ints are different and large
  bool sparse = false;   // tables over two axes or more are lists of a hundredth of their cells
  bool strided = false;  // elements are two places apart
};

// A program with data of given sizes.
class Sized {
 public:
  Sized(const driver::ModelTable& model, const Sizes& sizes, const Contents& contents) : table_(*model.table()), contents_(contents) {
    const lacuna_metadata& about = *table_.metadata;
    for (int d = 0; d < about.dimension_count; ++d) {
      const auto found = sizes.find(about.dimensions[d].name);
      dimensions_.push_back({found == sizes.end() ? -1 : found->second, nullptr});
    }
    columns_.resize(static_cast<std::size_t>(about.argument_count));
    for (int a = 0; a < about.argument_count; ++a) add(about.arguments[a], columns_[static_cast<std::size_t>(a)]);
  }

  double raw_bytes() const { return raw_; }

  std::int64_t bound_bytes() {
    std::int64_t bytes = 0;
    EXPECT_EQ(table_.bind_size(&table_, dimensions_.data(), arguments_.data(), &bytes, &error_), LACUNA_OK);
    return bytes;
  }

  void bind() {
    const std::int64_t bytes = bound_bytes();
    memory_.reset(std::aligned_alloc(LACUNA_ALIGNMENT, static_cast<std::size_t>((bytes + 63) / 64 * 64)));
    EXPECT_EQ(table_.bind_into(&table_, dimensions_.data(), arguments_.data(), 0, memory_.get(), bytes, &error_), LACUNA_OK)
        << error_.where << " " << error_.index;
  }

  std::int64_t workspace_bytes(lacuna_entry entry, std::int64_t draws = 1) { return table_.workspace_size(memory_.get(), entry, draws); }

  double log_density() {
    lacuna_shape shape{};
    EXPECT_EQ(table_.shape(memory_.get(), &shape, &error_), LACUNA_OK);
    const std::vector<double> point(static_cast<std::size_t>(shape.coordinates), 0.1);
    const std::int64_t bytes = workspace_bytes(LACUNA_ENTRY_LOG_DENSITY);
    const std::unique_ptr<void, Free> workspace(std::aligned_alloc(LACUNA_ALIGNMENT, static_cast<std::size_t>((bytes + 64) / 64 * 64)));
    double value = 0;
    EXPECT_EQ(table_.log_density(memory_.get(), point.data(), LACUNA_NORMALISED, workspace.get(), &value, &error_), LACUNA_OK);
    return value;
  }

 private:
  struct Column {
    std::vector<std::int64_t> shape, strides, whole;
    std::vector<double> reals;
    std::vector<std::uint8_t> present;
    std::vector<std::vector<std::int64_t>> coordinates;
    std::vector<const std::int64_t*> axes;
  };

  // Reals between 0 and 1; small counts, or large ones that differ; codes of what they index.
  void add(const lacuna_argument_info& about, Column& column) {
    std::int64_t count = 1;
    for (int k = 0; k < about.rank; ++k) {
      column.shape.push_back(dimensions_[static_cast<std::size_t>(about.axes[k])].size);
      count *= column.shape.back();
    }
    const bool real = about.type.kind == LACUNA_REAL, optional = (about.flags & LACUNA_OPTIONAL) != 0;
    const bool list = contents_.sparse && optional && about.rank >= 2;
    const std::int64_t apart = contents_.strided && !list ? 2 : 1;
    column.strides.resize(column.shape.size());
    std::int64_t stride = 8 * apart;
    for (std::size_t k = column.shape.size(); k-- > 0; stride *= column.shape[k]) column.strides[k] = stride;
    if (list) column.coordinates.resize(column.shape.size());
    std::int64_t cells = 0;
    for (std::int64_t i = 0; i < count; i += list ? 100 : 1, ++cells) {
      const bool gap = std::fmod(0.6180339887 * static_cast<double>(i), 1.0) < contents_.missing;
      const double value = gap && optional ? std::numeric_limits<double>::quiet_NaN() : 0.25 + 0.5 * std::fmod(0.7548776662 * static_cast<double>(i), 1.0);
      std::int64_t number = contents_.large ? 1024 + i : i % 7;
      if (about.type.kind == LACUNA_INDEX_OF) number = i * 7 % dimensions_[static_cast<std::size_t>(about.type.index_of)].size;
      if (about.type.kind == LACUNA_BOOL) number = gap && !optional ? 0 : 1;
      for (std::int64_t copy = 0; copy < apart; ++copy) {
        if (real) column.reals.push_back(value);
        if (!real) column.whole.push_back(number);
      }
      if (optional && !real) column.present.push_back(gap ? 0 : 1);
      std::int64_t rest = i;
      for (std::size_t k = column.shape.size(); list && k-- > 0; rest /= column.shape[k]) column.coordinates[k].push_back(rest % column.shape[k]);
    }
    for (const auto& axis : column.coordinates) column.axes.push_back(axis.data());
    arguments_.push_back({.data = real ? static_cast<const void*>(column.reals.data()) : column.whole.data(),
                          .dtype = real ? LACUNA_F64 : LACUNA_I64,
                          .rank = about.rank,
                          .sizes = column.shape.data(),
                          .strides = column.strides.data(),
                          .present = column.present.empty() ? nullptr : column.present.data(),
                          .cells = cells,
                          .coordinates = list ? column.axes.data() : nullptr});
    raw_ += (list ? 16 : 8) * static_cast<double>(cells);
  }

  const lacuna_model& table_;
  Contents contents_;
  std::vector<lacuna_dimension> dimensions_;
  std::vector<Column> columns_;
  std::vector<lacuna_array> arguments_;
  double raw_ = 0;
  lacuna_error error_{};
  std::unique_ptr<void, Free> memory_;
};

struct Program {
  const char* name;
  const char* text;
  Sizes sizes;
  Contents contents{};
  bool predicts = true;  // with the functions that predict
};
void PrintTo(const Program& program, std::ostream* out) {
  *out << program.name;
}
std::string name_of(const testing::TestParamInfo<Program>& info) {
  return info.param.name;
}

class Compiled {
 public:
  // Predictions read tables by row, and then no table stays a list.
  explicit Compiled(const char* text, bool predicts = true) {
    driver::Compiled compiled = driver::parse_file(session_, session_.sources().add("m.ppl", text));
    driver::check_parsed(session_, compiled);
    if (!compiled.models.empty()) model_ = driver::ModelTable::make(compiled.models.front(), session_.sources(), session_.sink(), false, {.predict = predicts});
  }
  const driver::ModelTable* get() const { return model_.get(); }

 private:
  driver::Session session_;
  std::unique_ptr<driver::ModelTable> model_;
};

constexpr const char* kVector = "model m(x: real?[N]) {\n  sample mu ~ Normal(0, 1)\n  observe x ~ Normal(mu, 1)\n}\n";
constexpr const char* kCountVector = "model m(y: count?[N]) {\n  sample mu ~ HalfNormal(1)\n  observe y ~ Poisson(mu)\n}\n";
constexpr const char* kMaskedMatrix =
    "model m(x: real[N, P], y: bool[N], seen: bool[N]) {\n  sample beta[P] ~ Normal(0, 1)\n"
    "  observe y ~ Bernoulli(logit = x @ beta) where seen\n}\n";
constexpr const char* kMatrix =
    "model m(x: real[N, P], y: bool[N]) {\n  sample beta[P] ~ Normal(0, 1)\n  observe y ~ Bernoulli(logit = x @ beta)\n}\n";
constexpr const char* kNegativeBinomial =
    "model m(y: count[N]) {\n  sample mu ~ HalfNormal(1)\n  sample phi ~ HalfNormal(1)\n  observe y ~ NegativeBinomial(mean = mu, concentration = phi)\n}\n";
constexpr const char* kCountRegression =
    "model m(x: real[N], y: count[N]) {\n  sample b ~ Normal(0, 1)\n  sample phi ~ HalfNormal(1)\n"
    "  observe y ~ NegativeBinomial(mean = exp(b * x), concentration = phi)\n}\n";
constexpr const char* kGroups =
    "model m(g: G[N], h: H[N], y: real?[N]) {\n  sample a[G] ~ Normal(0, 1)\n  sample b[H] ~ Normal(0, 1)\n"
    "  observe y[n in N] ~ Normal(a[g[n]] + b[h[n]], 1)\n}\n";
constexpr const char* kRatings =
    "model m(y: real?[A, B]) {\n  sample u[A] ~ Normal(0, 1)\n  sample v[B] ~ Normal(0, 1)\n"
    "  observe y[i in A, j in B] ~ Normal(u[i] + v[j], 1)\n}\n";

class BoundData : public testing::TestWithParam<Program> {};

TEST_P(BoundData, IsAtMostTwiceTheData) {
  const Compiled model(GetParam().text, GetParam().predicts);
  ASSERT_TRUE(model.get());
  Sized data(*model.get(), GetParam().sizes, GetParam().contents);
  EXPECT_LE(static_cast<double>(data.bound_bytes()), 2.2 * data.raw_bytes());
  RecordProperty("ratio", std::to_string(static_cast<double>(data.bound_bytes()) / data.raw_bytes()));
  data.bind();
  EXPECT_TRUE(std::isfinite(data.log_density()));
}

INSTANTIATE_TEST_SUITE_P(
    Programs, BoundData,
    testing::Values(
        Program{"vector", "model m(x: real[N]) {\n  sample mu ~ Normal(0, 1)\n  observe x ~ Normal(mu, 1)\n}\n", {{"N", 20000}}},
        Program{"vector_few_gaps", kVector, {{"N", 20000}}, {.missing = 0.01}},
        Program{"vector_half_gaps", kVector, {{"N", 20000}}, {.missing = 0.5}},
        Program{"vector_mostly_gaps", kVector, {{"N", 20000}}, {.missing = 0.99}},
        Program{"positive_vector_gaps", "model m(x: positive?[N]) {\n  sample mu ~ Normal(0, 1)\n  observe x ~ LogNormal(mu, 1)\n}\n", {{"N", 20000}}, {.missing = 0.3}, false},
        Program{"positive_regression", "model m(z: real[N], x: positive?[N]) {\n  sample b ~ Normal(0, 1)\n  observe x ~ LogNormal(b * z, 1)\n}\n", {{"N", 20000}}, {.missing = 0.3}, false},
        Program{"strided_vector_gaps", kVector, {{"N", 20000}}, {.missing = 0.3, .strided = true}},
        Program{"table_gaps", kRatings, {{"A", 400}, {"B", 50}}, {.missing = 0.1}},
        Program{"strided_table_gaps", kRatings, {{"A", 400}, {"B", 50}}, {.missing = 0.1, .strided = true}},
        Program{"counts_gaps", kCountVector, {{"N", 100000}}, {.missing = 0.01}},
        Program{"large_counts_gaps", kCountVector, {{"N", 100000}}, {.missing = 0.5, .large = true}},
        Program{"matrix", kMatrix, {{"N", 20000}, {"P", 20}}},
        Program{"narrow_matrix", kMatrix, {{"N", 20000}, {"P", 1}}},
        Program{"strided_matrix", kMatrix, {{"N", 20000}, {"P", 20}}, {.strided = true}},
        Program{"masked_matrix", kMaskedMatrix, {{"N", 20000}, {"P", 20}}, {.missing = 0.01}},
        Program{"masked_matrix_half", kMaskedMatrix, {{"N", 20000}, {"P", 20}}, {.missing = 0.5}},
        Program{"masked_matrix_hardly", kMaskedMatrix, {{"N", 20000}, {"P", 3}}, {.missing = 0.99}},
        Program{"poisson", "model m(x: real[N, P], y: count[N]) {\n  sample b[P] ~ Normal(0, 1)\n  observe y ~ Poisson(log_rate = x @ b)\n}\n", {{"N", 20000}, {"P", 12}}},
        Program{"counts", kNegativeBinomial, {{"N", 20000}}},
        Program{"large_counts", kNegativeBinomial, {{"N", 20000}}, {.large = true}},
        Program{"count_regression", kCountRegression, {{"N", 20000}}, {.large = true}},
        Program{"masked_counts", "model m(y: count[N], seen: bool[N]) {\n  sample mu ~ HalfNormal(1)\n  sample phi ~ HalfNormal(1)\n"
                                 "  observe y ~ NegativeBinomial(mean = mu, concentration = phi) where seen\n}\n",
                {{"N", 20000}}, {.missing = 0.1, .large = true}},
        Program{"categories", "model m(y: K[N]) {\n  sample t[K] ~ Normal(0, 1)\n  observe y ~ Categorical(logits = t)\n}\n", {{"N", 20000}, {"K", 5}}},
        Program{"categories_table_gaps", "model m(y: K?[B, E]) {\n  sample w[E, K] ~ Normal(0, 1)\n  observe y[b in B, e in E] ~ Categorical(logits = w[e, :])\n}\n",
                {{"B", 400}, {"E", 50}, {"K", 5}}, {.missing = 0.1}},
        Program{"masked_scores", "model m(x: real[B, E, K], y: K[B, E], seen: bool[B, E]) {\n  sample w[E, K] ~ Normal(0, 1)\n"
                                 "  observe y[b in B, e in E] ~ Categorical(logits = x[b, e, :] + w[e, :]) where seen[b, e]\n}\n",
                {{"B", 400}, {"E", 50}, {"K", 5}}, {.missing = 0.1}},
        Program{"bools_table_gaps", "model m(y: bool?[B, E]) {\n  sample w[E] ~ Normal(0, 1)\n  observe y[b in B, e in E] ~ Bernoulli(logit = w[e])\n}\n",
                {{"B", 400}, {"E", 50}}, {.missing = 0.1}},
        Program{"two_groups", kGroups, {{"N", 20000}, {"G", 30}, {"H", 40}}},
        Program{"two_groups_gaps", kGroups, {{"N", 20000}, {"G", 30}, {"H", 40}}, {.missing = 0.3}},
        Program{"sparse_table", kRatings, {{"A", 2000}, {"B", 1000}}, {.sparse = true}, false},
        Program{"sparse_labels", "model m(y: K?[A, B]) {\n  sample w[B, K] ~ Normal(0, 1)\n  observe y[i in A, j in B] ~ Categorical(logits = w[j, :])\n}\n",
                {{"A", 2000}, {"B", 1000}, {"K", 4}}, {.sparse = true}, false}),
    name_of);

class InPlace : public testing::TestWithParam<Program> {};

// An array that lies as the bound model's would is read where it is, any other copied: the bits are the same.
TEST_P(InPlace, ChangesNoBit) {
  const Compiled model(GetParam().text);
  ASSERT_TRUE(model.get());
  Contents contents = GetParam().contents;
  Sized plain(*model.get(), GetParam().sizes, contents);
  contents.strided = true;
  Sized strided(*model.get(), GetParam().sizes, contents);
  plain.bind();
  strided.bind();
  EXPECT_EQ(plain.log_density(), strided.log_density());
}

INSTANTIATE_TEST_SUITE_P(Programs, InPlace,
                         testing::Values(Program{"vector", kVector, {{"N", 999}}, {.missing = 0.3}}, Program{"table", kRatings, {{"A", 40}, {"B", 23}}, {.missing = 0.3}},
                                         Program{"counts", kCountVector, {{"N", 999}}, {.missing = 0.3}},
                                         Program{"matrix", kMatrix, {{"N", 999}, {"P", 7}}}, Program{"masked", kMaskedMatrix, {{"N", 999}, {"P", 7}}, {.missing = 0.3}}),
                         name_of);

class Workspace : public testing::TestWithParam<Program> {
 protected:
  std::int64_t bytes(const driver::ModelTable& model, const Sizes& sizes, lacuna_entry entry, std::int64_t draws = 1) const {
    Sized data(model, sizes, GetParam().contents);
    data.bind();
    return data.workspace_bytes(entry, draws);
  }

  // Ten times as many rows.
  Sizes more() const {
    Sizes sizes = GetParam().sizes;
    for (auto& [name, size] : sizes) size *= name == "N" || name == "B" || name == "T" ? 10 : 1;
    return sizes;
  }
};
using RowFree = Workspace;

// More rows are cut into more parts, each with a gradient of its own, and 64 are the most.
TEST_P(RowFree, IsAsLargeForTenTimesTheRows) {
  const Compiled model(GetParam().text);
  ASSERT_TRUE(model.get());
  constexpr std::int64_t kParts = LACUNA_MAX_PARTS * 8 * 320;  // up to 319 coordinates
  for (lacuna_entry entry : {LACUNA_ENTRY_LOG_DENSITY, LACUNA_ENTRY_LOG_DENSITY_GRADIENT, LACUNA_ENTRY_DENSITY_PART, LACUNA_ENTRY_HVP, LACUNA_ENTRY_TERMS})
    EXPECT_LE(bytes(*model.get(), more(), entry), bytes(*model.get(), GetParam().sizes, entry) + kParts) << "entry " << entry;
  EXPECT_LE(bytes(*model.get(), more(), LACUNA_ENTRY_LOG_DENSITY_GRADIENT, 8), bytes(*model.get(), GetParam().sizes, LACUNA_ENTRY_LOG_DENSITY_GRADIENT, 8) + kParts);
}

INSTANTIATE_TEST_SUITE_P(
    Programs, RowFree,
    testing::Values(Program{"vector_gaps", kVector, {{"N", 20000}}, {.missing = 0.3}}, Program{"matrix", kMatrix, {{"N", 20000}, {"P", 20}}},
                    Program{"masked_matrix", kMaskedMatrix, {{"N", 20000}, {"P", 20}}, {.missing = 0.3}}, Program{"counts", kNegativeBinomial, {{"N", 20000}}, {.large = true}},
                    Program{"count_regression", kCountRegression, {{"N", 20000}}, {.large = true}},
                    Program{"one_group", "model m(g: G[N], y: real?[N]) {\n  sample a[G] ~ Normal(0, 1)\n  observe y[n in N] ~ Normal(a[g[n]], 1)\n}\n", {{"N", 20000}, {"G", 30}}},
                    Program{"categories", "model m(y: K?[B, E]) {\n  sample w[E, K] ~ Normal(0, 1)\n  observe y[b in B, e in E] ~ Categorical(logits = w[e, :])\n}\n",
                            {{"B", 400}, {"E", 50}, {"K", 5}}, {.missing = 0.1}}),
    name_of);

// Steps, or scored cells, that ten times the rows add, 16 bytes for each of some materialised values.
struct Recurrence {
  Program program;
  int materialised;
  std::int64_t steps;
};
void PrintTo(const Recurrence& each, std::ostream* out) {
  *out << each.program.name;
}

class InOrder : public testing::TestWithParam<Recurrence> {};

TEST_P(InOrder, TakesSixteenBytesAStepForEachValue) {
  const auto& [program, materialised, steps] = GetParam();
  const Compiled model(program.text);
  ASSERT_TRUE(model.get());
  Sizes sizes = program.sizes;
  Sized less(*model.get(), sizes, program.contents);
  for (auto& [name, size] : sizes) size *= name == "N" || name == "T" || name == "A" ? 10 : 1;
  Sized more(*model.get(), sizes, program.contents);
  less.bind();
  more.bind();
  for (lacuna_entry entry : {LACUNA_ENTRY_LOG_DENSITY, LACUNA_ENTRY_LOG_DENSITY_GRADIENT}) {
    const std::int64_t most = less.workspace_bytes(entry) + 9 * steps * 16 * materialised;
    EXPECT_LE(more.workspace_bytes(entry), most) << "entry " << entry;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Programs, InOrder,
    testing::Values(Recurrence{{"garch",
                                "model m(r: real?[T]) {\n  sample mu ~ Normal(0, 1)\n  sample w ~ HalfNormal(1)\n  sample a ~ Uniform(0, 1)\n  sample b ~ Uniform(0, 1 - a)\n"
                                "  let h[t in T] = if t == 0 then w else w + a * ((r[t - 1] ?? mu) - mu) ^ 2 + b * h[t - 1]\n"
                                "  observe r[t in T] ~ Normal(mu, sqrt(h[t]))\n}\n",
                                {{"T", 1000}}},
                               1, 1000},
                    Recurrence{{"local_level",
                                "model m(y: real?[T]) {\n  sample d ~ HalfNormal(1)\n  sample level[t in T] ~ Normal(if t == 0 then 0 else level[t - 1], if t == 0 then 10 else d)\n"
                                "  observe y ~ Normal(level, 1)\n}\n",
                                {{"T", 1000}}},
                               1, 1000},
                    Recurrence{{"two_gathers", kGroups, {{"N", 20000}, {"G", 30}, {"H", 40}}}, 1, 20000},
                    Recurrence{{"ratings", kRatings, {{"A", 400}, {"B", 50}}, {.missing = 0.1}}, 1, 18000},
                    Recurrence{{"item_response",
                                "model m(y: bool?[A, B]) {\n  sample u[A] ~ Normal(0, 1)\n  sample v[B] ~ Normal(0, 1)\n  sample w[B] ~ LogNormal(0, 0.5)\n"
                                "  observe y[i in A, j in B] ~ Bernoulli(logit = w[j] * (u[i] - v[j]))\n}\n",
                                {{"A", 400}, {"B", 50}}, {.missing = 0.5}},
                               1, 10000}),
    [](const auto& each) { return each.param.program.name; });

}  // namespace
}  // namespace lacuna
