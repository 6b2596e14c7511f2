#include "runtime/predict/describe_prediction.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace lacuna::runtime::predict {
namespace {

using data::Array;

bool is_latent(const lacuna_site_info& site) {
  return site.kind == LACUNA_LATENT;
}

// The groups of ArviZ's schema.
const char* group_of(const lacuna_site_info& site, const PredictionInput& input, bool log_likelihood) {
  if (log_likelihood) return "log_likelihood";
  if (!input.fit) return is_latent(site) ? "prior" : "prior_predictive";
  return input.target ? "predictions" : "posterior_predictive";
}

class Describer {
 public:
  Describer(const PredictionInput& input, const PredictionOptions& options, const Target& target,
            const std::vector<std::int64_t>& sizes)
      : input_(input), options_(options), metadata_(*input.model.metadata), target_(target), sizes_(sizes) {}

  io::PredictionHeader run(const std::vector<std::int32_t>& sites, std::int64_t draws) {
    io::PredictionHeader made;
    made.draws = draws;
    made.texts = options_.texts;
    made.texts["model"] = metadata_.name;
    made.texts["source_hash"] = metadata_.source_hash;
    made.texts["seed"] = std::to_string(options_.seed);
    for (std::int32_t d = 0; d < metadata_.dimension_count; ++d) made.axes.push_back(axis(d));
    for (const Metric& metric : options_.metrics) made.columns.push_back(metric.name);
    for (const std::int32_t s : sites) made.sites.push_back(site(metadata_.sites[s], made.axes));
    made.data_axes = made.axes;
    if (!made.columns.empty()) made.axes.push_back({"metric", made.columns, {}});
    if (options_.output.ends_with(".nc")) add_data(made);
    return made;
  }

 private:
  const Units* some(std::int32_t d) const {
    const Units& units = target_.units[static_cast<std::size_t>(d)];
    return units.all_wanted ? nullptr : &units;
  }

  // The wanted elements, by their labels or positions.
  io::AxisLabels axis(std::int32_t d) const {
    io::AxisLabels made;
    made.name = metadata_.dimensions[d].name;
    const std::vector<std::string>& labels = target_.dataset.dimensions[static_cast<std::size_t>(d)].labels;
    const Units* const units = some(d);
    if (!units) {
      made.labels = labels;
    } else if (labels.empty()) {
      made.positions = units->wanted;
    } else {
      for (const std::int64_t e : units->wanted) made.labels.push_back(labels[static_cast<std::size_t>(e)]);
    }
    return made;
  }

  std::int64_t size(std::int32_t d) const {
    const Units* const units = some(d);
    return units ? static_cast<std::int64_t>(units->wanted.size()) : sizes_[static_cast<std::size_t>(d)];
  }

  // A summary of which element of a dimension is drawn has a number for each: how often it is.
  io::PredictedSite site(const lacuna_site_info& about, const std::vector<io::AxisLabels>& axes) const {
    io::PredictedSite made;
    made.name = about.name;
    made.group = group_of(about, input_, options_.log_likelihood);
    for (std::int32_t k = 0; k < about.rank; ++k) {
      made.axes.emplace_back(metadata_.dimensions[about.axes[k]].name);
      made.sizes.push_back(size(about.axes[k]));
    }
    if (about.type.kind != LACUNA_INDEX_OF || options_.log_likelihood) return made;
    const io::AxisLabels& of = axes[static_cast<std::size_t>(about.type.index_of)];
    if (options_.metrics.empty()) {
      made.index_of = of.name;
      made.words = of.labels;
    } else {
      made.axes.push_back(of.name);
      made.sizes.push_back(sizes_[static_cast<std::size_t>(about.type.index_of)]);
    }
    return made;
  }

  void add_data(io::PredictionHeader& made) const {
    const bool fresh = input_.fit && input_.target && !options_.log_likelihood;
    for (io::FitArgument& argument : io::describe_arguments(metadata_, target_.dataset)) {
      if (fresh && argument.observed) continue;
      const std::string group =
          fresh ? "predictions_constant_data" : argument.observed ? "observed_data" : "constant_data";
      keep_wanted(argument);
      made.data[group].push_back(std::move(argument));
    }
  }

  // The same elements as of the predictions.
  void keep_wanted(io::FitArgument& argument) const {
    std::vector<const Units*> units;
    bool all = true;
    for (const std::string& axis : argument.axes) {
      std::int32_t d = 0;
      while (metadata_.dimensions[d].name != axis) ++d;
      units.push_back(some(d));
      all = all && !units.back();
    }
    if (all) return;
    Array some = *argument.array;
    if (some.sparse)
      keep_listed(some, units);
    else
      keep_cells(some, units);
    argument.array = std::make_shared<const Array>(std::move(some));
  }

  static void keep_listed(Array& array, const std::vector<const Units*>& units) {
    std::vector<std::size_t> kept;
    const std::size_t count = std::max(array.real.size(), array.whole.size());
    for (std::size_t c = 0; c < count; ++c) {
      bool there = true;
      for (std::size_t k = 0; k < units.size() && there; ++k) {
        if (!units[k]) continue;
        std::int64_t& at = array.coordinates[k][c];
        const std::vector<std::int64_t>& wanted = units[k]->wanted;
        const auto found = std::lower_bound(wanted.begin(), wanted.end(), at);
        there = found != wanted.end() && *found == at;
        at = found - wanted.begin();
      }
      if (there) kept.push_back(c);
    }
    pick(array, kept);
    for (auto& axis : array.coordinates) axis = picked(axis, kept);
    resize(array, units);
  }

  static void keep_cells(Array& array, const std::vector<const Units*>& units) {
    std::vector<std::size_t> kept = {0};
    for (std::size_t k = 0; k < units.size(); ++k) {
      std::vector<std::size_t> next;
      const std::size_t size = static_cast<std::size_t>(array.sizes[k]);
      for (const std::size_t at : kept) {
        if (units[k]) {
          for (const std::int64_t e : units[k]->wanted) next.push_back(at * size + static_cast<std::size_t>(e));
        } else {
          for (std::size_t e = 0; e < size; ++e) next.push_back(at * size + e);
        }
      }
      kept = std::move(next);
    }
    pick(array, kept);
    resize(array, units);
  }

  template <class T>
  static std::vector<T> picked(const std::vector<T>& all, const std::vector<std::size_t>& kept) {
    std::vector<T> made;
    for (const std::size_t at : kept) {
      if (!all.empty()) made.push_back(all[at]);
    }
    return made;
  }
  static void pick(Array& array, const std::vector<std::size_t>& kept) {
    array.real = picked(array.real, kept);
    array.whole = picked(array.whole, kept);
    array.present = picked(array.present, kept);
  }
  static void resize(Array& array, const std::vector<const Units*>& units) {
    for (std::size_t k = 0; k < units.size(); ++k) {
      if (units[k]) array.sizes[k] = static_cast<std::int64_t>(units[k]->wanted.size());
    }
  }

  const PredictionInput& input_;
  const PredictionOptions& options_;
  const lacuna_metadata& metadata_;
  const Target& target_;
  const std::vector<std::int64_t>& sizes_;
};

std::optional<std::int32_t> find_site(const lacuna_metadata& metadata, const std::string& name, Problems& problems) {
  std::vector<std::string> known;
  for (std::int32_t s = 0; s < metadata.site_count; ++s) {
    if (metadata.sites[s].kind == LACUNA_FACTOR) continue;
    if (name == metadata.sites[s].name) return s;
    known.emplace_back(metadata.sites[s].name);
  }
  Diagnostic& made = problems.report(Id::OptionWithoutMeaning, "--site " + name,
                                     fmt::format("the model has no site `{}`", name));
  if (const std::string near = nearest(name, known); !near.empty())
    made.help(fmt::format("did you mean `{}`?", near));
  else
    made.note(fmt::format("its sites are `{}`", fmt::join(known, "`, `")));
  return std::nullopt;
}

}  // namespace

std::optional<std::vector<std::int32_t>> choose_sites(const lacuna_metadata& metadata, const PredictionOptions& options,
                                                      Problems& problems) {
  std::vector<std::int32_t> made;
  for (const std::string& name : options.sites) {
    const std::optional<std::int32_t> found = find_site(metadata, name, problems);
    if (found && options.log_likelihood && metadata.sites[*found].kind != LACUNA_OBSERVED)
      problems.report(Id::OptionWithoutMeaning, "--site " + name, "only what is observed has a likelihood")
          .program(metadata.sites[*found].range, "");
    if (found) made.push_back(*found);
  }
  if (problems.any_error()) return std::nullopt;
  for (std::int32_t s = 0; s < metadata.site_count; ++s) {
    const std::int32_t kind = metadata.sites[s].kind;
    const bool latent = is_latent(metadata.sites[s]);
    const bool usual = options.log_likelihood ? kind == LACUNA_OBSERVED : !latent && kind != LACUNA_FACTOR;
    if ((options.sites.empty() && usual) || (latent && options.latents && !options.log_likelihood)) made.push_back(s);
  }
  // In the order of the program, each once.
  std::sort(made.begin(), made.end());
  made.erase(std::unique(made.begin(), made.end()), made.end());
  if (!made.empty()) return made;
  problems.report(Id::NoPrediction, metadata.name, "it observes nothing and has no output")
      .help("`--latents` draws its latents");
  return std::nullopt;
}

io::PredictionHeader describe_prediction(const PredictionInput& input, const PredictionOptions& options,
                                         const Target& target, const std::vector<std::int64_t>& sizes,
                                         const std::vector<std::int32_t>& sites, std::int64_t draws) {
  return Describer(input, options, target, sizes).run(sites, draws);
}

}  // namespace lacuna::runtime::predict
