// The words of `--summary`, and their values against definitions that are worked out by hand.
#include "runtime/predict/summary_words.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace lacuna::runtime::predict {
namespace {

std::vector<double> summary(const std::string& words, std::vector<double> draws) {
  std::string wrong;
  const auto metrics = read_metrics(words, wrong);
  EXPECT_TRUE(metrics) << wrong;
  std::vector<double> out(metrics->size());
  Summariser summarise(*metrics);
  summarise(draws, out.data());
  return out;
}

// 0, 1, ..., 10 in disorder: mean 5, squares of deviations 110, quantile p at 10 p.
TEST(SummaryWords, AreTheirDefinitions) {
  const std::vector<double> draws = {3, 10, 0, 7, 5, 1, 9, 2, 8, 4, 6};
  const std::vector<double> got = summary("q95,mean,sd, q05,q2.5,q975,median,min,max,q50,q333", draws);
  const std::vector<double> wanted = {9.5, 5, std::sqrt(11.0), 0.5, 0.25, 9.75, 5, 0, 10, 5, 3.33};
  for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(got[i], wanted[i], 1e-14) << i;
}

TEST(SummaryWords, AFarMeanCostsNoDigits) {
  const std::vector<double> got = summary("mean,sd", {1e15 + 1, 1e15 + 2, 1e15 + 3});
  EXPECT_EQ(got[0], 1e15 + 2);
  EXPECT_EQ(got[1], 1);
}

TEST(SummaryWords, GapsInfinitiesAndFewDraws) {
  EXPECT_TRUE(std::isnan(summary("q50", {1, std::nan(""), 2})[0]));
  EXPECT_TRUE(std::isnan(summary("mean", {})[0]));
  EXPECT_EQ(summary("mean,max", {INFINITY, 1}), (std::vector<double>{INFINITY, INFINITY}));
  EXPECT_EQ(summary("q05,q95,mean", {4}), (std::vector<double>{4, 4, 4}));
  EXPECT_TRUE(std::isnan(summary("sd", {4})[0]));
}

TEST(SummaryWords, OthersAreRefused) {
  for (const char* word : {"", "q", "q5", "q101.0", "quantile", "mean,", "sd,foo", "q0.5.1", "q-1"}) {
    std::string wrong = "none";
    EXPECT_FALSE(read_metrics(word, wrong)) << word;
    EXPECT_NE(wrong, "none");
  }
}

}  // namespace
}  // namespace lacuna::runtime::predict
