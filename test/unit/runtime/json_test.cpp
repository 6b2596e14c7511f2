#include "test/unit/runtime/data_fixture.h"

namespace lacuna::runtime::data {
namespace {

std::vector<Cells> read(Reading& reading, const std::vector<Request>& requests) {
  return reading.sources.at(0)->read(requests, reading.problems);
}

TEST(Json, ReadsNestedArraysAndScalars) {
  Reading r;
  r.json(R"({"N": 2, "x": [[1, 2.5, 3], [4, 5, 6]], "names": ["b", "a"], "s": -1e-3})");
  ASSERT_FALSE(r.problems.any_error()) << r.said();
  EXPECT_EQ(r.sources[0]->names(), (std::vector<std::string>{"N", "x", "names", "s"}));
  const auto cells = read(r, {{"x"}, {"N", Wanted::Whole}, {"names", Wanted::Label}, {"s"}});
  ASSERT_EQ(cells.size(), 4u) << r.said();
  EXPECT_EQ(cells[0].sizes, (std::vector<std::int64_t>{2, 3}));
  expect_reals(cells[0].real, {1, 2.5, 3, 4, 5, 6});
  EXPECT_TRUE(cells[1].sizes.empty());
  EXPECT_EQ(cells[1].whole[0], 2);
  EXPECT_EQ(cells[2].labels, (std::vector<std::string>{"b", "a"}));
  expect_reals(cells[3].real, {-1e-3});
  EXPECT_EQ(r.sources[0]->place(cells[0], 4), "x[1][1]");
}

TEST(Json, EveryFormOfAGap) {
  Reading r;
  r.json(R"({"y": [null, NaN, "NaN", "NA", Infinity, -Infinity, "Inf", "-Inf", 1], "t": "Infinity NaN"})");
  ASSERT_FALSE(r.problems.any_error()) << r.said();
  const auto cells = read(r, {{"y"}, {"t", Wanted::Label}});
  ASSERT_EQ(cells.size(), 2u) << r.said();
  expect_reals(cells[0].real, {kGap, kGap, kGap, kGap, kInf, -kInf, kInf, -kInf, 1});
  EXPECT_EQ(cells[0].present, (std::vector<std::uint8_t>{0, 0, 0, 0, 1, 1, 1, 1, 1}));
  EXPECT_EQ(cells[1].labels, (std::vector<std::string>{"Infinity NaN"}));
}

TEST(Json, WholeNumbersStayExact) {
  Reading r;
  r.json(R"({"k": [9007199254740993, 2.0, true]})");
  const auto cells = read(r, {{"k", Wanted::Whole}});
  ASSERT_EQ(cells.size(), 1u) << r.said();
  EXPECT_EQ(cells[0].whole, (std::vector<std::int64_t>{9007199254740993, 2, 1}));
}

TEST(Json, AFractionIsNoWholeNumber) {
  Reading r;
  r.json(R"({"k": [1, 2.5]})");
  read(r, {{"k", Wanted::Whole}});
  EXPECT_NE(r.said().find("[R0716]: `k` holds what is not a whole number\n  --> data.json\n   | k[1]: `2.5`"),
            std::string::npos)
      << r.said();
}

TEST(Json, RaggedArrays) {
  for (const char* text : {R"({"x": [[1, 2], [3]]})", R"({"x": [1, [2]]})", R"({"x": [[1], 2]})"}) {
    Reading r;
    r.json(text);
    EXPECT_TRUE(read(r, {{"x"}}).empty());
    EXPECT_NE(r.said().find("error[R0715]: `x` is ragged"), std::string::npos) << text << r.said();
  }
}

TEST(Json, TheElementThatBreaksTheShapeIsShown) {
  const auto said = [](const std::string& text) {
    Reading r;
    r.json(text);
    read(r, {{"x"}});
    return r.said();
  };
  EXPECT_NE(said("{\"x\": [[1, 2], [3], [5, 6]]}").find("| x[1]: 1 element, and 2 in those before\n"), std::string::npos);
  EXPECT_NE(said("{\"x\": [[[1]], [[2], [3]]]}").find("| x[1]: 2 elements, and 1 in those before\n"), std::string::npos);
  EXPECT_NE(said("{\"x\": [[1, 2], 3]}").find("| x[1]: a number where arrays stand before\n"), std::string::npos);
  EXPECT_NE(said("{\"x\": [1, [2]]}").find("| x[1]: an array where numbers stand before\n"), std::string::npos);
}

TEST(Json, FilesThatAreNotWhatTheySay) {
  const auto said = [](const std::string& text) {
    Reading r;
    r.json(text);
    return r.said();
  };
  EXPECT_NE(said("").find("[R0711]: `data.json` is not JSON: it is empty"), std::string::npos);
  EXPECT_NE(said(" \n").find("[R0711]: `data.json` is not JSON: it is empty"), std::string::npos);
  EXPECT_NE(said("[1, 2]").find("[R0711]: `data.json` is not JSON: what is needed is one object"), std::string::npos)
      << said("[1, 2]");
  EXPECT_NE(said("{\"x\": [1, 2").find("[R0712]"), std::string::npos) << said("{\"x\": [1, 2");
  EXPECT_NE(said("{\"x\": \"open").find("[R0712]"), std::string::npos) << said("{\"x\": \"open");
  EXPECT_NE(said("{\"x\" 1}").find("[R0711]"), std::string::npos);
  EXPECT_NE(said("{\"x\": 1} 2").find("[R0711]"), std::string::npos);
  EXPECT_NE(said("a,b\n1,2\n").find("[R0711]"), std::string::npos);
  EXPECT_NE(said("\x89HDF\r\n").find("NetCDF"), std::string::npos);
}

// A value that is skipped when the file is opened hides that its brackets do not match; reading says so.
TEST(Json, WhatIsMetWhenReadIsSaid) {
  Reading r;
  r.json(R"({"J": 3, "N":  "county": [1, 2], Small [3], [7, 8]]})");
  ASSERT_EQ(r.sources.size(), 1u) << r.said();
  read(r, {{"J"}, {"N", Wanted::Label}});
  EXPECT_NE(r.said().find("[R0711]: `data.json` is not JSON"), std::string::npos) << r.said();
}

TEST(Json, ANameTwice) {
  Reading r;
  r.json(R"({"x": 1, "x": 2})");
  read(r, {{"x"}});
  EXPECT_NE(r.said().find("error[R0721]: `x` is found twice"), std::string::npos) << r.said();
}

TEST(Json, EmptyArraysHaveSizeNought) {
  Reading r;
  r.json(R"({"x": [], "m": [[], []]})");
  const auto cells = read(r, {{"x"}, {"m"}});
  ASSERT_EQ(cells.size(), 2u) << r.said();
  EXPECT_EQ(cells[0].sizes, (std::vector<std::int64_t>{0}));
  EXPECT_EQ(cells[1].sizes, (std::vector<std::int64_t>{2, 0}));
}

}  // namespace
}  // namespace lacuna::runtime::data
