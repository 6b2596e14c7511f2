#include "test/numeric/table.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace lacuna::numeric {
namespace {

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> cells;
  std::size_t start = 0;
  for (std::size_t tab = line.find('\t'); tab != std::string::npos; tab = line.find('\t', start)) {
    cells.push_back(line.substr(start, tab - start));
    start = tab + 1;
  }
  cells.push_back(line.substr(start));
  return cells;
}

}  // namespace

Table read_table(const std::string& path) {
  Table table;
  std::ifstream in(path);
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (line.empty()) continue;
    if (line[0] != '#') {
      table.rows.push_back({split(line), number});
    } else if (table.columns.empty()) {
      table.columns = split(line.substr(2));
    }
  }
  return table;
}

std::vector<std::string> tables_in(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".tsv") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

long double number(const std::string& cell) { return std::strtold(cell.c_str(), nullptr); }

}  // namespace lacuna::numeric
