// Runs one rule of the grammar over one stretch of tokens. The only door to the generated parser.
//
// needs    a list of tokens
// leaves   a parse tree, or where it failed; the tree dies with the next call
// Included only by files that are built with the parser generator's headers.
#pragma once
#include <memory>
#include <vector>

#include "antlr4-runtime.h"
#include "compiler/syntax/slice.h"
#include "compiler/syntax/tokens.h"
#include "grammar/generated/LacunaParser.h"

namespace lacuna::syntax {

// A token as the generated parser wants it; its index in the file's list is what the builder reads.
class SliceToken final : public antlr4::Token {
 public:
  SliceToken(const syntax::Token& token, std::size_t type, std::size_t index) : token_(&token), type_(type), index_(index) {}

  const syntax::Token& token() const { return *token_; }

  std::string getText() const override { return {}; }
  size_t getType() const override { return type_; }
  size_t getLine() const override { return 1; }
  size_t getCharPositionInLine() const override { return token_->begin; }
  size_t getChannel() const override { return antlr4::Token::DEFAULT_CHANNEL; }
  size_t getTokenIndex() const override { return index_; }
  size_t getStartIndex() const override { return token_->begin; }
  size_t getStopIndex() const override { return token_->end - 1; }
  antlr4::TokenSource* getTokenSource() const override { return nullptr; }
  antlr4::CharStream* getInputStream() const override { return nullptr; }
  std::string toString() const override { return {}; }

 private:
  const syntax::Token* token_;
  std::size_t type_;
  std::size_t index_;
};

// The tokens of one slice, closed by an end of file.
class SliceStream final : public antlr4::TokenStream {
 public:
  void open(const std::vector<syntax::Token>& tokens, Slice slice);
  // Puts another kind of token in place of the one at `index`, to try it.
  void substitute(std::size_t index, TokenKind kind);

  antlr4::Token* LT(ssize_t k) override;
  antlr4::Token* get(size_t index) const override { return const_cast<SliceToken*>(&tokens_[index]); }
  antlr4::TokenSource* getTokenSource() const override { return nullptr; }
  std::string getText(const antlr4::misc::Interval&) override { return {}; }
  std::string getText() override { return {}; }
  std::string getText(antlr4::RuleContext*) override { return {}; }
  std::string getText(antlr4::Token*, antlr4::Token*) override { return {}; }
  void consume() override;
  size_t LA(ssize_t k) override;
  ssize_t mark() override { return 0; }
  void release(ssize_t) override {}
  size_t index() override { return at_; }
  void seek(size_t index) override { at_ = index; }
  size_t size() override { return tokens_.size(); }
  std::string getSourceName() const override { return {}; }

 private:
  std::vector<SliceToken> tokens_;
  syntax::Token end_;
  std::size_t at_ = 0;
};

class RuleParser {
 public:
  explicit RuleParser(const std::vector<syntax::Token>& tokens);

  // The tree of `rule` over the slice, or null when it does not match: then `failed_at` is the token that fits nowhere.
  template <class Context>
  Context* parse(Context* (grammar::LacunaParser::*rule)(), Slice slice) {
    stream_.open(*tokens_, slice);
    return run(rule, slice);
  }

  // Index of the offending token in the list; the slice's end when more was expected.
  std::size_t failed_at() const { return failed_at_; }

  // The kinds of token that could stand where `rule` failed over the slice, one for each class (any name, any number,
  // any operator). Found by trying each. Empty when the search would cost too much.
  template <class Context>
  std::vector<TokenKind> expected(Context* (grammar::LacunaParser::*rule)(), Slice slice) {
    const std::size_t place = failed_at_;
    std::vector<TokenKind> found;
    for (const TokenKind kind : candidates()) {
      if (!spend(place - slice.begin + 1)) return {};
      stream_.open(*tokens_, {slice.begin, place});
      stream_.substitute(place - slice.begin, kind);
      const bool whole = run(rule, {slice.begin, place + 1}) != nullptr;
      // Accepted when the parser went past it, to the end of what it was given.
      if (whole || failed_at_ > place) found.push_back(kind);
    }
    failed_at_ = place;
    return found;
  }

 private:
  static const std::vector<TokenKind>& candidates();
  bool spend(std::size_t tokens);
  void set_mode(bool full_context);
  void note_failure(Slice slice);

  template <class Context>
  Context* run(Context* (grammar::LacunaParser::*rule)(), Slice slice) {
    // Two stages: the fast prediction, and, should it fail, the complete one.
    for (const bool full_context : {false, true}) {
      stream_.seek(0);
      parser_->reset();
      set_mode(full_context);
      try {
        return (parser_.get()->*rule)();
      } catch (const antlr4::ParseCancellationException&) {
        note_failure(slice);
      }
    }
    return nullptr;
  }

  const std::vector<syntax::Token>* tokens_;
  SliceStream stream_;
  std::unique_ptr<grammar::LacunaParser> parser_;
  std::size_t failed_at_ = 0;
  std::size_t budget_ = 1'000'000;  // tokens that `expected` may still read in this file
};

}  // namespace lacuna::syntax
