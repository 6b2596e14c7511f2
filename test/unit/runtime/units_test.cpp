// New data against a fit's: what is known, what is new, and what the model is bound to. The cases are the rows of the
// table in docs/language/prediction.md.
#include "runtime/predict/units.h"

#include "test/unit/runtime/data_fixture.h"

namespace lacuna::runtime::predict {
namespace {

using data::index_of;
using data::kGap;
using data::kReal;
using data::Reading;
using data::Signature;
using Texts = std::vector<std::string>;
using Wholes = std::vector<std::int64_t>;

// A model's signature with its kinds of dimension, a fit and new data.
struct Case {
  Case(std::vector<Signature::DimensionSpec> dims, std::vector<Signature::ArgumentSpec> args, std::vector<int> kinds,
       std::vector<int> ordered)
      : signature(dims, args), about(signature.metadata) {
    for (std::size_t d = 0; d < kinds.size(); ++d) {
      dimensions.push_back(signature.metadata.dimensions[d]);
      dimensions.back().kind = kinds[d];
      dimensions.back().ordered = ordered[d];
    }
    about.dimensions = dimensions.data();
  }

  bool predict() {
    const auto old = data::match(about, fit.sources, fit.options, {}, fit.problems);
    EXPECT_TRUE(old) << fit.said();
    if (!old) return false;
    auto read = data::match(about, fresh.sources, fresh.options, {false, &old->dimensions}, fresh.problems);
    if (!read) return false;
    target = make_target({about, fresh.options, fresh.sources}, *old, std::move(*read), fresh.problems);
    return target.has_value();
  }
  std::string said() const { return fresh.said(&about); }
  const data::Dimension& dimension(std::size_t d) const { return target->dataset.dimensions[d]; }
  const data::Array& argument(std::size_t a) const { return target->dataset.arguments[a]; }
  const Units& units(std::size_t d) const { return target->units[d]; }

  Signature signature;
  std::vector<lacuna_dimension_info> dimensions;
  lacuna_metadata about;
  Reading fit, fresh;
  std::optional<Target> target;
};

// county: J[N], floor: real[N], y: real?[N], area: real[J]; the fit has Cook, Lake and Rice.
struct Radon : Case {
  explicit Radon(int kind)
      : Case({{"J"}, {"N"}},
             {{"county", index_of(0), {1}},
              {"floor", kReal, {1}},
              {"y", kReal, {1}, LACUNA_OPTIONAL | LACUNA_TARGET},
              {"area", kReal, {0}}},
             {kind, LACUNA_FREE}, {0, 0}) {
    fit.csv("county,floor,y\nLake,1,2\nCook,0,\nRice,0,3\n").csv("name,area\nRice,30\nCook,10\nLake,20\n", "areas.csv");
    fit.key("J=name");
  }
};

TEST(Units, KnownLabelsAreThoseOfTheFitInAnyOrder) {
  Radon c(LACUNA_CLOSED);
  c.fresh.csv("floor,county,junk\n0.5,Rice,a\n0.25,Cook,b\n");
  ASSERT_TRUE(c.predict()) << c.said();
  EXPECT_EQ(c.dimension(0).labels, (Texts{"Cook", "Lake", "Rice"}));
  EXPECT_EQ(c.units(0).known, (Wholes{0, 1, 2}));
  EXPECT_EQ(c.argument(0).whole, (Wholes{2, 0}));
  EXPECT_EQ(c.argument(1).real, (std::vector<double>{0.5, 0.25}));
  EXPECT_FALSE(c.argument(2).given);
  EXPECT_EQ(c.argument(3).real, (std::vector<double>{10, 20, 30}));  // from the fit
  EXPECT_EQ(c.units(1).known, (Wholes{-1, -1}));                     // rows are new
}

TEST(Units, ATableOfSomeKnownElementsLeavesTheOthersOut) {
  Radon c(LACUNA_CLOSED);
  c.fresh.csv("floor,county\n0.5,Rice\n").csv("name,area\nRice,31\n", "areas.csv").key("J=name");
  ASSERT_TRUE(c.predict()) << c.said();
  EXPECT_EQ(c.dimension(0).labels, (Texts{"Rice"}));
  EXPECT_EQ(c.units(0).known, (Wholes{2}));
  EXPECT_EQ(c.argument(0).whole, (Wholes{0}));
  EXPECT_EQ(c.argument(3).real, (std::vector<double>{31}));
}

TEST(Units, NewLabelsOfAClosedDimensionAreListed) {
  Radon c(LACUNA_CLOSED);
  c.fresh.csv("floor,county\n1,Rice\n1,Aitkin\n0,Lakes\n");
  EXPECT_FALSE(c.predict());
  EXPECT_NE(
      c.said().find(
          "error[R0703]: new data have 2 elements of `J` that the fit has not seen\n   | `Aitkin`\n   | `Lakes`\n"),
      std::string::npos)
      << c.said();
  EXPECT_NE(c.said().find("declare `open J` in the program or pass `--open J`"), std::string::npos);
  EXPECT_NE(c.said().find("`Lakes` may be meant for `Lake`"), std::string::npos);
}

TEST(Units, AtMostTenNewLabelsAreListedAndAllAreCounted) {
  Radon c(LACUNA_CLOSED);
  std::string text = "floor,county\n";
  for (int i = 0; i < 25; ++i) text += fmt::format("1,x{:02}\n", i);
  c.fresh.csv(text);
  EXPECT_FALSE(c.predict());
  EXPECT_NE(c.said().find("25 elements of `J`"), std::string::npos) << c.said();
  EXPECT_NE(c.said().find("`x09`\n   | ... and 15 elements more"), std::string::npos) << c.said();
}

TEST(Units, NewLabelsOfAnOpenDimensionAreNewAndNeedTheirArguments) {
  for (const bool by_option : {false, true}) {
    Radon c(by_option ? LACUNA_CLOSED : LACUNA_OPEN);
    if (by_option) c.fresh.options.opened.insert("J");
    c.fresh.csv("floor,county\n1,Rice\n1,Aitkin\n").csv("name,area\nAitkin,5\n", "areas.csv").key("J=name");
    ASSERT_TRUE(c.predict()) << c.said();
    EXPECT_EQ(c.dimension(0).labels, (Texts{"Rice", "Aitkin"}));
    EXPECT_EQ(c.units(0).known, (Wholes{2, -1}));
    EXPECT_EQ(c.argument(3).real, (std::vector<double>{30, 5}));  // Rice's from the fit
    Radon lacking(LACUNA_OPEN);
    lacking.fresh.csv("floor,county\n1,Rice\n1,Aitkin\n");
    EXPECT_FALSE(lacking.predict());
    EXPECT_NE(lacking.said().find("error[R0778]: nothing gives `area` for new elements of `J`"), std::string::npos)
        << lacking.said();
  }
}

TEST(Units, WhatNewRowsLackIsNamed) {
  Radon c(LACUNA_OPEN);
  c.fresh.csv("county,flor\nRice,1\n");
  EXPECT_FALSE(c.predict());
  EXPECT_NE(c.said().find("error[R0720]: the data have nothing for `floor`"), std::string::npos) << c.said();
  EXPECT_NE(c.said().find("`flor` is near"), std::string::npos) << c.said();
}

TEST(Units, GapsAndValuesOutsideTheirTypeAreNoErrors) {
  Radon c(LACUNA_OPEN);
  c.fresh.csv("county,floor\nRice,\n,2\n");
  ASSERT_TRUE(c.predict()) << c.said();
  data::expect_reals(c.argument(1).real, {kGap, 2});
  EXPECT_EQ(c.argument(0).present, (std::vector<std::uint8_t>{1, 0}));
}

TEST(Units, NoRowsAreRows) {
  Radon c(LACUNA_CLOSED);
  c.fresh.csv("county,floor\n");
  ASSERT_TRUE(c.predict()) << c.said();
  EXPECT_EQ(c.dimension(1).size, 0);
}

// Without labels: by position where the dimension is closed, new where it is open.
TEST(Units, ElementsWithoutLabelsGoByPositionOrAreNew) {
  const auto made = [](int kind, const char* text) {
    auto c = std::make_unique<Case>(std::vector<Signature::DimensionSpec>{{"J"}},
                                    std::vector<Signature::ArgumentSpec>{{"x", kReal, {0}}}, std::vector<int>{kind},
                                    std::vector<int>{0});
    c->fit.json(R"({"x": [1, 2, 3]})");
    c->fresh.json(text);
    return c;
  };
  const auto same = made(LACUNA_CLOSED, R"({"x": [4, 5, 6]})");
  ASSERT_TRUE(same->predict()) << same->said();
  EXPECT_EQ(same->units(0).known, (Wholes{0, 1, 2}));
  EXPECT_EQ(same->argument(0).real, (std::vector<double>{4, 5, 6}));
  const auto fewer = made(LACUNA_CLOSED, R"({"x": [4, 5]})");
  EXPECT_FALSE(fewer->predict());
  EXPECT_NE(fewer->said().find("error[R0722]: sizes disagree"), std::string::npos) << fewer->said();
  const auto open = made(LACUNA_OPEN, R"({"x": [4, 5]})");
  ASSERT_TRUE(open->predict()) << open->said();
  EXPECT_EQ(open->units(0).known, (Wholes{-1, -1}));
}

TEST(Units, ColumnsOfAMatrixAreMatchedByName) {
  const auto made = [](const char* header, const char* bind) {
    auto c = std::make_unique<Case>(std::vector<Signature::DimensionSpec>{{"N"}, {"P"}},
                                    std::vector<Signature::ArgumentSpec>{{"x", kReal, {0, 1}}},
                                    std::vector<int>{LACUNA_FREE, LACUNA_CLOSED}, std::vector<int>{0, 0});
    c->fit.csv("income,age\n1,2\n").bind("x = income, age");
    c->fresh.csv(std::string(header) + "\n10,20,30\n").bind(bind);
    return c;
  };
  const auto turned = made("junk,age,income", "x = age, income");
  ASSERT_TRUE(turned->predict()) << turned->said();
  EXPECT_EQ(turned->dimension(1).labels, (Texts{"income", "age"}));
  EXPECT_EQ(turned->argument(0).real, (std::vector<double>{30, 20}));
  const auto few = made("junk,age,income", "x = age");
  EXPECT_FALSE(few->predict());
  EXPECT_NE(few->said().find("error[R0775]: columns of `P` are missing that the fit has"), std::string::npos)
      << few->said();
  const auto many = made("height,age,income", "x = age, income, height");
  EXPECT_FALSE(many->predict());
  EXPECT_NE(many->said().find("error[R0703]: new data have 1 element of `P`"), std::string::npos) << many->said();
  const auto renamed = made("junk,age,salary", "x = age, income");
  EXPECT_FALSE(renamed->predict());
  EXPECT_NE(renamed->said().find("no file has `income`"), std::string::npos) << renamed->said();
}

// y: real?[T], x: real[T] along which something runs; the fit has 2001, 2003 and 2005.
struct Series : Case {
  explicit Series(int kind = LACUNA_OPEN)
      : Case({{"T"}}, {{"y", kReal, {0}, LACUNA_OPTIONAL | LACUNA_TARGET}, {"x", kReal, {0}}}, {kind}, {1}) {
    fit.csv("year,y,x\n2001,1,10\n2003,,20\n2005,3,30\n").key("T=year");
    fresh.key("T=year");
  }
};

TEST(Units, ASeriesGoesOnWithElementsThatNobodyHasSeenBetween) {
  Series c;
  c.fresh.csv("x,year\n70,2011\n21,2003\n50,2007\n");
  ASSERT_TRUE(c.predict()) << c.said();
  EXPECT_EQ(c.dimension(0).labels, (Texts{"2001", "2003", "2005", "2007", "2009", "2011"}));
  EXPECT_EQ(c.units(0).known, (Wholes{0, 1, 2, -1, -1, -1}));
  EXPECT_EQ(c.units(0).wanted, (Wholes{1, 3, 5}));
  data::expect_reals(c.argument(0).real, {1, kGap, 3, kGap, kGap, kGap});  // y: the fit's, its gap kept
  data::expect_reals(c.argument(1).real, {10, 21, 30, 50, kGap, 70});
}

TEST(Units, AHorizonGoesOnAfterTheLast) {
  Case c({{"T"}}, {{"y", kReal, {0}, LACUNA_OPTIONAL | LACUNA_TARGET}}, {LACUNA_OPEN}, {1});
  c.fit.csv("month,y\n2025-10-01,1\n2025-11-01,2\n").key("T=month");
  c.fresh.options.add_size("T=+3", c.fresh.problems);
  ASSERT_TRUE(c.predict()) << c.said();
  EXPECT_EQ(c.dimension(0).labels, (Texts{"2025-10-01", "2025-11-01", "2025-12-01", "2026-01-01", "2026-02-01"}));
  EXPECT_EQ(c.units(0).wanted, (Wholes{2, 3, 4}));
  data::expect_reals(c.argument(0).real, {1, 2, kGap, kGap, kGap});
}

TEST(Units, LabelsOffTheStepOrBeforeTheEndAreErrors) {
  Series off;
  off.fresh.csv("x,year\n1,2008\n");
  EXPECT_FALSE(off.predict());
  EXPECT_NE(off.said().find("error[R0773]: labels of `T` do not follow one step: the fit's have a step of 2"),
            std::string::npos)
      << off.said();
  Series before;
  before.fresh.csv("x,year\n1,1999\n2,2007\n");
  EXPECT_FALSE(before.predict());
  EXPECT_NE(before.said().find(
                "error[R0774]: new data have 1 label of `T` that the fit has not seen, and that stand before its end"),
            std::string::npos)
      << before.said();
  Series closed(LACUNA_CLOSED);
  closed.fresh.csv("x,year\n1,2007\n");
  EXPECT_FALSE(closed.predict());
  EXPECT_NE(closed.said().find("error[R0703]"), std::string::npos) << closed.said();
}

TEST(Units, WhatCannotBeOpenedIsSaid) {
  Case c({{"K"}}, {{"x", kReal, {0}}}, {LACUNA_CLOSED}, {0});
  static const std::int32_t axis[1] = {0};
  const lacuna_site_info site = {
      "p", LACUNA_LATENT, 0, data::kSimplex, 1, 1, axis, 0, -1, "K - 1", "Dirichlet(1)", nullptr, {}};
  c.about.sites = &site;
  c.about.site_count = 1;
  c.fit.json(R"({"x": [1, 2]})");
  c.fresh.json(R"({"x": [1, 2]})");
  c.fresh.options.opened = {"K", "L"};
  EXPECT_FALSE(c.predict());
  EXPECT_NE(c.said().find("error[R0776]: `K` cannot be opened: the elements of `p` are bound together"),
            std::string::npos)
      << c.said();
  EXPECT_NE(c.said().find("error[R0726]: `--open L` has no meaning here"), std::string::npos) << c.said();
}

}  // namespace
}  // namespace lacuna::runtime::predict
