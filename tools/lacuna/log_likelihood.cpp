// `lacuna log-likelihood`: the term of each scored cell for each draw.
#include "tools/lacuna/prediction_options.h"

namespace lacuna::tool {

void add_log_likelihood(CLI::App& app, Common& common, Action& action) {
  CLI::App* verb = app.add_subcommand("log-likelihood", "Each scored cell's log density for each draw of a fit");
  auto words = std::make_shared<PredictionWords>();
  verb->add_option("FILES", words->paths, "A fit (.nc or .lfit) and data (.csv, .json, .nc, or -); without data, those of the fit")->required();
  add_prediction_options(*verb, *words);
  verb->add_option("--open", words->data.open, "A dimension that may have new elements, as if it were declared `open`")->take_all();
  verb->footer(
      "Example:\n  lacuna fit examples/regression_with_gaps/model.ppl examples/regression_with_gaps/train.csv -o rows.lfit --quiet && "
      "lacuna log-likelihood rows.lfit -o rows.nc");
  add_cache_option(*verb, common);
  add_common(*verb, common);
  verb->callback([words, &common, &action] { action = [words, &common] {
      words->options.log_likelihood = true;
      return predict_from_fit(*words, common);
    }; });
}

}  // namespace lacuna::tool
