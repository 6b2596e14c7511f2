#include "compiler/check/facts.h"

#include <gtest/gtest.h>

#include "test/unit/check/expressions.h"

namespace lacuna::check {
namespace {

using test::Expressions;
using types::Outcome;

class FactsTest : public testing::Test {
 protected:
  Expressions make;
  Facts facts;
  const Dimension* N = make.dimension("N");
  const Dimension* P = make.dimension("P");
  const Symbol* n = make.index("n", N);
  const Symbol* p = make.index("p", P);
  const Symbol* x = make.optional_array("x", {N, P});
  const Symbol* y = make.optional_array("y", {N});
  const Symbol* keep = make.symbol(SymbolKind::Argument, "keep", types::bool_type(), {N});

  const Expr* present(const Expr* e) { return make.call(Builtin::Present, {e}); }
  const Expr* xnp() { return make.at(x, {make.of(n), make.of(p)}); }
  const Expr* yn() { return make.at(y, {make.of(n)}); }
  const Expr* keeps() { return make.at(keep, {make.of(n)}); }
  const Expr* both(const Expr* a, const Expr* b) { return make.call(Builtin::And, {a, b}); }
  const Expr* either(const Expr* a, const Expr* b) { return make.call(Builtin::Or, {a, b}); }
  const Expr* negate(const Expr* a) { return make.call(Builtin::Not, {a}); }
  const Expr* less(const Expr* a, const Expr* b) { return make.call(Builtin::Less, {a, b}); }
  const Expr* minus(const Expr* a, std::int64_t k) { return make.call(Builtin::Subtract, {a, make.integer(k)}); }
};

TEST_F(FactsTest, ConjunctionGivesEachOperand) {
  facts.assume(*both(keeps(), present(yn())));
  EXPECT_TRUE(facts.present(*yn()));
  EXPECT_EQ(facts.implied(*keeps()), Outcome::Shown);
  EXPECT_FALSE(facts.present(*xnp()));
}

TEST_F(FactsTest, DisjunctionGivesNothingUnlessOneSideIsOut) {
  facts.assume(*either(keeps(), present(yn())));
  EXPECT_FALSE(facts.present(*yn()));
  Facts other;
  other.assume(*keeps(), false);
  other.assume(*either(keeps(), present(yn())));
  EXPECT_TRUE(other.present(*yn()));
}

TEST_F(FactsTest, FalseDisjunctionRefutesEachOperand) {
  facts.assume(*either(keeps(), negate(present(yn()))), false);
  EXPECT_TRUE(facts.present(*yn()));
  EXPECT_EQ(facts.implied(*keeps()), Outcome::Refuted);
}

TEST_F(FactsTest, ElseOfNotPresent) {
  facts.assume(*negate(present(yn())), false);
  EXPECT_TRUE(facts.present(*yn()));
  facts.restore({});
  facts.assume(*negate(present(yn())));
  EXPECT_FALSE(facts.present(*yn()));
  EXPECT_EQ(facts.implied(*present(yn())), Outcome::Refuted);
}

TEST_F(FactsTest, RowCoversItsCells) {
  facts.assume(*present(make.at(x, {make.of(n), nullptr})));
  EXPECT_TRUE(facts.present(*xnp()));
  EXPECT_TRUE(facts.present(*make.at(x, {make.of(n), nullptr})));
  const Symbol* m = make.index("m", N);
  EXPECT_FALSE(facts.present(*make.at(x, {make.of(m), make.of(p)})));
  EXPECT_FALSE(facts.present(*make.of(x)));
}

TEST_F(FactsTest, CellDoesNotCoverItsRow) {
  facts.assume(*present(xnp()));
  EXPECT_FALSE(facts.present(*make.at(x, {make.of(n), nullptr})));
}

TEST_F(FactsTest, WholeArrayCoversEverything) {
  facts.assume(*present(make.of(x)));
  EXPECT_TRUE(facts.present(*xnp()));
}

TEST_F(FactsTest, AllOverARowCoversItsCells) {
  const Symbol* q = make.index("q", P);
  facts.assume(*make.reduce(Builtin::All, present(make.at(x, {make.of(n), make.of(q)})), {q}));
  EXPECT_TRUE(facts.present(*xnp()));
  EXPECT_FALSE(facts.present(*yn()));
}

TEST_F(FactsTest, AllOfADiagonalCoversOnlyTheDiagonal) {
  const Symbol* square = make.optional_array("s", {P, P});
  const Symbol* q = make.index("q", P);
  facts.assume(*make.reduce(Builtin::All, present(make.at(square, {make.of(q), make.of(q)})), {q}));
  EXPECT_FALSE(facts.present(*make.at(square, {make.of(p), make.integer(0)})));
}

TEST_F(FactsTest, PresenceOfAnExpressionIsThatOfItsParts) {
  const Expr* sum = make.call(Builtin::Add, {xnp(), yn()});
  facts.assume(*present(sum));
  EXPECT_TRUE(facts.present(*xnp()));
  EXPECT_TRUE(facts.present(*yn()));
  Facts one;
  one.assume(*present(xnp()));
  EXPECT_FALSE(one.present(*sum));
}

TEST_F(FactsTest, ScopesEnd) {
  const auto mark = facts.mark();
  facts.assume(*present(yn()));
  facts.restore(mark);
  EXPECT_FALSE(facts.present(*yn()));
}

TEST_F(FactsTest, EarlierIndexIsInsideUnderItsCondition) {
  facts.bind(*n);
  EXPECT_EQ(facts.within(*minus(make.of(n), 1), N), Outcome::ToCheck);
  facts.assume(*make.call(Builtin::Equal, {make.of(n), make.integer(0)}), false);
  EXPECT_EQ(facts.within(*minus(make.of(n), 1), N), Outcome::Shown);
  EXPECT_EQ(facts.within(*minus(make.of(n), 2), N), Outcome::ToCheck);
}

TEST_F(FactsTest, ElseOfAtMostFirst) {
  // if n <= first[p] then ... else ... n - 1
  const Symbol* first = make.symbol(SymbolKind::Argument, "first", types::index_type(N), {P});
  facts.bind(*n);
  facts.assume(*make.call(Builtin::LessEqual, {make.of(n), make.at(first, {make.of(p)})}), false);
  EXPECT_EQ(facts.within(*minus(make.of(n), 1), N), Outcome::Shown);
}

TEST_F(FactsTest, RefutesWhatCannotBeInside) {
  facts.bind(*n);
  EXPECT_EQ(facts.within(*minus(minus(make.of(n), 0), 0), N), Outcome::Shown);
  EXPECT_EQ(facts.within(*make.integer(-1), N), Outcome::Refuted);
  EXPECT_EQ(facts.within(*make.call(Builtin::Add, {make.of(n), make.size(N)}), N), Outcome::Refuted);
}

TEST_F(FactsTest, DeclaredSizeRefutesButNeverShows) {
  const Dimension* K = make.dimension("K", 4);
  EXPECT_EQ(facts.within(*make.integer(4), K), Outcome::Refuted);
  EXPECT_EQ(facts.within(*make.integer(3), K), Outcome::ToCheck);
}

TEST_F(FactsTest, ComparisonsFollowFromOthers) {
  const Symbol* m = make.index("m", N);
  facts.bind(*n);
  facts.bind(*m);
  facts.assume(*less(make.of(n), make.of(m)));
  EXPECT_EQ(facts.implied(*make.call(Builtin::GreaterEqual, {make.of(m), make.integer(1)})), Outcome::Shown);
  EXPECT_EQ(facts.implied(*make.call(Builtin::Equal, {make.of(n), make.of(m)})), Outcome::Refuted);
  EXPECT_EQ(facts.implied(*make.call(Builtin::NotEqual, {make.of(m), make.of(n)})), Outcome::Shown);
  EXPECT_EQ(facts.implied(*less(make.of(m), make.of(n))), Outcome::Refuted);
  EXPECT_EQ(facts.implied(*less(make.of(m), make.integer(7))), Outcome::ToCheck);
}

TEST_F(FactsTest, RealComparisonsAreKnownAsWritten) {
  const Symbol* age = make.symbol(SymbolKind::Argument, "age", types::real_type(), {N});
  const Expr* a = make.at(age, {make.of(n)});
  facts.assume(*less(a, make.real(18)));
  EXPECT_EQ(facts.implied(*make.call(Builtin::Greater, {make.real(18), a})), Outcome::Shown);
  EXPECT_EQ(facts.implied(*less(a, make.real(19))), Outcome::ToCheck);
}

}  // namespace
}  // namespace lacuna::check
