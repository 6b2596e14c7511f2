// Declarations: heads, and what stands in their braces.
#include <algorithm>

#include "compiler/syntax/habits.h"
#include "compiler/syntax/program_reader.h"
#include "compiler/syntax/python_forms.h"

namespace lacuna::syntax {

using diagnostics::Id;

List<Decl*> ProgramReader::declarations() {
  std::vector<Decl*> list;
  while (kind() != TokenKind::End && !too_many_errors())
    if (Decl* node = declaration()) list.push_back(node);
  return context_.arena->copy(list);
}

Decl* ProgramReader::declaration() {
  switch (kind()) {
    case TokenKind::Open:
    case TokenKind::Dim: return open_or_dim();
    case TokenKind::Model: return model();
    case TokenKind::Guide: return guide();
    case TokenKind::Dist: return dist();
    case TokenKind::Fn: return function();
    default: return misplaced();
  }
}

Decl* ProgramReader::broken(Slice head) {
  auto* node = context_.arena->make<BrokenDecl>();
  node->kind = DeclKind::Broken;
  node->range = range(head);
  const std::size_t second = head.begin + 1;
  if (second < head.end && is_name(tokens_[second].kind)) node->name = {text(tokens_[second]), range(tokens_[second])};
  return node;
}

bool ProgramReader::parameters_fail(Slice head) {
  std::size_t begin = head.begin;
  while (begin < head.end && tokens_[begin].kind != TokenKind::LeftParen) ++begin;
  const std::size_t errors = context_.sink->error_count();
  int depth = 1;
  std::size_t i = ++begin;
  for (; i < head.end && depth > 0 && !too_many_errors(); ++i) {
    const TokenKind kind = tokens_[i].kind;
    if (kind == TokenKind::LeftParen || kind == TokenKind::LeftBracket) ++depth;
    if (kind == TokenKind::RightParen || kind == TokenKind::RightBracket) --depth;
    // `real<lower=0, upper=1>`, as Stan has it, is in one piece.
    if (kind == TokenKind::Less && is_name(tokens_[i - 1].kind)) {
      constexpr std::size_t kLongest = 32;
      std::size_t close = i;
      while (close < std::min(head.end, i + kLongest) && tokens_[close].kind != TokenKind::Greater && tokens_[close].kind != TokenKind::RightParen) ++close;
      if (close < head.end && tokens_[close].kind == TokenKind::Greater) i = close;
    }
    const bool ends = (kind == TokenKind::Comma && depth == 1) || (depth == 0 && kind == TokenKind::RightParen);
    if (!ends) continue;
    // An empty one is a stray comma, which is for the whole head to explain.
    if (i > begin) read(&Grammar::onlyParameter, {begin, i});
    begin = i + 1;
  }
  return context_.sink->error_count() != errors;
}

Decl* ProgramReader::open_or_dim() {
  const Slice slice{at_, boundaries_.statement_end(at_, BodyKind::Model)};
  at_ = slice.end;
  Decl* node = tokens_[slice.begin].kind == TokenKind::Open ? static_cast<Decl*>(read(&Grammar::onlyOpen, slice))
                                                            : static_cast<Decl*>(read(&Grammar::onlyDim, slice));
  return node ? node : broken(slice);
}

Decl* ProgramReader::model() {
  const Slice head{at_, boundaries_.head_end(at_)};
  at_ = head.end;
  ModelDecl* node = read_head(&Grammar::onlyModelHead, head);
  const std::size_t opened = at_;
  if (!node && kind() != TokenKind::LeftBrace) return broken(head);
  if (!open_brace("this model", head)) return broken(head);
  const std::vector<Stmt*> statements = body(BodyKind::Model);
  close_brace(opened);
  if (!node) return broken(head);
  node->body = context_.arena->copy(statements);
  node->range.end = tokens_[at_ - 1].end;
  return node;
}

Decl* ProgramReader::guide() {
  const Slice head{at_, boundaries_.head_end(at_)};
  at_ = head.end;
  GuideDecl* node = read(&Grammar::onlyGuideHead, head);
  const std::size_t opened = at_;
  if (!node && kind() != TokenKind::LeftBrace) return broken(head);
  if (!open_brace("this guide", head)) return broken(head);
  const std::vector<Stmt*> statements = body(BodyKind::Guide);
  close_brace(opened);
  if (!node) return broken(head);
  node->body = context_.arena->copy(statements);
  node->range.end = tokens_[at_ - 1].end;
  return node;
}

Decl* ProgramReader::dist() {
  const Slice head{at_, boundaries_.head_end(at_)};
  at_ = head.end;
  DistDecl* node = read_head(&Grammar::onlyDistHead, head);
  const std::size_t opened = at_;
  if (!node && kind() != TokenKind::LeftBrace) return broken(head);
  if (!open_brace("this distribution", head)) return broken(head);
  const std::vector<DistMember> list = members();
  close_brace(opened);
  if (!node) return broken(head);
  node->members = context_.arena->copy(list);
  node->range.end = tokens_[at_ - 1].end;
  return node;
}

Decl* ProgramReader::function() {
  const Slice slice{at_, boundaries_.statement_end(at_, BodyKind::Function)};
  at_ = slice.end;
  if (kind() == TokenKind::LeftBrace) return function_block(slice);
  FnDecl* node = read_head(&Grammar::onlyFunction, slice);
  return node ? static_cast<Decl*>(node) : broken(slice);
}

Decl* ProgramReader::function_block(Slice head) {
  FnDecl* node = read_head(&Grammar::onlyFunctionHead, head);
  const std::size_t errors = context_.sink->error_count();
  const std::size_t opened = at_++;
  std::vector<LetStmt*> lets;
  bool returned = false;
  FnDecl discarded;
  while (kind() != TokenKind::RightBrace && kind() != TokenKind::End && !boundaries_.starts_declaration(at_) && !too_many_errors()) {
    if (kind() == TokenKind::Return) {
      function_return(node ? node : &discarded, returned);
      continue;
    }
    const std::size_t begin = at_;
    std::vector<Stmt*> one;
    statement(BodyKind::Function, one);
    for (Stmt* statement : one) {
      if (statement->kind == StmtKind::Let) {
        lets.push_back(static_cast<LetStmt*>(statement));
        if (returned) context_.sink->report(Id::AfterReturn, statement->range);
      } else if (statement->kind != StmtKind::Broken) {
        context_.sink->report(Id::StatementMisplaced, range(tokens_[begin]), text(tokens_[begin]), "a model")
            .note("a function's block is `let`s and one `return`");
      }
    }
  }
  const bool mistakes = context_.sink->error_count() != errors;
  if (!returned && !mistakes && kind() == TokenKind::RightBrace && node)
    context_.sink->report(Id::ReturnMissing, range(current()), node->name.text).help("write the result as `return e` before the brace");
  close_brace(opened);
  if (!node || !returned || mistakes) return broken(head);
  node->lets = context_.arena->copy(lets);
  node->range.end = tokens_[at_ - 1].end;
  return node;
}

void ProgramReader::function_return(FnDecl* function, bool& returned) {
  const Slice slice{at_, boundaries_.statement_end(at_, BodyKind::Function)};
  at_ = slice.end;
  if (returned) {
    context_.sink->report(Id::AfterReturn, range(tokens_[slice.begin]));
    return;
  }
  returned = true;
  function->value = read(&Grammar::onlyReturn, slice);
}

Decl* ProgramReader::misplaced() {
  const std::size_t begin = at_;
  if (kind() == TokenKind::RightBrace) {
    context_.sink->report(Id::UnopenedBracket, range(current()), "}");
    ++at_;
    return nullptr;
  }
  // All that stands up to the next declaration is one mistake, unless it falls apart into blocks or statements.
  std::size_t end = at_ + 1;
  if (begins_python(text(current()))) {
    // What follows is Python, too.
    while (tokens_[end].kind != TokenKind::End && !(tokens_[end].starts_line && boundaries_.starts_declaration(end))) ++end;
  } else if (kind() == TokenKind::LeftBrace) {
    end = at_;
  } else {
    end = kind() == TokenKind::For ? boundaries_.head_end(at_) : std::max(at_ + 1, boundaries_.statement_end(at_, BodyKind::Model));
  }
  at_ = end;
  bool block = kind() == TokenKind::LeftBrace;
  if (block) {
    at_ = boundaries_.block_end(at_);
    if (kind() == TokenKind::RightBrace) ++at_;
  }
  report_foreign_declaration({context_.file, context_.text, &tokens_}, {begin, std::max(end, begin + 1)}, block, *context_.sink);
  return nullptr;
}

}  // namespace lacuna::syntax
