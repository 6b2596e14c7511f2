// What the tests of the library share: its declarations, and programs checked and elaborated from text.
#pragma once
#include <string>
#include <vector>

#include "compiler/check/check.h"
#include "compiler/check/library.h"
#include "compiler/elaborate/elaborate.h"
#include "compiler/syntax/parse.h"

namespace lacuna::stdlib {

// One compile, from text to elaborated model, with what it owns.
class Compilation {
 public:
  explicit Compilation(const std::string& text) {
    const support::FileId file = sources_.add("test.ppl", text);
    program_ = syntax::parse(sources_, file, arena_, sink_);
    checked_ = check::check(program_, sources_, arena_, sink_);
  }

  const syntax::Program& program() const { return program_; }
  const check::CheckedProgram& checked() const { return checked_; }

  // The first model's elaborated text; the mistakes found, one a line, when there are any. Warnings are nobody's business here.
  std::string model() {
    if (!checked_.models.empty() && sink_.error_count() == 0) {
      const elaborate::Model model = elaborate::elaborate(*checked_.models.front(), sources_, arena_, sink_);
      if (sink_.error_count() == 0) return elaborate::to_string(model);
    }
    return mistakes();
  }

  std::string mistakes() const {
    std::string all;
    for (const diagnostics::Diagnostic& d : sink_.diagnostics()) {
      if (d.severity() != diagnostics::Severity::Error) continue;
      const support::SourceFile& file = sources_.file(d.primary.range.file);
      all += file.path() + ":" + std::to_string(file.position(d.primary.range.begin).line) + ": " + d.message + " " +
             d.primary.text + "\n";
    }
    return all;
  }

 private:
  support::SourceMap sources_;
  support::Arena arena_;
  diagnostics::Sink sink_;
  syntax::Program program_;
  check::CheckedProgram checked_;
};

inline bool is_distribution(const check::LibraryFile& file) {
  return file.path.find("/distributions/") != std::string_view::npos;
}

}  // namespace lacuna::stdlib
