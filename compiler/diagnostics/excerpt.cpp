#include "compiler/diagnostics/excerpt.h"

#include <algorithm>

#include "compiler/support/utf8.h"

namespace lacuna::diagnostics {

namespace {

constexpr std::size_t kTabStop = 4;
constexpr std::size_t kWidest = 160;    // columns of a line that are shown
constexpr std::size_t kBeforeMark = 60;  // of these, at least so many before the first mark when the line is clipped
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

// The line as it appears, and for each of its bytes (and its end) the column where it appears.
struct Shown {
  std::string text;
  std::vector<std::size_t> column;
  std::vector<std::size_t> place;  // the byte of `text` where each byte of the line begins
};

Shown show(std::string_view line) {
  Shown shown;
  std::size_t column = 0;
  while (!line.empty()) {
    const std::size_t length = std::max<std::size_t>(1, support::utf8_length(line));
    const char32_t c = support::utf8_length(line) == 0 ? 0xFFFD : support::utf8_decode(line);
    shown.column.insert(shown.column.end(), length, column);
    shown.place.insert(shown.place.end(), length, shown.text.size());
    if (c == '\t') {
      const std::size_t width = kTabStop - column % kTabStop;
      shown.text.append(width, ' ');
      column += width;
    } else if (c < 0x20 || c == 0x7F || c == 0xFFFD || support::display_width(c) == 0) {
      // Combining marks keep to their letter; other invisible characters are made visible.
      const bool combining = c >= 0x300 && support::display_width(c) == 0 && c != 0xFEFF && !(c >= 0x200B && c <= 0x206F);
      shown.text += combining ? line.substr(0, length) : kReplacement;
      column += combining ? 0 : 1;
    } else {
      shown.text += line.substr(0, length);
      column += static_cast<std::size_t>(support::display_width(c));
    }
    line.remove_prefix(length);
  }
  shown.column.push_back(column);
  shown.place.push_back(shown.text.size());
  return shown;
}

// Keeps of a very long line the columns around its first mark.
void clip(Shown& shown, std::uint32_t first_mark) {
  if (shown.column.back() <= kWidest) return;
  const std::size_t mark = shown.column[first_mark];
  const std::size_t from = mark > kBeforeMark ? mark - kBeforeMark : 0;
  const auto first = static_cast<std::size_t>(std::lower_bound(shown.column.begin(), shown.column.end(), from) - shown.column.begin());
  const std::size_t start = shown.column[first];
  const auto last = static_cast<std::size_t>(
      std::prev(std::upper_bound(shown.column.begin(), shown.column.end(), start + kWidest)) - shown.column.begin());
  const std::size_t left = first > 0 ? 1 : 0;  // the column of the ellipsis
  const bool more = last + 1 < shown.column.size();
  shown.text = (left ? std::string(kEllipsis) : std::string()) + shown.text.substr(shown.place[first], shown.place[last] - shown.place[first]) +
               (more ? std::string(kEllipsis) : std::string());
  const std::size_t limit = shown.column[last] - start + left;
  for (std::size_t& column : shown.column) column = std::min(column < start ? 0 : column - start + left, limit);
}

void put(std::string& row, std::size_t column, std::string_view text) {
  if (row.size() < column) row.resize(column, ' ');
  if (row.size() < column + text.size()) row.resize(column + text.size(), ' ');
  row.replace(column, text.size(), text);
}

struct Placed {
  std::size_t begin;
  std::size_t end;
  bool primary;
  const std::string* text;
};

}  // namespace

Excerpt excerpt(std::string_view line, std::vector<Mark> marks) {
  Shown shown = show(line);
  const auto size = static_cast<std::uint32_t>(line.size());
  std::stable_sort(marks.begin(), marks.end(), [](const Mark& a, const Mark& b) { return a.begin < b.begin; });
  clip(shown, marks.empty() ? 0 : std::min(marks[0].begin, size));
  std::vector<Placed> placed;
  for (const Mark& mark : marks) {
    const std::size_t begin = shown.column[std::min(mark.begin, size)];
    placed.push_back({begin, std::max(begin + 1, shown.column[std::min(mark.end, size)]), mark.primary, &mark.text});
  }
  Excerpt result;
  result.source = std::move(shown.text);
  if (placed.empty()) return result;

  // The marks; a primary one over the others.
  std::string row;
  for (const bool primary : {false, true})
    for (const Placed& mark : placed)
      if (mark.primary == primary) put(row, mark.begin, std::string(mark.end - mark.begin, primary ? '^' : '-'));
  // The text of the last mark stands behind it, unless another mark reaches further.
  const bool last_reaches = std::all_of(placed.begin(), placed.end(), [&](const Placed& m) { return m.end <= placed.back().end; });
  std::vector<Placed> below;
  for (const Placed& mark : placed)
    if (!mark.text->empty()) below.push_back(mark);
  if (last_reaches && !placed.back().text->empty()) {
    row += " " + *placed.back().text;
    below.pop_back();
  }
  result.rows.push_back(std::move(row));
  while (!below.empty()) {
    std::string texts;
    for (const Placed& mark : below) put(texts, mark.begin, "|");
    texts.resize(below.back().begin);
    texts += *below.back().text;
    result.rows.push_back(std::move(texts));
    below.pop_back();
  }
  return result;
}

}  // namespace lacuna::diagnostics
