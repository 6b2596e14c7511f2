// What a user says about the data besides naming the files: --bind, --key, --size, --missing, --index-base.
//
//   needs    runtime/diagnostics
//   leaves   parsed values; names are checked against the model in match.h
//   shown by test/unit/runtime/match_test.cpp
#pragma once
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/diagnostics/diagnostic.h"

namespace lacuna::runtime::data {

// `x = age, income` (columns of a matrix; one column renames), or `stars[User, Film] = rating by user, film` (a long
// table).
struct Binding {
  std::string argument;
  std::vector<std::string> axes;     // as written in brackets; empty without them
  std::vector<std::string> columns;  // of a long table: one, the value
  std::vector<std::string> by;       // of a long table: a column for each axis; empty otherwise
  std::string written;               // the option's text, for messages
};

struct Size {
  std::int64_t value = 0;
  bool horizon = false;  // `T=+12`
};

struct Options {
  std::vector<Binding> bindings;
  std::map<std::string, std::string> keys;          // dimension -> column
  std::map<std::string, Size> sizes;                // dimension -> size
  std::multimap<std::string, std::string> missing;  // argument -> value that stands for missing
  std::map<std::string, std::int64_t> index_base;   // argument -> 0 or 1
  std::set<std::string> opened;                     // dimensions of `--open`
  std::set<std::string> remembered_keys;  // dimensions whose key the fit was given: it need not apply to new data

  const Binding* binding_of(std::string_view argument) const;

  // Each takes the text behind its option, and reports what it cannot read.
  bool add_bind(std::string_view text, Problems& problems);
  bool add_key(std::string_view text, Problems& problems);
  bool add_size(std::string_view text, Problems& problems);
  bool add_missing(std::string_view text, Problems& problems);
  bool add_index_base(std::string_view text, Problems& problems);
};

}  // namespace lacuna::runtime::data
