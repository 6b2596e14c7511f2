// A run-time diagnostic as a value, the list that collects them, and their text.
//
//   needs    nothing of the compiler: the data's places are lines, paths and columns, the program's are ranges of its
//   metadata leaves   values in the order of discovery; rendered like the compiler's diagnostics shown by
//   test/unit/runtime/match_test.cpp
#pragma once
#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lacuna/model.h"

namespace lacuna::runtime {

enum class Severity { Error, Warning };

enum class Id {
#define LACUNA_RUNTIME_DIAGNOSTIC(code, name, severity, message) name,
#include "runtime/diagnostics/diagnostics.def"
#undef LACUNA_RUNTIME_DIAGNOSTIC
};

struct Entry {
  std::string_view code;
  std::string_view name;
  Severity severity;
  std::string_view message;
};
const Entry& entry(Id id);

struct Diagnostic {
  // At most this many rows of one kind are shown; the rest is counted.
  static constexpr std::size_t kShownRows = 10;

  Id id{};
  std::string message;
  std::string place;                 // "data.csv", "data.csv:17", "points.json: y[3][2]"; may be empty
  const lacuna_range* at = nullptr;  // in the program, when it has a part in this
  std::string at_text;               // what that place of the program says
  std::vector<std::string> rows;     // one line for each offending cell, the first ten
  std::int64_t row_count = 0;        // of all offending cells
  std::string row_word = "cell";     // what is counted
  std::vector<std::string> notes;
  std::vector<std::string> helps;

  Diagnostic& in(std::string where) {
    place = std::move(where);
    return *this;
  }
  Diagnostic& program(const lacuna_range& range, std::string text) {
    at = &range;
    at_text = std::move(text);
    return *this;
  }
  Diagnostic& row(std::string text) {
    if (rows.size() < kShownRows) rows.push_back(std::move(text));
    ++row_count;
    return *this;
  }
  Diagnostic& note(std::string text) {
    notes.push_back(std::move(text));
    return *this;
  }
  Diagnostic& help(std::string text) {
    helps.push_back(std::move(text));
    return *this;
  }
};

// What went wrong, in order. The reference that `report` returns is good until the next report.
class Problems {
 public:
  template <class... Args>
  Diagnostic& report(Id id, const Args&... args) {
    Diagnostic& made = list_.emplace_back();
    made.id = id;
    made.message = fmt::vformat(fmt::string_view(entry(id).message), fmt::make_format_args(args...));
    errors_ += entry(id).severity == Severity::Error;
    return made;
  }
  // Adds to what was reported last.
  void note_last(std::string text) { list_.back().note(std::move(text)); }
  void append(const Problems& more) {
    list_.insert(list_.end(), more.list_.begin(), more.list_.end());
    errors_ += more.errors_;
  }
  bool any_error() const { return errors_ > 0; }
  const std::vector<Diagnostic>& list() const { return list_; }

 private:
  std::vector<Diagnostic> list_;
  std::size_t errors_ = 0;
};

// The terminal's text of one diagnostic, without colour. `metadata`, which may be null, gives the program's name and
// lines.
std::string render(const Diagnostic& diagnostic, const lacuna_metadata* metadata);

// The same as one JSON object on one line.
std::string render_json(const Diagnostic& diagnostic, const lacuna_metadata* metadata);

// "3 gaps", "1 gap".
std::string counted(std::int64_t count, std::string_view word);

// The known name that is nearest to `wanted` by edit distance with transpositions, or empty when none is near (a third
// of its letters).
std::string nearest(std::string_view wanted, const std::vector<std::string>& known);

}  // namespace lacuna::runtime
