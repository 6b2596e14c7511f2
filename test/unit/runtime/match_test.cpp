// Data against signatures: labels, sizes, orders, and every mistake.
#include "runtime/data/labels.h"
#include "test/unit/runtime/data_fixture.h"
#include "test/unit/runtime/models/models.h"

namespace lacuna::runtime::data {
namespace {

using Texts = std::vector<std::string>;
using Wholes = std::vector<std::int64_t>;

std::optional<Dataset> match(Reading& r, const Signature& signature, bool targets = true) {
  return match(signature.metadata, r.sources, r.options, {targets}, r.problems);
}

// county: J[N], floor: real[N], y: real?[N]
const Signature& radon() {
  static const Signature made(
      {{"J"}, {"N"}},
      {{"county", index_of(0), {1}}, {"floor", kReal, {1}}, {"y", kReal, {1}, LACUNA_OPTIONAL | LACUNA_TARGET}});
  return made;
}

void expect_said(const Reading& r, const std::string& text) {
  EXPECT_NE(r.said().find(text), std::string::npos) << r.said();
}

TEST(Match, AnIndexColumnLabelsItsDimension) {
  Reading r;
  r.csv("county,floor,y\nLake,1,2\nCook,0,\nLake,1,4\n");
  const auto data = match(r, radon());
  ASSERT_TRUE(data) << r.said();
  EXPECT_EQ(data->dimensions[0].labels, (Texts{"Cook", "Lake"}));
  EXPECT_EQ(data->dimensions[0].keys, (std::vector<std::uint64_t>{label_key("Cook"), label_key("Lake")}));
  EXPECT_EQ(data->dimensions[1].size, 3);
  EXPECT_EQ(data->arguments[0].whole, (Wholes{1, 0, 1}));
  expect_reals(data->arguments[2].real, {2, kGap, 4});
}

TEST(Match, NumbersAreOrderedAsNumbers) {
  Reading r;
  r.csv("county,floor,y\n10,1,2\n9.0,0,3\n");
  const auto data = match(r, radon());
  ASSERT_TRUE(data) << r.said();
  EXPECT_EQ(data->dimensions[0].labels, (Texts{"9", "10"}));
}

TEST(Match, AKeyPutsRowsInTheOrderOfLabels) {
  const Signature signature({{"J"}, {"N"}}, {{"county", index_of(0), {1}}, {"uranium", kReal, {0}}});
  Reading r;
  r.csv("county\nLake\nCook\nLake\n").csv("name,uranium\nLake,3\nAitkin,1\nCook,2\n", "counties.csv").key("J=name");
  const auto data = match(r, signature);
  ASSERT_TRUE(data) << r.said();
  EXPECT_EQ(data->dimensions[0].labels, (Texts{"Aitkin", "Cook", "Lake"}));
  expect_reals(data->arguments[1].real, {1, 2, 3});
  EXPECT_EQ(data->arguments[0].whole, (Wholes{2, 1, 2}));
}

TEST(Match, AKeyMustKnowTheIndexColumnsLabels) {
  const Signature signature({{"J"}, {"N"}}, {{"county", index_of(0), {1}}, {"uranium", kReal, {0}}});
  Reading r;
  r.csv("county\nLake\nCork\n").csv("name,uranium\nLake,3\nCook,2\n", "counties.csv").key("J=name");
  EXPECT_FALSE(match(r, signature));
  expect_said(r, "error[R0732]: `county` has labels that `J` does not know\n  --> data.csv\n   | line 3: `Cork`\n");
  expect_said(r, "   = note: `J` has `Cook`, `Lake`\n");
  expect_said(r, "   = help: `Cook` is near `Cork`\n");
  Reading twice;
  twice.csv("county\nLake\n").csv("name,uranium\nLake,3\nLake,2\n", "counties.csv").key("J=name");
  EXPECT_FALSE(match(twice, signature));
  expect_said(twice, "error[R0733]: the key `name` labels two rows alike\n  --> counties.csv\n   | line 3: `Lake`\n");
}

TEST(Match, WhereAKeyLabelsRowsOtherFilesMustToo) {
  const Signature signature({{"J"}}, {{"a", kReal, {0}}, {"b", kReal, {0}}});
  Reading r;
  r.csv("name,a\nz,1\ny,2\n").json(R"({"b": [5, 6]})").key("J=name");
  EXPECT_FALSE(match(r, signature));
  expect_said(r, "error[R0727]: `b` has no labels for `J`");
}

TEST(Match, ColumnsMakeAMatrixWithTheirNamesAsLabels) {
  const Signature signature({{"N"}, {"P"}}, {{"x", kReal, {0, 1}}});
  Reading r;
  r.csv("weight,age,\"my income\"\n1,2,3\n4,5,6\n").bind("x = age, \"my income\"");
  const auto data = match(r, signature);
  ASSERT_TRUE(data) << r.said();
  EXPECT_EQ(data->dimensions[1].labels, (Texts{"age", "my income"}));
  expect_reals(data->arguments[0].real, {2, 3, 5, 6});
  EXPECT_EQ(data->unused, (Texts{"data.csv: weight"}));
}

TEST(Match, WhatLabelsATableIsAskedFor) {
  const Signature signature({{"J"}, {"N"}}, {{"county", index_of(0), {1}}, {"uranium", kReal, {0}}});
  Reading none;
  none.csv("county\nLake\nCook\n").csv("name,uranium\nLake,3\nCook,2\n", "counties.csv");
  EXPECT_FALSE(match(none, signature));
  expect_said(none, "error[R0716]: `county` holds labels where positions are needed\n  --> data.csv\n   | `Lake`\n   | `Cook`\n");
  expect_said(none, "`--key J=COLUMN`");
  Reading near;
  near.csv("county\nLake\nCook\n").csv("name,uranium\nLake,3\nCook,2\n", "counties.csv").key("J=nam");
  EXPECT_FALSE(match(near, signature));
  expect_said(near, "no table over `J` has a column `nam`\n   = help: did you mean `name`?\n");
}

TEST(Match, ColumnsMakeAMatrixInTablesOnly) {
  const Signature signature({{"N"}, {"P"}}, {{"x", kReal, {0, 1}}});
  Reading r;
  r.json(R"({"a": [1, 2], "b": [3, 4]})").bind("x = a, b");
  EXPECT_FALSE(match(r, signature));
  expect_said(r, "columns make a matrix in a table (CSV); elsewhere a matrix is one array");
}

TEST(Match, ALongTableFillsAnArray) {
  const Signature dense({{"U"}, {"F"}}, {{"stars", kReal, {0, 1}, LACUNA_OPTIONAL}});
  const Signature sparse({{"U"}, {"F"}}, {{"stars", kReal, {0, 1}, LACUNA_OPTIONAL | LACUNA_SPARSE}});
  const std::string text = "user,film,rating\nbob,up,4\nann,up,5\nbob,heat,1\n";
  Reading r;
  r.csv(text).bind("stars[U, F] = rating by user, film");
  const auto data = match(r, dense);
  ASSERT_TRUE(data) << r.said();
  EXPECT_EQ(data->dimensions[0].labels, (Texts{"ann", "bob"}));
  EXPECT_EQ(data->dimensions[1].labels, (Texts{"heat", "up"}));
  expect_reals(data->arguments[0].real, {kGap, 5, 1, 4});
  Reading s;
  s.csv(text).bind("stars[U, F] = rating by user, film");
  const auto listed = match(s, sparse);
  ASSERT_TRUE(listed) << s.said();
  EXPECT_TRUE(listed->arguments[0].sparse);
  EXPECT_EQ(listed->arguments[0].coordinates, (std::vector<Wholes>{{0, 1, 1}, {1, 0, 1}}));
  expect_reals(listed->arguments[0].real, {5, 1, 4});
}

TEST(Match, ALongTableMayNotGiveACellTwice) {
  const Signature signature({{"U"}, {"F"}}, {{"stars", kReal, {0, 1}, LACUNA_OPTIONAL}});
  Reading r;
  r.csv("user,film,rating\nbob,up,4\nann,up,5\nbob,up,1\n").bind("stars[U, F] = rating by user, film");
  EXPECT_FALSE(match(r, signature));
  expect_said(r, "error[R0736]: `stars` is given twice for one cell\n  --> data.csv\n   | line 2 and line 4\n");
}

TEST(Match, CmdStansLayoutReadsAsItIs) {
  const Signature signature({{"N"}, {"K"}}, {{"x", kReal, {0, 1}}, {"y", kCount, {0}}});
  Reading r;
  r.json(R"({"N": 3, "K": 2, "x": [[1, 2], [3, 4], [5, 6]], "y": [1, 0, 2]})");
  const auto data = match(r, signature);
  ASSERT_TRUE(data) << r.said();
  EXPECT_EQ(data->arguments[0].sizes, (Wholes{3, 2}));
  Reading wrong;
  wrong.json(R"({"N": 4, "x": [[1, 2], [3, 4], [5, 6]], "y": [1, 0, 2]})");
  EXPECT_FALSE(match(wrong, signature));
  expect_said(wrong, "error[R0722]: sizes disagree");
}

TEST(Match, PositionsThatCountFromOne) {
  const std::string text = R"({"J": 3, "county": [1, 3, 2], "floor": [0, 1, 0], "y": [1, 2, null]})";
  Reading r;
  r.json(text);
  EXPECT_FALSE(match(r, radon()));
  expect_said(r, "error[R0734]: `county` counts from 1, and positions count from 0");
  expect_said(r, "--index-base county=1");
  Reading said;
  said.json(text).options.add_index_base("county=1", said.problems);
  const auto data = match(said, radon());
  ASSERT_TRUE(data) << said.said();
  EXPECT_EQ(data->arguments[0].whole, (Wholes{0, 2, 1}));
  Reading outside;
  outside.json(R"({"J": 3, "county": [0, 7], "floor": [0, 1], "y": [1, 2]})");
  EXPECT_FALSE(match(outside, radon()));
  expect_said(outside,
              "error[R0735]: `county` has 1 value outside the positions of `J`\n  --> data.json\n   | county[1]: 7\n");
}

TEST(Match, DeclaredLabelsAreTheOnlyOnes) {
  const Signature signature({{"K", 3, {"low", "mid", "high"}}, {"N"}}, {{"level", index_of(0), {1}}});
  Reading r;
  r.csv("level\nhigh\nlow\n");
  const auto data = match(r, signature);
  ASSERT_TRUE(data) << r.said();
  EXPECT_EQ(data->arguments[0].whole, (Wholes{2, 0}));
  Reading wrong;
  wrong.csv("level\nhigh\nlower\n");
  EXPECT_FALSE(match(wrong, signature));
  expect_said(wrong, "`level` has labels that `K` does not know");
}

TEST(Match, NamesThatAreMissingOrFoundTwice) {
  Reading r;
  r.csv("county,flor,y\na,1,2\n");
  EXPECT_FALSE(match(r, radon()));
  expect_said(r, "error[R0720]: the data have nothing for `floor`");
  expect_said(r, "`flor` is near: `--bind 'floor = flor'`");
  EXPECT_EQ(nearest("x", {"J", "y"}), "");
  EXPECT_EQ(nearest("x", {"J", "X"}), "X");
  Reading twice;
  twice.csv("county,floor,y\na,1,2\n").csv("floor\n1\n", "more.csv");
  EXPECT_FALSE(match(twice, radon()));
  expect_said(twice, "error[R0721]: `floor` is found twice\n   | data.csv\n   | more.csv\n");
}

TEST(Match, APredictionDoesWithoutTargets) {
  Reading r;
  r.csv("county,floor\na,1\n");
  const auto data = match(r, radon(), false);
  ASSERT_TRUE(data) << r.said();
  EXPECT_FALSE(data->arguments[2].given);
}

TEST(Match, SizesThatDisagreeNameBothArrays) {
  Reading r;
  r.csv("county,floor\na,1\nb,0\n").csv("y\n1\n", "more.csv");
  EXPECT_FALSE(match(r, radon()));
  expect_said(r, "error[R0722]: sizes disagree: `county` has 2 along N, `y` has 1\n");
  expect_said(r, "`y` is in more.csv");
}

TEST(Match, RanksThatDiffer) {
  Reading r;
  r.json(R"({"county": ["a"], "floor": [[1]], "y": [2]})");
  EXPECT_FALSE(match(r, radon()));
  expect_said(r, "error[R0723]: `floor` has 2 dimensions in the data, and 1 dimension in the model");
}

TEST(Match, GapsAndValuesOutsideAType) {
  const Signature signature({{"N"}},
                            {{"n", kCount, {0}}, {"s", kPositive, {0}}, {"any", kPositive, {0}, LACUNA_UNCHECKED}});
  Reading r;
  r.csv("n,s,any\n1,2,-1\n-3,0,x\n,2.5,\n");
  EXPECT_FALSE(match(r, signature));
  expect_said(r, "error[R0730]: `n` has 1 gap, and its type has no gaps\n  --> data.csv\n   | line 4\n");
  expect_said(r, "error[R0731]: `n` has 1 value outside its type\n  --> data.csv\n   | line 3: -3\n");
  expect_said(r,
              "error[R0731]: `s` has 1 value outside its type\n  --> data.csv\n   | line 3: 0\n   = note: `s` is a "
              "number greater than 0\n");
  EXPECT_EQ(r.said().find("any"), std::string::npos);
}

TEST(Match, ASimplexMustSumToOne) {
  const Signature signature({{"N"}, {"K"}}, {{"p", kSimplex, {0, 1}}});
  Reading r;
  r.json(R"({"p": [[0.25, 0.75], [0.5, 0.6]]})");
  EXPECT_FALSE(match(r, signature));
  expect_said(r, "error[R0739]: `p` is not a simplex everywhere\n  --> data.json\n   | element 1\n");
}

TEST(Match, ADimensionThatNothingSizes) {
  const Signature signature({{"K"}, {"N"}}, {{"y", kReal, {1}}});
  Reading r;
  r.csv("y\n1\n");
  EXPECT_FALSE(match(r, signature));
  expect_said(r, "error[R0724]: nothing says how large the dimension `K` is");
  Reading given;
  given.csv("y\n1\n").options.add_size("K=4", given.problems);
  const auto data = match(given, signature);
  ASSERT_TRUE(data) << given.said();
  EXPECT_EQ(data->dimensions[0].size, 4);
}

TEST(Match, OptionsThatNameNothing) {
  Reading r;
  r.csv("county,floor,y\na,1,2\n").bind("flor = floor").key("K=county");
  r.options.add_size("M=3", r.problems);
  r.options.add_missing("z=-1", r.problems);
  EXPECT_FALSE(match(r, radon()));
  expect_said(r,
              "error[R0726]: `--bind flor = floor` has no meaning here: the model has no argument `flor`\n   = help: "
              "did you mean `floor`?");
  expect_said(r, "`--key K=county` has no meaning here: the model has no dimension `K`");
  expect_said(r, "`--size M=3` has no meaning here");
  expect_said(r, "`--missing z=-1` has no meaning here");
}

TEST(Match, EmptyTablesHaveSizeNought) {
  Reading r;
  r.csv("county,floor,y\n");
  const auto data = match(r, radon());
  ASSERT_TRUE(data) << r.said();
  EXPECT_EQ(data->dimensions[0].size, 0);
  EXPECT_EQ(data->dimensions[1].size, 0);
}

TEST(Options, AreReadOrRefused) {
  Problems problems;
  Options options;
  EXPECT_TRUE(options.add_bind("x=age,income", problems));
  EXPECT_EQ(options.bindings[0].columns, (Texts{"age", "income"}));
  EXPECT_TRUE(options.add_bind("stars[User, Film] = rating by user, film", problems));
  EXPECT_EQ(options.bindings[1].by, (Texts{"user", "film"}));
  EXPECT_TRUE(options.add_size("T=+12", problems));
  EXPECT_TRUE(options.sizes["T"].horizon);
  for (const char* wrong : {"", "x", "x =", "= x", "x = a b", "x[ = a", "x[U] = a, b by c"}) {
    Options none;
    EXPECT_FALSE(none.add_bind(wrong, problems)) << wrong;
  }
  EXPECT_FALSE(options.add_bind("x = again", problems));
  EXPECT_FALSE(options.add_size("K=-1", problems));
  EXPECT_FALSE(options.add_index_base("county=2", problems));
}

}  // namespace
}  // namespace lacuna::runtime::data
