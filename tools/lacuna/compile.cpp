// `lacuna compile`: what the compiler makes of a program, at any step.
#include <algorithm>
#include <chrono>
#include <memory>

#include "compiler/driver/pipeline.h"
#include "compiler/driver/model_table.h"
#include "compiler/driver/write_object.h"
#include "compiler/ir/printer.h"
#include "compiler/ir/verifier.h"
#include "compiler/syntax/ast_printer.h"
#include "tools/lacuna/verbs.h"

namespace lacuna::tool {

namespace {

struct CompileOptions {
  std::string path;
  std::vector<std::string> emit;
  std::string output, shared;
  std::string cpu = "native";
  std::vector<std::string> functions;
  std::string dump_after;
  bool time_passes = false;
  bool verify_each = false;

  bool wants(std::string_view what) const { return std::find(emit.begin(), emit.end(), what) != emit.end(); }
  bool wants_code() const { return wants("ir") || wants("schedule") || wants("llvm") || wants("asm") || !dump_after.empty() || time_passes || verify_each; }
};

// What the options ask for behind each step from the elaborated model to the IR that code is made of.
class Steps {
 public:
  explicit Steps(const CompileOptions& options) : options_(options) {}

  void operator()(std::string_view step, const ir::Module& module) {
    const auto now = std::chrono::steady_clock::now();
    if (options_.time_passes) fmt::print(stderr, "{:<34}{:>10.3f} ms\n", step, std::chrono::duration<double, std::milli>(now - last_).count());
    if (step == options_.dump_after) {
      fmt::print("{}", ir::print(module));
      dumped_ = true;
    }
    if (options_.verify_each) {
      for (const std::string& mistake : ir::verify(module)) {
        fmt::print(stderr, "lacuna: after {}: {}\n", step, mistake);
        right_ = false;
      }
    }
    last_ = std::chrono::steady_clock::now();
  }
  bool dumped() const { return dumped_; }
  bool right() const { return right_; }

 private:
  const CompileOptions& options_;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
  bool dumped_ = false;
  bool right_ = true;
};

// The IR of one model, and what becomes of it for a processor.
int print_code(const CompileOptions& options, const elaborate::Model& model, driver::Session& session) {
  Steps steps(options);
  const std::optional<ir::Module> module = driver::lower_for_machine(model, session.sink(), {}, [&](std::string_view step, const ir::Module& now) { steps(step, now); });
  if (!module) return kWrong;
  if (!options.dump_after.empty() && !steps.dumped()) {
    fmt::print(stderr, "lacuna: there is no step `{}`; --time-passes lists them\n", options.dump_after);
    return kUsage;
  }
  if (!steps.right()) return kBug;
  if (options.wants("ir")) fmt::print("{}", ir::print(*module));
  constexpr std::pair<const char*, jit::Text> kTexts[] = {{"schedule", jit::Text::Schedule}, {"llvm", jit::Text::Llvm}, {"asm", jit::Text::Assembly}};
  for (const auto& [name, what] : kTexts) {
    if (!options.wants(name)) continue;
    std::string problem, text;
    const jit::Door* door = driver::compiler_library(problem);
    const std::string cpu = options.cpu == "native" ? "" : options.cpu;
    if (!door || !door->text(&*module, what, cpu.c_str(), &options.functions, &text, &problem)) {
      session.sink().report(diagnostics::Id::NoCompiler, model.checked->declaration->name.range, problem);
      return kWrong;
    }
    fmt::print("{}", text);
  }
  return kDone;
}

int compile(const CompileOptions& options, const Common& common) {
  driver::Session session;
  const bool shared = !options.shared.empty(), object = shared || !options.output.empty();
  const std::string& output = shared ? options.shared : options.output;
  const bool shows = !options.emit.empty() || options.wants_code();
  if (object == shows || (shared && !options.output.empty()) || (object && !output.ends_with(shared ? ".so" : ".o"))) {
    fmt::print(stderr, "lacuna: say one of `-o NAME.o`, `--shared NAME.so` and `--emit`\n");
    return kUsage;
  }
  const bool tree_only = !object && !options.wants_code() && std::all_of(options.emit.begin(), options.emit.end(), [](const std::string& what) { return what == "ast"; });
  const driver::Compiled compiled = tree_only ? driver::parse_program(session, options.path) : driver::check_program(session, options.path);
  if (options.wants("ast") && compiled.program) fmt::print("{}", syntax::print_ast(*compiled.program));
  int code = kDone;
  for (std::size_t i = 0; i < compiled.models.size() && !session.failed(); ++i) {
    if (options.wants("model")) fmt::print("{}", elaborate::to_string(compiled.models[i]));
    if (options.wants_code() && code == kDone) code = print_code(options, compiled.models[i], session);
  }
  if (object && !session.failed()) driver::write_object({output, shared, options.cpu == "native" ? "" : options.cpu}, compiled, session);
  print_diagnostics(session, common);
  return session.failed() ? kWrong : code;
}

}  // namespace

void add_compile(CLI::App& app, Common& common, Action& action) {
  CLI::App* verb = app.add_subcommand("compile", "What the compiler makes of a program");
  auto options = std::make_shared<CompileOptions>();
  verb->add_option("MODEL", options->path, "A program (.ppl), or - for standard input")->required();
  verb->add_option("--emit", options->emit, "What to print: ast (the syntax tree), model (the elaborated model), ir (its functions and their derivatives), schedule (how loops run), llvm, asm")
      ->delimiter(',')
      ->check(CLI::IsMember({"ast", "model", "ir", "schedule", "llvm", "asm"}));
  verb->add_option("--function", options->functions, "The functions of llvm and asm that are wanted: log_density_gradient, bind, ...")->delimiter(',');
  verb->add_option("--dump-after", options->dump_after, "Print the IR as it is after a step (--time-passes lists them)");
  verb->add_flag("--time-passes", options->time_passes, "Say on standard error how long each step takes");
  verb->add_flag("--verify-each", options->verify_each, "Verify the IR after each step");
  verb->add_option("-o", options->output, "Write an object NAME.o that a program links, with its header NAME.h");
  verb->add_option("--shared", options->shared, "Write a shared library NAME.so, with its header NAME.h; needs the linker ld.lld");
  verb->add_option("--cpu", options->cpu, "The processor that code is for: native, or LLVM's name (x86-64-v3)");
  verb->footer("Example:\n  lacuna compile --emit=ast examples/new_groups/model.ppl");
  add_common(*verb, common);
  verb->callback([options, &common, &action] { action = [options, &common] { return compile(*options, common); }; });
}

}  // namespace lacuna::tool
