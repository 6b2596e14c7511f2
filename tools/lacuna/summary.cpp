// `lacuna summary`: the table of a fit.
#include <memory>

#include "runtime/assess/table.h"
#include "tools/lacuna/data_options.h"

namespace lacuna::tool {

void add_summary(CLI::App& app, Common& common, Action& action) {
  CLI::App* verb = app.add_subcommand("summary", "Mean, spread, quantiles and effective sizes of a fit's draws");
  auto path = std::make_shared<std::string>();
  verb->add_option("FIT", *path, "A fit (.nc or .lfit)")->required();
  verb->footer("Example:\n  lacuna summary fit.nc");
  add_common(*verb, common);
  verb->callback([path, &common, &action] {
    action = [path, &common]() -> int {
      runtime::Problems problems;
      const auto fit = runtime::io::read_fit(*path, problems);
      print_problems(problems, nullptr, common);
      if (!fit) return kWrong;
      fmt::print("{}",
                 common.format == "json" ? runtime::assess::summary_json(*fit) : runtime::assess::summary_text(*fit));
      return kDone;
    };
  });
}

}  // namespace lacuna::tool
