// From two files to draws: matching, binding and predicting on a hierarchy written by hand.
#include "runtime/predict/predictor.h"

#include <cmath>
#include <map>

#include "test/unit/runtime/data_fixture.h"
#include "test/unit/runtime/models/models.h"

namespace lacuna::runtime::predict {
namespace {

using data::BoundModel;
using data::Reading;
using Row = std::vector<double>;

constexpr std::int64_t kDraws = 400;

// Fitted to Cook, Lake and Rice; draw d has mu = d / 100 and a = 10, 20, 30, each plus d / 1000.
class Predicting : public ::testing::Test {
 protected:
  void SetUp() override {
    fit.csv("id,county,x,y\nr1,Lake,1,2\nr2,Cook,0,\nr3,Rice,0,3\n").key("N=id");
    old = data::match(*model.metadata, fit.sources, fit.options, {}, fit.problems);
    ASSERT_TRUE(old) << fit.said();
    training = BoundModel::bind(model, *old, fit.problems);
    ASSERT_TRUE(training) << fit.said();
    for (int v = 0; v < 4; ++v) {
      for (std::int64_t d = 0; d < kDraws; ++d)
        draws.push_back(v == 0 ? static_cast<double>(d) / 100 : 10 * v + static_cast<double>(d) / 1000);
    }
  }

  PredictorInput input(const BoundModel& target, const std::vector<Units>* units) const {
    PredictorInput made;
    made.training = &*training;
    made.target = &target;
    made.units = units;
    made.draws = draws.data();
    made.stride = kDraws;
    made.seed = 7;
    made.sites = {2};
    return made;
  }

  // The draws of each wanted site, [draw][cell], whatever the blocks.
  std::vector<Row> collect(PredictorInput in) {
    const auto predictor = Predictor::make(std::move(in), problems);
    if (!predictor) return {};
    std::vector<Row> all(predictor->shapes().size());
    const bool done = predictor->run(
        kDraws,
        [&](std::int64_t, std::int64_t count, const std::vector<const double*>& cells) {
          for (std::size_t i = 0; i < all.size(); ++i)
            all[i].insert(all[i].end(), cells[i], cells[i] + count * predictor->shapes()[i].cells);
          return true;
        },
        problems);
    EXPECT_TRUE(done);
    missing = predictor->missing();
    return all;
  }

  // A prediction for a table; by the row's id when it has one, else by "0", "1", ...
  std::map<std::string, Row> predict(const std::string& text, bool by_id, PredictorInput* change = nullptr) {
    Reading fresh;
    fresh.csv(text, "new.csv");
    if (by_id) fresh.key("N=id");
    auto read = data::match(*model.metadata, fresh.sources, fresh.options, {false, &old->dimensions}, fresh.problems);
    EXPECT_TRUE(read) << fresh.said();
    const auto target =
        make_target({*model.metadata, fresh.options, fresh.sources}, *old, std::move(*read), fresh.problems);
    EXPECT_TRUE(target) << fresh.said();
    const auto bound = BoundModel::bind(model, target->dataset, fresh.problems, LACUNA_FOR_PREDICTION);
    EXPECT_TRUE(bound) << fresh.said();
    PredictorInput in = input(*bound, &target->units);
    if (change) in.threads = change->threads, in.block_bytes = change->block_bytes, in.flags = change->flags;
    const std::vector<Row> out = collect(in);
    std::map<std::string, Row> made;
    const data::Dimension& rows = target->dataset.dimensions[1];
    for (std::int64_t n = 0; n < rows.size; ++n) {
      Row& row = made[rows.labels.empty() ? std::to_string(n) : rows.labels[static_cast<std::size_t>(n)]];
      for (std::int64_t d = 0; d < kDraws; ++d) row.push_back(out[0][static_cast<std::size_t>(d * rows.size + n)]);
    }
    return made;
  }

  const lacuna_model& model = test::hierarchy();
  Reading fit;
  std::optional<data::Dataset> old;
  std::optional<BoundModel> training;
  std::vector<double> draws;
  std::vector<std::int64_t> missing;
  Problems problems;
};

// The mean over draws of y - x is that of the county's draws: 10, 20 or 30 plus 0.1995; five Monte Carlo errors.
TEST_F(Predicting, KnownGroupsKeepTheirDraws) {
  const auto rows = predict("county,x\nRice,2\nCook,0\n", false);
  const auto mean = [](const Row& row) {
    double sum = 0;
    for (const double v : row) sum += v;
    return sum / static_cast<double>(row.size());
  };
  EXPECT_NEAR(mean(rows.at("0")), 32.1995, 5 / std::sqrt(kDraws));
  EXPECT_NEAR(mean(rows.at("1")), 10.1995, 5 / std::sqrt(kDraws));
}

// A new county's y is Normal(mu, sqrt 2) given mu = d / 100: the mean of mu is 1.995.
TEST_F(Predicting, NewGroupsComeFromThePopulation) {
  const auto rows = predict("county,x\nAitkin,0\n", false);
  double sum = 0, squares = 0;
  for (std::int64_t d = 0; d < kDraws; ++d) {
    const double rest = rows.at("0")[static_cast<std::size_t>(d)] - static_cast<double>(d) / 100;
    sum += rest;
    squares += rest * rest;
  }
  EXPECT_NEAR(sum / kDraws, 0, 5 * std::sqrt(2.0 / kDraws));
  EXPECT_NEAR(squares / kDraws, 2, 5 * 2 * std::sqrt(2.0 / kDraws));
}

TEST_F(Predicting, LabelledRowsDoNotDependOnOrderSubsetThreadsOrBlocks) {
  const auto all = predict("id,county,x\na,Rice,2\nb,Aitkin,1\nc,Zeta,3\nd,Aitkin,0\n", true);
  const auto turned = predict("id,county,x\nd,Aitkin,0\nc,Zeta,3\na,Rice,2\nb,Aitkin,1\n", true);
  EXPECT_EQ(all, turned);
  for (const char* line : {"a,Rice,2", "b,Aitkin,1", "c,Zeta,3", "d,Aitkin,0"}) {
    const auto one = predict(std::string("id,county,x\n") + line + "\n", true);
    EXPECT_EQ(one.begin()->second, all.at(one.begin()->first)) << line;
  }
  PredictorInput change;
  change.threads = 3;
  change.block_bytes = 700;
  EXPECT_EQ(predict("id,county,x\na,Rice,2\nb,Aitkin,1\nc,Zeta,3\nd,Aitkin,0\n", true, &change), all);
}

TEST_F(Predicting, TheTrainingFileGivesThePredictiveCheck) {
  const std::vector<Row> check = collect(input(*training, nullptr));
  const auto rows = predict("id,county,x\nr3,Rice,0\nr1,Lake,1\nr2,Cook,0\n", true);
  for (std::int64_t d = 0; d < kDraws; ++d) {
    for (std::int64_t n = 0; n < 3; ++n)
      EXPECT_EQ(rows.at(fmt::format("r{}", n + 1))[static_cast<std::size_t>(d)],
                check[0][static_cast<std::size_t>(d * 3 + n)]);
  }
}

TEST_F(Predicting, CellsWithGapsAreMissingAndCounted) {
  const auto rows = predict("county,x\nRice,2\nCook,\n,1\n", false);
  EXPECT_EQ(missing, (std::vector<std::int64_t>{2}));
  for (std::int64_t d = 0; d < kDraws; ++d) {
    EXPECT_TRUE(std::isfinite(rows.at("0")[static_cast<std::size_t>(d)]));
    EXPECT_TRUE(std::isnan(rows.at("1")[static_cast<std::size_t>(d)]));
    EXPECT_TRUE(std::isnan(rows.at("2")[static_cast<std::size_t>(d)]));
  }
}

TEST_F(Predicting, SizesAreThoseOfTheData) {
  EXPECT_TRUE(predict("county,x\n", false).empty());
  std::string text = "county,x\n";
  for (int n = 0; n < 256; ++n) text += "Cook,0\n";
  EXPECT_EQ(predict(text, false).size(), 256u);
}

// log Normal(y; a + x, 1) at y = 2, x = 1, a = 20 + d / 1000; nothing where y is not there.
TEST_F(Predicting, LogLikelihoodsAreThoseOfScoredCells) {
  PredictorInput in = input(*training, nullptr);
  in.flags = LACUNA_LOG_LIKELIHOOD;
  const std::vector<Row> out = collect(in);
  for (std::int64_t d = 0; d < kDraws; ++d) {
    const double rest = 2 - 21 - static_cast<double>(d) / 1000;
    EXPECT_NEAR(out[0][static_cast<std::size_t>(d * 3)], -0.5 * rest * rest - 0.5 * std::log(2 * M_PI), 1e-12);
    EXPECT_TRUE(std::isnan(out[0][static_cast<std::size_t>(d * 3 + 1)]));
  }
}

// Without training all is drawn: y - x has variance 25 + 1 + 1.
TEST_F(Predicting, ThePriorNeedsNoFit) {
  PredictorInput in = input(*training, nullptr);
  in.training = nullptr;
  in.draws = nullptr;
  in.sites = {0, 2};
  const std::vector<Row> out = collect(in);
  double squares = 0;
  for (std::int64_t d = 0; d < kDraws; ++d) squares += std::pow(out[1][static_cast<std::size_t>(d * 3 + 1)], 2);
  EXPECT_NEAR(squares / kDraws, 27, 5 * 27 * std::sqrt(2.0 / kDraws));
}

TEST_F(Predicting, AModelWithoutTheEntrySaysSo) {
  Reading r;
  r.csv("x,y,keep\n1,2,1\n");
  const lacuna_model& other = test::missing_outcome();
  const auto data = data::match(*other.metadata, r.sources, r.options, {}, r.problems);
  const auto bound = BoundModel::bind(other, *data, r.problems);
  PredictorInput in;
  in.target = &*bound;
  EXPECT_EQ(Predictor::make(in, problems), nullptr);
  EXPECT_EQ(render(problems.list().at(0), nullptr),
            "error[R0770]: `missing_outcome` cannot be predicted: its table has no entry for it\n");
}

}  // namespace
}  // namespace lacuna::runtime::predict
