// `lacuna compile`: what the compiler makes of a program, at any step.
#include <algorithm>
#include <memory>

#include "compiler/driver/compiler_library.h"
#include "compiler/driver/model_header.h"
#include "compiler/driver/model_table.h"
#include "compiler/driver/pipeline.h"
#include "compiler/driver/read_file.h"
#include "compiler/syntax/ast_printer.h"
#include "tools/lacuna/verbs.h"

namespace lacuna::tool {

namespace {

struct CompileOptions {
  std::string path;
  std::vector<std::string> emit;
  std::string output;
  std::string cpu = "native";
};

int write(const std::string& path, const std::string& text) {
  const std::string problem = driver::replace_file(path, text);
  if (problem.empty()) return kDone;
  fmt::print(stderr, "lacuna: cannot write `{}`: {}\n", path, problem);
  return kWrong;
}

// m.o and m.h.
int write_object(const CompileOptions& options, const driver::Compiled& compiled, driver::Session& session) {
  if (compiled.models.size() != 1) {
    fmt::print(stderr, "lacuna: `{}` holds {} models, and an object is made of one\n", options.path, compiled.models.size());
    return kWrong;
  }
  const elaborate::Model& model = compiled.models.front();
  const std::optional<ir::Module> module = driver::lower_for_machine(model, session.sink());
  if (!module) return kWrong;
  const density::Metadata metadata(model, session.sources(), options.cpu);
  std::string problem, bytes;
  const jit::Door* door = driver::compiler_library(problem);
  const std::string cpu = options.cpu == "native" ? "" : options.cpu;
  if (!door || !door->object(&*module, &metadata.get(), cpu.c_str(), &bytes, &problem)) {
    session.sink().report(diagnostics::Id::NoCompiler, model.checked->declaration->name.range, problem);
    return kWrong;
  }
  if (const int code = write(options.output, bytes); code != kDone) return code;
  return write(options.output.substr(0, options.output.size() - 2) + ".h", driver::model_header(metadata.get()));
}

int compile(const CompileOptions& options, const Common& common) {
  driver::Session session;
  const bool object = !options.output.empty();
  if (object == !options.emit.empty() || (object && !options.output.ends_with(".o"))) {
    fmt::print(stderr, "lacuna: say either `-o NAME.o` or `--emit`\n");
    return kUsage;
  }
  const bool tree_only = !object && std::all_of(options.emit.begin(), options.emit.end(), [](const std::string& what) { return what == "ast"; });
  const driver::Compiled compiled = tree_only ? driver::parse_program(session, options.path) : driver::check_program(session, options.path);
  for (const std::string& what : options.emit) {
    if (what == "ast" && compiled.program) fmt::print("{}", syntax::print_ast(*compiled.program));
    if (what == "model" && !session.failed())
      for (const elaborate::Model& model : compiled.models) fmt::print("{}", elaborate::to_string(model));
  }
  const int code = object && !session.failed() ? write_object(options, compiled, session) : kDone;
  print_diagnostics(session, common);
  return session.failed() ? kWrong : code;
}

}  // namespace

void add_compile(CLI::App& app, Common& common, Action& action) {
  CLI::App* verb = app.add_subcommand("compile", "What the compiler makes of a program");
  auto options = std::make_shared<CompileOptions>();
  verb->add_option("MODEL", options->path, "A program (.ppl), or - for standard input")->required();
  verb->add_option("--emit", options->emit, "What to print: ast (the syntax tree), model (the elaborated model)")->delimiter(',')->check(CLI::IsMember({"ast", "model"}));
  verb->add_option("-o", options->output, "Write an object NAME.o that a program links, with its header NAME.h");
  verb->add_option("--cpu", options->cpu, "The processor that the object is for: native, or LLVM's name (x86-64-v3)");
  verb->footer("Example:\n  lacuna compile --emit=ast examples/new_groups/model.ppl");
  add_common(*verb, common);
  verb->callback([options, &common, &action] { action = [options, &common] { return compile(*options, common); }; });
}

}  // namespace lacuna::tool
