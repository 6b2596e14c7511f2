#include "compiler/syntax/token_layout.h"

#include <algorithm>

#include "compiler/syntax/operators.h"

namespace lacuna::syntax {

namespace {

constexpr std::string_view kSpaces = "                                ";

bool opens(TokenKind kind) { return kind == TokenKind::LeftParen || kind == TokenKind::LeftBracket; }
bool closes(TokenKind kind) { return kind == TokenKind::RightParen || kind == TokenKind::RightBracket; }

}  // namespace

TokenLayout::TokenLayout(std::string_view text, const TokenList& list) : text_(text), list_(list) {
  const auto& tokens = list.tokens;
  std::vector<std::size_t> open;
  std::size_t comment = 0;
  match_.resize(tokens.size());
  first_comment_.resize(tokens.size() + 1);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    match_[i] = i;
    if (opens(tokens[i].kind)) open.push_back(i);
    if (closes(tokens[i].kind) && !open.empty()) {
      match_[i] = open.back();
      match_[open.back()] = i;
      open.pop_back();
    }
    first_comment_[i] = comment;
    while (comment < list.comments.size() && list.comments[comment].range.begin < tokens[i].begin) ++comment;
  }
  first_comment_[tokens.size()] = comment;
}

TokenLayout::Comments TokenLayout::comments_before(std::size_t at) const {
  Comments result{first_comment_[at], first_comment_[at], first_comment_[at + 1]};
  if (at == 0) return result;
  std::size_t end = list_.tokens[at - 1].end;
  while (result.own_begin < result.end) {
    const SourceRange range = list_.comments[result.own_begin].range;
    if (text_.substr(end, range.begin - end).find('\n') != std::string_view::npos) break;
    end = range.end;
    ++result.own_begin;
  }
  return result;
}

std::string_view TokenLayout::comment_text(std::size_t comment) const {
  const SourceRange range = list_.comments[comment].range;
  std::string_view words = text_.substr(range.begin, range.end - range.begin);
  while (!words.empty() && (words.back() == ' ' || words.back() == '\t' || words.back() == '\v' || words.back() == '\f')) words.remove_suffix(1);
  return words;
}

void TokenLayout::lines_before(std::size_t at) {
  if (at <= first_) return;
  const Comments comments = comments_before(at);
  for (std::size_t i = comments.own_begin; i < comments.end; ++i) layout_.comment_line(comment_text(i));
}

void TokenLayout::bare_token(std::size_t at) {
  layout_.text(words(at));
  if (at >= last_) return;
  const Comments comments = comments_before(at + 1);
  for (std::size_t i = comments.trailing_begin; i < comments.own_begin; ++i)
    layout_.comment_behind(comment_text(i), list_.comments[i].kind != CommentKind::Block);
}

void TokenLayout::token(std::size_t at, std::string_view before) {
  lines_before(at);
  if (!before.empty()) layout_.text(before);
  bare_token(at);
}

std::size_t TokenLayout::find(Slice slice, TokenKind wanted) const {
  std::size_t i = slice.begin;
  while (i < slice.end && kind(i) != wanted) i = next(i);
  return std::min(i, slice.end);
}

std::size_t TokenLayout::relation(Slice slice) const { return std::min(find(slice, TokenKind::Tilde), find(slice, TokenKind::Assign)); }

std::size_t TokenLayout::head_width(Slice slice) const {
  const std::size_t end = relation(slice);
  if (end == slice.end || first_comment_[slice.begin + 1] != first_comment_[end + 1]) return 0;
  std::size_t columns = 0;
  for (std::size_t i = slice.begin; i < end; ++i) columns += width(words(i)) + (i > slice.begin && spaced(i - 1, i) ? 1 : 0);
  return columns;
}

// Between two tokens that are no operator and its operand.
bool TokenLayout::spaced(std::size_t left, std::size_t right) const {
  const TokenKind a = kind(left);
  const TokenKind b = kind(right);
  if (opens(a) || a == TokenKind::Dot) return false;
  if (closes(b) || b == TokenKind::Comma || b == TokenKind::Dot || b == TokenKind::Question || b == TokenKind::Colon) return false;
  if (opens(b)) return !(is_name(a) || closes(a) || a == TokenKind::Question || a == TokenKind::Dist);
  return true;
}

bool TokenLayout::is_binary(std::size_t at, std::size_t begin) const {
  return is_binary_operator(kind(at)) && at > begin && ends_operand(kind(at - 1));
}

void TokenLayout::sequence(Slice slice) {
  for (std::size_t i = slice.begin; i < slice.end; i = next(i)) {
    const bool space = i > slice.begin && spaced(i - 1, i);
    token(i, space ? " " : "");
    if (match_[i] > i) bracket(i);
  }
}

void TokenLayout::expression(Slice slice) {
  if (slice.empty()) return;
  if (kind(slice.begin) == TokenKind::If) return conditional(slice);
  int loosest = kPostfixPrecedence;
  for (std::size_t i = slice.begin; i < slice.end; i = next(i))
    if (is_binary(i, slice.begin)) loosest = std::min(loosest, info(binary_operator(kind(i))).precedence);
  if (loosest < kPostfixPrecedence) return operators(slice, loosest);
  std::size_t i = slice.begin;
  while (i < slice.end && (kind(i) == TokenKind::Minus || kind(i) == TokenKind::Not)) token(i++, "");
  sequence({i, slice.end});
}

// Operands of equal standing: as many to a line as fit, further lines beginning with their operator.
void TokenLayout::operators(Slice slice, int loosest) {
  std::size_t begin = slice.begin;
  for (std::size_t i = slice.begin; i < slice.end; i = next(i)) {
    if (!is_binary(i, slice.begin) || info(binary_operator(kind(i))).precedence != loosest) continue;
    expression({begin, i});
    if (begin > slice.begin) layout_.close_group();
    layout_.open_group();
    layout_.line();
    token(i, "");
    layout_.text(" ");
    begin = i + 1;
  }
  expression({begin, slice.end});
  layout_.close_group();
}

void TokenLayout::conditional(Slice slice) {
  layout_.open_group();
  std::size_t begin = slice.begin;
  while (kind(begin) == TokenKind::If) {
    std::size_t then = slice.end;
    std::size_t otherwise = slice.end;
    int inside = 0;
    for (std::size_t i = begin + 1; i < slice.end && otherwise == slice.end; i = next(i)) {
      if (kind(i) == TokenKind::If) ++inside;
      if (kind(i) == TokenKind::Then && inside == 0 && then == slice.end) then = i;
      if (kind(i) == TokenKind::Else && inside-- == 0) otherwise = i;
    }
    token(begin, "");
    layout_.text(" ");
    expression({begin + 1, then});
    layout_.open_group();
    layout_.indent();
    layout_.line();
    token(then, "");
    layout_.text(" ");
    expression({then + 1, otherwise});
    layout_.dedent();
    layout_.close_group();
    layout_.line();
    token(otherwise, "");
    layout_.text(" ");
    begin = otherwise + 1;
  }
  layout_.indent();
  expression({begin, slice.end});
  layout_.dedent();
  layout_.close_group();
}

void TokenLayout::bracket(std::size_t open) {
  const std::size_t close = match_[open];
  const Slice inside{open + 1, close};
  if (inside.empty()) return token(close, "");
  layout_.open_group();
  layout_.indent();
  layout_.soft_line();
  if (find(inside, TokenKind::For) < inside.end) {
    generator(inside);
  } else {
    items(inside);
  }
  lines_before(close);
  layout_.dedent();
  layout_.soft_line();
  bare_token(close);
  layout_.close_group();
}

void TokenLayout::items(Slice slice) {
  // Short things stand as many to a line as fit; others each on a line of its own when they do not all fit on one.
  bool short_items = true;
  std::size_t begin = slice.begin;
  for (std::size_t i = slice.begin; i <= slice.end; i = next(i)) {
    if (i < slice.end && kind(i) != TokenKind::Comma) continue;
    short_items = short_items && i - begin <= 2;
    begin = i + 1;
    if (i == slice.end) break;
  }
  begin = slice.begin;
  for (std::size_t i = slice.begin; i <= slice.end; i = next(i)) {
    if (i < slice.end && kind(i) != TokenKind::Comma) continue;
    const bool first = begin == slice.begin;
    if (short_items) layout_.open_group();
    if (!first) layout_.line();
    item({begin, i});
    if (i < slice.end) token(i, "");
    if (short_items) layout_.close_group();
    begin = i + 1;
    if (i == slice.end) break;
  }
}

void TokenLayout::item(Slice slice) {
  const std::size_t where = find(slice, TokenKind::Where);
  const Slice main{slice.begin, where};
  const std::size_t assign = find(main, TokenKind::Assign);
  if (assign < main.end) {
    sequence({main.begin, assign});
    token(assign, " ");
    layout_.text(" ");
    // What may follow a default is words that no expression ends with.
    const std::size_t alias = find({assign + 2, main.end}, TokenKind::Alias);
    const bool has_alias = alias < main.end && ends_operand(kind(alias - 1));
    expression({assign + 1, has_alias ? alias : main.end});
    if (has_alias) {
      layout_.text(" ");
      sequence({alias, main.end});
    }
  } else if (main.end - main.begin == 1 || find(main, TokenKind::Colon) < main.end || find(main, TokenKind::In) < main.end ||
             kind(main.begin) == TokenKind::Dim) {
    sequence(main);
  } else {
    expression(main);
  }
  if (where < slice.end) {
    layout_.line();
    clause({where, slice.end});
  }
}

// `e for n in N, m in M where c`
void TokenLayout::generator(Slice slice) {
  const std::size_t from = find(slice, TokenKind::For);
  const std::size_t where = find(slice, TokenKind::Where);
  layout_.open_group();
  expression({slice.begin, from});
  layout_.close_group();
  layout_.line();
  layout_.open_group();
  sequence({from, where});
  if (where < slice.end) {
    layout_.line();
    clause({where, slice.end});
  }
  layout_.close_group();
}

// `where c`
void TokenLayout::clause(Slice slice) {
  token(slice.begin, "");
  layout_.text(" ");
  layout_.indent();
  expression({slice.begin + 1, slice.end});
  layout_.dedent();
}

// What stands after `~` or `=`. A call or a written array opens its own lines; anything else moves to the next line as a whole.
void TokenLayout::value(Slice slice) {
  bool hugs = kind(slice.begin) != TokenKind::If;
  for (std::size_t i = slice.begin; i < slice.end && hugs; i = next(i)) hugs = !is_binary(i, slice.begin);
  layout_.open_group();
  if (hugs) {
    layout_.text(" ");
    expression(slice);
  } else {
    layout_.indent();
    layout_.line();
    expression(slice);
    layout_.dedent();
  }
  layout_.close_group();
}

void TokenLayout::statement(Slice slice, std::size_t head_padding) {
  first_ = slice.begin;
  last_ = slice.end - 1;
  layout_.open_group();
  const std::size_t where = find(slice, TokenKind::Where);
  std::size_t tail = where;
  const bool imputes = slice.end - slice.begin > 2 && kind(slice.end - 1) == TokenKind::Impute;
  if (imputes) tail = std::min(tail, slice.end - 2);
  const bool noncentered = kind(slice.end - 1) == TokenKind::Noncentered && slice.end - slice.begin > 2 && ends_operand(kind(slice.end - 2)) &&
                           kind(slice.begin) == TokenKind::Sample;
  if (noncentered) tail = slice.end - 1;
  const std::size_t by = relation({slice.begin, tail});
  if (by < tail) {
    sequence({slice.begin, by});
    for (std::size_t left = head_padding; left > 0; left -= std::min(left, kSpaces.size())) layout_.text(kSpaces.substr(0, std::min(left, kSpaces.size())));
    token(by, " ");
    value({by + 1, tail});
  } else {
    const bool has_value = kind(slice.begin) == TokenKind::Factor || kind(slice.begin) == TokenKind::Return;
    sequence({slice.begin, has_value ? slice.begin + 1 : tail});
    if (has_value) value({slice.begin + 1, tail});
  }
  layout_.indent();
  if (where < slice.end) {
    layout_.line();
    clause({where, imputes ? slice.end - 2 : slice.end});
  }
  if (imputes || noncentered) {
    layout_.line();
    sequence({imputes ? slice.end - 2 : slice.end - 1, slice.end});
  }
  layout_.dedent();
  layout_.close_group();
}

void TokenLayout::head(Slice slice) {
  first_ = slice.begin;
  last_ = slice.end - 1;
  layout_.open_group();
  const bool plate = kind(slice.begin) == TokenKind::For;
  const bool braced = kind(slice.end - 1) == TokenKind::LeftBrace;
  const std::size_t end = braced ? slice.end - 1 : slice.end;
  const std::size_t where = find({slice.begin, end}, TokenKind::Where);
  const std::size_t assign = find({slice.begin, end}, TokenKind::Assign);
  sequence({slice.begin, std::min(where, assign)});
  if (plate && where < end) {
    layout_.indent();
    layout_.line();
    clause({where, end});
    layout_.dedent();
  } else if (assign < end) {
    token(assign, " ");
    value({assign + 1, end});
  }
  if (braced) token(end, " ");
  layout_.close_group();
}

}  // namespace lacuna::syntax
