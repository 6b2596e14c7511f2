#include "compiler/syntax/program_reader.h"

#include <algorithm>

#include "compiler/syntax/habits.h"
#include "compiler/syntax/limits.h"

namespace lacuna::syntax {

using diagnostics::Id;

ProgramReader::ProgramReader(BuildContext context, bool cut_short)
    : context_(context),
      tokens_(context.list->tokens),
      boundaries_(tokens_, context.text),
      parser_(tokens_),
      builder_(context),
      errors_({context.file, context.text, &tokens_}, *context.sink),
      cut_short_(cut_short),
      errors_before_(context.sink->error_count()) {}

bool ProgramReader::too_many_errors() {
  if (stopped_) return true;
  if (context_.sink->error_count() - errors_before_ < kMaximumErrors) return false;
  const std::size_t limit = kMaximumErrors;
  context_.sink->report(Id::TooManyErrors, range(current()), limit);
  stopped_ = true;
  return true;
}

SourceRange ProgramReader::range(Slice slice) const {
  return {context_.file, tokens_[slice.begin].begin, tokens_[slice.empty() ? slice.begin : slice.end - 1].end};
}

std::string ProgramReader::construct(Slice slice) const {
  const Token& first = tokens_[slice.begin];
  const bool keyword = is_reserved(first.kind) || boundaries_.starts_guide_statement(slice.begin);
  if (boundaries_.starts_declaration(slice.begin)) return fmt::format("this `{}`", text(first));
  if (first.kind == TokenKind::For) return "the head of this plate";
  if (keyword) return fmt::format("this `{}` statement", text(first));
  return fmt::format("`{}`", text(first));
}

Name ProgramReader::declared_name(Slice slice) const {
  std::size_t i = slice.begin;
  if (i < slice.end && (Boundaries::is_statement_keyword(tokens_[i].kind) || boundaries_.starts_guide_statement(i))) ++i;
  if (i >= slice.end || !is_name(tokens_[i].kind)) return {};
  return {text(tokens_[i]), range(tokens_[i])};
}

Stmt* ProgramReader::broken_statement(Slice slice) {
  auto* node = context_.arena->make<BrokenStmt>();
  node->kind = StmtKind::Broken;
  node->range = range(slice);
  if (tokens_[slice.begin].kind != TokenKind::Observe && tokens_[slice.begin].kind != TokenKind::Factor)
    node->name = declared_name(slice);
  return node;
}

bool ProgramReader::open_brace(std::string_view owner, Slice head) {
  if (kind() == TokenKind::LeftBrace) {
    ++at_;
    return true;
  }
  if (!(cut_short_ && kind() == TokenKind::End)) {
    const SourceRange place = range(tokens_[head.end - 1]);
    context_.sink->report(Id::BodyMissing, place, owner).help(fmt::format("write its statements in braces after the head: `{{ ... }}`"));
  }
  return false;
}

void ProgramReader::close_brace(std::size_t opened) {
  if (kind() == TokenKind::RightBrace) {
    ++at_;
    return;
  }
  if (cut_short_ || stopped_) return;
  auto& error = context_.sink->report(Id::UnclosedBracket, range(tokens_[opened]), "{").label("opened here");
  if (kind() == TokenKind::End) {
    error.help("write `}` where the block ends");
  } else {
    error.also_at(range(current()), fmt::format("`{}` begins a declaration, which cannot stand in a block", text(current())))
        .help("write `}` before it");
  }
}

std::vector<Stmt*> ProgramReader::body(BodyKind body) {
  std::vector<Stmt*> statements;
  while (kind() != TokenKind::RightBrace && kind() != TokenKind::End && !boundaries_.starts_declaration(at_) && !too_many_errors())
    statement(body, statements);
  return statements;
}

void ProgramReader::statement(BodyKind body, std::vector<Stmt*>& into) {
  if (kind() == TokenKind::For) return plate(body, into);
  const bool guide_statement = body == BodyKind::Guide && boundaries_.starts_guide_statement(at_);
  const bool known = Boundaries::is_statement_keyword(kind()) && kind() != TokenKind::Return;
  if (!known && !guide_statement) return foreign(body, into);
  const Slice slice{at_, boundaries_.statement_end(at_, body)};
  at_ = slice.end;
  if (Stmt* built = read(&Grammar::onlyStatement, slice)) {
    into.push_back(built);
  } else {
    into.push_back(broken_statement(slice));
  }
}

void ProgramReader::plate(BodyKind kind_of_body, std::vector<Stmt*>& into) {
  const Slice head{at_, boundaries_.head_end(at_)};
  at_ = head.end;
  ForStmt* node = read(&Grammar::onlyForHead, head);
  const bool head_failed = node == nullptr;
  const std::size_t opened = at_;
  std::vector<Stmt*> inside;
  if (head_failed && kind() == TokenKind::LeftBrace) {
    ++at_;
  } else if (head_failed || !open_brace("this plate", head)) {
    into.push_back(broken_statement(head));
    return;
  }
  inside = body(kind_of_body);
  close_brace(opened);
  if (head_failed) {
    // Without its head nothing can be said of what the plate declares, but that it declares it.
    for (Stmt* statement : inside) {
      const auto begin = std::lower_bound(tokens_.begin(), tokens_.end(), statement->range.begin,
                                          [](const Token& t, std::uint32_t place) { return t.begin < place; });
      const auto index = static_cast<std::size_t>(begin - tokens_.begin());
      into.push_back(broken_statement({index, index + 2}));
    }
    return;
  }
  node->body = context_.arena->copy(inside);
  node->range.end = tokens_[at_ - 1].end;
  into.push_back(node);
}

void ProgramReader::foreign(BodyKind body, std::vector<Stmt*>& into) {
  // A stray brace is a mistake by itself; its block goes with it.
  const bool brace = kind() == TokenKind::LeftBrace;
  const Slice slice{at_, brace ? at_ + 1 : boundaries_.statement_end(at_, body)};
  if (!brace) at_ = slice.end;
  report_foreign_statement({context_.file, context_.text, &tokens_}, slice, body == BodyKind::Guide, *context_.sink);
  into.push_back(broken_statement(slice));
  // A block that the statement would have had is skipped with it.
  if (kind() == TokenKind::LeftBrace) {
    at_ = boundaries_.block_end(at_);
    if (kind() == TokenKind::RightBrace) ++at_;
  }
}

std::vector<DistMember> ProgramReader::members() {
  std::vector<DistMember> list;
  while (kind() != TokenKind::RightBrace && kind() != TokenKind::End && !boundaries_.starts_declaration(at_) && !too_many_errors()) {
    const Slice slice{at_, std::max(at_ + 1, boundaries_.statement_end(at_, BodyKind::Dist))};
    at_ = slice.end;
    if (is_name(tokens_[slice.begin].kind)) {
      const DistMember member = read(&Grammar::onlyMember, slice);
      if (member.value) list.push_back(member);
    } else {
      report_foreign_member({context_.file, context_.text, &tokens_}, slice, *context_.sink);
      if (kind() == TokenKind::LeftBrace) {
        at_ = boundaries_.block_end(at_);
        if (kind() == TokenKind::RightBrace) ++at_;
      }
    }
  }
  return list;
}

}  // namespace lacuna::syntax
