#include "compiler/syntax/layout.h"

#include <algorithm>

#include "compiler/support/utf8.h"

namespace lacuna::syntax {

namespace {

bool clings(std::string_view words) {
  return words.empty() || words[0] == ',' || words[0] == ')' || words[0] == ']' || words[0] == ':' || words[0] == ' ';
}

// Carriage returns belong to the file's line ends, not to a comment of several lines.
void append_comment(std::string& out, std::string_view words) {
  for (const char c : words)
    if (c != '\r') out += c;
}

}  // namespace

std::size_t width(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const std::size_t length = std::max<std::size_t>(1, support::utf8_length(text));
    columns += length == 1 ? 1 : static_cast<std::size_t>(support::display_width(support::utf8_decode(text)));
    text.remove_prefix(length);
  }
  return columns;
}

// Where the text has come to.
struct Layout::Pen {
  std::string& out;
  std::size_t indent;
  std::size_t column = 0;
  bool at_line_start = false;
  bool must_break = false;  // after a comment that ends its line
  bool wants_space = false;  // after a comment inside a line

  void new_line() {
    while (!out.empty() && out.back() == ' ') out.pop_back();
    out += '\n';
    out.append(indent, ' ');
    column = indent;
    at_line_start = true;
    must_break = wants_space = false;
  }
  void put(std::string_view words) {
    if (must_break) new_line();
    if (at_line_start)
      while (!words.empty() && words[0] == ' ') words.remove_prefix(1);
    if (wants_space && !at_line_start && !clings(words)) put_plain(" ");
    wants_space = false;
    put_plain(words);
  }
  void put_plain(std::string_view words) {
    out += words;
    column += width(words);
    if (!words.empty()) at_line_start = false;
  }
};

// Whether the group at `group`, and what follows it up to the next place where a line may break, fits into `columns`.
bool Layout::fits(std::size_t group, std::size_t columns) const {
  std::size_t depth = 0;  // of groups open since, this one included; 0 once it is behind
  for (std::size_t i = group; i < items_.size(); ++i) {
    const Item& item = items_[i];
    const bool behind = depth == 0 && i > group;
    switch (item.kind) {
      case Kind::OpenGroup:
        if (!behind) ++depth;
        continue;
      case Kind::CloseGroup:
        if (depth > 0) --depth;
        continue;
      case Kind::Indent:
      case Kind::Dedent: continue;
      case Kind::TrailingComment:
      case Kind::OwnLineComment: return behind;
      case Kind::InlineComment:
        if (item.text.find('\n') != std::string_view::npos) return behind;
        break;
      case Kind::Line:
        if (behind) return true;
        break;
      case Kind::Text: break;
    }
    const std::size_t needed = width(item.text) + (item.kind == Kind::InlineComment ? 2 : 0);
    if (needed > columns) return false;
    columns -= needed;
  }
  return true;
}

void Layout::set(std::string& out, std::size_t indent) {
  const std::size_t last_line = out.rfind('\n') == std::string::npos ? 0 : out.rfind('\n') + 1;
  Pen pen{out, indent, width(std::string_view(out).substr(last_line))};
  pen.at_line_start = out.find_first_not_of(' ', last_line) == std::string::npos;
  std::vector<bool> broken;  // for each open group
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const Item& item = items_[i];
    switch (item.kind) {
      case Kind::Text: pen.put(item.text); break;
      case Kind::OpenGroup: {
        const bool inside_flat = !broken.empty() && !broken.back();
        const std::size_t left = pen.must_break ? kLineWidth - std::min(kLineWidth, pen.indent) : kLineWidth - std::min(kLineWidth, pen.column);
        broken.push_back(!inside_flat && !fits(i, left));
        break;
      }
      case Kind::CloseGroup: broken.pop_back(); break;
      case Kind::Line:
        if (broken.empty() || broken.back()) {
          pen.new_line();
        } else {
          pen.put(item.text);
        }
        break;
      case Kind::Indent: pen.indent += kIndent; break;
      case Kind::Dedent: pen.indent -= kIndent; break;
      case Kind::TrailingComment:
        if (!pen.at_line_start) pen.put_plain("  ");
        append_comment(out, item.text);
        pen.must_break = true;
        break;
      case Kind::OwnLineComment:
        if (!pen.at_line_start || pen.must_break) pen.new_line();
        append_comment(out, item.text);
        pen.at_line_start = false;
        pen.must_break = true;
        break;
      case Kind::InlineComment: {
        if (pen.must_break) pen.new_line();
        const char before = out.empty() ? ' ' : out.back();
        if (!pen.at_line_start && before != ' ' && before != '(' && before != '[') pen.put_plain(" ");
        append_comment(out, item.text);
        pen.column += width(item.text.substr(item.text.rfind('\n') + 1));
        pen.at_line_start = false;
        pen.wants_space = true;
        break;
      }
    }
  }
  items_.clear();
}

}  // namespace lacuna::syntax
