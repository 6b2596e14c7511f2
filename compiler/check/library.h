// Where distributions come from: the program's own, and the standard library's, loaded by name when used.
#pragma once
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "compiler/check/symbol.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/support/arena.h"
#include "compiler/support/source.h"

namespace lacuna::check {

struct Context;

// The text of each library file by the name of the distribution it declares; embedded at build time from stdlib/.
struct LibraryFile {
  std::string_view name;  // "Normal"
  std::string_view path;  // "stdlib/distributions/normal.ppl"
  std::string_view text;
};
std::span<const LibraryFile> embedded_library();

class Library {
 public:
  explicit Library(support::SourceMap& sources, support::Arena& arena) : sources_(sources), arena_(arena) {}

  // Declares a distribution of the program; overloads keep their order.
  void declare(Distribution* distribution);
  // What the program, or a library file read so far, has declared under `name`.
  std::span<Distribution* const> declared(std::string_view name) const;
  // All overloads of `name`, in order: the program's when it declares the name, else the library's, parsed and with their
  // signatures checked on first use. Empty when the name is unknown.
  const std::vector<Distribution*>& find(Context& context, std::string_view name);
  // Every name that `find` knows, for suggestions.
  std::vector<std::string_view> names() const;
  // The library's `fn` of that name, declared on first use; null when there is none.
  Function* find_function(Context& context, std::string_view name);
  // Checks the bodies of the members, once.
  void complete(Context& context, Distribution& distribution);
  // The same for all distributions found so far, and those that their bodies find.
  void complete_found(Context& context);

 private:
  void load(Context& context, const LibraryFile& file);

  support::SourceMap& sources_;
  support::Arena& arena_;
  std::unordered_map<std::string_view, std::vector<Distribution*>> known_;
  std::unordered_map<std::string_view, Function*> functions_;
};

}  // namespace lacuna::check
