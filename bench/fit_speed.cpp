// Variational inference, step by step: mean-field, one thread, one particle, compiling and reading excluded. One line
// for each case: 1,000 steps, least of several runs; the gradient alone, least of many calls in the same run; and what
// a step costs beyond 1.3 gradients, for each latent number. Times are the thread's own, so that others on the machine
// count less.
//
//   fit_speed
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <map>
#include <random>

#include "compiler/driver/model_table.h"
#include "compiler/driver/pipeline.h"
#include "runtime/infer/svi.h"

namespace lacuna {
namespace {

namespace data = runtime::data;
namespace infer = runtime::infer;

struct Case {
  const char* name;
  const char* program;
  std::map<std::string, std::int64_t> sizes;
};

double now() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}
double seconds_since(double from) {
  return now() - from;
}

// Random values for every argument: standard normal reals (10 + |x| where they must be positive), fair bools, uniform
// indices.
data::Dataset dataset_of(const lacuna_metadata& about, const Case& work) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal(0, 1);
  data::Dataset made;
  for (int d = 0; d < about.dimension_count; ++d) {
    const auto found = work.sizes.find(about.dimensions[d].name);
    made.dimensions.push_back({about.dimensions[d].name, found == work.sizes.end() ? -1 : found->second, {}, {}});
  }
  for (int a = 0; a < about.argument_count; ++a) {
    const lacuna_argument_info& argument = about.arguments[a];
    data::Array array;
    array.given = true;
    std::int64_t count = 1;
    for (int k = 0; k < argument.rank; ++k) {
      array.sizes.push_back(made.dimensions[static_cast<std::size_t>(argument.axes[k])].size);
      count *= array.sizes.back();
    }
    for (std::int64_t i = 0; i < count; ++i) {
      if (argument.type.kind == LACUNA_REAL) {
        array.real.push_back(argument.type.lower >= 0 ? 10 + std::abs(normal(random)) : normal(random));
      } else {
        const std::int64_t values = argument.type.kind == LACUNA_INDEX_OF
                                        ? made.dimensions[static_cast<std::size_t>(argument.type.index_of)].size
                                        : 2;
        array.whole.push_back(static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(values)));
      }
    }
    made.arguments.push_back(std::move(array));
  }
  return made;
}

double least_gradient(infer::Density& density) {
  std::vector<double> point(density.size(), 0.1), gradient(density.size());
  double best = INFINITY;
  for (const double start = now(); seconds_since(start) < 0.2;) {
    const double from = now();
    int calls = 0;
    do {
      for (int i = 0; i < 16; ++i) density.gradient(point.data(), gradient.data());
      calls += 16;
    } while (seconds_since(from) < 1e-4);
    best = std::min(best, seconds_since(from) / calls);
  }
  return best;
}

double least_thousand_steps(infer::Density& density) {
  infer::SviOptions options;
  options.particles = 1;
  options.steps = 1000;
  double best = INFINITY;
  for (int run = 0; run < 7; ++run) {
    runtime::Problems problems;
    std::optional<infer::SviState> state = infer::start_svi(density, options, problems);
    if (!state) return NAN;
    const double from = now();
    infer::run_svi(density, options, *state);
    best = std::min(best, seconds_since(from));
  }
  return best;
}

void run(const Case& work) {
  driver::Session session;
  driver::Compiled compiled = driver::check_program(session, std::string(LACUNA_ROOT) + "/" + work.program);
  const auto model = driver::ModelTable::make(compiled.models.front(), session.sources(), session.sink(), false);
  if (!model) return fmt::print("{}: not compiled\n", work.name);
  runtime::Problems problems;
  const data::Dataset dataset = dataset_of(*model->table()->metadata, work);
  const auto bound = data::BoundModel::bind(*model->table(), dataset, problems);
  if (!bound) return fmt::print("{}: not bound\n{}", work.name, runtime::render(problems.list().front(), nullptr));
  infer::Density density(*bound, LACUNA_JACOBIAN | LACUNA_NORMALISED);
  const double gradient = least_gradient(density), steps = least_thousand_steps(density);
  const double beyond = (steps / 1000 - 1.3 * gradient) / static_cast<double>(density.size());
  fmt::print("{:<24}{:>8} latents{:>12.2f} ms for 1,000 steps{:>10.0f} ns a gradient{:>8.1f} ns beyond 1.3 gradients\n", work.name,
             density.size(), steps * 1e3, gradient * 1e9, beyond * 1e9);
}

}  // namespace
}  // namespace lacuna

int main() {
  const lacuna::Case cases[] = {
      {"eight schools", "test/programs/gallery/eight_schools.ppl", {{"School", 8}}},
      {"logistic 1,000 x 10", "test/programs/gallery/logistic.ppl", {{"N", 1000}, {"P", 10}}},
      {"logistic 10,000 x 20", "test/programs/gallery/logistic.ppl", {{"N", 10000}, {"P", 20}}},
      {"radon 12,573 x 386", "bench/programs/radon.ppl", {{"N", 12573}, {"J", 386}}},
  };
  for (const lacuna::Case& work : cases) lacuna::run(work);
}
