// Source files held in memory, and places in them.
//
// A `SourceMap` owns every file that one session reads (programs and library files alike); a `SourceRange` names a
// stretch of bytes in one of them. Names in the syntax tree are views into a file's text, so the map must outlive the tree.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace lacuna::support {

using FileId = std::uint32_t;

// The bytes [begin, end) of a file.
struct SourceRange {
  FileId file = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  bool empty() const { return begin == end; }
  bool operator==(const SourceRange&) const = default;
};

// The smallest range that covers both, which must lie in one file.
SourceRange cover(SourceRange a, SourceRange b);

// Where a byte stands: line and column count from 1, the column in Unicode code points.
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

class SourceFile {
 public:
  SourceFile(std::string path, std::string text);

  const std::string& path() const { return path_; }
  std::string_view text() const { return text_; }
  std::string_view text(SourceRange range) const { return text().substr(range.begin, range.end - range.begin); }
  Position position(std::uint32_t offset) const;
  std::uint32_t line_count() const { return static_cast<std::uint32_t>(line_starts_.size()); }
  // The text of a line (from 1) without its end ("\n" or "\r\n").
  std::string_view line(std::uint32_t number) const;
  std::uint32_t line_start(std::uint32_t number) const { return line_starts_[number - 1]; }

 private:
  std::string path_;
  std::string text_;
  std::vector<std::uint32_t> line_starts_;
};

class SourceMap {
 public:
  FileId add(std::string path, std::string text);
  const SourceFile& file(FileId id) const { return *files_[id]; }
  std::string_view text(SourceRange range) const { return file(range.file).text(range); }
  std::size_t size() const { return files_.size(); }

 private:
  std::vector<std::unique_ptr<SourceFile>> files_;
};

}  // namespace lacuna::support
