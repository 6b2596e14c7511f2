#include "compiler/check/library.h"

#include <algorithm>

#include "compiler/check/check_distribution.h"
#include "compiler/check/check_statement.h"
#include "compiler/syntax/parse.h"

namespace lacuna::check {

namespace {

const LibraryFile* find_file(std::string_view name) {
  for (const LibraryFile& file : embedded_library())
    if (file.name == name) return &file;
  return nullptr;
}

bool is_distribution(const LibraryFile& file) { return file.path.find("/distributions/") != std::string_view::npos; }

}  // namespace

void Library::declare(Distribution* distribution) {
  auto& overloads = known_[distribution->name];
  distribution->overload = static_cast<std::uint32_t>(overloads.size());
  overloads.push_back(distribution);
}

std::span<Distribution* const> Library::declared(std::string_view name) const {
  const auto found = known_.find(name);
  return found == known_.end() ? std::span<Distribution* const>{} : found->second;
}

const std::vector<Distribution*>& Library::find(Context& context, std::string_view name) {
  const auto found = known_.find(name);
  if (found != known_.end()) return found->second;
  static const std::vector<Distribution*> kNone;
  const LibraryFile* file = find_file(name);
  if (!file || !is_distribution(*file)) return kNone;
  load(context, *file);
  return known_[name];
}

Function* Library::find_function(Context& context, std::string_view name) {
  const auto found = functions_.find(name);
  if (found != functions_.end()) return found->second;
  const LibraryFile* file = find_file(name);
  if (!file || is_distribution(*file)) return nullptr;
  load(context, *file);
  return functions_[name];
}

// Reads a file of the library in a context of its own: it sees nothing of the program.
void Library::load(Context& context, const LibraryFile& file) {
  const support::FileId id = sources_.add(std::string(file.path), std::string(file.text));
  const syntax::Program program = syntax::parse(sources_, id, arena_, context.sink);
  Context own{context.sources, context.arena, context.sink, *this};
  for (const syntax::Decl* declaration : program.declarations) {
    if (const auto* dist = declaration->get_if<syntax::DistDecl>()) declare_distribution(own, *dist, true);
    const auto* fn = declaration->get_if<syntax::FnDecl>();
    if (!fn) continue;
    auto* function = arena_.make<Function>();
    function->name = fn->name.text;
    function->declaration = fn;
    functions_[function->name] = function;
    (*own.functions)[function->name] = function;
    check_function(own, *fn);
  }
}

std::vector<std::string_view> Library::names() const {
  std::vector<std::string_view> all;
  for (const LibraryFile& file : embedded_library())
    if (is_distribution(file)) all.push_back(file.name);
  for (const auto& [name, overloads] : known_) all.push_back(name);
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

void Library::complete(Context& context, Distribution& distribution) {
  if (distribution.completed) return;
  distribution.completed = true;
  if (!distribution.from_library) {
    check_distribution_bodies(context, distribution);
    return;
  }
  Context own{context.sources, context.arena, context.sink, *this};
  check_distribution_bodies(own, distribution);
}

void Library::complete_found(Context& context) {
  const auto next = [&]() -> Distribution* {
    for (const auto& [name, overloads] : known_)
      for (Distribution* each : overloads)
        if (!each->completed) return each;
    return nullptr;
  };
  while (Distribution* distribution = next()) complete(context, *distribution);
}

}  // namespace lacuna::check
