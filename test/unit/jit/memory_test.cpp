// How much memory models take: bound data against the data themselves, at 8 bytes a value, and workspaces for more rows.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "compiler/driver/model_table.h"
#include "compiler/driver/pipeline.h"

namespace lacuna {
namespace {

using Sizes = std::map<std::string, std::int64_t>;

struct Free {
  void operator()(void* memory) const { std::free(memory); }
};

// A program with data of given sizes: every real 0.5, everything else 1 or, of indices, 0.
class Sized {
 public:
  Sized(const driver::ModelTable& model, const Sizes& sizes) : table_(*model.table()) {
    const lacuna_metadata& about = *table_.metadata;
    for (int d = 0; d < about.dimension_count; ++d) {
      const auto found = sizes.find(about.dimensions[d].name);
      dimensions_.push_back({found == sizes.end() ? -1 : found->second, nullptr});
    }
    for (int a = 0; a < about.argument_count; ++a) add(about.arguments[a]);
    for (std::size_t a = 0; a < shapes_.size(); ++a) {
      const bool real = about.arguments[a].type.kind == LACUNA_REAL;
      arguments_.push_back({.data = real ? static_cast<const void*>(halves_.data()) : whole_[a].data(),
                            .dtype = real ? LACUNA_F64 : LACUNA_I64,
                            .rank = about.arguments[a].rank,
                            .sizes = shapes_[a].data(),
                            .strides = strides_[a].data()});
    }
  }

  double raw_bytes() const { return raw_; }

  std::int64_t bound_bytes() {
    std::int64_t bytes = 0;
    EXPECT_EQ(table_.bind_size(&table_, dimensions_.data(), arguments_.data(), &bytes, &error_), LACUNA_OK);
    return bytes;
  }

  std::int64_t workspace_bytes(lacuna_entry entry) {
    const std::int64_t bytes = bound_bytes();
    const std::unique_ptr<void, Free> memory(std::aligned_alloc(LACUNA_ALIGNMENT, static_cast<std::size_t>((bytes + 63) / 64 * 64)));
    EXPECT_EQ(table_.bind_into(&table_, dimensions_.data(), arguments_.data(), 0, memory.get(), bytes, &error_), LACUNA_OK)
        << error_.where << " " << error_.index;
    return table_.workspace_size(memory.get(), entry, 1);
  }

 private:
  void add(const lacuna_argument_info& argument) {
    std::int64_t count = 1;
    auto& shape = shapes_.emplace_back();
    for (int k = 0; k < argument.rank; ++k) {
      shape.push_back(dimensions_[static_cast<std::size_t>(argument.axes[k])].size);
      count *= shape.back();
    }
    auto& strides = strides_.emplace_back(shape.size());
    std::int64_t stride = 8;
    for (std::size_t k = shape.size(); k-- > 0; stride *= shape[k]) strides[k] = stride;
    const auto elements = static_cast<std::size_t>(count);
    if (halves_.size() < elements) halves_.resize(elements, 0.5);
    whole_.emplace_back(elements, argument.type.kind == LACUNA_INDEX_OF ? 0 : 1);
    raw_ += 8 * static_cast<double>(count);
  }

  const lacuna_model& table_;
  std::vector<lacuna_dimension> dimensions_;
  std::vector<std::vector<std::int64_t>> shapes_, strides_, whole_;
  std::vector<double> halves_;
  std::vector<lacuna_array> arguments_;
  double raw_ = 0;
  lacuna_error error_{};
};

struct Program {
  const char* path;
  Sizes sizes;
};
void PrintTo(const Program& program, std::ostream* out) {
  *out << program.path;
}

class Memory : public testing::TestWithParam<Program> {
 protected:
  Memory() {
    driver::Compiled compiled = driver::check_program(session_, std::string(LACUNA_ROOT) + "/" + GetParam().path);
    if (!compiled.models.empty()) model_ = driver::ModelTable::make(compiled.models.front(), session_.sources(), session_.sink(), false);
  }

  driver::Session session_;
  std::unique_ptr<driver::ModelTable> model_;
};

TEST_P(Memory, OfBoundDataIsAtMostTwiceTheData) {
  ASSERT_TRUE(model_);
  Sized data(*model_, GetParam().sizes);
  EXPECT_LE(static_cast<double>(data.bound_bytes()), 2.2 * data.raw_bytes());
}

// More rows are cut into more parts, each with a gradient of its own, and 64 are the most.
TEST_P(Memory, OfAWorkspaceDoesNotGrowWithTheRows) {
  ASSERT_TRUE(model_);
  Sizes less = GetParam().sizes, more = less;
  more["N"] *= 4;
  constexpr std::int64_t kParts = LACUNA_MAX_PARTS * 8 * 64;  // up to 63 coordinates
  for (lacuna_entry entry : {LACUNA_ENTRY_LOG_DENSITY, LACUNA_ENTRY_LOG_DENSITY_GRADIENT}) {
    EXPECT_LE(Sized(*model_, more).workspace_bytes(entry), Sized(*model_, less).workspace_bytes(entry) + kParts);
  }
}

INSTANTIATE_TEST_SUITE_P(Programs, Memory,
                         testing::Values(Program{"bench/programs/logistic.ppl", {{"N", 20000}, {"P", 20}}},
                                         Program{"bench/programs/poisson.ppl", {{"N", 20000}, {"P", 12}}},
                                         Program{"bench/programs/radon.ppl", {{"N", 20000}, {"J", 50}}},
                                         Program{"bench/programs/dense_vector.ppl", {{"N", 20000}}}));

}  // namespace
}  // namespace lacuna
