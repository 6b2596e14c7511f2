// Predictions through the compiled table, without files: 1,000 draws of many new rows, and of one.
//
//   predict_speed [repeats]    lines of: program, rows, least milliseconds (many rows) or microseconds (one row) a call
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <random>

#include "test/unit/jit/predicted.h"

namespace lacuna {
namespace {

constexpr std::int64_t kColumns = 20, kDraws = 1000;

constexpr const char* kLogistic = R"(model logistic(x: real[N, P], y: bool[N]) {
  sample alpha ~ Normal(0, 5)
  sample beta[P] ~ Normal(0, 1)
  observe y ~ Bernoulli(logit = alpha + x @ beta)
})";
constexpr const char* kNormal = R"(model normal(x: real[N, P], y: real?[N]) {
  sample alpha ~ Normal(0, 5)
  sample beta[P] ~ Normal(0, 1)
  sample sigma ~ HalfNormal(1)
  observe y ~ Normal(alpha + x @ beta, sigma)
})";

void run(const char* name, const char* program, std::int64_t values, std::int64_t rows, int repeats) {
  const jit::Predicted model(program);
  if (!model.mistake().empty()) {
    fmt::print("{}: {}\n", name, model.mistake());
    return;
  }
  std::mt19937 random(1);
  std::normal_distribution<double> normal(0, 1);
  const auto numbers = [&](std::int64_t count) {
    std::vector<double> made(static_cast<std::size_t>(count));
    for (double& x : made) x = normal(random);
    return made;
  };
  const jit::TestBound training = model.bind({{{"N", 1}, {"P", kColumns}}, {{"x", numbers(kColumns)}, {"y", {1}}}});
  const jit::TestBound target = model.bind({{{"N", rows}, {"P", kColumns}}, {{"x", numbers(rows * kColumns)}}}, true);
  std::vector<double> draws = numbers(values * kDraws);
  for (std::size_t i = draws.size() - kDraws; i < draws.size(); ++i) draws[i] = std::abs(draws[i]) + 0.1;
  std::vector<double> out(static_cast<std::size_t>(rows * kDraws));
  std::vector<double*> outs(static_cast<std::size_t>(model.metadata().site_count), nullptr);
  outs[static_cast<std::size_t>(model.site("y"))] = out.data();
  const std::vector<std::int64_t> fresh(static_cast<std::size_t>(rows), -1);
  std::vector<const std::int64_t*> maps(static_cast<std::size_t>(model.metadata().dimension_count), nullptr);
  maps[0] = std::string(model.metadata().dimensions[0].name) == "N" ? fresh.data() : nullptr;
  const jit::AlignedMemory workspace(static_cast<std::size_t>(model.table().workspace_size(target.get(), LACUNA_ENTRY_PREDICT, kDraws)));
  const lacuna_prediction request{sizeof(lacuna_prediction), LACUNA_MISSING_NAN, training.get(), target.get(), maps.data(), draws.data(), kDraws, 0, kDraws, 1, outs.data()};
  double least = 1e300;
  for (int i = 0; i < repeats; ++i) {
    const auto start = std::chrono::steady_clock::now();
    lacuna_error error{};
    if (model.table().predict(&request, workspace.data(), &error) != LACUNA_OK) fmt::print("{}: code {} {}\n", name, error.code, model.failure());
    least = std::min(least, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  if (rows == 1)
    fmt::print("{:10} {:8} {:10.1f} us\n", name, rows, least * 1e6);
  else
    fmt::print("{:10} {:8} {:10.2f} ms\n", name, rows, least * 1e3);
}

}  // namespace
}  // namespace lacuna

int main(int argc, char** argv) {
  const int repeats = argc > 1 ? std::atoi(argv[1]) : 10;
  for (const std::int64_t rows : {std::int64_t{10000}, std::int64_t{1}}) {
    lacuna::run("logistic", lacuna::kLogistic, lacuna::kColumns + 1, rows, rows == 1 ? 50 * repeats : repeats);
    lacuna::run("normal", lacuna::kNormal, lacuna::kColumns + 2, rows, rows == 1 ? 50 * repeats : repeats);
  }
}
