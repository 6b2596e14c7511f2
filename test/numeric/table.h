// Reads the tables of this folder: tab separated, lines that begin with `#` are comments, the first of which names the columns.
//
// needs    a file written by one of the scripts beside it
// leaves   its rows as text; `number` reads a cell, hexadecimal or decimal, `inf`, `-inf` or `nan`
// shown by test/numeric/functions_test.cpp
#pragma once
#include <string>
#include <vector>

namespace lacuna::numeric {

struct Row {
  std::vector<std::string> cells;
  int line = 0;
};

struct Table {
  std::vector<std::string> columns;
  std::vector<Row> rows;
};

// An absent or empty file gives an empty table, which a test must refuse.
Table read_table(const std::string& path);

// The names of the tables (without `.tsv`) in a folder, in order.
std::vector<std::string> tables_in(const std::string& folder);

long double number(const std::string& cell);

}  // namespace lacuna::numeric
