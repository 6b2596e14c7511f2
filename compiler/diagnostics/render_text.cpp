#include "compiler/diagnostics/render_text.h"

#include <algorithm>
#include <map>

#include "compiler/diagnostics/excerpt.h"

namespace lacuna::diagnostics {

namespace {

constexpr std::string_view kReset = "\x1b[0m";
constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kRed = "\x1b[1;31m";
constexpr std::string_view kYellow = "\x1b[1;33m";
constexpr std::string_view kBlue = "\x1b[1;34m";
constexpr std::string_view kGreen = "\x1b[1;32m";

// The marks of one file, by line.
using Lines = std::map<std::uint32_t, std::vector<Mark>>;

class Renderer {
 public:
  Renderer(const support::SourceMap& sources, bool color) : sources_(sources), color_(color) {}

  std::string diagnostic(const Diagnostic& d) {
    out_.clear();
    const bool error = d.severity() == Severity::Error;
    accent_ = error ? kRed : kYellow;
    put(accent_, fmt::format("{}[{}]", error ? "error" : "warning", entry(d.id).code));
    put(kBold, fmt::format(": {}\n", d.message));

    std::map<support::FileId, Lines> files;
    add(files, d.primary, true);
    for (const Label& label : d.also) add(files, label, false);
    std::uint32_t last = 1;
    for (const auto& [file, lines] : files) last = std::max(last, lines.rbegin()->first);
    margin_ = std::max<std::size_t>(2, std::to_string(last).size());

    section(d.primary.range, files[d.primary.range.file], "-->");
    for (const auto& [file, lines] : files) {
      if (file == d.primary.range.file) continue;
      const auto first = std::find_if(d.also.begin(), d.also.end(), [f = file](const Label& l) { return l.range.file == f; });
      section(first->range, lines, ":::");
    }
    if (!d.notes.empty() || !d.helps.empty()) gutter("|", "\n");
    for (const std::string& note : d.notes) remark(kBlue, "note", note);
    for (const Help& help : d.helps) remark(kGreen, "help", help.text);
    return out_;
  }

 private:
  void add(std::map<support::FileId, Lines>& files, const Label& label, bool primary) const {
    const support::SourceFile& file = sources_.file(label.range.file);
    Lines& lines = files[label.range.file];
    const std::uint32_t first = file.position(label.range.begin).line;
    const std::uint32_t last = file.position(std::max(label.range.begin, label.range.end)).line;
    const std::uint32_t begin = label.range.begin - file.line_start(first);
    if (first == last) {
      lines[first].push_back({begin, label.range.end - file.line_start(first), primary, label.text});
      return;
    }
    // A range over several lines: its first line to the end, and its last from the first word.
    lines[first].push_back({begin, static_cast<std::uint32_t>(file.line(first).size()), primary, ""});
    const std::string_view line = file.line(last);
    const auto indent = static_cast<std::uint32_t>(std::min(line.find_first_not_of(" \t"), line.size()));
    const std::uint32_t end = label.range.end - file.line_start(last);
    lines[last].push_back({std::min(indent, end), end, primary, label.text});
  }

  void section(SourceRange at, const Lines& lines, std::string_view arrow) {
    const support::SourceFile& file = sources_.file(at.file);
    const support::Position place = file.position(at.begin);
    out_.append(margin_, ' ');
    put(kBlue, arrow);
    // A file that could not be read has no lines to show.
    if (file.text().empty()) {
      out_ += fmt::format(" {}\n", file.path());
      return;
    }
    out_ += fmt::format(" {}:{}:{}\n", file.path(), place.line, place.column);
    gutter("|", "\n");
    for (const auto& [number, marks] : lines) {
      const Excerpt shown = excerpt(file.line(number), marks);
      put(kBlue, fmt::format("{:>{}} |", number, margin_));
      out_ += shown.source.empty() ? "\n" : fmt::format(" {}\n", shown.source);
      const bool primary = std::any_of(marks.begin(), marks.end(), [](const Mark& m) { return m.primary; });
      for (const std::string& row : shown.rows) {
        gutter("|", " ");
        put(primary ? accent_ : kBlue, row);
        out_ += '\n';
      }
    }
  }

  void remark(std::string_view color, std::string_view kind, std::string_view text) {
    gutter("=", " ");
    put(color, kind);
    out_ += ": ";
    // Further lines stand under the first.
    for (const char c : text) {
      out_ += c;
      if (c == '\n') out_.append(margin_ + 5 + kind.size(), ' ');
    }
    out_ += '\n';
  }

  void gutter(std::string_view bar, std::string_view after) {
    out_.append(margin_ + 1, ' ');
    put(kBlue, bar);
    out_ += after;
  }

  void put(std::string_view color, std::string_view text) {
    if (color_) out_ += color;
    out_ += text;
    if (color_) out_ += kReset;
  }

  const support::SourceMap& sources_;
  bool color_;
  std::string_view accent_;
  std::size_t margin_ = 2;
  std::string out_;
};

}  // namespace

std::string render_text(const std::vector<Diagnostic>& diagnostics, const support::SourceMap& sources, bool color) {
  Renderer renderer(sources, color);
  std::string out;
  for (const Diagnostic& d : diagnostics) out += renderer.diagnostic(d) + '\n';
  return out;
}

}  // namespace lacuna::diagnostics
