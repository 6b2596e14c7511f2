// Labels of a dimension along which something runs.
#include "runtime/predict/steps.h"

#include <gtest/gtest.h>

namespace lacuna::runtime::predict {
namespace {

using Texts = std::vector<std::string>;

TEST(Steps, DaysAreThoseOfTheCalendar) {
  EXPECT_EQ(days_of(1970, 1, 1), 0);
  EXPECT_EQ(days_of(2000, 3, 1), 11017);
  EXPECT_EQ(days_of(1969, 12, 31), -1);
  for (std::int64_t day = -800'000; day < 800'000; day += 997) {
    const Date date = date_of(day);
    EXPECT_EQ(days_of(date.year, date.month, date.day), day);
  }
}

TEST(Steps, TheStepIsTheLargestCommonOne) {
  std::string why;
  const auto years = Steps::through({"1871", "1875", "1881"}, why);
  ASSERT_TRUE(years) << why;
  EXPECT_EQ(years->words(), "2");
  EXPECT_EQ(years->step_of("1883"), 6);
  EXPECT_EQ(years->step_of("1869"), -1);
  EXPECT_FALSE(years->step_of("1882"));
  EXPECT_FALSE(years->step_of("later"));
  EXPECT_EQ(years->label(7), "1885");
}

TEST(Steps, DatesGoByMonthsWhereTheDayIsTheSame) {
  std::string why;
  const auto months = Steps::through({"2025-10-01", "2025-11-01", "2026-01-01"}, why);
  ASSERT_TRUE(months) << why;
  EXPECT_EQ(months->words(), "1 month");
  EXPECT_EQ(months->step_of("2026-03-01"), 5);
  EXPECT_FALSE(months->step_of("2026-03-02"));
  EXPECT_EQ(months->label(4), "2026-02-01");
  const auto days = Steps::through({"2024-02-27", "2024-02-28"}, why);
  ASSERT_TRUE(days) << why;
  EXPECT_EQ(days->label(2), "2024-02-29");
  EXPECT_EQ(days->label(3), "2024-03-01");
  const auto plain = Steps::through({"2025-11", "2025-12"}, why);
  ASSERT_TRUE(plain) << why;
  EXPECT_EQ(plain->label(2), "2026-01");
}

TEST(Steps, WhatHasNoStepSaysWhy) {
  std::string why;
  EXPECT_FALSE(Steps::through({"a", "b"}, why));
  EXPECT_EQ(why, "`a` is neither a whole number nor a date");
  EXPECT_FALSE(Steps::through({"2024-02-28", "2024-02-30"}, why));
  EXPECT_EQ(why, "`2024-02-30` is neither a whole number nor a date");
  EXPECT_FALSE(Steps::through({"3", "2"}, why));
  EXPECT_EQ(why, "`2` stands after `3`");
}

}  // namespace
}  // namespace lacuna::runtime::predict
