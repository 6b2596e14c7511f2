#include "runtime/infer/run_fit.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "runtime/assess/pareto.h"
#include "runtime/infer/checkpoint.h"
#include "runtime/infer/optimise.h"
#include "runtime/io/bytes.h"
#include "runtime/io/write_file.h"

namespace lacuna::runtime::infer {
namespace {

constexpr std::int64_t kBlock = 64;  // draws that are made and written at once

std::string_view method_name(Method method) {
  return method == Method::Map ? "map" : method == Method::Laplace ? "laplace" : "svi";
}

// What a checkpoint belongs to: program, data, and the options that digits depend on.
std::string identity_of(const data::BoundModel& model, const data::Dataset& dataset, const FitOptions& options) {
  io::Writer data;
  for (const data::Array& array : dataset.arguments) {
    data.numbers(array.sizes);
    data.numbers(array.real);
    data.numbers(array.whole);
    data.text({reinterpret_cast<const char*>(array.present.data()), array.present.size()});
    for (const auto& axis : array.coordinates) data.numbers(axis);
  }
  for (const data::Dimension& dimension : dataset.dimensions) {
    for (const std::string& label : dimension.labels) data.text(label);
  }
  const SviOptions& svi = options.svi;
  return fmt::format("{} {:016x} {} seed {} particles {} rate {} steps {} of {}", model.metadata().source_hash,
                     io::checksum(data.bytes), guide_name(svi.guide), svi.seed, svi.particles, svi.learning_rate,
                     svi.steps, svi.max_steps);
}

class Run {
 public:
  Run(const data::BoundModel& model, const data::Dataset& dataset, const FitOptions& options, Problems& problems)
      : model_(model),
        dataset_(dataset),
        options_(options),
        problems_(problems),
        checkpoint_(options.output + ".checkpoint") {}

  FitReport run() {
    if (!io::may_write(options_.output, options_.force, problems_)) return report_;
    const bool reached = options_.method == Method::Svi ? infer_svi() : infer_mode();
    if (!reached) return report_;
    judge_and_warn();
    if (!write()) return report_;
    ::unlink(checkpoint_.c_str());
    report_.end = doubtful_ ? FitEnd::Doubtful : FitEnd::Done;
    return report_;
  }

 private:
  bool infer_svi() {
    Density density(model_, LACUNA_JACOBIAN | LACUNA_NORMALISED);
    std::optional<SviState> state = first_state(density);
    if (!state) return false;
    SviOptions svi = options_.svi;
    auto saved = std::chrono::steady_clock::now();
    svi.progress = [&](const SviProgress& progress) {
      if (options_.svi.progress && !options_.svi.progress(progress)) return false;
      const auto now = std::chrono::steady_clock::now();
      if (std::chrono::duration<double>(now - saved).count() > options_.checkpoint_seconds) {
        save(*state);
        saved = now;
      }
      return true;
    };
    run_svi(density, svi, *state);
    report_.steps = state->step;
    report_.converged = state->converged;
    if (!state->finished) {
      save(*state);
      report_.end = FitEnd::Interrupted;
      report_.words = fmt::format("interrupted after {} steps; `--resume` goes on from {}", state->step, checkpoint_);
      return false;
    }
    const bool wanted = options_.svi.steps == 0;
    report_.words = fmt::format("{} after {} steps: {}",
                                state->converged ? "converged"
                                : wanted         ? "not converged"
                                                 : "stopped as asked",
                                state->step, criterion_words(*state));
    if (!state->converged && wanted) {
      doubtful_ = true;
      problems_.report(Id::NotConverged, state->step)
          .note(criterion_words(*state) + "; wanted are 0.03 and 0.15")
          .help("`--guide full-rank`, a smaller `--learning-rate` or more `--particles`");
    }
    approximation_ = {"svi", std::move(state->guide), {}};
    return true;
  }

  std::optional<SviState> first_state(Density& density) {
    if (options_.resume && ::access(checkpoint_.c_str(), F_OK) == 0) {
      const std::unique_ptr<data::Text> bytes = data::Text::read(checkpoint_, problems_);
      if (!bytes) return std::nullopt;
      return load_state({bytes->begin(), bytes->size()}, identity_of(model_, dataset_, options_), checkpoint_,
                        problems_);
    }
    return start_svi(density, options_.svi, problems_);
  }

  void save(const SviState& state) {
    Problems ignored;  // a checkpoint that cannot be written stops no fit
    io::write_file(checkpoint_, save_state(state, identity_of(model_, dataset_, options_)), ignored);
  }

  bool infer_mode() {
    const bool is_map = options_.method == Method::Map;
    Density density(model_, is_map ? LACUNA_NORMALISED : LACUNA_JACOBIAN | LACUNA_NORMALISED);
    if (is_map) {
      std::optional<Mode> mode = find_mode(density, options_.svi.seed, problems_);
      if (!mode) return false;
      doubtful_ = problems_.any_error();
      report_.steps = mode->iterations;
      report_.words = fmt::format("mode after {} iterations, log density {:.6g}", mode->iterations, mode->value);
      approximation_ = {"map", nullptr, std::move(mode->point)};
    } else {
      std::optional<Laplace> fit = laplace(density, options_.svi.seed, problems_);
      if (!fit) return false;
      report_.steps = fit->mode.iterations;
      report_.words = fmt::format("mode after {} iterations, log evidence {:.6g} by Laplace", fit->mode.iterations,
                                  fit->log_evidence);
      approximation_ = {"laplace", std::move(fit->guide), {}};
    }
    report_.converged = !doubtful_;
    return true;
  }

  std::size_t draws() const { return approximation_.guide ? static_cast<std::size_t>(options_.draws) : 1; }

  void judge_and_warn() {
    report_.quality = judge(model_, approximation_, options_.svi.seed, draws(), options_.threads);
    warn_of(report_.quality, approximation_, problems_);
    if (!approximation_.guide) return;
    const Quality& q = report_.quality;
    report_.words += fmt::format("; ELBO {:.3f} +- {:.3f}; Pareto k {:.2f}, {}", q.elbo, q.elbo_error, q.pareto_k,
                                 assess::pareto_words(q.pareto_k, q.draws));
  }

  io::Fit header() const {
    io::Fit fit = io::describe(model_, dataset_);
    fit.texts = options_.texts;
    const lacuna_metadata& about = model_.metadata();
    fit.texts["model"] = about.name;
    fit.texts["program"] = about.source ? about.source : "";
    fit.texts["source_name"] = about.source_name;
    fit.texts["source_hash"] = about.source_hash;
    fit.texts["method"] = method_name(options_.method);
    if (approximation_.guide) fit.texts["guide"] = guide_name(approximation_.guide->kind());
    fit.texts["outcome"] = report_.words;
    std::string warnings;
    for (const Diagnostic& problem : problems_.list()) warnings += render(problem, nullptr);
    fit.texts["warnings"] = warnings;
    fit.numbers["seed"] = static_cast<double>(options_.svi.seed);
    fit.numbers["converged"] = report_.converged;
    fit.numbers["steps"] = static_cast<double>(report_.steps);
    if (approximation_.guide) {
      fit.numbers["elbo"] = report_.quality.elbo;
      fit.numbers["elbo_error"] = report_.quality.elbo_error;
      fit.numbers["pareto_k"] = report_.quality.pareto_k;
    }
    fit.draws = static_cast<std::int64_t>(draws());
    return fit;
  }

  bool write() {
    const io::Fit fit = header();
    const std::unique_ptr<io::FitWriter> writer = io::write_fit(options_.output, fit, true, problems_);
    if (!writer) return false;
    const std::int64_t width = fit.value_count();
    std::vector<double> values(static_cast<std::size_t>(kBlock * width));
    for (std::int64_t first = 0; first < fit.draws; first += kBlock) {
      const std::int64_t count = std::min(kBlock, fit.draws - first);
      constrain(first, count, width, values);
      const Quality& q = report_.quality;
      if (!writer->add(first, count, values.data(), q.log_density.data() + first, q.log_guide.data() + first))
        return false;
    }
    return writer->finish();
  }

  // Natural values of a block of draws, each thread every so many-th.
  void constrain(std::int64_t first, std::int64_t count, std::int64_t width, std::vector<double>& values) const {
    const auto work = [&](std::int64_t from, std::int64_t step) {
      const data::AlignedBytes workspace = model_.workspace(LACUNA_ENTRY_CONSTRAIN);
      std::vector<double> theta(approximation_.size());
      for (std::int64_t d = from; d < count; d += step) {
        approximation_.draw(options_.svi.seed, static_cast<std::uint32_t>(first + d), theta.data());
        model_.model().constrain(model_.bound(), theta.data(), workspace.get(), values.data() + d * width, nullptr);
      }
    };
    std::vector<std::thread> pool;
    for (int t = 1; t < options_.threads; ++t) pool.emplace_back(work, t, options_.threads);
    work(0, std::max(options_.threads, 1));
    for (std::thread& thread : pool) thread.join();
  }

  const data::BoundModel& model_;
  const data::Dataset& dataset_;
  const FitOptions& options_;
  Problems& problems_;
  std::string checkpoint_;
  Approximation approximation_;
  FitReport report_;
  bool doubtful_ = false;
};

}  // namespace

FitReport run_fit(const data::BoundModel& model, const data::Dataset& dataset, const FitOptions& options,
                  Problems& problems) {
  return Run(model, dataset, options, problems).run();
}

}  // namespace lacuna::runtime::infer
