#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "compiler/syntax/tokens.h"
#include "test/unit/syntax/parsed.h"

namespace lacuna::test {
namespace {

using syntax::TokenKind;

std::vector<TokenKind> kinds(const std::string& text) {
  std::vector<TokenKind> all;
  for (const syntax::Token& token : syntax::tokenize(0, text, 0, static_cast<std::uint32_t>(text.size())).tokens) all.push_back(token.kind);
  all.pop_back();
  return all;
}

TEST(Words, TheListOfReservedWordsIsTheLexers) {
  std::ifstream list(LACUNA_SOURCE_FOLDER "/grammar/reserved_words.txt");
  std::size_t count = 0;
  for (std::string word; list >> word; ++count) {
    const auto found = kinds(word);
    ASSERT_EQ(found.size(), 1U) << word;
    EXPECT_TRUE(syntax::is_reserved(found[0])) << word;
    EXPECT_EQ(syntax::in_words(found[0]), "`" + word + "`");
  }
  EXPECT_EQ(count, static_cast<std::size_t>(TokenKind::Inf));
}

TEST(Words, OthersAreNamesOutsideTheirPlace) {
  for (const char* word : {"count", "unit", "alias", "auto", "param", "noncentered", "among", "real", "size", "_x", "x1", "σ", "変数"}) {
    const auto found = kinds(word);
    ASSERT_EQ(found.size(), 1U) << word;
    EXPECT_TRUE(syntax::is_name(found[0])) << word;
    const Parsed parsed(std::string("model m(") + word + ": real) { let a = " + word + " + " + word + "(" + word + ") }");
    EXPECT_TRUE(parsed.codes().empty()) << word;
  }
}

TEST(Words, NumbersHaveDigitsOnBothSidesOfTheirPoint) {
  EXPECT_EQ(kinds("1 1.5 1e3 2.5e-3 1E+9"), (std::vector{TokenKind::Integer, TokenKind::Real, TokenKind::Real, TokenKind::Real, TokenKind::Real}));
  EXPECT_EQ(kinds("1."), (std::vector{TokenKind::Integer, TokenKind::Dot}));
  EXPECT_EQ(kinds("1e"), (std::vector{TokenKind::Integer, TokenKind::Identifier}));
}

TEST(Words, NumbersAreReadExactly) {
  EXPECT_EQ(tree("9223372036854775807"), "9223372036854775807");
  EXPECT_EQ(tree("9223372036854775808"), "error E0109");
  EXPECT_EQ(tree("0.1"), "0.1");
  EXPECT_EQ(tree("1e308"), "1e+308");
  EXPECT_EQ(tree("1e309"), "error E0109");
  EXPECT_EQ(tree("1e-400"), "0.0");
}

TEST(Words, LabelsResolveTheirEscapes) {
  const Parsed parsed("dim K = [\"a\\\"b\\\\c\\n\", \"日本\"]");
  ASSERT_TRUE(parsed.codes().empty());
  const auto& labels = parsed.program.declarations[0]->as<syntax::DimDecl>().value->as<syntax::ArrayExpr>();
  EXPECT_EQ(labels.elements[0]->as<syntax::StringExpr>().value, "a\"b\\c\n");
  EXPECT_EQ(labels.elements[1]->as<syntax::StringExpr>().value, "日本");
  EXPECT_EQ(tree("\"\\q\""), "error E0108");
}

TEST(Words, CommentsAreKeptWithTheirKind) {
  const Parsed parsed("/// doc\n// line\n/* block\n */ dim K = 3 // after");
  ASSERT_EQ(parsed.program.comments.size(), 4U);
  EXPECT_EQ(parsed.program.comments[0].kind, syntax::CommentKind::Doc);
  EXPECT_EQ(parsed.program.comments[1].kind, syntax::CommentKind::Line);
  EXPECT_EQ(parsed.program.comments[2].kind, syntax::CommentKind::Block);
  EXPECT_EQ(parsed.program.comments[3].kind, syntax::CommentKind::Line);
  EXPECT_EQ(parsed.program.declarations[0]->doc, "") << "a remark between documentation and declaration parts them";
  EXPECT_EQ(Parsed("/// one\n///  two\ndim K = 3").program.declarations[0]->doc, "one\n two");
}

}  // namespace
}  // namespace lacuna::test
