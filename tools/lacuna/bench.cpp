// `lacuna bench`: where the time goes, from program text to gradients.
#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <random>
#include <thread>

#include "compiler/driver/model_table.h"
#include "compiler/driver/pipeline.h"
#include "runtime/infer/parts.h"
#include "tools/lacuna/data_options.h"

namespace lacuna::tool {

namespace {

namespace data = runtime::data;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t kBlock = 8;            // draws in the block that is timed
constexpr double kBatchNanoseconds = 20'000;  // calls are timed in batches of at least this, so that the clock does not count

constexpr driver::Entries kGradient{.products = false, .terms = false, .pointwise = false, .constrain = false, .predict = false, .gradient_ahead = true};

struct BenchOptions {
  std::vector<std::string> paths;
  DataOptions data;
  double seconds = 1;
};

double nanoseconds_since(Clock::time_point from) {
  return std::chrono::duration<double, std::nano>(Clock::now() - from).count();
}

// Runs `step` and gives its milliseconds.
template <class Step>
double timed(const Step& step) {
  const Clock::time_point from = Clock::now();
  step();
  return nanoseconds_since(from) * 1e-6;
}

struct Spread {
  double min = 0, median = 0;  // nanoseconds a call
};

// Calls `call` for about `seconds`, after warming up for a tenth of that.
template <class Call>
Spread measure(double seconds, const Call& call) {
  std::int64_t batch = 1;
  for (const Clock::time_point from = Clock::now(); nanoseconds_since(from) < seconds * 1e8;) {
    const Clock::time_point start = Clock::now();
    for (std::int64_t i = 0; i < batch; ++i) call();
    if (nanoseconds_since(start) < kBatchNanoseconds) batch *= 2;
  }
  std::vector<double> times;
  for (const Clock::time_point from = Clock::now(); times.empty() || nanoseconds_since(from) < seconds * 1e9;) {
    const Clock::time_point start = Clock::now();
    for (std::int64_t i = 0; i < batch; ++i) call();
    times.push_back(nanoseconds_since(start) / static_cast<double>(batch));
  }
  std::sort(times.begin(), times.end());
  return {times.front(), times[times.size() / 2]};
}

// What is printed, in order.
struct Report {
  double parse = 0, check = 0, library = 0, lower = 0, codegen = 0, bind = 0, read = 0, first = 0;
  Spread gradient;
  double block = -1;  // nanoseconds a draw; negative: no such entry
  int threads = 1;
  double shared = -1;  // nanoseconds of the gradient by several threads; negative: one was asked for, or the data come in one part
  std::int64_t parts = 1;
  std::int64_t parameters = 0, scored = 0, left_out = 0, workspace = 0, bound = 0;
};

void print_json(const Report& r) {
  fmt::print(
      "{{\"parse_ms\": {:.3f}, \"check_ms\": {:.3f}, \"library_ms\": {:.3f}, \"lower_ms\": {:.3f}, \"codegen_ms\": {:.3f}, \"bind_ms\": {:.3f}, "
      "\"read_ms\": {:.3f},\n \"first_gradient_ms\": {:.3f}, \"gradient_ns\": {{\"min\": {:.1f}, \"median\": {:.1f}}}",
      r.parse, r.check, r.library, r.lower, r.codegen, r.bind, r.read, r.first, r.gradient.min, r.gradient.median);
  if (r.block >= 0) fmt::print(", \"block\": {{\"draws\": {}, \"min_ns_per_draw\": {:.1f}}}", kBlock, r.block);
  if (r.threads > 1) {
    fmt::print(", \"threads\": {{\"count\": {}, \"parts\": {}", r.threads, r.parts);
    if (r.shared >= 0) fmt::print(", \"min_ns\": {:.1f}, \"times_one\": {:.2f}", r.shared, r.gradient.min / r.shared);
    fmt::print("}}");
  }
  fmt::print(",\n \"parameters\": {}, \"scored_cells\": {}, \"left_out_cells\": {}, \"workspace_bytes\": {}, \"bound_bytes\": {}}}\n", r.parameters,
             r.scored, r.left_out, r.workspace, r.bound);
}

void print_text(const Report& r) {
  const auto row = [](std::string_view name, double value, std::string_view unit) { fmt::print("{:<24}{:>14.3f} {}\n", name, value, unit); };
  row("parse", r.parse, "ms");
  row("check", r.check, "ms");
  row("load the compiler", r.library, "ms");
  row("lower", r.lower, "ms");
  row("generate code", r.codegen, "ms");
  row("text to first gradient", r.first, "ms");
  row("read data", r.read, "ms");
  row("bind data", r.bind, "ms");
  row("gradient, least", r.gradient.min, "ns");
  row("gradient, median", r.gradient.median, "ns");
  if (r.shared >= 0) {
    row(fmt::format("{} threads, least", r.threads), r.shared, "ns");
    row("times one thread", r.gradient.min / r.shared, fmt::format("in {} parts", r.parts));
  } else if (r.threads > 1) {
    fmt::print("{:<24}{:>14}\n", fmt::format("{} threads", r.threads), "one part: data are too few to share out");
  }
  if (r.block >= 0) row(fmt::format("block of {}, least", kBlock), r.block, "ns a draw");
  fmt::print("{:<24}{:>14}\n{:<24}{:>14}\n{:<24}{:>14}\n{:<24}{:>14}\n{:<24}{:>14}\n", "parameters", r.parameters, "scored cells", r.scored,
             "cells left out", r.left_out, "workspace, bytes", r.workspace, "bound data, bytes", r.bound);
}

data::AlignedBytes reals(std::size_t count) { return data::AlignedBytes(static_cast<std::int64_t>(count * sizeof(double))); }

// The same gradient by several threads, in turns with one thread, so that both meet the same neighbours.
void time_threads(const BenchOptions& o, const data::BoundModel& bound, const double* point, double* gradient, const std::function<void()>& one, Report& r) {
  r.threads = o.data.threads > 0 ? o.data.threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  lacuna_shape shape{};
  if (bound.model().shape(bound.bound(), &shape, nullptr) == LACUNA_OK) r.parts = shape.parts;
  if (r.threads == 1 || !runtime::infer::Parts::has_several(bound)) return;
  runtime::infer::Parts parts(bound, LACUNA_JACOBIAN | LACUNA_NORMALISED, r.threads);
  const auto together = [&] { parts.run(point, gradient); };
  constexpr int kTurns = 5;
  for (int turn = 0; turn < kTurns; ++turn) {
    const double shared = measure(o.seconds / kTurns, together).min;
    r.shared = turn == 0 ? shared : std::min(r.shared, shared);
    r.gradient.min = std::min(r.gradient.min, measure(o.seconds / kTurns, one).min);
  }
}

// Gradients at a point near 0, alone and in a block. False when the entry fails.
bool time_gradients(const BenchOptions& o, const data::BoundModel& bound, Report& r) {
  const lacuna_model& model = bound.model();
  const auto count = static_cast<std::size_t>(bound.coordinates());
  std::mt19937_64 random(static_cast<std::uint64_t>(o.data.seed));
  std::normal_distribution<double> normal(0, 0.1);
  // As a caller who minds speed has them: a vector of eight numbers then lies in one line of cache.
  const data::AlignedBytes memory[] = {reals(count), reals(count), reals(count * kBlock), reals(count * kBlock)};
  double* const point = static_cast<double*>(memory[0].get());
  double* const gradient = static_cast<double*>(memory[1].get());
  double* const points = static_cast<double*>(memory[2].get());
  double* const gradients = static_cast<double*>(memory[3].get());
  std::vector<double> values(kBlock);
  for (std::size_t k = 0; k < count; ++k) point[k] = normal(random);
  for (std::size_t k = 0; k < count * kBlock; ++k) points[k] = normal(random);

  constexpr std::uint32_t kFlags = LACUNA_JACOBIAN | LACUNA_NORMALISED;
  lacuna_error error{};
  int code = LACUNA_OK;
  data::AlignedBytes workspace;
  double value = 0;
  const auto one = [&] { code |= model.log_density_gradient(bound.bound(), point, kFlags, workspace.get(), &value, gradient, &error); };
  // The first call makes the machine code.
  const double first = timed([&] {
    workspace = bound.workspace(LACUNA_ENTRY_LOG_DENSITY_GRADIENT);
    one();
  });
  if (code != LACUNA_OK) return false;
  r.gradient = measure(o.seconds, one);
  r.codegen += std::max(0.0, first - r.gradient.min * 1e-6);
  r.first = r.parse + r.check + r.library + r.lower + r.codegen + r.gradient.min * 1e-6;
  r.workspace = workspace.size();
  time_threads(o, bound, point, gradient, one, r);
  if (model.log_density_gradient_block == nullptr) return true;
  data::AlignedBytes wide = bound.workspace(LACUNA_ENTRY_LOG_DENSITY_GRADIENT, kBlock);
  const auto block = [&] {
    code |= model.log_density_gradient_block(bound.bound(), kBlock, kBlock, points, kFlags, wide.get(), values.data(), gradients, &error);
  };
  block();
  r.block = measure(o.seconds, block).min / kBlock;
  return code == LACUNA_OK;
}

int bench(const BenchOptions& o, const Common& common) {
  const Files files = sort_files(o.paths);
  if (files.models.size() != 1) {
    fmt::print(stderr, "lacuna bench: give one program (.ppl), and its data\n");
    return kUsage;
  }
  Report r;
  driver::Session session;
  driver::Compiled compiled;
  std::unique_ptr<driver::ModelTable> model;
  r.parse = timed([&] { compiled = driver::parse_program(session, files.models[0]); });
  r.check = timed([&] { driver::check_parsed(session, compiled); });
  std::string problem;
  r.library = timed([&] { (void)driver::compiler_library(problem); });
  if (!session.failed() && compiled.models.size() == 1)
    r.lower = timed([&] { model = driver::ModelTable::make(compiled.models[0], session.sources(), session.sink(), false, kGradient); });
  if (common.format == "text" || session.failed()) print_diagnostics(session, common);
  if (session.failed()) return kWrong;
  if (!model) {
    fmt::print(stderr, "lacuna bench: `{}` holds {} models, and one is needed\n", files.models[0], compiled.models.size());
    return kWrong;
  }

  const lacuna_metadata& m = *model->table()->metadata;
  runtime::Problems problems;
  std::optional<data::Dataset> dataset;
  std::optional<data::BoundModel> bound;
  r.read = timed([&] { dataset = read_data(m, files.data, o.data, {}, problems); });
  if (dataset) {
    // The first binding makes the machine code of `bind`.
    const double first = timed([&] { bound = data::BoundModel::bind(*model->table(), *dataset, problems); });
    if (bound) {
      bound.reset();  // the data are held once, not twice
      r.bind = timed([&] { bound = data::BoundModel::bind(*model->table(), *dataset, problems); });
    }
    r.codegen = std::max(0.0, first - r.bind);
    dataset.reset();
  }
  print_problems(problems, &m, common);
  if (!bound) return kWrong;
  r.parameters = bound->coordinates();
  r.bound = bound->bound_bytes();
  for (std::size_t s = 0; s < bound->site_scored.size(); ++s) {
    r.scored += bound->site_scored[s];
    r.left_out += bound->site_left_out[s];
  }
  if (!time_gradients(o, *bound, r)) {
    fmt::print(stderr, "lacuna bench: the gradient cannot be computed for these data\n");
    return kNoResult;
  }
  if (common.format == "json") {
    print_json(r);
  } else {
    print_text(r);
  }
  return kDone;
}

}  // namespace

void add_bench(CLI::App& app, Common& common, Action& action) {
  CLI::App* verb = app.add_subcommand("bench", "Where the time goes: from program text to gradients");
  auto o = std::make_shared<BenchOptions>();
  o->data.threads = 1;
  verb->add_option("FILES", o->paths, "A program (.ppl) and its data (.csv, .json, .nc)")->required();
  verb->add_option("--for", o->seconds, "Seconds to spend on each measurement")->check(CLI::Range(0.001, 3600.0))->capture_default_str();
  add_data_options(*verb, o->data);
  verb->footer("Example:\n  lacuna bench examples/regression_with_gaps/model.ppl examples/regression_with_gaps/train.csv --for 0.2");
  add_common(*verb, common);
  verb->callback([o, &common, &action] { action = [o, &common] { return bench(*o, common); }; });
}

}  // namespace lacuna::tool
