// The `lacuna` command: one binary, a verb, files in any order after it.
#include <malloc.h>

#include <exception>

#include "tools/lacuna/verbs.h"

namespace lacuna::tool {

namespace {

int run(int count, char** words) {
  CLI::App app("Lacuna: Bayesian models whose data have gaps.", "lacuna");
  app.require_subcommand(1);
  app.footer("Every verb has --help, with an example that runs.");
  Common common;
  Action action;
  add_check(app, common, action);
  add_fmt(app, common, action);
  add_explain(app, common, action);
  add_compile(app, common, action);
  add_log_density(app, common, action);
  add_bench(app, common, action);
  add_fit(app, common, action);
  add_summary(app, common, action);
  add_predict(app, common, action);
  add_prior(app, common, action);
  add_log_likelihood(app, common, action);
  try {
    app.parse(count, words);
  } catch (const CLI::ParseError& stop) {
    // Asking for help is no mistake.
    return app.exit(stop) == 0 ? kDone : kUsage;
  }
  return action();
}

}  // namespace

}  // namespace lacuna::tool

int main(int count, char** words) {
#ifdef __GLIBC__
  // Arrays of megabytes come from the system and go back to it. By default the limit rises with what is freed, and the heap between them is
  // kept: predictions stretch by stretch then grow by a third of their memory.
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
  try {
    return lacuna::tool::run(count, words);
  } catch (const std::exception& error) {
    fmt::print(stderr, "lacuna: this is a bug in Lacuna: {}\nPlease report it with the program that shows it.\n", error.what());
    return lacuna::tool::kBug;
  }
}
