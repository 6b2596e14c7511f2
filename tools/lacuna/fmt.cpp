// `lacuna fmt`: lays programs out in the one style.
#include <memory>

#include "compiler/driver/pipeline.h"
#include "compiler/driver/read_file.h"
#include "compiler/syntax/format.h"
#include "tools/lacuna/verbs.h"

namespace lacuna::tool {

namespace {

struct FmtOptions {
  std::vector<std::string> paths;
  bool check = false;
};

// The exit code for one file.
int format_one(driver::Session& session, const std::string& path, const FmtOptions& options) {
  const std::size_t errors = session.sink().error_count();
  const driver::Compiled compiled = driver::parse_program(session, path);
  // A file with mistakes stays as it is: what its author meant is not known.
  if (!compiled.program || session.sink().error_count() != errors) return kWrong;
  const std::string_view before = session.sources().file(compiled.program->file).text();
  const std::string after = syntax::format(session.sources(), *compiled.program);
  if (options.check) {
    if (before == after) return kDone;
    fmt::print("{}\n", path);
    return kWrong;
  }
  if (path == "-") {
    fmt::print("{}", after);
    return kDone;
  }
  if (before == after) return kDone;
  const std::string problem = driver::replace_file(path, after);
  if (problem.empty()) return kDone;
  fmt::print(stderr, "lacuna: cannot write `{}`: {}\n", path, problem);
  return kWrong;
}

}  // namespace

void add_fmt(CLI::App& app, Common& common, Action& action) {
  CLI::App* verb = app.add_subcommand("fmt", "Lays programs out in the one style");
  auto options = std::make_shared<FmtOptions>();
  verb->add_option("MODEL", options->paths, "Programs (.ppl); - formats standard input to standard output")->required();
  verb->add_flag("--check", options->check, "Write nothing; list the files that are laid out otherwise, and exit with 1 if there are any");
  verb->footer("Example:\n  lacuna fmt --check examples/new_groups/model.ppl");
  add_common(*verb, common);
  verb->callback([options, &common, &action] {
    action = [options, &common] {
      driver::Session session;
      int code = kDone;
      for (const std::string& path : options->paths) code = std::max(code, format_one(session, path, *options));
      print_diagnostics(session, common);
      return code;
    };
  });
}

}  // namespace lacuna::tool
