#include "compiler/syntax/prescan.h"

#include "compiler/support/utf8.h"
#include "compiler/syntax/limits.h"

namespace lacuna::syntax {

namespace {

using diagnostics::Id;
using support::SourceRange;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Walks over comments, labels and brackets as the lexer will, without building anything.
class Scanner {
 public:
  Scanner(std::string_view text, support::FileId file, diagnostics::Sink& sink) : text_(text), file_(file), sink_(sink) {}

  Prescan run() {
    Prescan result;
    if (text_.substr(0, 3) == kByteOrderMark) at_ = result.begin = 3;
    while (at_ < text_.size()) {
      const std::size_t start = at_;
      if (!step()) {
        if (!open_comment_) return {};
        // What stands before the comment is still worth reading.
        result.cut_short = true;
        result.end = static_cast<std::uint32_t>(start);
        result.accepted = true;
        return result;
      }
    }
    result.accepted = true;
    result.end = static_cast<std::uint32_t>(text_.size());
    return result;
  }

 private:
  bool step() {
    const char c = text_[at_];
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (c == '/' && next == '/') return skip_line_comment();
    if (c == '/' && next == '*') return skip_block_comment();
    if (c == '"') return skip_string();
    if (!count_nesting(c, next)) return false;
    return skip_character();
  }

  // One code point; false when it is not text.
  bool skip_character() {
    const unsigned char c = static_cast<unsigned char>(text_[at_]);
    if (c >= 0x80) {
      const std::size_t length = support::utf8_length(text_.substr(at_));
      if (length == 0) return refuse(Id::NotUtf8, at_, at_ + 1);
      if (text_.substr(at_, 3) == kByteOrderMark) return refuse(Id::ControlCharacter, at_, at_ + 3, "U+FEFF");
      at_ += length;
      return true;
    }
    const bool space = c == '\n' || c == '\r' || c == '\t' || c == '\v' || c == '\f';
    if ((c < 0x20 && !space) || c == 0x7F) {
      if (c == 0) return refuse(Id::BinaryFile, at_, at_ + 1);
      return refuse(Id::ControlCharacter, at_, at_ + 1, fmt::format("U+{:04X}", c));
    }
    ++at_;
    return true;
  }

  bool skip_line_comment() {
    while (at_ < text_.size() && text_[at_] != '\n' && text_[at_] != '\r')
      if (!skip_character()) return false;
    return true;
  }

  bool skip_block_comment() {
    const std::size_t start = at_;
    at_ += 2;
    while (at_ < text_.size()) {
      if (text_[at_] == '*' && at_ + 1 < text_.size() && text_[at_ + 1] == '/') {
        at_ += 2;
        return true;
      }
      if (!skip_character()) return false;
    }
    sink_.report(Id::UnfinishedComment, range(start, start + 2)).label("opened here").help("write `*/` where the comment ends");
    open_comment_ = true;
    return false;
  }

  // To the closing quote or the end of the line; whether the label is finished is for the parser to say.
  bool skip_string() {
    ++at_;
    while (at_ < text_.size() && text_[at_] != '\n' && text_[at_] != '\r') {
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        break;
      }
      if (c == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n' && text_[at_ + 1] != '\r') ++at_;
      if (!skip_character()) return false;
    }
    prefixes_ = 0;
    return true;
  }

  bool count_nesting(char c, char next) {
    if (c == '(' || c == '[' || c == '{') ++depth_;
    if ((c == ')' || c == ']' || c == '}') && depth_ > 0) --depth_;
    if (c == '-' || (c == '!' && next != '=')) {
      ++prefixes_;
    } else if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
      prefixes_ = 0;
    }
    if (depth_ + prefixes_ <= kMaximumNesting) return true;
    const std::uint32_t limit = kMaximumNesting;
    sink_.report(Id::TooDeep, range(at_, at_ + 1), limit).help("name parts of it with `let`");
    return false;
  }

  SourceRange range(std::size_t begin, std::size_t end) const {
    return {file_, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }

  template <class... Args>
  bool refuse(Id id, std::size_t begin, std::size_t end, const Args&... args) {
    sink_.report(id, range(begin, end), args...);
    return false;
  }

  std::string_view text_;
  support::FileId file_;
  diagnostics::Sink& sink_;
  std::size_t at_ = 0;
  std::uint32_t depth_ = 0;
  std::uint32_t prefixes_ = 0;
  bool open_comment_ = false;
};

}  // namespace

Prescan prescan(const support::SourceMap& sources, support::FileId file, diagnostics::Sink& sink) {
  const std::string_view text = sources.file(file).text();
  if (text.size() > kMaximumBytes) {
    const std::size_t megabytes = kMaximumBytes >> 20;
    sink.report(Id::FileTooLarge, {file, 0, 0}, megabytes).help("split the program, or keep its data in a data file");
    return {};
  }
  return Scanner(text, file, sink).run();
}

}  // namespace lacuna::syntax
