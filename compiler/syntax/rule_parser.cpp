#include "compiler/syntax/rule_parser.h"

#include <algorithm>

namespace lacuna::syntax {

namespace {

using antlr4::atn::ParserATNSimulator;
using antlr4::atn::PredictionMode;

}  // namespace

void SliceStream::open(const std::vector<syntax::Token>& tokens, Slice slice) {
  tokens_.clear();
  tokens_.reserve(slice.end - slice.begin + 2);
  for (std::size_t i = slice.begin; i < slice.end; ++i)
    tokens_.emplace_back(tokens[i], static_cast<std::size_t>(tokens[i].kind), i - slice.begin);
  const std::uint32_t end = slice.end > slice.begin ? tokens[slice.end - 1].end : tokens[slice.begin].begin;
  end_ = {end, end, TokenKind::End, false};
  tokens_.emplace_back(end_, antlr4::Token::EOF, slice.end - slice.begin);
  at_ = 0;
}

void SliceStream::substitute(std::size_t index, TokenKind kind) {
  tokens_.pop_back();
  if (kind != TokenKind::End) tokens_.emplace_back(end_, static_cast<std::size_t>(kind), index);
  tokens_.emplace_back(end_, antlr4::Token::EOF, tokens_.size());
}

antlr4::Token* SliceStream::LT(ssize_t k) {
  if (k < 0) {
    const auto back = static_cast<std::size_t>(-k);
    return back > at_ ? nullptr : &tokens_[at_ - back];
  }
  return &tokens_[std::min(at_ + static_cast<std::size_t>(k) - 1, tokens_.size() - 1)];
}

void SliceStream::consume() {
  if (at_ + 1 < tokens_.size()) ++at_;
}

size_t SliceStream::LA(ssize_t k) {
  antlr4::Token* token = LT(k);
  return token ? token->getType() : antlr4::Token::EOF;
}

RuleParser::RuleParser(const std::vector<syntax::Token>& tokens) : tokens_(&tokens) {
  stream_.open(tokens, {0, 0});
  parser_ = std::make_unique<grammar::LacunaParser>(&stream_);
  parser_->removeErrorListeners();
  parser_->setErrorHandler(std::make_shared<antlr4::BailErrorStrategy>());
}

void RuleParser::set_mode(bool full_context) {
  parser_->getInterpreter<ParserATNSimulator>()->setPredictionMode(full_context ? PredictionMode::LL : PredictionMode::SLL);
}

void RuleParser::note_failure(Slice slice) {
  // Every choice is made on one token, so the parser stands at the offending one.
  failed_at_ = std::min(slice.begin + stream_.index(), slice.end);
}

bool RuleParser::spend(std::size_t tokens) {
  if (tokens > budget_) return false;
  budget_ -= tokens;
  return true;
}

const std::vector<TokenKind>& RuleParser::candidates() {
  static const std::vector<TokenKind> kinds = {
      TokenKind::Identifier, TokenKind::Integer,   TokenKind::String,       TokenKind::LeftParen,   TokenKind::RightParen,
      TokenKind::LeftBracket, TokenKind::RightBracket, TokenKind::Comma,    TokenKind::Colon,       TokenKind::Tilde,
      TokenKind::Assign,     TokenKind::Question,  TokenKind::Plus,         TokenKind::Not,         TokenKind::For,
      TokenKind::In,         TokenKind::Where,     TokenKind::If,           TokenKind::Then,        TokenKind::Else,
      TokenKind::Impute,     TokenKind::Dim,       TokenKind::Dist,         TokenKind::Noncentered, TokenKind::Alias,
      TokenKind::End};
  return kinds;
}

}  // namespace lacuna::syntax
