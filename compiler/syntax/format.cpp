#include "compiler/syntax/format.h"

#include <algorithm>

#include "compiler/syntax/prescan.h"
#include "compiler/syntax/token_layout.h"

namespace lacuna::syntax {

namespace {

// Targets wider than this keep to themselves when a run of statements is lined up.
constexpr std::size_t kWidestAligned = 32;

// One line of a body, or a plate with its own body.
struct Unit {
  SourceRange range;
  const ForStmt* plate = nullptr;
  TokenKind aligns = TokenKind::End;  // the kind of run in which its relation lines up with its neighbours', if any
  bool apart = false;                 // it stays in the run, but is not lined up: its target has a type, or a `let`'s has brackets
};

class Formatter {
 public:
  Formatter(std::string_view text, const TokenList& list) : text_(text), list_(list), layout_(text, list) {}

  std::string run(const Program& program) {
    for (const Decl* node : program.declarations) declaration(*node);
    comments_before_token(list_.tokens.size() - 1, 0);
    if (!out_.empty()) out_ += '\n';
    return std::move(out_);
  }

 private:
  // ---- declarations
  void declaration(const Decl& node) {
    switch (node.kind) {
      case DeclKind::Open:
      case DeclKind::Dim: return single(node.range);
      case DeclKind::Fn: return node.as<FnDecl>().is_block ? block(node.range, function_units(node.as<FnDecl>())) : single(node.range);
      case DeclKind::Dist: return block(node.range, member_units(node.as<DistDecl>()));
      case DeclKind::Guide: return block(node.range, statement_units(node.as<GuideDecl>().body));
      case DeclKind::Model: return block(node.range, statement_units(node.as<ModelDecl>().body));
      case DeclKind::Broken: return;
    }
  }
  void single(SourceRange range) {
    const Slice slice = tokens_of(range);
    begin_unit(slice.begin, 0);
    layout_.head(slice);
    layout_.layout().set(out_, 0);
    end_unit(slice.end);
  }
  void block(SourceRange range, const std::vector<Unit>& units) {
    const Slice slice = tokens_of(range);
    begin_unit(slice.begin, 0);
    braces(slice, units, 0);
    after_block_ = true;
  }

  // A head up to its brace, the units inside, and the closing brace.
  void braces(Slice slice, const std::vector<Unit>& units, std::size_t indent) {
    std::size_t brace = slice.begin;
    while (list_.tokens[brace].kind != TokenKind::LeftBrace) ++brace;
    layout_.head({slice.begin, brace + 1});
    layout_.layout().set(out_, indent);
    end_unit(brace + 1);
    at_block_start_ = true;
    const std::size_t before = out_.size();
    body(units, indent + kIndent);
    const std::size_t close = slice.end - 1;
    comments_before_token(close, indent + kIndent);
    needs_blank_ = false;
    if (out_.size() > before || layout_.comments_before(close).trailing_begin != layout_.comments_before(close).own_begin) new_line(indent);
    out_ += '}';
    at_block_start_ = false;
    end_unit(close + 1);
  }

  // ---- bodies
  static std::vector<Unit> statement_units(List<Stmt*> body) {
    std::vector<Unit> units;
    for (const Stmt* node : body) {
      Unit unit{node->range, node->get_if<ForStmt>()};
      if (const auto* sample = node->get_if<SampleStmt>()) {
        unit.aligns = TokenKind::Sample;
        unit.apart = sample->target.type != nullptr;
      } else if (const auto* let = node->get_if<LetStmt>()) {
        unit.aligns = TokenKind::Let;
        unit.apart = let->target.type || let->target.has_brackets;
      }
      units.push_back(unit);
    }
    return units;
  }
  static std::vector<Unit> member_units(const DistDecl& node) {
    std::vector<Unit> units;
    for (const DistMember& member : node.members) units.push_back({member.range, nullptr, TokenKind::Identifier, false});
    return units;
  }
  std::vector<Unit> function_units(const FnDecl& node) const {
    std::vector<Unit> units;
    for (const LetStmt* let : node.lets) units.push_back({let->range, nullptr, TokenKind::Let, let->target.type || let->target.has_brackets});
    // From the word `return` to the end of its value, which may be in parentheses.
    const Slice all = tokens_of(node.range);
    std::size_t from = all.end - 1;
    while (list_.tokens[from].kind != TokenKind::Return) --from;
    units.push_back({{node.range.file, list_.tokens[from].begin, list_.tokens[all.end - 2].end}});
    return units;
  }

  void body(const std::vector<Unit>& units, std::size_t indent) {
    for (std::size_t i = 0; i < units.size(); ++i) {
      if (units[i].aligns == TokenKind::End) {
        unit(units[i], 0, indent);
        continue;
      }
      std::size_t end = i + 1;
      while (end < units.size() && units[end].aligns == units[i].aligns && adjoins(units[end])) ++end;
      std::size_t widest = 0;
      for (std::size_t k = i; k < end; ++k) widest = std::max(widest, aligned_width(units[k]));
      for (; i < end; ++i) {
        const std::size_t own = aligned_width(units[i]);
        unit(units[i], own == 0 ? 0 : widest - own, indent);
      }
      --i;
    }
  }

  std::size_t aligned_width(const Unit& unit) const {
    const std::size_t columns = layout_.head_width(tokens_of(unit.range));
    return unit.apart || columns > kWidestAligned ? 0 : columns;
  }

  // Whether nothing but a line end stands between a unit and the one before it.
  bool adjoins(const Unit& unit) const {
    const std::size_t first = tokens_of(unit.range).begin;
    const TokenLayout::Comments comments = layout_.comments_before(first);
    if (comments.own_begin < comments.end) return false;
    const std::size_t end = comments.end > comments.trailing_begin ? list_.comments[comments.end - 1].range.end : list_.tokens[first - 1].end;
    return !blank_between(end, list_.tokens[first].begin);
  }

  void unit(const Unit& unit, std::size_t padding, std::size_t indent) {
    const Slice slice = tokens_of(unit.range);
    begin_unit(slice.begin, indent);
    if (unit.plate) {
      braces(slice, statement_units(unit.plate->body), indent);
      return;
    }
    layout_.statement(slice, padding);
    layout_.layout().set(out_, indent);
    end_unit(slice.end);
  }

  // ---- lines and comments
  // The comments before a unit, and the start of its line.
  void begin_unit(std::size_t first, std::size_t indent) {
    // A blank line follows every declaration with a body.
    needs_blank_ = after_block_;
    after_block_ = false;
    comments_before_token(first, indent);
    start_line(list_.tokens[first].begin, indent);
  }
  // `end`: one past the unit's last token.
  void end_unit(std::size_t end) {
    last_end_ = list_.tokens[end - 1].end;
    const TokenLayout::Comments comments = layout_.comments_before(end);
    for (std::size_t i = comments.trailing_begin; i < comments.own_begin; ++i) {
      out_ += "  ";
      put_comment(i);
    }
  }
  void comments_before_token(std::size_t token, std::size_t indent) {
    const TokenLayout::Comments comments = layout_.comments_before(token);
    for (std::size_t i = token == 0 ? comments.trailing_begin : comments.own_begin; i < comments.end; ++i) {
      start_line(list_.comments[i].range.begin, indent);
      put_comment(i);
    }
  }
  void put_comment(std::size_t comment) {
    for (const char c : layout_.comment_text(comment))
      if (c != '\r') out_ += c;
    last_end_ = list_.comments[comment].range.end;
  }

  // Begins a line for what stands at `place`, keeping one blank line of those before it.
  void start_line(std::uint32_t place, std::size_t indent) {
    if (!out_.empty()) {
      const bool blank = !at_block_start_ && (needs_blank_ || blank_between(last_end_, place));
      if (blank) out_ += '\n';
      new_line(indent);
    }
    needs_blank_ = false;
    at_block_start_ = false;
  }
  void new_line(std::size_t indent) {
    out_ += '\n';
    out_.append(indent, ' ');
  }
  bool blank_between(std::size_t begin, std::size_t end) const {
    const std::string_view between = text_.substr(begin, end - begin);
    return std::count(between.begin(), between.end(), '\n') > 1;
  }

  Slice tokens_of(SourceRange range) const {
    const auto by_begin = [](const Token& t, std::uint32_t place) { return t.begin < place; };
    const auto first = std::lower_bound(list_.tokens.begin(), list_.tokens.end(), range.begin, by_begin);
    const auto last = std::lower_bound(first, list_.tokens.end(), range.end, by_begin);
    return {static_cast<std::size_t>(first - list_.tokens.begin()), static_cast<std::size_t>(last - list_.tokens.begin())};
  }

  std::string_view text_;
  const TokenList& list_;
  TokenLayout layout_;
  std::string out_;
  std::size_t last_end_ = 0;     // where what was last put ends in the source
  bool at_block_start_ = false;  // no blank line follows an opening brace
  bool needs_blank_ = false;
  bool after_block_ = false;
};

}  // namespace

std::string format(const support::SourceMap& sources, const Program& program) {
  diagnostics::Sink discarded;
  const Prescan scanned = prescan(sources, program.file, discarded);
  const std::string_view text = sources.file(program.file).text();
  const TokenList list = tokenize(program.file, text, scanned.begin, scanned.end);
  return Formatter(text, list).run(program);
}

}  // namespace lacuna::syntax
