// Files as texts, for the tests of data.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "runtime/data/dataset.h"

namespace lacuna::runtime::data {

struct Reading {
  Problems problems;
  std::vector<std::unique_ptr<Source>> sources;
  Options options;

  Reading& csv(const std::string& text, const std::string& name = "data.csv") {
    if (auto source = open_csv(name, Text::of(text), problems)) sources.push_back(std::move(source));
    return *this;
  }
  Reading& json(const std::string& text, const std::string& name = "data.json") {
    if (auto source = open_json(name, Text::of(text), problems)) sources.push_back(std::move(source));
    return *this;
  }
  Reading& bind(const std::string& text) { return options.add_bind(text, problems), *this; }
  Reading& key(const std::string& text) { return options.add_key(text, problems), *this; }

  // All diagnostics as text.
  std::string said(const lacuna_metadata* metadata = nullptr) const {
    std::string text;
    for (const Diagnostic& d : problems.list()) text += render(d, metadata);
    return text;
  }
};

inline const double kGap = std::numeric_limits<double>::quiet_NaN();

// Equal, where a NaN equals a NaN.
inline void expect_reals(const std::vector<double>& got, const std::vector<double>& wanted) {
  ASSERT_EQ(got.size(), wanted.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    if (wanted[i] != wanted[i])
      EXPECT_TRUE(got[i] != got[i]) << "at " << i;
    else
      EXPECT_EQ(got[i], wanted[i]) << "at " << i;
  }
}

// A model's metadata made of parts that stay where they are.
struct Signature {
  struct ArgumentSpec {
    std::string name;
    lacuna_type type;
    std::vector<std::int32_t> axes;
    std::uint32_t flags = 0;
  };
  struct DimensionSpec {
    std::string name;
    std::int64_t declared_size = -1;
    std::vector<const char*> labels{};
  };
  Signature(std::vector<DimensionSpec> dims, std::vector<ArgumentSpec> args)
      : dims_(std::move(dims)), args_(std::move(args)) {
    for (auto& d : dims_) {
      dimensions_.push_back({d.name.c_str(),
                             LACUNA_CLOSED,
                             LACUNA_GIVEN,
                             0,
                             0,
                             d.declared_size,
                             0,
                             d.labels.empty() ? nullptr : d.labels.data(),
                             nullptr,
                             {}});
    }
    for (auto& a : args_) {
      arguments_.push_back(
          {a.name.c_str(), a.type, static_cast<std::int32_t>(a.axes.size()), a.flags, a.axes.data(), nullptr, {}});
    }
    metadata = {sizeof(lacuna_metadata),
                "test",
                "test.ppl",
                nullptr,
                "",
                "",
                "",
                nullptr,
                static_cast<std::int32_t>(dimensions_.size()),
                static_cast<std::int32_t>(arguments_.size()),
                0,
                0,
                dimensions_.data(),
                arguments_.data(),
                nullptr,
                nullptr,
                0,
                nullptr};
  }
  Signature(const Signature&) = delete;
  lacuna_metadata metadata{};

 private:
  std::vector<DimensionSpec> dims_;
  std::vector<ArgumentSpec> args_;
  std::vector<lacuna_dimension_info> dimensions_;
  std::vector<lacuna_argument_info> arguments_;
};

inline const double kInf = std::numeric_limits<double>::infinity();
inline const lacuna_type kReal = {LACUNA_REAL, LACUNA_SCALAR, -1, 3, -kInf, kInf};
inline const lacuna_type kPositive = {LACUNA_REAL, LACUNA_SCALAR, -1, 3, 0, kInf};
inline const lacuna_type kCount = {LACUNA_INT, LACUNA_SCALAR, -1, 2, 0, kInf};
inline const lacuna_type kBool = {LACUNA_BOOL, LACUNA_SCALAR, -1, 0, 0, 1};
inline const lacuna_type kSimplex = {LACUNA_REAL, LACUNA_SIMPLEX, -1, 0, 0, 1};
inline lacuna_type index_of(std::int32_t dimension) {
  return {LACUNA_INDEX_OF, LACUNA_SCALAR, dimension, 3, -kInf, kInf};
}

}  // namespace lacuna::runtime::data
