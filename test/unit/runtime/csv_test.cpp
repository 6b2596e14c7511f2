#include "test/unit/runtime/data_fixture.h"

namespace lacuna::runtime::data {
namespace {

std::vector<Cells> read(Reading& reading, const std::vector<Request>& requests) {
  return reading.sources.at(0)->read(requests, reading.problems);
}

TEST(Csv, ReadsNumbersGapsAndLabels) {
  Reading r;
  r.csv(
      "\xEF\xBB\xBF"
      "x, y ,name\r\n1,NA,anna\r\n-2.5e3,,\"o \"\"b\"\"\nnew\"\r\n\r\n+4,nan,anna");
  ASSERT_FALSE(r.problems.any_error()) << r.said();
  EXPECT_EQ(r.sources[0]->names(), (std::vector<std::string>{"x", "y", "name"}));
  const auto cells = read(r, {{"x"}, {"y"}, {"name", Wanted::Label}});
  ASSERT_EQ(cells.size(), 3u) << r.said();
  expect_reals(cells[0].real, {1, -2500, 4});
  EXPECT_TRUE(cells[0].present.empty());
  expect_reals(cells[1].real, {kGap, kGap, kGap});
  EXPECT_EQ(cells[1].present, (std::vector<std::uint8_t>{0, 0, 0}));
  EXPECT_EQ(cells[2].labels, (std::vector<std::string>{"anna", "o \"b\"\nnew"}));
  EXPECT_EQ(cells[2].whole, (std::vector<std::int64_t>{0, 1, 0}));
  EXPECT_EQ(r.sources[0]->place(cells[0], 2), "line 6");
}

TEST(Csv, ReadsWholeNumbersAndTruthValues) {
  Reading r;
  r.csv("n,b\n3,TRUE\n4.0,0\n,False\n");
  const auto cells = read(r, {{"n", Wanted::Whole}, {"b", Wanted::Bool}});
  ASSERT_EQ(cells.size(), 2u) << r.said();
  EXPECT_EQ(cells[0].whole, (std::vector<std::int64_t>{3, 4, 0}));
  EXPECT_EQ(cells[0].present, (std::vector<std::uint8_t>{1, 1, 0}));
  EXPECT_EQ(cells[1].whole, (std::vector<std::int64_t>{1, 0, 0}));
}

TEST(Csv, AValueMayStandForMissing) {
  Reading r;
  r.csv("y\n-1\n2\n-1.0\n");
  Request request{"y"};
  request.missing = "-1";
  expect_reals(read(r, {request})[0].real, {kGap, 2, kGap});
}

TEST(Csv, ACommaAtTheEndOfTheFileIsFollowedByAnEmptyCell) {
  Reading r;
  r.csv("x,y\n1,");
  const auto cells = read(r, {{"x"}, {"y"}});
  ASSERT_EQ(cells.size(), 2u) << r.said();
  expect_reals(cells[1].real, {kGap});
}

TEST(Csv, InATableOfOneColumnAnEmptyLineIsAGap) {
  Reading r;
  r.csv("x\n1\n\n3\n");
  expect_reals(read(r, {{"x"}})[0].real, {1, kGap, 3});
}

TEST(Csv, ThousandsOfColumns) {
  std::string header, row;
  for (int i = 0; i < 5000; ++i) {
    header += (i ? ",c" : "c") + std::to_string(i);
    row += (i ? "," : "") + std::to_string(i * 0.5);
  }
  Reading r;
  r.csv(header + "\n" + row + "\n" + row + "\n");
  expect_reals(read(r, {{"c4999"}})[0].real, {2499.5, 2499.5});
}

TEST(Csv, RaggedRowsAreShownUpToTen) {
  std::string text = "a,b\n1,2\n";
  for (int i = 0; i < 13; ++i) text += "1,2,3\n";
  Reading r;
  r.csv(text);
  EXPECT_TRUE(read(r, {{"a"}}).empty());
  EXPECT_NE(r.said().find("error[R0713]: rows have not as many cells as the header, which has 2"), std::string::npos)
      << r.said();
  EXPECT_NE(r.said().find("   | line 3: 3 cells\n"), std::string::npos) << r.said();
  EXPECT_NE(r.said().find("... and 3 rows more"), std::string::npos) << r.said();
}

TEST(Csv, TextWhereANumberIsNeededIsShownWithItsLine) {
  Reading r;
  r.csv("a,b\n1,2\n1,high\n");
  read(r, {{"b"}});
  EXPECT_NE(
      r.said().find("error[R0716]: `b` holds text where a number is needed\n  --> data.csv\n   | line 3: `high`\n"),
      std::string::npos)
      << r.said();
}

TEST(Csv, WhatIsNotWholeOrNoTruthValueIsSaidSo) {
  Reading r;
  r.csv("n,b\n3.5,1\n4,maybe\n");
  read(r, {{"n", Wanted::Whole}, {"b", Wanted::Bool}});
  EXPECT_NE(r.said().find("error[R0716]: `n` holds what is not a whole number\n  --> data.csv\n   | line 2: `3.5`\n"), std::string::npos) << r.said();
  EXPECT_NE(r.said().find("error[R0716]: `b` holds what is neither true nor false\n  --> data.csv\n   | line 3: `maybe`\n"), std::string::npos) << r.said();
}

TEST(Csv, ColumnsOfAMatrixStandRowByRow) {
  Reading r;
  r.csv("b,y,a\n1,10,2\n3,20,\n5,30,6\n");
  Request matrix{"x"};
  matrix.columns = {"a", "b"};
  const auto cells = read(r, {matrix, {"y"}});
  ASSERT_EQ(cells.size(), 2u) << r.said();
  EXPECT_EQ(cells[0].sizes, (std::vector<std::int64_t>{3, 2}));
  expect_reals(cells[0].real, {2, 1, kGap, 3, 6, 5});
  EXPECT_EQ(cells[0].present, (std::vector<std::uint8_t>{1, 1, 0, 1, 1, 1}));
  EXPECT_EQ(cells[0].axis_labels[1], (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(r.sources[0]->place(cells[0], 3), "line 3, `b`");
  expect_reals(cells[1].real, {10, 20, 30});
}

TEST(Csv, AFileThatIsCutInItsLastLineEndsTooEarly) {
  Reading r;
  r.csv("a,b,c\n1,2,3\n4,5");
  read(r, {{"a"}});
  EXPECT_NE(r.said().find("error[R0712]: `data.csv` ends too early: of the 3 cells of its last line, 3, it has 2"), std::string::npos) << r.said();
}

TEST(Csv, FilesThatAreNotWhatTheySay) {
  const auto said = [](const std::string& text) {
    Reading r;
    r.csv(text);
    return r.said();
  };
  EXPECT_NE(said("").find("[R0711]: `data.csv` is not a CSV file: it is empty"), std::string::npos);
  EXPECT_NE(said(std::string("a,b\n1,\0", 7)).find("[R0711]"), std::string::npos);
  EXPECT_NE(said("\xFF\xFEx").find("UTF-16"), std::string::npos);
  EXPECT_NE(said("a\n\xC3\x28\n").find("UTF-8"), std::string::npos);
  EXPECT_NE(said("{\"a\": [1]}").find("it looks like JSON"), std::string::npos);
  EXPECT_NE(said("a;b\n1;2\n").find("semicolons"), std::string::npos);
  Reading r;
  r.csv("a,b\n1,\"open\n2,3\n");
  read(r, {{"a"}});
  EXPECT_NE(r.said().find("[R0712]: `data.csv` ends too early: the quote that opens in line 2 is never closed"),
            std::string::npos)
      << r.said();
}

TEST(Csv, AColumnTwice) {
  Reading r;
  r.csv("a,b,a\n1,2,3\n");
  read(r, {{"a"}});
  EXPECT_NE(r.said().find("error[R0714]: `data.csv` has two columns `a`"), std::string::npos) << r.said();
}

TEST(Source, WhatCannotBeRead) {
  Problems problems;
  EXPECT_EQ(open_source("no_such_file.csv", Format::ByExtension, problems), nullptr);
  EXPECT_EQ(open_source(".", Format::Csv, problems), nullptr);
  EXPECT_EQ(open_source("data.txt", Format::ByExtension, problems), nullptr);
  ASSERT_EQ(problems.list().size(), 3u);
  EXPECT_EQ(render(problems.list()[0], nullptr),
            "error[R0710]: cannot read `no_such_file.csv`: No such file or directory\n");
  EXPECT_EQ(render(problems.list()[1], nullptr), "error[R0710]: cannot read `.`: it is a folder\n");
}

}  // namespace
}  // namespace lacuna::runtime::data
