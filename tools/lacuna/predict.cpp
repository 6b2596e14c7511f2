// `lacuna predict`: draws of what is observed, imputed and output, for new data or the fit's own.
#include "tools/lacuna/prediction_options.h"

namespace lacuna::tool {

void add_predict(CLI::App& app, Common& common, Action& action) {
  CLI::App* verb = app.add_subcommand("predict", "Predicts from a fit, for new data or for its own");
  auto words = std::make_shared<PredictionWords>();
  verb->add_option("FILES", words->paths, "A fit (.nc or .lfit) and new data (.csv, .json, .nc, or -); without data, those of the fit")->required();
  add_prediction_options(*verb, *words);
  verb->add_flag("--latents", words->options.latents, "The latents too, those of new elements drawn");
  verb->add_flag("--simulate", words->options.simulate, "What reads an observed array reads its draw, also where the data have a value");
  verb->add_option("--open", words->data.open, "A dimension that may have new elements, as if it were declared `open`")->take_all();
  verb->footer(
      "Example:\n  lacuna fit examples/regression_with_gaps/model.ppl examples/regression_with_gaps/train.csv -o houses.lfit --quiet && "
      "lacuna predict houses.lfit examples/regression_with_gaps/new_50.csv -o new.csv --summary mean,sd,q05,q95");
  add_cache_option(*verb, common);
  add_common(*verb, common);
  verb->callback([words, &common, &action] { action = [words, &common] { return predict_from_fit(*words, common); }; });
}

}  // namespace lacuna::tool
