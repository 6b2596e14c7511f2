// CSV by RFC 4180, with what files in the world add: a byte order mark, CRLF, blank lines, spaces around cells.
//
// The scanner is our own for speed: it looks at each byte once, reads numbers where they stand, and keeps no table of
// cells, so a file of ten million cells costs its columns and nothing more.
#include <fast_float/fast_float.h>
#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "runtime/data/cells.h"
#include "runtime/data/interner.h"

namespace lacuna::runtime::data {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Walks over the cells of a text.
class Scanner {
 public:
  Scanner(const char* begin, const char* end) : at_(begin), end_(end) {}

  bool done() const { return at_ == end_; }
  std::int64_t line() const { return line_; }
  bool unfinished_quote() const { return unfinished_; }
  const char* at() const { return at_; }

  // The next cell's content, and whether it is the last of its row. A quoted cell's text is good until the next call.
  std::string_view next(bool& ends_row, bool& quoted) {
    quoted = at_ != end_ && *at_ == '"';
    if (quoted) return quoted_cell(ends_row);
    const char* const start = at_;
    while (at_ != end_ && *at_ != ',' && *at_ != '\n') ++at_;
    const char* stop = at_;
    if (stop != start && stop[-1] == '\r' && (at_ == end_ || *at_ == '\n')) --stop;
    finish_cell(ends_row);
    return trim({start, static_cast<std::size_t>(stop - start)});
  }

  // Reads a cell that is nothing but a number, where it stands; false, and nothing has moved, when it is not.
  bool number(double& value, bool& ends_row) {
    if (at_ == end_ || static_cast<unsigned char>(*at_) > '9') return false;
    const auto [after, error] = fast_float::from_chars(at_, end_, value);
    if (error != std::errc()) return false;
    const char* stop = after;
    if (stop != end_ && *stop == '\r') ++stop;
    if (stop != end_ && *stop != '\n' && (*stop != ',' || stop != after)) return false;
    at_ = stop;
    finish_cell(ends_row);
    return true;
  }

  // Passes over an empty line.
  bool skip_blank_line() {
    const char* look = at_;
    if (look != end_ && *look == '\r') ++look;
    if (look == end_ || *look != '\n') return false;
    at_ = look + 1;
    ++line_;
    return true;
  }

 private:
  // Steps over what ended the cell. A comma at the very end of the file is followed by one more, empty cell.
  void finish_cell(bool& ends_row) {
    ends_row = at_ == end_ || *at_ == '\n';
    if (at_ == end_) return;
    if (*at_ == '\n') ++line_;
    ++at_;
  }

  std::string_view quoted_cell(bool& ends_row) {
    scratch_.clear();
    ++at_;
    while (at_ != end_) {
      const char c = *at_++;
      if (c == '"') {
        if (at_ == end_ || *at_ != '"') {
          // What stands between the closing quote and the comma is kept as it is; usually nothing.
          const char* const start = at_;
          while (at_ != end_ && *at_ != ',' && *at_ != '\n') ++at_;
          const char* stop = at_;
          if (stop != start && stop[-1] == '\r') --stop;
          scratch_.append(trim({start, static_cast<std::size_t>(stop - start)}));
          finish_cell(ends_row);
          return scratch_;
        }
        ++at_;
      }
      if (c == '\n') ++line_;
      scratch_ += c;
    }
    unfinished_ = true;
    ends_row = true;
    return scratch_;
  }

  const char* at_;
  const char* end_;
  std::int64_t line_ = 1;
  bool unfinished_ = false;
  std::string scratch_;
};

bool parse_real(std::string_view word, double& value) {
  if (!word.empty() && word.front() == '+') word.remove_prefix(1);
  const auto [end, error] = fast_float::from_chars(word.data(), word.data() + word.size(), value);
  return error == std::errc() && end == word.data() + word.size();
}

bool parse_whole(std::string_view word, std::int64_t& value) {
  double real = 0;
  if (!parse_real(word, real) || real != std::floor(real) || std::abs(real) > 9007199254740992.0) return false;
  value = static_cast<std::int64_t>(real);
  return true;
}

bool parse_bool(std::string_view word, std::int64_t& value) {
  for (const char* yes : {"1", "true", "TRUE", "True", "T"}) {
    if (word == yes) return value = 1, true;
  }
  for (const char* no : {"0", "false", "FALSE", "False", "F"}) {
    if (word == no) return value = 0, true;
  }
  return parse_whole(word, value);
}

// What one request asks for while it is read: a column, or several that make the columns of a matrix, which is filled
// row by row where its numbers will stay.
struct Block {
  const Request* request = nullptr;
  Cells cells;
  Interner labels;
  std::vector<std::pair<std::string, std::string>> refused;  // place and word of what is no number; the first ten
  std::int64_t refused_count = 0;
  std::size_t width = 1, row = 0;  // `row`: where the row at hand begins
  bool any_missing = false;
  double missing_number = kNaN;

  void reserve(std::size_t rows) {
    if (cells.as == Wanted::Real)
      cells.real.reserve(rows * width);
    else
      cells.whole.reserve(rows * width);
  }

  // Room for a row, whose cells may come in any order.
  void begin_row() {
    row = cells.as == Wanted::Real ? cells.real.size() : cells.whole.size();
    if (cells.as == Wanted::Real)
      cells.real.resize(row + width, kNaN);
    else
      cells.whole.resize(row + width, 0);
    if (any_missing) cells.present.resize(row + width, 1);
  }

  void take(std::size_t column, std::string_view word, bool quoted, std::int64_t line) {
    if ((!quoted && is_missing_word(word)) || (quoted && word.empty())) return take_missing(column);
    if (cells.as == Wanted::Label) {
      if (request->missing && word == *request->missing) return take_missing(column);
      cells.whole[row + column] = labels.code(word);
      return;
    }
    double real = 0;
    std::int64_t whole = 0;
    const bool read = cells.as == Wanted::Real    ? parse_real(word, real)
                      : cells.as == Wanted::Whole ? parse_whole(word, whole)
                                                  : parse_bool(word, whole);
    if (!read) {
      if (!request->lenient && !(request->missing && word == *request->missing)) refuse(column, word, line);
      return take_missing(column);
    }
    if (cells.as == Wanted::Real) return take_number(column, real);
    if (static_cast<double>(whole) == missing_number) return take_missing(column);
    cells.whole[row + column] = whole;
  }

  // Whether a number can be put in as it is.
  bool takes_numbers() const { return cells.as == Wanted::Real; }
  void take_number(std::size_t column, double value) {
    if (value == missing_number || std::isnan(value)) return take_missing(column);
    cells.real[row + column] = value;
  }

  void take_missing(std::size_t column) {
    if (!any_missing) {
      any_missing = true;
      cells.present.assign(row + width, 1);
    }
    cells.present[row + column] = 0;
  }

  void refuse(std::size_t column, std::string_view word, std::int64_t line) {
    if (refused.size() < Diagnostic::kShownRows) {
      refused.emplace_back(
          request->columns.empty() ? fmt::format("line {}", line) : fmt::format("line {}, `{}`", line, request->columns[column]),
          word);
    }
    ++refused_count;
  }
};

// One of the places that a cell of the file goes to.
struct Reader {
  Block* block = nullptr;
  std::size_t column = 0;
};

class CsvSource final : public Source {
 public:
  CsvSource(std::string path, std::unique_ptr<Text> text) : path_(std::move(path)), text_(std::move(text)) {}

  const std::string& path() const override { return path_; }
  bool is_table() const override { return true; }
  const std::vector<std::string>& names() const override { return names_; }

  bool open(Problems& problems) {
    begin_ = text_->begin();
    const std::string_view all(text_->begin(), text_->size());
    if (all.starts_with("\xEF\xBB\xBF")) begin_ += 3;
    const auto refuse = [&](const char* reason) {
      problems.report(Id::NotWhatItSays, path_, "a CSV file", reason);
      return false;
    };
    if (all.starts_with("\xFF\xFE") || all.starts_with("\xFE\xFF")) return refuse("it is in UTF-16; save it as UTF-8");
    if (all.starts_with("\x89HDF") || all.starts_with("CDF")) return refuse("it is a NetCDF file");
    if (const char* const reason = what_is_no_text()) return refuse(reason);
    Scanner scanner = this->scanner();
    while (!scanner.done() && scanner.skip_blank_line()) {
    }
    if (scanner.done()) return refuse("it is empty");
    bool ends_row = false, quoted = false;
    while (!ends_row) names_.emplace_back(scanner.next(ends_row, quoted));
    if (scanner.unfinished_quote()) return ends_early(problems, 1);
    if (names_[0].starts_with('{') || names_[0].starts_with('[')) return refuse("it looks like JSON");
    if (names_.size() == 1 && names_[0].find(';') != std::string::npos) {
      return refuse("its header has semicolons and no comma; write it with commas");
    }
    return true;
  }

  std::vector<Cells> read(const std::vector<Request>& requests, Problems& problems) override {
    std::unordered_map<std::string_view, std::size_t> at, twice;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (!at.emplace(names_[i], i).second) twice.emplace(names_[i], i);
    }
    std::vector<Block> blocks(requests.size());
    std::vector<std::vector<Reader>> readers(names_.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      Block& block = blocks[i];
      block.request = &requests[i];
      block.cells.name = requests[i].name;
      block.cells.as = requests[i].as;
      block.cells.labelled = requests[i].as == Wanted::Label;
      if (requests[i].missing) parse_real(*requests[i].missing, block.missing_number);
      const std::vector<std::string> one{requests[i].name};
      const std::vector<std::string>& columns = requests[i].columns.empty() ? one : requests[i].columns;
      block.width = columns.size();
      for (std::size_t c = 0; c < columns.size(); ++c) {
        if (twice.count(columns[c])) {
          problems.report(Id::ColumnTwice, path_, columns[c]);
          return {};
        }
        readers[at.at(columns[c])].push_back({&block, c});
      }
    }
    const std::int64_t rows = scan(readers, blocks, problems);
    return rows < 0 ? std::vector<Cells>() : finish(blocks, rows, problems);
  }

  std::string place(const Cells& cells, std::int64_t cell) override {
    const bool matrix = cells.sizes.size() == 2;
    const std::int64_t width = matrix ? std::max<std::int64_t>(cells.sizes[1], 1) : 1;
    Scanner scanner = this->scanner();
    bool ends_row = false, quoted = false;
    for (std::int64_t row = -1; !scanner.done(); ++row) {
      while ((row < 0 || names_.size() > 1) && scanner.skip_blank_line()) {
      }
      if (row == cell / width) break;
      do {
        scanner.next(ends_row, quoted);
      } while (!ends_row);
    }
    if (!matrix) return fmt::format("line {}", scanner.line());
    return fmt::format("line {}, `{}`", scanner.line(), cells.axis_labels[1][static_cast<std::size_t>(cell % width)]);
  }

 private:
  // Looks at all bytes, a stretch at a time, so that no more of the file than that is in memory. Null: it is text.
  const char* what_is_no_text() const {
    constexpr std::ptrdiff_t kStretch = std::ptrdiff_t{1} << 22;
    for (const char* from = text_->begin(); from != text_->end();) {
      const char* to = from + std::min(kStretch, text_->end() - from);
      // Not between the bytes of one character, of which there are four at most.
      for (int k = 0; k < 3 && to != text_->end() && (static_cast<unsigned char>(*to) & 0xC0) == 0x80; ++k) --to;
      const auto size = static_cast<std::size_t>(to - from);
      if (std::memchr(from, 0, size)) return "it holds zero bytes";
      if (!simdjson::validate_utf8(from, size)) return "it is not in UTF-8";
      text_->release(from = to);
    }
    return nullptr;
  }

  Scanner scanner() const { return {begin_, text_->end()}; }

  bool ends_early(Problems& problems, std::int64_t line) {
    problems.report(Id::EndsEarly, path_, fmt::format("the quote that opens in line {} is never closed", line));
    return false;
  }

  // Passes once over all rows. Returns their number, or -1.
  std::int64_t scan(const std::vector<std::vector<Reader>>& readers, std::vector<Block>& blocks, Problems& problems) {
    constexpr std::ptrdiff_t kKept = std::ptrdiff_t{4} << 20;  // bytes of text that stay behind the scanner
    Scanner scanner = this->scanner();
    while (scanner.skip_blank_line()) {
    }
    bool ends_row = false, quoted = false;
    while (!ends_row) scanner.next(ends_row, quoted);
    const std::size_t width = names_.size();
    std::vector<Reader> only_number(width);  // most columns: one reader, of reals
    for (std::size_t i = 0; i < width; ++i) {
      if (readers[i].size() == 1 && readers[i][0].block->takes_numbers()) only_number[i] = readers[i][0];
    }
    std::int64_t rows = 0, ragged = 0, last_line = 0;
    std::size_t last_cells = width;
    std::vector<std::string> shown;
    const char* kept = begin_;
    while (!scanner.done()) {
      if (width > 1 && scanner.skip_blank_line()) continue;
      const std::int64_t line = scanner.line();
      for (Block& block : blocks) block.begin_row();
      std::size_t cell = 0;
      for (ends_row = false; !ends_row; ++cell) {
        double value = 0;
        if (cell < width && only_number[cell].block && scanner.number(value, ends_row)) {
          only_number[cell].block->take_number(only_number[cell].column, value);
          continue;
        }
        const std::string_view word = scanner.next(ends_row, quoted);
        if (cell >= width) continue;
        for (const Reader& reader : readers[cell]) reader.block->take(reader.column, word, quoted, line);
      }
      if (scanner.unfinished_quote()) return ends_early(problems, line), -1;
      last_line = line;
      last_cells = cell;
      if (cell != width) {
        if (shown.size() < Diagnostic::kShownRows)
          shown.push_back(fmt::format("line {}: {}", line, counted(static_cast<std::int64_t>(cell), "cell")));
        ++ragged;
      }
      if (++rows == 1000) reserve(blocks, scanner.at());
      if (scanner.at() - kept > 2 * kKept) text_->release(kept = scanner.at() - kKept);
    }
    if (ragged == 0) return rows;
    if (ragged == 1 && last_cells < width && text_->end()[-1] != '\n') {
      problems.report(Id::EndsEarly, path_, fmt::format("of the {} cells of its last line, {}, it has {}", width, last_line, last_cells));
      return -1;
    }
    Diagnostic& made = problems.report(Id::RaggedRow, width).in(path_);
    made.rows = std::move(shown);
    made.row_count = ragged;
    made.row_word = "row";
    return -1;
  }

  // Room for as many rows as the file has if the rest is like the first thousand, which end at `at`, and a tenth more.
  void reserve(std::vector<Block>& blocks, const char* at) const {
    const double rows = 1000.0 * static_cast<double>(text_->end() - begin_) / static_cast<double>(at - begin_);
    for (Block& block : blocks) block.reserve(static_cast<std::size_t>(rows * 1.1) + 16);
  }

  std::vector<Cells> finish(std::vector<Block>& blocks, std::int64_t rows, Problems& problems) const {
    std::vector<Cells> result;
    for (Block& block : blocks) {
      if (block.refused_count > 0) {
        Diagnostic& made = problems.report(Id::NotANumber, block.cells.name, refused_words(block.cells.as)).in(path_);
        for (const auto& [place, word] : block.refused) made.row(fmt::format("{}: `{}`", place, word));
        made.row_count = block.refused_count;
        made.help("a missing value is an empty cell, `NA` or `NaN`; another word for it is named by `--missing`");
      }
      block.cells.sizes = {rows};
      if (!block.request->columns.empty()) {
        block.cells.sizes.push_back(static_cast<std::int64_t>(block.width));
        block.cells.axis_labels = {{}, block.request->columns};
      }
      block.cells.labels = block.labels.take();
      result.push_back(std::move(block.cells));
    }
    return result;
  }

  std::string path_;
  std::unique_ptr<Text> text_;
  const char* begin_ = nullptr;
  std::vector<std::string> names_;
};

}  // namespace

std::unique_ptr<Source> open_csv(std::string path, std::unique_ptr<Text> text, Problems& problems) {
  auto source = std::make_unique<CsvSource>(std::move(path), std::move(text));
  if (!source->open(problems)) return nullptr;
  return source;
}

}  // namespace lacuna::runtime::data
