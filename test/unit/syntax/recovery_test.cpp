// A mistake leaves everything else as it was.
#include <gtest/gtest.h>

#include "test/unit/syntax/parsed.h"

namespace lacuna::test {
namespace {

using Codes = std::vector<std::string>;

TEST(Recovery, ABrokenStatementPoisonsItsNameOnly) {
  const Parsed parsed("model m(y: real) {\n  sample a ~ Normal(0,\n  let b[n in N] = + \n  observe y ~ Normal(a, b)\n}");
  EXPECT_EQ(parsed.codes(), (Codes{"E0102", "E0101"}));
  const auto& body = parsed.program.declarations[0]->as<syntax::ModelDecl>().body;
  ASSERT_EQ(body.size(), 3U);
  EXPECT_EQ(body[0]->as<syntax::BrokenStmt>().name.text, "a");
  EXPECT_EQ(body[1]->as<syntax::BrokenStmt>().name.text, "b");
  EXPECT_EQ(body[2]->kind, syntax::StmtKind::Observe);
}

TEST(Recovery, OpenBracketsEndWithTheirStatement) {
  const Parsed parsed("model m(y: real) {\n  sample a ~ Normal(f(0, [1\n  for n in N { sample b ~ Normal(0, 1) }\n  observe y ~ Normal(a, b)\n}\nopen J");
  EXPECT_EQ(parsed.codes(), Codes{"E0103"});
  EXPECT_EQ(parsed.program.declarations.size(), 2U);
  EXPECT_EQ(parsed.program.declarations[0]->as<syntax::ModelDecl>().body.size(), 3U);
}

TEST(Recovery, AMissingBraceEndsWithTheNextDeclaration) {
  const Parsed parsed("model m(y: real) {\n  sample a ~ Normal(0, 1)\nmodel q(x: real) {\n  sample b ~ Normal(0, 1)\n}");
  EXPECT_EQ(parsed.codes(), Codes{"E0103"});
  EXPECT_EQ(parsed.program.declarations.size(), 2U);
}

TEST(Recovery, ABrokenHeadStillHasItsBodyRead) {
  const Parsed parsed("model m(real x, y real, z: int) {\n  sample a ~ \n  let b = 3\n}\nopen J");
  EXPECT_EQ(parsed.codes(), (Codes{"E0122", "E0101", "E0102"}));
  ASSERT_EQ(parsed.program.declarations.size(), 2U);
  EXPECT_EQ(parsed.program.declarations[0]->as<syntax::BrokenDecl>().name.text, "m");
}

TEST(Recovery, ABrokenPlatePoisonsWhatItDeclares) {
  const Parsed parsed("model m(y: real[N]) {\n  for n N {\n    sample z[n] ~ Normal(0, 1)\n    let w[n] = z\n  }\n}");
  EXPECT_EQ(parsed.codes(), Codes{"E0101"});
  const auto& body = parsed.program.declarations[0]->as<syntax::ModelDecl>().body;
  ASSERT_EQ(body.size(), 2U);
  EXPECT_EQ(body[0]->as<syntax::BrokenStmt>().name.text, "z");
  EXPECT_EQ(body[1]->as<syntax::BrokenStmt>().name.text, "w");
}

TEST(Recovery, EachMistakeIsOneError) {
  const Parsed parsed("model m(y: real) {\n  y ~ normal(0, 1)\n  real mu;\n  mu <- 3\n  if (y > 0) { mu = 4 }\n  sampel k ~ Normal(0, 1)\n  let ok = 3\n}");
  EXPECT_EQ(parsed.codes(), (Codes{"E0119", "E0122", "E0118", "E0125", "E0132", "E0119"}));
}

TEST(Recovery, ManyStatementsOnOneLineAreStillTold) {
  const Parsed parsed("model m(y: real) { let a = 3 let b = ( let c = 4 sample d Normal(0, 1) let e = 5 }");
  EXPECT_EQ(parsed.codes(), (Codes{"E0102", "E0101"}));
  EXPECT_EQ(parsed.program.declarations[0]->as<syntax::ModelDecl>().body.size(), 5U);
}

}  // namespace
}  // namespace lacuna::test
