// `lacuna check`: all diagnostics of all files.
#include <memory>

#include "compiler/driver/pipeline.h"
#include "tools/lacuna/verbs.h"

namespace lacuna::tool {

void add_check(CLI::App& app, Common& common, Action& action) {
  CLI::App* verb = app.add_subcommand("check", "All diagnostics of all files; silent when there are none");
  auto paths = std::make_shared<std::vector<std::string>>();
  verb->add_option("MODEL", *paths, "Programs (.ppl), or - for standard input")->required();
  verb->footer("Example:\n  lacuna check examples/new_groups/model.ppl");
  add_common(*verb, common);
  verb->callback([paths, &common, &action] {
    action = [paths, &common] {
      driver::Session session;
      for (const std::string& path : *paths) driver::check_program(session, path);
      print_diagnostics(session, common);
      return session.failed() ? kWrong : kDone;
    };
  });
}

}  // namespace lacuna::tool
