#include "runtime/infer/run_fit.h"

#include <unistd.h>

#include <chrono>

#include "runtime/assess/pareto.h"
#include "runtime/infer/checkpoint.h"
#include "runtime/infer/dadvi.h"
#include "runtime/infer/optimise.h"
#include "runtime/infer/write_draws.h"
#include "runtime/io/bytes.h"
#include "runtime/io/write_file.h"

namespace lacuna::runtime::infer {
namespace {

std::string_view method_name(Method method) {
  switch (method) {
    case Method::Svi:
      return "svi";
    case Method::Dadvi:
      return "dadvi";
    case Method::Map:
      return "map";
    case Method::Laplace:
      return "laplace";
  }
  return "";
}

// What a checkpoint belongs to: program, data, and the options that digits depend on.
std::string identity_of(const data::BoundModel& model, const data::Dataset& dataset, const FitOptions& options) {
  io::Writer data;
  const auto sum = [&data](const auto& numbers) {
    data.number(io::checksum({reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof numbers[0]}));
  };
  for (const data::Array& array : dataset.arguments) {
    sum(array.sizes);
    sum(array.real);
    sum(array.whole);
    sum(array.present);
    for (const auto& axis : array.coordinates) sum(axis);
  }
  for (const data::Dimension& dimension : dataset.dimensions) {
    for (const std::string& label : dimension.labels) data.text(label);
  }
  const SviOptions& svi = options.svi;
  return fmt::format("{} {:016x} {} {} seed {} particles {} rate {} steps {} of {}", model.metadata().source_hash,
                     io::checksum(data.bytes), method_name(options.method), guide_name(svi.guide), svi.seed, svi.particles, svi.learning_rate,
                     svi.steps, svi.max_steps);
}

class Run {
 public:
  Run(const data::BoundModel& model, const data::Dataset& dataset, const FitOptions& options, Problems& problems)
      : model_(model),
        dataset_(dataset),
        options_(options),
        problems_(problems),
        checkpoint_(options.output + ".checkpoint"),
        problems_before_(problems.list().size()) {}

  FitReport run() {
    if (!io::may_write(options_.output, options_.force, problems_)) return report_;
    if (!infer()) return report_;
    judge_and_warn();
    if (!write()) return report_;
    ::unlink(checkpoint_.c_str());
    report_.end = doubtful_ ? FitEnd::Doubtful : FitEnd::Done;
    return report_;
  }

 private:
  bool infer() {
    Density density(model_, options_.method == Method::Map ? LACUNA_NORMALISED : LACUNA_JACOBIAN | LACUNA_NORMALISED,
                    options_.threads);
    density.find_outside = options_.find_outside;
    switch (options_.method) {
      case Method::Svi:
        return infer_svi(density);
      case Method::Dadvi:
        return infer_dadvi(density);
      case Method::Map:
        return infer_map(density);
      case Method::Laplace:
        return infer_laplace(density);
    }
    return false;
  }

  bool infer_svi(Density& density) {
    std::optional<SviState> state = first_state(density);
    if (!state) return false;
    SviOptions svi = options_.svi;
    svi.progress = [&](const Progress& progress) {
      if (options_.svi.progress && !options_.svi.progress(progress)) return false;
      if (is_due()) save(*state);
      return true;
    };
    run_svi(density, svi, *state);
    report_.steps = state->step;
    report_.converged = state->converged;
    if (!state->finished) {
      save(*state);
      return interrupted(state->step);
    }
    if (is_long_) save(*state);  // should it be stopped while draws are written
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

  // There is a state to go on from.
  bool has_checkpoint() const { return options_.resume && ::access(checkpoint_.c_str(), F_OK) == 0; }

  std::optional<SviState> first_state(Density& density) {
    if (has_checkpoint()) {
      const std::unique_ptr<data::Text> bytes = data::Text::read(checkpoint_, problems_);
      if (!bytes) return std::nullopt;
      return load_state({bytes->begin(), bytes->size()}, identity(), checkpoint_, problems_);
    }
    return start_svi(density, options_.svi, problems_);
  }

  // For a method that climbs; false when the checkpoint is of another run.
  bool prepare(Keeping& keeping) {
    keeping.tell = [this](const ClimbState& state, bool stopped) {
      if (stopped || is_due()) save(state);
    };
    if (!has_checkpoint()) return true;
    const std::unique_ptr<data::Text> bytes = data::Text::read(checkpoint_, problems_);
    if (bytes) keeping.from = load_climb({bytes->begin(), bytes->size()}, identity(), checkpoint_, problems_);
    return keeping.from.has_value();
  }

  // So long after the last checkpoint that another is due.
  bool is_due() {
    const auto now = std::chrono::steady_clock::now();
    if (std::chrono::duration<double>(now - saved_).count() <= options_.checkpoint_seconds) return false;
    saved_ = now;
    is_long_ = true;
    return true;
  }

  template <class State>
  void save(const State& state) {
    Problems ignored;  // a checkpoint that cannot be written stops no fit
    io::write_file(checkpoint_, save_state(state, identity()), ignored);
  }

  const std::string& identity() {
    if (identity_.empty()) identity_ = identity_of(model_, dataset_, options_);
    return identity_;
  }

  bool interrupted(std::int64_t steps) {
    report_.end = FitEnd::Interrupted;
    report_.words = fmt::format("interrupted after {} steps; `--resume` goes on from {}", steps, checkpoint_);
    return false;
  }

  bool infer_dadvi(Density& density) {
    DadviOptions dadvi{options_.svi.seed, options_.svi.particles, options_.svi.progress, {}};
    if (!prepare(dadvi.keeping)) return false;
    std::optional<Dadvi> fit = run_dadvi(density, dadvi, problems_);
    if (!fit) return false;
    if (!fit->guide) return interrupted(fit->iterations);
    report_.steps = fit->iterations;
    report_.converged = fit->converged;
    report_.words = fmt::format("{} after {} iterations over {} fixed draws: the largest slope is {:.2g}",
                                fit->converged ? "converged" : "not converged", fit->iterations,
                                options_.svi.particles, fit->slope);
    if (!fit->converged) {
      doubtful_ = true;
      problems_.report(Id::NotConverged, fit->iterations)
          .note(fmt::format("the objective's largest slope is {:.2g} a standard deviation", fit->slope))
          .help("more fixed draws (`--particles`), or `--method svi`");
    }
    approximation_ = {"dadvi", std::move(fit->guide), {}};
    return true;
  }

  bool infer_map(Density& density) {
    Keeping keeping;
    if (!prepare(keeping)) return false;
    std::optional<Mode> mode = find_mode(density, options_.svi.seed, problems_, options_.svi.progress, keeping);
    if (!mode) return false;
    if (mode->stopped) return interrupted(mode->iterations);
    doubtful_ = problems_.list().size() > problems_before_;
    report_.steps = mode->iterations;
    report_.converged = !doubtful_;
    report_.words = fmt::format("mode after {} iterations, log density {:.6g}", mode->iterations, mode->value);
    approximation_ = {"map", nullptr, std::move(mode->point)};
    return true;
  }

  bool infer_laplace(Density& density) {
    Keeping keeping;
    if (!prepare(keeping)) return false;
    std::optional<Laplace> fit = laplace(density, options_.svi.seed, problems_, options_.svi.progress, keeping);
    if (!fit) return false;
    if (fit->mode.stopped) return interrupted(fit->mode.iterations);
    report_.steps = fit->mode.iterations;
    doubtful_ = problems_.list().size() > problems_before_;
    report_.converged = !doubtful_;
    report_.words = fmt::format("mode after {} iterations, log evidence {:.6g} by Laplace", fit->mode.iterations,
                                fit->log_evidence);
    approximation_ = {"laplace", std::move(fit->guide), {}};
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
    fit.texts["guide"] = approximation_.guide ? guide_name(approximation_.guide->kind()) : "delta";
    if (options_.likelihood) fit.likelihood = io::scored_sites(model_);
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
    const DrawOptions how{options_.output, options_.svi.seed, options_.threads, options_.stopped};
    const DrawEnd end = write_draws(model_, approximation_, report_.quality, header(), how, problems_);
    if (end == DrawEnd::Stopped) {
      interrupted(report_.steps);
      report_.words = "interrupted while draws were written; `--resume` goes on";
    }
    return end == DrawEnd::Written;
  }

  const data::BoundModel& model_;
  const data::Dataset& dataset_;
  const FitOptions& options_;
  Problems& problems_;
  std::string checkpoint_, identity_;
  std::size_t problems_before_;
  Approximation approximation_;
  FitReport report_;
  std::chrono::steady_clock::time_point saved_ = std::chrono::steady_clock::now();
  bool doubtful_ = false, is_long_ = false;
};

}  // namespace

FitReport run_fit(const data::BoundModel& model, const data::Dataset& dataset, const FitOptions& options,
                  Problems& problems) {
  return Run(model, dataset, options, problems).run();
}

}  // namespace lacuna::runtime::infer
