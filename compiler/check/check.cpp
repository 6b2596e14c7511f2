#include "compiler/check/check.h"

#include <algorithm>

#include "compiler/check/check_calls.h"
#include "compiler/check/check_dimension.h"
#include "compiler/check/check_statement.h"
#include "compiler/syntax/limits.h"

namespace lacuna::check {

using diagnostics::Id;

namespace {

// Whether the file has a mistake, also one that was found before the check.
bool has_error(const diagnostics::Sink& sink, support::FileId file) {
  return std::any_of(sink.diagnostics().begin(), sink.diagnostics().end(), [&](const diagnostics::Diagnostic& d) {
    return d.severity() == diagnostics::Severity::Error && d.primary.range.file == file;
  });
}

// Declarations of functions and distributions see each other whatever their order.
void declare_functions(Context& c, const syntax::Program& program, CheckedProgram& result) {
  for (const syntax::Decl* decl : program.declarations) {
    if (const auto* fn = decl->get_if<syntax::FnDecl>()) {
      if (const auto known = c.functions->find(fn->name.text); known != c.functions->end()) {
        auto& report = c.sink.report(Id::Redefined, fn->name.range, fn->name.text);
        if (known->second) report.also_at(known->second->declaration->name.range, "defined here");
        continue;
      }
      auto* f = c.arena.make<Function>();
      f->name = fn->name.text;
      f->declaration = fn;
      (*c.functions)[f->name] = f;
      result.functions.push_back(f);
    } else if (const auto* broken = decl->get_if<syntax::BrokenDecl>(); broken && !broken->name.text.empty()) {
      c.functions->emplace(broken->name.text, nullptr);
    }
  }
}

void declare_arguments(Context& c, const syntax::ModelDecl& declaration, CheckedModel& model) {
  c.place = Place::Signature;
  for (const syntax::Parameter& p : declaration.parameters) {
    if (p.is_dimension || !p.type) {
      c.sink.report(Id::ModelParameter, p.range, "dimension by itself").help(fmt::format("declare it above the model: `dim {}`", p.name.text));
      continue;
    }
    if (p.default_value)
      c.sink.report(Id::ModelParameter, p.default_value->range, "default").note("its values come with the data");
    if (!p.aliases.empty()) c.sink.report(Id::ModelParameter, p.aliases[0].range, "alias").help("rename a column with `--bind`");
    const Type type = check_type(c, *p.type, true);
    Symbol* symbol = declare_symbol(c, p.name, type.is_error() ? SymbolKind::Poisoned : SymbolKind::Argument, nullptr);
    model.symbols.pop_back();
    symbol->parameter = &p;
    symbol->doc = p.doc;
    symbol->type = type;
    symbol->stage = Stage::Data;
    model.arguments.push_back(symbol);
  }
  c.place = Place::Model;
}

CheckedModel* check_model(Context& file, const syntax::ModelDecl& declaration, std::vector<std::unique_ptr<CheckedModel>>& owned) {
  owned.push_back(std::make_unique<CheckedModel>());
  CheckedModel* model = owned.back().get();
  model->name = declaration.name.text;
  model->declaration = &declaration;
  const std::size_t errors = file.sink.error_count();

  Context c{file.sources, file.arena, file.sink, file.library, {}, file.dimensions, file.functions, {}, Place::Model};
  c.model = model;
  enter(c);
  declare_arguments(c, declaration, *model);
  expect_statements(c, declaration.body);
  for (const syntax::Stmt* s : declaration.body) {
    if (file.sink.error_count() - errors >= syntax::kMaximumErrors) {
      const std::size_t limit = syntax::kMaximumErrors;
      c.sink.report(Id::TooManyErrors, {s->range.file, s->range.begin, s->range.begin}, limit);
      break;
    }
    check_statement(c, *s);
  }
  leave(c);
  model->complete = file.sink.error_count() == errors;
  return model;
}

}  // namespace

CheckedProgram check(const syntax::Program& program, support::SourceMap& sources, support::Arena& arena, diagnostics::Sink& sink) {
  CheckedProgram result;
  Library library(sources, arena);
  Context c{sources, arena, sink, library};
  const std::size_t errors = sink.error_count();
  if (program.declarations.empty() && errors == 0)
    sink.report(Id::NothingDeclared, {program.file, 0, 0}).help("a program is a model: `model line(x: real[N], y: real[N]) { ... }`");
  declare_dimensions(c, program);
  declare_functions(c, program, result);
  for (const syntax::Decl* decl : program.declarations)
    if (const auto* dist = decl->get_if<syntax::DistDecl>()) declare_distribution(c, *dist, false);
  for (Function* f : result.functions) check_function(c, *f->declaration);
  for (const syntax::Decl* decl : program.declarations) {
    const auto* dist = decl->get_if<syntax::DistDecl>();
    if (!dist) continue;
    for (Distribution* d : library.find(c, dist->name.text)) {
      if (d->declaration != dist) continue;
      library.complete(c, *d);
      result.distributions.push_back(d);
    }
  }
  check_calls(c, result);
  for (const syntax::Decl* decl : program.declarations) {
    const auto* declaration = decl->get_if<syntax::ModelDecl>();
    if (!declaration) continue;
    for (const CheckedModel* known : result.models)
      if (known->name == declaration->name.text)
        sink.report(Id::Redefined, declaration->name.range, declaration->name.text).also_at(known->declaration->name.range, "defined here");
    result.models.push_back(check_model(c, *declaration, result.owned));
  }
  open_dimensions(c, program, result.models);
  for (const syntax::Decl* decl : program.declarations) {
    const auto* guide = decl->get_if<syntax::GuideDecl>();
    if (!guide) continue;
    CheckedModel* covered = nullptr;
    for (CheckedModel* model : result.models)
      if (model->name == guide->model.text) covered = model;
    if (covered)
      check_guide(c, *guide, *covered);
    else
      sink.report(Id::UnknownName, guide->model.range, guide->model.text).note("a guide names the model that it is for: `guide g for radon { ... }`");
  }
  if (has_error(sink, program.file))
    for (CheckedModel* model : result.models) model->complete = false;
  else
    library.complete_found(c);  // what density writes out
  return result;
}

}  // namespace lacuna::check
