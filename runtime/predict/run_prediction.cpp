#include "runtime/predict/run_prediction.h"

#include <fmt/ranges.h>

#include "runtime/io/write_file.h"
#include "runtime/predict/cut.h"
#include "runtime/predict/describe_prediction.h"
#include "runtime/predict/predictor.h"
#include "runtime/predict/tabulate.h"

namespace lacuna::runtime::predict {
namespace {

constexpr std::int64_t kDrawsOfAPoint = 1000;

class Run {
 public:
  Run(const PredictionInput& input, const PredictionOptions& options, Problems& problems)
      : input_(input), options_(options), problems_(problems) {}

  PredictionReport run() {
    if (!io::may_write(options_.output, options_.force, problems_)) return {};
    const auto sites = choose_sites(*input_.model.metadata, options_, problems_);
    if (!sites || !bind()) return {};
    const BoundModel& target = target_bound_ ? *target_bound_ : *training_bound_;
    const io::PredictionHeader header =
        describe_prediction(input_, options_, *target_, target.dimension_sizes, *sites, draws());
    PredictorInput all = predictor_input(target);
    all.sites = *sites;
    const bool done = to_table() ? write_table(header, all) : write_draws(header, all);
    if (interrupted_) return {PredictionEnd::Interrupted, "interrupted; nothing is written"};
    return done ? PredictionReport{PredictionEnd::Done, words_of(header)} : PredictionReport();
  }

 private:
  using BoundModel = data::BoundModel;

  // "1000 draws: `y` [50], `total`".
  static std::string words_of(const io::PredictionHeader& header) {
    std::string words = counted(header.draws, "draw") + ":";
    for (const io::PredictedSite& site : header.sites) {
      words += fmt::format("{} `{}`", &site == header.sites.data() ? "" : ",", site.name);
      if (!site.sizes.empty()) words += fmt::format(" [{}]", fmt::join(site.sizes, ", "));
    }
    return words;
  }

  // The training data, the target, or both.
  bool bind() {
    if (input_.fit) {
      fitted_ = input_.fit->dataset(*input_.model.metadata);
      training_bound_ = BoundModel::bind(input_.model, fitted_, problems_);
      if (!training_bound_ || !check_draws()) return false;
    }
    if (input_.target) {
      target_ = input_.target;
      return bind_target();
    }
    check_ = check_of(fitted_);
    target_ = &check_;
    return true;
  }

  // Rows that a table goes through in stretches are bound stretch by stretch; here the model is bound to none of them, and told how many
  // there are.
  bool bind_target() {
    const lacuna_metadata& metadata = *input_.model.metadata;
    if (to_table()) unbound_ = stretched_dimension(metadata, *target_, input_.fit != nullptr);
    if (unbound_ < 0) {
      target_bound_ = BoundModel::bind(input_.model, target_->dataset, problems_, LACUNA_FOR_PREDICTION);
      return target_bound_.has_value();
    }
    target_bound_ = BoundModel::bind(input_.model, cut(metadata, *target_, unbound_, 0, 0).dataset, problems_, LACUNA_FOR_PREDICTION);
    const std::size_t d = static_cast<std::size_t>(unbound_);
    if (target_bound_) target_bound_->dimension_sizes[d] = target_->dataset.dimensions[d].size;
    return target_bound_.has_value();
  }

  bool to_table() const { return options_.output.ends_with(".csv") || !options_.metrics.empty(); }

  // The draws must be those of the program's latents.
  bool check_draws() {
    const lacuna_metadata& metadata = *input_.model.metadata;
    const std::vector<io::FitSite>& sites = input_.fit->sites;
    bool same = static_cast<std::size_t>(metadata.parameter_count) == sites.size();
    for (std::size_t p = 0; same && p < sites.size(); ++p) {
      const std::int32_t s = metadata.parameters[p];
      same = sites[p].name == metadata.sites[s].name &&
             sites[p].count == training_bound_->site_values[static_cast<std::size_t>(s)];
    }
    if (!same) problems_.report(Id::DamagedFit, "the fit", "its draws are not those of its program's latents");
    return same;
  }

  std::int64_t draws() const {
    if (options_.draws > 0) return options_.draws;
    return input_.fit && input_.fit->draws > 1 ? input_.fit->draws : kDrawsOfAPoint;
  }

  PredictorInput predictor_input(const BoundModel& target) const {
    PredictorInput made;
    made.training = training_bound_ ? &*training_bound_ : nullptr;
    made.target = &target;
    made.unbound = unbound_;
    made.units = target_bound_ ? &target_->units : nullptr;
    if (input_.fit) {
      made.draws = input_.fit->values.data();
      made.stride = made.available = input_.fit->draws;
    }
    // From the prior nothing that is observed is supplied.
    if (options_.simulate || !input_.fit) made.flags |= LACUNA_SIMULATE;
    if (options_.log_likelihood) made.flags |= LACUNA_LOG_LIKELIHOOD;
    made.seed = options_.seed;
    made.threads = options_.threads;
    made.block_bytes = options_.bytes + draws() * 8;
    return made;
  }

  bool tell(double share) {
    interrupted_ = interrupted_ || (options_.progress && !options_.progress(share));
    return !interrupted_;
  }

  // Draws block by block of all that is wanted.
  bool write_draws(const io::PredictionHeader& header, const PredictorInput& all) {
    const auto predictor = Predictor::make(all, problems_);
    if (!predictor) return false;
    const auto writer = io::write_netcdf_draws(options_.output, header, options_.log_likelihood, problems_);
    if (!writer) return false;
    const auto take = [&](std::int64_t first, std::int64_t count, const std::vector<const double*>& cells) {
      return writer->add(first, count, cells) &&
             tell(static_cast<double>(first + count) / static_cast<double>(header.draws));
    };
    if (!predictor->run(header.draws, take, problems_)) return false;
    warn_of_gaps(predictor->shapes(), predictor->missing());
    return writer->finish();
  }

  // Site by site, and where the rows allow it stretch by stretch, so that all draws of some cells are there at once.
  bool write_table(const io::PredictionHeader& header, const PredictorInput& all) {
    const bool csv = options_.output.ends_with(".csv");
    const auto writer = csv ? io::write_csv_table(options_.output, header, options_.log_likelihood, problems_)
                            : io::write_netcdf_summary(options_.output, header, problems_);
    if (!writer) return false;
    Tabulation tabulation(all, *target_, header, options_, *writer, problems_);
    for (std::size_t i = 0; i < all.sites.size(); ++i) {
      const auto tell_of_site = [&](double share) {
        return tell((static_cast<double>(i) + share) / static_cast<double>(all.sites.size()));
      };
      if (!tabulation.site(i, tell_of_site)) return false;
      warn_of_gaps({tabulation.shape()}, {tabulation.missing()});
    }
    return writer->finish();
  }

  void warn_of_gaps(const std::vector<SiteShape>& shapes, const std::vector<std::int64_t>& missing) {
    if (options_.log_likelihood) return;
    for (std::size_t i = 0; i < shapes.size(); ++i) {
      if (missing[i] == 0) continue;
      const lacuna_site_info& site = input_.model.metadata->sites[shapes[i].site];
      problems_.report(Id::CellsNotPredicted, missing[i], counted(shapes[i].cells, "cell"), site.name)
          .program(site.range, "")
          .note("what they read is missing from the data or outside its type, or the program has no such cell; they are missing in the output");
    }
  }

  const PredictionInput& input_;
  const PredictionOptions& options_;
  Problems& problems_;
  data::Dataset fitted_;
  std::optional<BoundModel> training_bound_, target_bound_;
  Target check_;
  const Target* target_ = nullptr;
  int unbound_ = -1;
  bool interrupted_ = false;
};

}  // namespace

PredictionReport run_prediction(const PredictionInput& input, const PredictionOptions& options, Problems& problems) {
  return Run(input, options, problems).run();
}

}  // namespace lacuna::runtime::predict
