// Cells that nothing reads may hold anything, and each cell that something reads is checked: over all masks of a small table, by
// machine code and by the evaluator.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "compiler/driver/model_table.h"
#include "compiler/driver/pipeline.h"

namespace lacuna {
namespace {

constexpr std::int64_t kRows = 2, kColumns = 3, kCells = kRows * kColumns, kGroups = 2;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

constexpr const char* kProgram =
    "model m(y: real[N, E], w: positive[N, E], k: count[N, E], g: G[N, E], seen: bool[N, E]) {\n"
    "  sample mu[G] ~ Normal(0, 1)\n"
    "  observe y[n in N, e in E] ~ Normal(mu[g[n, e]] * k[n, e], w[n, e]) where seen[n, e]\n"
    "}\n";

struct Free {
  void operator()(void* memory) const { std::free(memory); }
};

// The arguments in the order of the program.
struct Table {
  std::vector<double> y, w;
  std::vector<std::int64_t> k, g, seen;

  explicit Table(unsigned mask) {
    for (std::int64_t i = 0; i < kCells; ++i) {
      y.push_back(0.3 * static_cast<double>(i) - 0.5);
      w.push_back(1 + 0.1 * static_cast<double>(i));
      k.push_back(1 + i % 3);
      g.push_back(i % kGroups);
      seen.push_back((mask >> i) & 1);
    }
  }

  void spoil(std::size_t i) {
    y[i] = kNan;
    w[i] = i % 2 ? -1 : kNan;
    k[i] = -7;
    g[i] = i % 2 ? 1'000'000 : -3;
  }
};

struct Answer {
  lacuna_error error{};
  double value = 0;
  std::vector<double> gradient = std::vector<double>(kGroups);
};

class Unchecked : public testing::TestWithParam<bool> {
 protected:
  Unchecked() {
    const std::string path = testing::TempDir() + "unchecked.ppl";
    std::ofstream(path) << kProgram;
    const driver::Compiled compiled = driver::check_program(session_, path);
    if (!compiled.models.empty()) model_ = driver::ModelTable::make(compiled.models.front(), session_.sources(), session_.sink(), GetParam());
  }

  Answer at(const Table& t) const {
    static const std::int64_t sizes[] = {kRows, kColumns}, strides[] = {8 * kColumns, 8};
    const auto array = [](const void* data, std::int32_t dtype) {
      return lacuna_array{.data = data, .dtype = dtype, .rank = 2, .sizes = sizes, .strides = strides};
    };
    const lacuna_array arguments[] = {array(t.y.data(), LACUNA_F64), array(t.w.data(), LACUNA_F64), array(t.k.data(), LACUNA_I64), array(t.g.data(), LACUNA_I64),
                                      array(t.seen.data(), LACUNA_I64)};
    const lacuna_model& table = *model_->table();
    std::vector<lacuna_dimension> dimensions;
    for (int d = 0; d < table.metadata->dimension_count; ++d) {
      const std::string name = table.metadata->dimensions[d].name;
      dimensions.push_back({name == "N" ? kRows : name == "E" ? kColumns : kGroups, nullptr});
    }
    Answer made;
    std::int64_t bytes = 0;
    EXPECT_EQ(table.bind_size(&table, dimensions.data(), arguments, &bytes, &made.error), LACUNA_OK);
    const std::unique_ptr<void, Free> memory(std::aligned_alloc(LACUNA_ALIGNMENT, static_cast<std::size_t>((bytes + 63) / 64 * 64)));
    if (table.bind_into(&table, dimensions.data(), arguments, 0, memory.get(), bytes, &made.error) != LACUNA_OK) return made;
    const std::int64_t room = table.workspace_size(memory.get(), LACUNA_ENTRY_LOG_DENSITY_GRADIENT, 1);
    const std::unique_ptr<void, Free> workspace(std::aligned_alloc(LACUNA_ALIGNMENT, static_cast<std::size_t>((room + 64) / 64 * 64)));
    const double point[] = {0.4, -0.9};
    EXPECT_EQ(table.log_density_gradient(memory.get(), point, 0, workspace.get(), &made.value, made.gradient.data(), &made.error), LACUNA_OK);
    return made;
  }

  driver::Session session_;
  std::unique_ptr<driver::ModelTable> model_;
};

TEST_P(Unchecked, WhatAMaskLeavesOutChangesNoBit) {
  ASSERT_TRUE(model_);
  for (unsigned mask = 0; mask < 1u << kCells; ++mask) {
    const Table whole(mask);
    Table spoilt(mask);
    for (std::size_t i = 0; i < kCells; ++i)
      if (!whole.seen[i]) spoilt.spoil(i);
    const Answer expected = at(whole), found = at(spoilt);
    ASSERT_EQ(found.error.code, LACUNA_OK) << "mask " << mask;
    EXPECT_EQ(found.value, expected.value) << "mask " << mask;
    EXPECT_EQ(found.gradient, expected.gradient) << "mask " << mask;
    EXPECT_TRUE(std::isfinite(found.value));
  }
}

TEST_P(Unchecked, WhatIsReadIsChecked) {
  ASSERT_TRUE(model_);
  enum { Y, W, K, G };
  const auto expect = [&](const Table& table, lacuna_code code, int argument, std::size_t cell) {
    const lacuna_error error = at(table).error;
    EXPECT_EQ(error.code, code) << "argument " << argument << ", cell " << cell;
    EXPECT_EQ(error.where, argument);
    EXPECT_EQ(error.index, static_cast<std::int64_t>(cell));
  };
  for (std::size_t cell = 0; cell < kCells; ++cell) {
    Table table(1u << cell);
    for (std::size_t i = 0; i < kCells; ++i)
      if (i != cell) table.spoil(i);
    const auto spoilt = [&](auto&& change) {
      Table one = table;
      change(one);
      return one;
    };
    expect(spoilt([&](Table& t) { t.y[cell] = kNan; }), LACUNA_MISSING, Y, cell);
    expect(spoilt([&](Table& t) { t.w[cell] = kNan; }), LACUNA_MISSING, W, cell);
    expect(spoilt([&](Table& t) { t.w[cell] = -1; }), LACUNA_VALUE, W, cell);
    expect(spoilt([&](Table& t) { t.k[cell] = -1; }), LACUNA_VALUE, K, cell);
    expect(spoilt([&](Table& t) { t.g[cell] = kGroups; }), LACUNA_INDEX, G, cell);
    expect(spoilt([&](Table& t) { t.g[cell] = -1; }), LACUNA_INDEX, G, cell);
  }
}

INSTANTIATE_TEST_SUITE_P(Tables, Unchecked, testing::Bool(), [](const auto& each) { return each.param ? "Interpreted" : "Compiled"; });

}  // namespace
}  // namespace lacuna
