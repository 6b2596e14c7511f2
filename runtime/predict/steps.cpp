#include "runtime/predict/steps.h"

#include <fmt/format.h>

#include <charconv>
#include <numeric>

namespace lacuna::runtime::predict {
namespace {

std::optional<std::int64_t> whole(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

// "YYYY-MM-DD" or, without a day, "YYYY-MM".
std::optional<Date> read_date(std::string_view text, bool with_day) {
  if (text.size() != (with_day ? 10u : 7u) || text[4] != '-' || (with_day && text[7] != '-')) return std::nullopt;
  if (!digits(text.substr(0, 4)) || !digits(text.substr(5, 2)) || (with_day && !digits(text.substr(8, 2))))
    return std::nullopt;
  const Date date{*whole(text.substr(0, 4)), static_cast<int>(*whole(text.substr(5, 2))),
                  with_day ? static_cast<int>(*whole(text.substr(8, 2))) : 1};
  const bool real = date.month >= 1 && date.month <= 12 && date.day >= 1 &&
                    date_of(days_of(date.year, date.month, date.day)).day == date.day;
  return real ? std::optional(date) : std::nullopt;
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

}  // namespace

std::int64_t days_of(std::int64_t year, int month, int day) {
  year -= month <= 2;
  const std::int64_t era = floor_div(year, 400);
  const std::int64_t of_era = year - era * 400;
  const std::int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

Date date_of(std::int64_t days) {
  days += 719468;
  const std::int64_t era = floor_div(days, 146097);
  const std::int64_t of_era = days - era * 146097;
  const std::int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const std::int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted = (5 * of_year + 2) / 153;
  const int day = static_cast<int>(of_year - (153 * shifted + 2) / 5 + 1);
  const int month = static_cast<int>(shifted + (shifted < 10 ? 3 : -9));
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

std::optional<std::int64_t> Steps::read(const std::string& label, Unit unit, int day) {
  if (unit == Unit::Number) return whole(label);
  const std::optional<Date> date = read_date(label, unit != Unit::MonthOnly);
  if (!date) return std::nullopt;
  if (unit == Unit::Day) return days_of(date->year, date->month, date->day);
  if (unit == Unit::Month && date->day != day) return std::nullopt;
  return date->year * 12 + date->month - 1;
}

std::optional<Steps> Steps::through(const std::vector<std::string>& labels, std::string& why) {
  Steps made;
  if (labels.empty()) return made;
  const auto fits = [&](Unit unit, int day) {
    for (const std::string& label : labels) {
      if (!read(label, unit, day)) return false;
    }
    made.unit_ = unit;
    made.day_ = day;
    return true;
  };
  const std::optional<Date> first = read_date(labels.front(), true);
  const bool by_month = first && first->day <= 28 && labels.size() > 1 && fits(Unit::Month, first->day);
  if (!by_month && !fits(Unit::Number, 1) && !fits(Unit::Day, 1) && !fits(Unit::MonthOnly, 1)) {
    for (const std::string& label : labels) {
      if (whole(label) || read_date(label, true) || read_date(label, false)) continue;
      why = fmt::format("`{}` is neither a whole number nor a date", label);
      return std::nullopt;
    }
    why = "they are not all of one kind";
    return std::nullopt;
  }
  made.first_ = *read(labels.front(), made.unit_, made.day_);
  std::int64_t common = 0, before = made.first_;
  for (std::size_t i = 1; i < labels.size(); ++i) {
    const std::int64_t here = *read(labels[i], made.unit_, made.day_);
    if (here <= before) {
      why = fmt::format("`{}` stands after `{}`", labels[i], labels[i - 1]);
      return std::nullopt;
    }
    common = std::gcd(common, here - before);
    before = here;
  }
  if (common > 0) made.step_ = common;
  return made;
}

std::optional<std::int64_t> Steps::step_of(const std::string& label) const {
  const std::optional<std::int64_t> value = read(label, unit_, day_);
  if (!value || (*value - first_) % step_ != 0) return std::nullopt;
  return (*value - first_) / step_;
}

std::string Steps::label(std::int64_t step) const {
  const std::int64_t value = first_ + step * step_;
  if (unit_ == Unit::Number) return std::to_string(value);
  if (unit_ == Unit::Day) {
    const Date date = date_of(value);
    return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
  }
  const std::int64_t year = floor_div(value, 12), month = value - year * 12 + 1;
  return unit_ == Unit::Month ? fmt::format("{:04}-{:02}-{:02}", year, month, day_)
                              : fmt::format("{:04}-{:02}", year, month);
}

std::string Steps::words() const {
  if (unit_ == Unit::Number) return std::to_string(step_);
  return fmt::format("{} {}{}", step_, unit_ == Unit::Day ? "day" : "month", step_ == 1 ? "" : "s");
}

}  // namespace lacuna::runtime::predict
