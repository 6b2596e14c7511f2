#include <gtest/gtest.h>

#include "test/unit/syntax/parsed.h"

namespace lacuna::test {
namespace {

using Codes = std::vector<std::string>;

const std::string kProgram = "open J\nmodel m(y: real[N]) {\n  sample mu ~ Normal(0, 1)\n  observe y ~ Normal(mu, 1)\n}\n";

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) text.replace(at, what.size(), by);
  return text;
}

TEST(Bytes, EmptyFilesAreProgramsWithoutDeclarations) {
  for (const char* text : {"", "\n", "  \t\n", "// only a comment", "/* and another */"}) {
    const Parsed parsed(text);
    EXPECT_EQ(parsed.codes(), Codes{}) << text;
    EXPECT_TRUE(parsed.program.declarations.empty());
  }
}

TEST(Bytes, LineEndsAndByteOrderMarksChangeNothing) {
  const std::string tree = syntax::print_ast(Parsed(kProgram).program);
  for (const std::string& text : {replaced(kProgram, "\n", "\r\n"), replaced(kProgram, "\n", "\r"), "\xEF\xBB\xBF" + kProgram, kProgram.substr(0, kProgram.size() - 1),
                                  replaced(kProgram, "\n", " "), replaced(kProgram, " ", "\t")}) {
    const Parsed parsed(text);
    EXPECT_EQ(parsed.codes(), Codes{});
    EXPECT_EQ(syntax::print_ast(parsed.program), tree);
  }
}

TEST(Bytes, RangesAfterAByteOrderMarkAndWideCharactersAreExact) {
  const Parsed parsed("\xEF\xBB\xBF// a — b\ndim σσ = μ_a + 日本[0]\n");
  ASSERT_EQ(parsed.codes(), Codes{});
  const auto& dim = parsed.program.declarations[0]->as<syntax::DimDecl>();
  EXPECT_EQ(dim.name.text, "σσ");
  EXPECT_EQ(parsed.text(dim.range), "dim σσ = μ_a + 日本[0]");
  EXPECT_EQ(parsed.text(dim.value->as<syntax::BinaryExpr>().right->range), "日本[0]");
  ASSERT_EQ(parsed.program.comments.size(), 1U);
  EXPECT_EQ(parsed.text(parsed.program.comments[0].range), "// a — b");
}

TEST(Bytes, WhatIsNotTextIsRefused) {
  EXPECT_EQ(Parsed("dim K = \xFF").codes(), Codes{"E0903"});
  EXPECT_EQ(Parsed("// \xC3\x28").codes(), Codes{"E0903"});
  EXPECT_EQ(Parsed("dim K = 3 // \xE2\x82").codes(), Codes{"E0903"});                // cut short
  EXPECT_EQ(Parsed("\"\xED\xA0\x80\"").codes(), Codes{"E0903"});                      // a surrogate
  EXPECT_EQ(Parsed("\xC0\xAF").codes(), Codes{"E0903"});                              // an overlong form
  EXPECT_EQ(Parsed(std::string("dim K\0 = 3", 10)).codes(), Codes{"E0904"});
  EXPECT_EQ(Parsed("dim K = \x01 3").codes(), Codes{"E0905"});
  EXPECT_EQ(Parsed("dim K = \xEF\xBB\xBF 3").codes(), Codes{"E0905"});
  EXPECT_EQ(Parsed("\xEF\xBB\xBF\xEF\xBB\xBF").codes(), Codes{"E0905"});
}

TEST(Bytes, UnfinishedCommentsLeaveWhatStandsBeforeThem) {
  const Parsed parsed("open J\nmodel m(y: real[N]) {\n  sample mu ~ Normal(0, /* 1)\n}\n");
  EXPECT_EQ(parsed.codes(), Codes{"E0106"});
  ASSERT_FALSE(parsed.program.declarations.empty());
  EXPECT_EQ(parsed.program.declarations[0]->kind, syntax::DeclKind::Open);
}

TEST(Bytes, EveryPrefixOfAProgramEndsInDiagnosticsAlone) {
  for (std::size_t length = 0; length <= kProgram.size(); ++length) {
    const Parsed parsed(kProgram.substr(0, length));
    for (const auto& d : parsed.sink.diagnostics()) EXPECT_LE(d.primary.range.end, length);
    EXPECT_LE(parsed.codes().size(), 2U) << kProgram.substr(0, length);
  }
}

}  // namespace
}  // namespace lacuna::test
