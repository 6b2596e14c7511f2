// `lacuna compile`: what the compiler makes of a program, at any step.
#include <algorithm>
#include <memory>

#include "compiler/driver/pipeline.h"
#include "compiler/driver/write_object.h"
#include "compiler/syntax/ast_printer.h"
#include "tools/lacuna/verbs.h"

namespace lacuna::tool {

namespace {

struct CompileOptions {
  std::string path;
  std::vector<std::string> emit;
  std::string output, shared;
  std::string cpu = "native";
};

int compile(const CompileOptions& options, const Common& common) {
  driver::Session session;
  const bool shared = !options.shared.empty(), object = shared || !options.output.empty();
  const std::string& output = shared ? options.shared : options.output;
  if (object == !options.emit.empty() || (shared && !options.output.empty()) || (object && !output.ends_with(shared ? ".so" : ".o"))) {
    fmt::print(stderr, "lacuna: say one of `-o NAME.o`, `--shared NAME.so` and `--emit`\n");
    return kUsage;
  }
  const bool tree_only = !object && std::all_of(options.emit.begin(), options.emit.end(), [](const std::string& what) { return what == "ast"; });
  const driver::Compiled compiled = tree_only ? driver::parse_program(session, options.path) : driver::check_program(session, options.path);
  for (const std::string& what : options.emit) {
    if (what == "ast" && compiled.program) fmt::print("{}", syntax::print_ast(*compiled.program));
    if (what == "model" && !session.failed())
      for (const elaborate::Model& model : compiled.models) fmt::print("{}", elaborate::to_string(model));
  }
  if (object && !session.failed()) driver::write_object({output, shared, options.cpu == "native" ? "" : options.cpu}, compiled, session);
  print_diagnostics(session, common);
  return session.failed() ? kWrong : kDone;
}

}  // namespace

void add_compile(CLI::App& app, Common& common, Action& action) {
  CLI::App* verb = app.add_subcommand("compile", "What the compiler makes of a program");
  auto options = std::make_shared<CompileOptions>();
  verb->add_option("MODEL", options->path, "A program (.ppl), or - for standard input")->required();
  verb->add_option("--emit", options->emit, "What to print: ast (the syntax tree), model (the elaborated model)")->delimiter(',')->check(CLI::IsMember({"ast", "model"}));
  verb->add_option("-o", options->output, "Write an object NAME.o that a program links, with its header NAME.h");
  verb->add_option("--shared", options->shared, "Write a shared library NAME.so, with its header NAME.h; needs the linker ld.lld");
  verb->add_option("--cpu", options->cpu, "The processor that the object is for: native, or LLVM's name (x86-64-v3)");
  verb->footer("Example:\n  lacuna compile --emit=ast examples/new_groups/model.ppl");
  add_common(*verb, common);
  verb->callback([options, &common, &action] { action = [options, &common] { return compile(*options, common); }; });
}

}  // namespace lacuna::tool
