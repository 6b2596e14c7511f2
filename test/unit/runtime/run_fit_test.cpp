// A whole fit, from bound data to a file that is read again.
#include "runtime/infer/run_fit.h"

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <sstream>

#include "runtime/assess/table.h"
#include "test/unit/runtime/infer_fixture.h"

namespace lacuna::runtime::infer {
namespace {

std::string path_of(const std::string& name) {
  return testing::TempDir() + "lacuna_" + std::to_string(::getpid()) + "_" + name;
}

std::string take(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  std::remove(path.c_str());
  return out.str();
}

data::Dataset schools() {
  data::Dataset dataset;
  dataset.dimensions.push_back({"School", 8, {}, {}});
  for (const std::vector<double>& values :
       {std::vector<double>{28, 8, -3, 7, -1, 1, 18, 12}, {15, 10, 16, 11, 9, 11, 10, 18}}) {
    data::Array array;
    array.given = true;
    array.sizes = {8};
    array.real = values;
    dataset.arguments.push_back(std::move(array));
  }
  return dataset;
}

struct Fitting {
  explicit Fitting(const lacuna_model& table = test::eight_schools(), data::Dataset data = schools())
      : dataset(std::move(data)), model(BoundModel::bind(table, dataset, problems)) {}
  data::Dataset dataset;
  Problems problems;
  FitOptions options;
  std::optional<BoundModel> model;
  FitReport run() { return run_fit(*model, dataset, options, problems); }
};

TEST(RunFit, TheFileDoesNotDependOnThreads) {
  std::string bytes[2];
  for (const int threads : {1, 3}) {
    Fitting f;
    f.options.output = path_of("threads.lfit");
    f.options.threads = threads;
    EXPECT_EQ(f.run().end, FitEnd::Done);
    bytes[threads == 3] = take(f.options.output);
  }
  EXPECT_FALSE(bytes[0].empty());
  EXPECT_EQ(bytes[0], bytes[1]);
}

TEST(RunFit, InterruptedAndResumedItGivesTheSameFile) {
  Fitting whole;
  whole.options.output = path_of("whole.lfit");
  EXPECT_EQ(whole.run().end, FitEnd::Done);
  Fitting part;
  part.options.output = path_of("part.lfit");
  part.options.svi.progress = [](const Progress& p) { return p.step < 300; };
  EXPECT_EQ(part.run().end, FitEnd::Interrupted);
  EXPECT_EQ(::access(part.options.output.c_str(), F_OK), -1);
  part.options.svi.progress = {};
  part.options.resume = true;
  EXPECT_EQ(part.run().end, FitEnd::Done);
  EXPECT_EQ(::access((part.options.output + ".checkpoint").c_str(), F_OK), -1);
  EXPECT_EQ(take(part.options.output), take(whole.options.output));
}

// Stopped at some iterations, by whichever way it climbs: the resumed run gives the bytes of one that was not.
TEST(RunFit, EveryMethodGoesOnFromWhereItWasStopped) {
  for (const Method method : {Method::Map, Method::Laplace, Method::Dadvi}) {
    Fitting whole(test::missing_outcome(), missing_outcome_data());
    whole.options.method = method;
    whole.options.svi.particles = 10;
    whole.options.output = path_of("climbed.lfit");
    std::int64_t calls = 0;
    whole.options.svi.progress = [&](const Progress&) { return ++calls > 0; };
    const FitEnd end = whole.run().end;
    const std::string bytes = take(whole.options.output);
    ASSERT_FALSE(bytes.empty()) << static_cast<int>(method);
    for (const std::int64_t stop : {std::int64_t{1}, calls / 3, calls - 1}) {
      Fitting part(test::missing_outcome(), missing_outcome_data());
      part.options = whole.options;
      std::int64_t asked = 0;
      part.options.svi.progress = [&](const Progress&) { return ++asked < stop; };
      EXPECT_EQ(part.run().end, FitEnd::Interrupted);
      EXPECT_EQ(::access(part.options.output.c_str(), F_OK), -1);
      asked = -1'000'000;
      part.options.resume = true;
      EXPECT_EQ(part.run().end, end);
      EXPECT_EQ(take(part.options.output), bytes) << static_cast<int>(method) << " stopped at " << stop << " of " << calls;
      EXPECT_LE(asked + 1'000'000, calls - stop + 1) << "it began anew";
      EXPECT_EQ(::access((part.options.output + ".checkpoint").c_str(), F_OK), -1);
    }
  }
}

TEST(RunFit, ACheckpointOfAnotherMethodIsRefused) {
  Fitting part;
  part.options.output = path_of("method.lfit");
  part.options.svi.progress = [](const Progress&) { return false; };
  EXPECT_EQ(part.run().end, FitEnd::Interrupted);
  part.options.method = Method::Map;
  part.options.resume = true;
  EXPECT_EQ(part.run().end, FitEnd::Failed);
  EXPECT_EQ(part.problems.list().back().id, Id::OtherCheckpoint);
  std::remove((part.options.output + ".checkpoint").c_str());
}

TEST(RunFit, ACheckpointOfOtherDataIsRefused) {
  Fitting part;
  part.options.output = path_of("other.lfit");
  part.options.svi.progress = [](const Progress&) { return false; };
  EXPECT_EQ(part.run().end, FitEnd::Interrupted);
  part.dataset.arguments[0].real[3] = 8;
  part.options.resume = true;
  EXPECT_EQ(part.run().end, FitEnd::Failed);
  EXPECT_EQ(part.problems.list().back().id, Id::OtherCheckpoint);
  std::remove((part.options.output + ".checkpoint").c_str());
}

TEST(RunFit, WhatHasNotConvergedIsWrittenAndDoubted) {
  Fitting f;
  f.options.output = path_of("doubt.lfit");
  f.options.svi.max_steps = 200;
  EXPECT_EQ(f.run().end, FitEnd::Doubtful);
  ASSERT_FALSE(f.problems.list().empty());
  EXPECT_NE(render(f.problems.list()[0], nullptr).find("warning[R0704]: not converged after 200 steps"),
            std::string::npos);
  EXPECT_FALSE(take(f.options.output).empty());
}

// theta = mu + tau z in every draw: values are on the natural scale and in the order of the sites.
TEST(RunFit, DrawsAreNaturalValues) {
  Fitting f;
  f.options.output = path_of("natural.lfit");
  f.options.draws = 200;
  EXPECT_EQ(f.run().end, FitEnd::Done);
  const auto fit = io::read_fit(f.options.output, f.problems);
  ASSERT_TRUE(fit);
  EXPECT_EQ(fit->draws, 200);
  ASSERT_EQ(fit->values.size(), 2000u);
  Density density(*f.model, kAll);
  for (std::size_t d = 0; d < 200; d += 37) {
    std::vector<double> natural(10), point(10);
    for (std::size_t v = 0; v < 10; ++v) natural[v] = fit->values[v * 200 + d];
    EXPECT_GT(natural[1], 0);
    f.model->model().unconstrain(f.model->bound(), natural.data(), nullptr, point.data(), nullptr);
    EXPECT_NEAR(density.value(point.data()), fit->log_density[d], 1e-9);
  }
  const std::string table = assess::summary_text(*fit);
  EXPECT_NE(table.find("\ntheta[7] "), std::string::npos) << table;
  EXPECT_NE(table.find("Pareto k"), std::string::npos);
  EXPECT_NE(assess::summary_json(*fit).find("\"theta[7]\":{\"mean\":"), std::string::npos);
  std::remove(f.options.output.c_str());
}

// Each draw's terms of the scored cells, with its priors and the log-Jacobian log sigma, are its log density.
TEST(RunFit, TermsOfScoredCellsAreWrittenOnRequest) {
  const BoundModel model = missing_outcome();
  data::Dataset dataset;
  dataset.dimensions.push_back({"N", 40, {}, {}});
  dataset.arguments.resize(3);
  FitOptions options;
  options.likelihood = true;
  options.draws = 70;
  options.output = path_of("terms.lfit");
  Problems problems;
  EXPECT_EQ(run_fit(model, dataset, options, problems).end, FitEnd::Done);
  const auto fit = io::read_fit(options.output, problems);
  ASSERT_TRUE(fit);
  ASSERT_EQ(fit->likelihood.size(), 1u);
  EXPECT_EQ(fit->likelihood[0].name, "y");
  EXPECT_EQ(fit->likelihood[0].positions[4], 6);  // cells 0 and 5 have no value
  const auto log_normal = [](double x, double sd) {
    return -0.5 * (x / sd) * (x / sd) - std::log(sd) - 0.5 * std::log(2 * M_PI);
  };
  for (std::size_t d = 0; d < 70; ++d) {
    double sum = 0;
    for (std::size_t c = 0; c < 32; ++c) sum += fit->terms[c * 70 + d];
    const double a = fit->values[d], b = fit->values[70 + d], sigma = fit->values[140 + d];
    sum += log_normal(a, 10) + log_normal(b, 10) + log_normal(sigma, 1) + std::log(2.0) + std::log(sigma);
    EXPECT_NEAR(sum, fit->log_density[d], 1e-9);
  }
  std::remove(options.output.c_str());
}

TEST(RunFit, WhileDrawsAreWrittenItCanBeStopped) {
  Fitting f;
  f.options.output = path_of("stopped.lfit");
  int asked = 0;
  f.options.stopped = [&] { return ++asked > 3; };
  EXPECT_EQ(f.run().end, FitEnd::Interrupted);
  EXPECT_EQ(::access(f.options.output.c_str(), F_OK), -1);
}

TEST(RunFit, AModeThatRunsAwayIsWrittenAndDoubted) {
  Fitting f;
  f.options.output = path_of("map.lfit");
  f.options.method = Method::Map;
  EXPECT_EQ(f.run().end, FitEnd::Doubtful);
  const auto fit = io::read_fit(f.options.output, f.problems);
  ASSERT_TRUE(fit);
  EXPECT_EQ(fit->draws, 1);
  EXPECT_NE(fit->texts.at("warnings").find("error[R0702]"), std::string::npos);
  std::remove(f.options.output.c_str());
}

}  // namespace
}  // namespace lacuna::runtime::infer
