// Labels along which something runs in order: integers, or dates, with a common step.
//
//   needs    the labels of a fit's dimension, in order
//   leaves   a grid: which step a label stands on, and the label of each step
//   shown by test/unit/runtime/steps_test.cpp
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lacuna::runtime::predict {

// The days from 1970-01-01 to a date of the proleptic Gregorian calendar, and back (H. Hinnant, "chrono-compatible
// low-level date algorithms", 2013).
std::int64_t days_of(std::int64_t year, int month, int day);
struct Date {
  std::int64_t year;
  int month, day;
};
Date date_of(std::int64_t days);

class Steps {
 public:
  // The grid through all `labels`, which stand in order; its step is their largest common one (of a single label: 1).
  // Whole numbers, "2026-01-31" (by days; by months, and so by quarters and years, where all have the same day of the
  // month up to the 28th), "2026-01". Empty, with the reason in `why`, when there is none.
  static std::optional<Steps> through(const std::vector<std::string>& labels, std::string& why);

  // The step of a label, counted from the first label; empty when it stands between two steps or cannot be read.
  std::optional<std::int64_t> step_of(const std::string& label) const;
  std::string label(std::int64_t step) const;
  // "1", "12 months": for messages.
  std::string words() const;

 private:
  enum class Unit { Number, Day, Month, MonthOnly };
  static std::optional<std::int64_t> read(const std::string& label, Unit unit, int day);
  Unit unit_ = Unit::Number;
  std::int64_t first_ = 0, step_ = 1;
  int day_ = 1;  // of the month
};

}  // namespace lacuna::runtime::predict
