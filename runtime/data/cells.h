// One array as a file gives it, before it is matched to a model, and a file as something that has such arrays.
//
//   needs    runtime/diagnostics
//   leaves   columns of numbers, or codes with their labels, with a byte for each cell that says whether it is there
//   shown by test/unit/runtime/csv_test.cpp, json_test.cpp
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/diagnostics/diagnostic.h"

namespace lacuna::runtime::data {

// How cells are to be read.
enum class Wanted { Real, Whole, Bool, Label };

// One array (a column of a table, a variable of an object) that is asked for.
struct Request {
  std::string name;  // the column, or of several columns what they are together
  Wanted as = Wanted::Real;
  bool lenient = false;                // cells that are no number count as missing instead of being an error
  std::optional<std::string> missing;  // this value, besides the usual ones, stands for missing
  std::vector<std::string> columns{};  // of a table, as one matrix in this order; empty: the one column `name`
};

// What a cell that cannot be read so is: "text where a number is needed".
const char* refused_words(Wanted as);

// What was read. Row-major, the last axis fastest.
struct Cells {
  std::string name;
  Wanted as = Wanted::Real;
  std::vector<std::int64_t> sizes;    // empty for a scalar
  std::vector<double> real;           // Real: the values, NaN where missing
  std::vector<std::int64_t> whole;    // Whole, Bool: the values; Label: codes into `labels`, or values when it is empty
  std::vector<std::string> labels;    // Label: distinct values in the order of their first appearance
  bool labelled = false;              // Label: `whole` holds codes, not numbers
  std::vector<std::uint8_t> present;  // empty when every cell is there
  std::vector<std::vector<std::string>> axis_labels;  // by axis; empty where the file has none

  std::int64_t size() const {
    std::int64_t product = 1;
    for (const std::int64_t s : sizes) product *= s;
    return product;
  }
  bool is_present(std::int64_t cell) const { return present.empty() || present[static_cast<std::size_t>(cell)] != 0; }
};

// A file that has been opened: its names are known, its cells are read when asked for.
class Source {
 public:
  virtual ~Source() = default;
  // As the user wrote it.
  virtual const std::string& path() const = 0;
  // A table's cells are columns of equal length; other sources have arrays of any rank.
  virtual bool is_table() const = 0;
  virtual const std::vector<std::string>& names() const = 0;
  // Reads all requests in one pass, in their order. Reports what is wrong; the result is then not to be used.
  virtual std::vector<Cells> read(const std::vector<Request>& requests, Problems& problems) = 0;
  // Where a cell stands, for messages: "line 17", "line 17, `height`" of a matrix, "y[3][2]".
  virtual std::string place(const Cells& cells, std::int64_t cell) = 0;
};

// The text of a whole file, kept while it is looked at; mapped into memory where that is possible.
class Text {
 public:
  // Null and a diagnostic when the file cannot be read; "-" is standard input.
  static std::unique_ptr<Text> read(const std::string& path, Problems& problems);
  static std::unique_ptr<Text> of(std::string text);
  ~Text();
  Text(const Text&) = delete;
  Text& operator=(const Text&) = delete;
  const char* begin() const { return begin_; }
  const char* end() const { return begin_ + size_; }
  std::size_t size() const { return size_; }
  // What stands before `end` need not stay in memory; it is there again when it is looked at.
  void release(const char* end) const;

 private:
  Text() = default;
  const char* begin_ = nullptr;
  std::size_t size_ = 0;
  void* mapped_ = nullptr;
  std::string owned_;
};

enum class Format { ByExtension, Csv, Json, Netcdf };

// Opens a file by its extension (.csv, .json, .nc) or as told; null and a diagnostic when it is not what it says.
std::unique_ptr<Source> open_source(const std::string& path, Format format, Problems& problems);
std::unique_ptr<Source> open_csv(std::string path, std::unique_ptr<Text> text, Problems& problems);
std::unique_ptr<Source> open_json(std::string path, std::unique_ptr<Text> text, Problems& problems);
std::unique_ptr<Source> open_netcdf(std::string path, Problems& problems);

// The words that stand for a missing value in any text: nothing, NA, NaN, nan, null.
bool is_missing_word(std::string_view word);

}  // namespace lacuna::runtime::data
