#include "compiler/check/linear.h"

#include <gtest/gtest.h>

#include <random>

#include "test/unit/check/expressions.h"

namespace lacuna::check {
namespace {

using test::Expressions;

Linear over(const std::vector<const Symbol*>& atoms, std::int64_t constant, const std::vector<int>& coefficients) {
  Linear form;
  form.constant = constant;
  for (std::size_t i = 0; i < atoms.size(); ++i)
    if (coefficients[i] != 0) form.terms.push_back({atoms[i], nullptr, nullptr, coefficients[i]});
  return form;
}

std::int64_t value_at(const Linear& form, const std::vector<const Symbol*>& atoms, const std::vector<int>& point) {
  std::int64_t value = form.constant;
  for (const auto& term : form.terms)
    for (std::size_t i = 0; i < atoms.size(); ++i)
      if (term.symbol == atoms[i]) value += term.coefficient * point[i];
  return value;
}

TEST(Linear, ReadsSumsDifferencesAndMultiples) {
  Expressions make;
  const Dimension* N = make.dimension("N");
  const Symbol* n = make.index("n", N);
  // 2 * (n - 3) + size(N) - n
  const Expr* e = make.call(
      Builtin::Subtract,
      {make.call(Builtin::Add, {make.call(Builtin::Multiply, {make.integer(2), make.call(Builtin::Subtract, {make.of(n), make.integer(3)})}),
                                make.size(N)}),
       make.of(n)});
  const auto form = linear_form(*e);
  ASSERT_TRUE(form);
  EXPECT_EQ(form->constant, -6);
  ASSERT_EQ(form->terms.size(), 2u);
  EXPECT_EQ(form->terms[0].symbol, n);
  EXPECT_EQ(form->terms[0].coefficient, 1);
  EXPECT_EQ(form->terms[1].size_of, N);
  EXPECT_EQ(form->terms[1].coefficient, 1);
}

TEST(Linear, TakesOtherIntegersWholeAndEqualOnesAsOne) {
  Expressions make;
  const Dimension* N = make.dimension("N");
  const Symbol* lag = make.symbol(SymbolKind::Argument, "lag", types::int_type(), {N});
  const Symbol* n = make.index("n", N);
  const auto difference =
      linear_form(*make.call(Builtin::Subtract, {make.at(lag, {make.of(n)}), make.at(lag, {make.of(n)})}));
  ASSERT_TRUE(difference);
  EXPECT_TRUE(difference->is_constant());
  EXPECT_EQ(difference->constant, 0);
}

TEST(Linear, RefusesRealsAndHugeNumbers) {
  Expressions make;
  EXPECT_FALSE(linear_form(*make.real(1.5)));
  EXPECT_FALSE(linear_form(*make.integer(std::int64_t{1} << 40)));
}

// Against brute force: what `follows` says holds at every point of a small cube where the facts hold.
TEST(Linear, FollowsIsSound) {
  Expressions make;
  const Dimension* N = make.dimension("N");
  const std::vector<const Symbol*> atoms{make.index("a", N), make.index("b", N), make.index("c", N)};
  std::mt19937 random(20);
  std::uniform_int_distribution<int> coefficient(-2, 2), constant(-4, 4), how_many(1, 5);
  const auto form = [&] { return over(atoms, constant(random), {coefficient(random), coefficient(random), coefficient(random)}); };
  int shown = 0;
  for (int trial = 0; trial < 20000; ++trial) {
    std::vector<Linear> facts;
    for (int i = how_many(random); i > 0; --i) facts.push_back(form());
    const Linear goal = form();
    if (!follows(goal, facts)) continue;
    ++shown;
    for (int a = -5; a <= 5; ++a)
      for (int b = -5; b <= 5; ++b)
        for (int c = -5; c <= 5; ++c) {
          const std::vector<int> point{a, b, c};
          const bool hold = std::all_of(facts.begin(), facts.end(), [&](const Linear& f) { return value_at(f, atoms, point) >= 0; });
          ASSERT_TRUE(!hold || value_at(goal, atoms, point) >= 0) << "trial " << trial;
        }
  }
  EXPECT_GT(shown, 500);
}

TEST(Linear, FollowsThroughChains) {
  Expressions make;
  const Dimension* N = make.dimension("N");
  const std::vector<const Symbol*> atoms{make.index("t", N), make.index("k", N), make.index("j", N)};
  const std::vector<Linear> facts{over(atoms, -1, {1, -1, 0}), over(atoms, -1, {0, 1, -1}), over(atoms, 0, {0, 0, 1})};
  EXPECT_TRUE(follows(over(atoms, -2, {1, 0, 0}), facts));   // t > k > j >= 0, so t >= 2
  EXPECT_FALSE(follows(over(atoms, -3, {1, 0, 0}), facts));
}

}  // namespace
}  // namespace lacuna::check
