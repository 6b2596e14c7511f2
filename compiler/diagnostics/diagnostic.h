// A diagnostic as a value, and the sink that collects them.
//
// One value has three renderings (terminal, JSON, language server), all made elsewhere in this folder. Messages follow
// house rules: the situation in one fragment, labels for the parties of a mismatch, the rule in a note, a cure in a help.
#pragma once
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "compiler/support/source.h"

namespace lacuna::diagnostics {

using support::SourceRange;

enum class Severity { Error, Warning };

enum class Id {
#define LACUNA_DIAGNOSTIC(code, name, severity, message) name,
#include "compiler/diagnostics/diagnostics.def"
#undef LACUNA_DIAGNOSTIC
};

// What `diagnostics.def` says of an id: its permanent code ("E0304"), severity and message template.
struct Entry {
  std::string_view code;
  std::string_view name;
  Severity severity;
  std::string_view message;
};
const Entry& entry(Id id);
// All ids, in the order of their declaration.
const std::vector<Id>& all_ids();

// A replacement of a range that mends the mistake; an empty range inserts.
struct FixIt {
  SourceRange range;
  std::string replacement;
};

struct Label {
  SourceRange range;
  std::string text;
};

struct Help {
  std::string text;
  std::vector<FixIt> fixits;
};

struct Diagnostic {
  Id id{};
  std::string message;
  Label primary;             // the narrowest range that is wrong; its text may be empty
  std::vector<Label> also;   // the other parties
  std::vector<std::string> notes;
  std::vector<Help> helps;

  // Builders, to be chained on what `Sink::report` returns.
  Diagnostic& label(std::string text);
  Diagnostic& also_at(SourceRange range, std::string text);
  Diagnostic& note(std::string text);
  Diagnostic& help(std::string text, std::vector<FixIt> fixits = {});

  Severity severity() const { return entry(id).severity; }
};

// Collects diagnostics in the order in which they are found.
class Sink {
 public:
  // Reports `id` at `range`; the arguments fill the template's braces. The reference is good until the next report.
  template <class... Args>
  Diagnostic& report(Id id, SourceRange range, const Args&... args) {
    return add(id, range, fmt::vformat(fmt::string_view(entry(id).message), fmt::make_format_args(args...)));
  }

  // How many errors, not warnings, have been reported.
  std::size_t error_count() const { return errors_; }
  const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }
  // In the order of files and places, one a place and code: what renderers show.
  std::vector<Diagnostic> sorted() const;
  // Forgets what came after the first `count`: for trying a reading and taking it back.
  void truncate(std::size_t count);
  // Forgets the warnings among what came after the first `count`.
  void forget_warnings(std::size_t count);

 private:
  Diagnostic& add(Id id, SourceRange range, std::string message);

  std::vector<Diagnostic> diagnostics_;
  std::size_t errors_ = 0;
};

}  // namespace lacuna::diagnostics
