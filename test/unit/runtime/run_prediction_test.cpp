// Whole predictions to files, on a hierarchy written by hand: tables and NetCDF hold what the predictor draws, however
// small the stretches in which it is done.
#include "runtime/predict/run_prediction.h"

#include <unistd.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "runtime/io/netcdf_file.h"
#include "test/unit/runtime/data_fixture.h"
#include "test/unit/runtime/models/models.h"

namespace lacuna::runtime::predict {
namespace {

using data::Reading;

class RunPrediction : public ::testing::Test {
 protected:
  // Fitted to Cook, Lake and Rice; draw d has mu = d and a = 100, 200, 300, each plus d.
  void SetUp() override {
    Reading read;
    read.csv("county,x,y\nLake,1,2\nCook,0,\nRice,0,3\n");
    old = data::match(*model.metadata, read.sources, read.options, {}, read.problems);
    ASSERT_TRUE(old) << read.said();
    const auto bound = data::BoundModel::bind(model, *old, read.problems);
    fit = io::describe(*bound, *old);
    fit.draws = 3;
    for (const double base : {0.0, 100.0, 200.0, 300.0}) {
      for (int d = 0; d < 3; ++d) fit.values.push_back(base + d);
    }
    options.draws = 50;
    options.seed = 5;
  }
  void TearDown() override {
    for (const std::string& path : written) ::unlink(path.c_str());
  }

  Target target_of(const std::string& text, bool by_id = false) {
    Reading read;
    read.csv(text, "new.csv");
    if (by_id) read.key("N=id");
    const data::Dataset known = fit.dataset(*model.metadata);
    auto fresh = data::match(*model.metadata, read.sources, read.options, {false, &known.dimensions}, read.problems);
    EXPECT_TRUE(fresh) << read.said();
    auto made = make_target({*model.metadata, read.options, read.sources}, known, std::move(*fresh), read.problems);
    EXPECT_TRUE(made) << read.said();
    return std::move(*made);
  }

  PredictionReport run(const Target* target, const std::string& name, bool prior = false) {
    options.output = testing::TempDir() + "lacuna_" + std::to_string(::getpid()) + "_" + name;
    options.force = true;
    written.push_back(options.output);
    problems = {};
    return run_prediction({model, prior ? nullptr : &fit, target}, options, problems);
  }
  std::string text() const {
    std::ostringstream all;
    all << std::ifstream(options.output).rdbuf();
    return all.str();
  }
  std::string said() const {
    std::string all;
    for (const Diagnostic& d : problems.list()) all += render(d, nullptr);
    return all;
  }

  const lacuna_model& model = test::hierarchy();
  std::optional<data::Dataset> old;  // which the fit's arguments are part of
  io::Fit fit;
  PredictionOptions options;
  Problems problems;
  std::vector<std::string> written;
};

// The cells of a line of CSV without quotes.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, ',');) cells.push_back(cell);
  if (line.ends_with(',')) cells.emplace_back();
  return cells;
}

std::vector<std::vector<std::string>> rows_of(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) rows.push_back(cells_of(line));
  return rows;
}

std::string many_rows() {
  std::string text = "county,x\n";
  for (int n = 0; n < 200; ++n) text += fmt::format("{},{}\n", n % 3 == 0 ? "Cook" : n % 3 == 1 ? "Rice" : "Aitkin", n);
  return text;
}

TEST_F(RunPrediction, ATableDoesNotDependOnStretchesOrThreads) {
  const Target target = target_of(many_rows());
  ASSERT_EQ(run(&target, "a.csv").end, PredictionEnd::Done) << said();
  const std::string whole = text();
  for (const std::int64_t bytes : {std::int64_t{1}, std::int64_t{3000}, std::int64_t{20000}}) {
    for (const int threads : {1, 3}) {
      options.bytes = bytes;
      options.threads = threads;
      ASSERT_EQ(run(&target, "a.csv").end, PredictionEnd::Done) << said();
      EXPECT_EQ(text(), whole) << bytes << " bytes, " << threads << " threads";
    }
  }
}

// Latents have an axis that may not be cut: their draws are made again for each window.
TEST_F(RunPrediction, ATableOfWhatCannotBeCutIsMadeByWindows) {
  const Target target = target_of(many_rows());
  options.latents = true;
  options.sites = {"a"};
  ASSERT_EQ(run(&target, "a.csv").end, PredictionEnd::Done) << said();
  const std::string whole = text();
  options.bytes = 400;  // one cell
  ASSERT_EQ(run(&target, "a.csv").end, PredictionEnd::Done) << said();
  EXPECT_EQ(text(), whole);
  EXPECT_EQ(rows_of(whole).size(), 1u + 1 + 3);  // mu; Cook, Rice, Aitkin, which the data name
}

TEST_F(RunPrediction, SummariesAreThoseOfTheDraws) {
  const Target target = target_of("county,x\nCook,1\nAitkin,2\n");
  ASSERT_EQ(run(&target, "a.csv").end, PredictionEnd::Done) << said();
  const auto draws = rows_of(text());
  std::string wrong;
  options.metrics = *read_metrics("mean,max", wrong);
  ASSERT_EQ(run(&target, "b.csv").end, PredictionEnd::Done) << said();
  const auto summary = rows_of(text());
  ASSERT_EQ(summary.size(), 3u);
  EXPECT_EQ(summary[0], (std::vector<std::string>{"site", "N", "mean", "max"}));
  for (std::size_t row = 1; row < 3; ++row) {
    EXPECT_EQ(summary[row][1], std::to_string(row - 1));
    double sum = 0, most = -1e300;
    for (std::size_t d = 2; d < draws[row].size(); ++d) {
      sum += std::stod(draws[row][d]);
      most = std::max(most, std::stod(draws[row][d]));
    }
    EXPECT_NEAR(std::stod(summary[row][2]), sum / 50, 1e-9);
    EXPECT_EQ(std::stod(summary[row][3]), most);
  }
  const std::string by_csv = text();
  options.bytes = 1;
  ASSERT_EQ(run(&target, "b.csv").end, PredictionEnd::Done) << said();
  EXPECT_EQ(text(), by_csv);
}

// The fit has draws 0, 1, 2: draw d of the prediction takes latents of d % 3, and chance of its own.
TEST_F(RunPrediction, MoreDrawsThanThereAreTakeThemAgain) {
  const Target target = target_of("county,x\nRice,0\n");
  options.latents = true;
  options.bytes = 64;
  ASSERT_EQ(run(&target, "a.csv").end, PredictionEnd::Done) << said();
  const auto rows = rows_of(text());
  EXPECT_EQ(rows[1][0], "mu");
  std::vector<double> noise;
  for (std::size_t d = 0; d < 50; ++d) {
    EXPECT_EQ(std::stod(rows[1][3 + d]), static_cast<double>(d % 3));
    noise.push_back(std::stod(rows.back()[3 + d]) - 300 - static_cast<double>(d % 3));
  }
  EXPECT_NE(noise[0], noise[3]);
}

TEST_F(RunPrediction, CellsThatCannotBePredictedAreEmptyAndCounted) {
  const Target target = target_of("county,x\nCook,1\nCook,\n,2\n");
  ASSERT_EQ(run(&target, "a.csv").end, PredictionEnd::Done);
  EXPECT_NE(said().find("warning[R0771]: 2 of 3 cells of `y` cannot be predicted"), std::string::npos) << said();
  EXPECT_EQ(rows_of(text())[2][2], "");
}

TEST_F(RunPrediction, NoRowsAndNoSites) {
  const Target none = target_of("county,x\n");
  ASSERT_EQ(run(&none, "a.csv").end, PredictionEnd::Done) << said();
  EXPECT_EQ(rows_of(text()).size(), 1u);
  ASSERT_EQ(run(&none, "a.nc").end, PredictionEnd::Done) << said();
  options.sites = {"yy"};
  EXPECT_EQ(run(&none, "a.csv").end, PredictionEnd::Failed);
  EXPECT_NE(said().find("error[R0726]: `--site yy` has no meaning here: the model has no site `yy`"),
            std::string::npos);
}

TEST_F(RunPrediction, AnInterruptedOneLeavesNothing) {
  const Target target = target_of(many_rows());
  options.bytes = 1;
  options.progress = [](double share) { return share < 0.5; };
  for (const char* name : {"a.csv", "a.nc"}) {
    EXPECT_EQ(run(&target, name).end, PredictionEnd::Interrupted);
    EXPECT_NE(::access(options.output.c_str(), F_OK), 0);
    EXPECT_NE(::access((options.output + ".unfinished").c_str(), F_OK), 0);
  }
}

TEST_F(RunPrediction, AFitOfOtherLatentsIsRefused) {
  fit.sites[1].name = "b";
  EXPECT_EQ(run(nullptr, "a.csv").end, PredictionEnd::Failed);
  EXPECT_NE(said().find("error[R0751]"), std::string::npos) << said();
}

// --- NetCDF

std::unique_ptr<io::NetcdfFile> open(const std::string& path) {
  Problems problems;
  auto library = io::NetcdfLibrary::load(problems);
  std::string why;
  return library ? io::NetcdfFile::open(path, std::move(library), why) : nullptr;
}

const io::NetcdfVariable* find(const std::vector<io::NetcdfVariable>& all, const std::string& name) {
  for (const auto& variable : all) {
    if (variable.name == name) return &variable;
  }
  return nullptr;
}

TEST_F(RunPrediction, DrawsStandInTheGroupsOfTheSchema) {
  const Target target = target_of("id,county,x\nb,Cook,1\na,Aitkin,2\n", true);
  ASSERT_EQ(run(&target, "a.csv").end, PredictionEnd::Done) << said();
  const auto rows = rows_of(text());
  options.bytes = 200;
  ASSERT_EQ(run(&target, "a.nc").end, PredictionEnd::Done) << said();
  const auto file = open(options.output);
  ASSERT_TRUE(file);
  const auto all = file->variables(file->group("predictions"));
  const io::NetcdfVariable* const y = find(all, "y");
  ASSERT_TRUE(y);
  EXPECT_EQ(y->dimensions, (std::vector<std::string>{"chain", "draw", "N"}));
  EXPECT_EQ(y->sizes, (std::vector<std::int64_t>{1, 50, 2}));
  EXPECT_EQ(file->texts(*find(all, "N")), (std::vector<std::string>{"a", "b"}));
  const std::vector<double> values = file->reals(*y);
  for (std::size_t n = 0; n < 2; ++n) {
    for (std::size_t d = 0; d < 50; ++d) EXPECT_EQ(values[d * 2 + n], std::stod(rows[n + 1][d + 2]));
  }
  const auto data = file->variables(file->group("predictions_constant_data"));
  EXPECT_EQ(file->reals(*find(data, "x")), (std::vector<double>{2, 1}));
  EXPECT_EQ(file->text(find(data, "county")->group, find(data, "county")->id, "index_of"), "J");
  EXPECT_FALSE(find(data, "y"));
}

TEST_F(RunPrediction, APredictiveCheckHoldsTheTrainingData) {
  ASSERT_EQ(run(nullptr, "a.nc").end, PredictionEnd::Done) << said();
  const auto file = open(options.output);
  EXPECT_TRUE(find(file->variables(file->group("posterior_predictive")), "y"));
  EXPECT_TRUE(find(file->variables(file->group("observed_data")), "y"));
  EXPECT_TRUE(find(file->variables(file->group("constant_data")), "x"));
}

TEST_F(RunPrediction, ThePriorHasLatentsAndObservations) {
  const Target target = target_of("county,x\nCook,1\n");
  options.latents = true;
  ASSERT_EQ(run(&target, "a.nc", true).end, PredictionEnd::Done) << said();
  const auto file = open(options.output);
  EXPECT_EQ(find(file->variables(file->group("prior")), "mu")->sizes, (std::vector<std::int64_t>{1, 50}));
  EXPECT_TRUE(find(file->variables(file->group("prior_predictive")), "y"));
}

TEST_F(RunPrediction, ALogLikelihoodListsTheScoredCells) {
  options.log_likelihood = true;
  options.draws = 3;
  ASSERT_EQ(run(nullptr, "a.nc").end, PredictionEnd::Done) << said();
  const auto file = open(options.output);
  const auto all = file->variables(file->group("log_likelihood"));
  EXPECT_EQ(find(all, "y")->dimensions, (std::vector<std::string>{"chain", "draw", "y_cell"}));
  EXPECT_EQ(find(all, "y")->sizes, (std::vector<std::int64_t>{1, 3, 2}));
  EXPECT_EQ(file->wholes(*find(all, "y_N")), (std::vector<std::int64_t>{0, 2}));
  // log Normal(2; a[Lake] + 1, 1) with a[Lake] = 200 + d
  const std::vector<double> values = file->reals(*find(all, "y"));
  for (int d = 0; d < 3; ++d)
    EXPECT_NEAR(values[static_cast<std::size_t>(2 * d)],
                -0.5 * std::pow(2 - 201 - d, 2) - 0.5 * std::log(2 * M_PI), 1e-9);
  ASSERT_EQ(run(nullptr, "a.csv").end, PredictionEnd::Done) << said();
  EXPECT_EQ(rows_of(text()).size(), 3u);
}

TEST_F(RunPrediction, SummariesHaveAnAxisOfTheirOwn) {
  const Target target = target_of(many_rows());
  std::string wrong;
  options.metrics = *read_metrics("q05,q95", wrong);
  ASSERT_EQ(run(&target, "a.csv").end, PredictionEnd::Done) << said();
  const auto rows = rows_of(text());
  options.bytes = 5000;
  ASSERT_EQ(run(&target, "a.nc").end, PredictionEnd::Done) << said();
  const auto file = open(options.output);
  const auto all = file->variables(file->group("predictions"));
  EXPECT_EQ(find(all, "y")->dimensions, (std::vector<std::string>{"metric", "N"}));
  EXPECT_EQ(file->texts(*find(all, "metric")), (std::vector<std::string>{"q05", "q95"}));
  const std::vector<double> values = file->reals(*find(all, "y"));
  for (std::size_t n = 0; n < 200; ++n) {
    EXPECT_EQ(values[n], std::stod(rows[n + 1][2]));
    EXPECT_EQ(values[200 + n], std::stod(rows[n + 1][3]));
  }
}

}  // namespace
}  // namespace lacuna::runtime::predict
