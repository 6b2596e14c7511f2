// Lines of bounded width from a stream of words and places where a line may break.
//
// A group is set on one line when it fits, and otherwise broken at all of its own places (Wadler, A prettier printer, 2003);
// groups inside it are then tried again. A comment up to the end of the line breaks every group around it.
//
// needs    instructions in the order of the text
// leaves   text
// shown by test/lit/fmt/
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lacuna::syntax {

inline constexpr std::size_t kLineWidth = 120;
inline constexpr std::size_t kIndent = 2;

class Layout {
 public:
  // A word, or several with their spaces.
  void text(std::string_view words) { add({Kind::Text, words}); }
  // A place to break; a space, or nothing, when the line does not break there.
  void line() { add({Kind::Line, " "}); }
  void soft_line() { add({Kind::Line, ""}); }
  void open_group() { add({Kind::OpenGroup, {}}); }
  void close_group() { items_.push_back({Kind::CloseGroup, {}}); }
  void indent() { add({Kind::Indent, {}}); }
  void dedent() { items_.push_back({Kind::Dedent, {}}); }
  // A comment behind the last word, outside the groups that end there. One that ends its line breaks all groups around it.
  void comment_behind(std::string_view words, bool ends_line) { behind_.push_back({ends_line ? Kind::TrailingComment : Kind::InlineComment, words}); }
  // A comment on a line of its own.
  void comment_line(std::string_view words) { add({Kind::OwnLineComment, words}); }

  // Sets everything since the last call behind what `out` ends with; lines begin `indent` columns in.
  void set(std::string& out, std::size_t indent);

 private:
  enum class Kind : std::uint8_t { Text, Line, OpenGroup, CloseGroup, Indent, Dedent, TrailingComment, OwnLineComment, InlineComment };
  struct Item {
    Kind kind;
    std::string_view text;
  };
  struct Pen;

  void add(Item item) {
    items_.insert(items_.end(), behind_.begin(), behind_.end());
    behind_.clear();
    items_.push_back(item);
  }
  bool fits(std::size_t group, std::size_t columns) const;

  std::vector<Item> items_;
  std::vector<Item> behind_;  // comments that wait for the groups around the last word to end
};

// Columns that a text takes on a terminal.
std::size_t width(std::string_view text);

}  // namespace lacuna::syntax
