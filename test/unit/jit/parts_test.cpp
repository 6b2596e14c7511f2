// The density in parts: rows shared out and the rest add up to the whole; the entries agree bit for bit, in whatever order
// and by however many threads the parts are run.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <thread>

#include "compiler/autodiff/differentiate.h"
#include "compiler/codegen/target.h"
#include "compiler/density/metadata.h"
#include "compiler/jit/compiled_model.h"
#include "compiler/jit/machine.h"
#include "compiler/schedule/choose.h"
#include "test/unit/density/lowered.h"

namespace lacuna::jit {
namespace {

struct Filled {
  Machine& machine;
  std::map<ir::DimId, std::int64_t> sizes{};
  void set_size(ir::DimId dim, std::int64_t size) { machine.set_size(dim, sizes[dim] = size); }
  std::int64_t size(ir::DimId dim) const { return sizes.at(dim); }
  void set_input(ir::BufferId buffer, ir::InputArray array) {
    machine.set_input(buffer, {array.reals, array.whole, array.present});
  }
};

class Parts : public testing::TestWithParam<const char*> {};

TEST_P(Parts, RowsAndRestAreTheWhole) {
  const codegen::Target target = codegen::host_target();
  density::Lowered lowered = density::lower_file(std::string(LACUNA_GALLERY) + "/" + GetParam() + ".ppl");
  ASSERT_TRUE(lowered.complete) << lowered.mistakes;
  ASSERT_TRUE(autodiff::differentiate(lowered.module).ok());
  schedule::choose(lowered.module, {.lanes = target.lanes()});
  ASSERT_NE(lowered.module.find_function("log_density_rows_gradient"), nullptr);
  Machine machine(lowered.module, target);
  ASSERT_EQ(machine.error(), "");
  Filled filled{machine};
  density::fill(filled, lowered.module, {.size = 307, .share = 0.8, .seed = 11});
  ASSERT_FALSE(machine.bind());
  const auto size = static_cast<std::size_t>(machine.coordinates());
  const auto random = density::random_point(size, 3);
  const std::vector<double> point(random.begin(), random.end());
  std::vector<double> whole(size), some(size);
  const double value = machine.run("log_density_gradient", {.point = point.data(), .gradient = whole.data()}, 1)[0];
  double scale = std::max(1.0, std::abs(value));
  for (double slope : whole) scale = std::max(scale, std::abs(slope));
  for (const std::int64_t parts : {1, 3, 64}) {
    double total = machine.run("log_density_rest_gradient", {.point = point.data(), .gradient = some.data()}, 1)[0];
    double total_alone = machine.run("log_density_rest", {.point = point.data()}, 1)[0];
    std::vector<double> slopes = some;
    for (std::int64_t part = 0; part < parts; ++part) {
      const Machine::Call call{.point = point.data(), .gradient = some.data(), .arguments = {part, parts}};
      total += machine.run("log_density_rows_gradient", call, 1)[0];
      total_alone += machine.run("log_density_rows", call, 1)[0];
      for (std::size_t k = 0; k < size; ++k) slopes[k] += some[k];
    }
    EXPECT_NEAR(total, value, 1e-12 * scale) << parts;
    EXPECT_NEAR(total_alone, value, 1e-12 * scale) << parts;
    for (std::size_t k = 0; k < size; ++k) ASSERT_NEAR(slopes[k], whole[k], 1e-12 * scale) << parts << " " << k;
  }
}

INSTANTIATE_TEST_SUITE_P(Gallery, Parts, testing::Values("logistic", "counts", "missing_outcome", "item_response"));

// A regression large enough for several parts, bound through the table.
class Entries : public testing::Test {
 protected:
  static constexpr std::int64_t kRows = 100003, kColumns = 3;

  Entries() {
    const support::FileId file = sources_.add("rates.ppl",
                                              "model rates(x: real[N, P], y: count[N]) {\n"
                                              "  sample a ~ Normal(0, 1)\n"
                                              "  sample b[P] ~ Normal(0, 1)\n"
                                              "  observe y ~ Poisson(log_rate = a + x @ b)\n"
                                              "}\n");
    const syntax::Program program = syntax::parse(sources_, file, arena_, sink_);
    checked_ = check::check(program, sources_, arena_, sink_);
    model_ = elaborate::elaborate(*checked_.models.front(), sources_, arena_, sink_);
    ir::Module module = density::lower(model_, {}, sink_);
    EXPECT_TRUE(autodiff::differentiate(module).ok());
    const codegen::Target target = codegen::host_target();
    schedule::choose(module, {.lanes = target.lanes()});
    metadata_ = std::make_unique<density::Metadata>(model_, sources_, target.cpu);
    compiled_ = std::make_unique<CompiledModel>(std::move(module), metadata_->get(), target);
    bind();
  }

  void bind() {
    std::mt19937 random(5);
    std::normal_distribution<double> normal;
    std::vector<double> x(kRows * kColumns);
    std::vector<std::int64_t> y(kRows);
    for (double& each : x) each = normal(random);
    for (std::int64_t& each : y) each = static_cast<std::int64_t>(random() % 4);
    const std::int64_t sizes[] = {kRows, kColumns}, strides[] = {8 * kColumns, 8}, step[] = {8};
    const lacuna_array arrays[] = {{x.data(), LACUNA_F64, 2, sizes, strides, nullptr, 0, nullptr},
                                   {y.data(), LACUNA_I64, 1, sizes, step, nullptr, 0, nullptr}};
    std::vector<lacuna_dimension> dimensions;
    for (int i = 0; i < metadata_->get().dimension_count; ++i) {
      const bool rows = std::string_view(metadata_->get().dimensions[i].name) == "N";
      dimensions.push_back({rows ? kRows : kColumns, nullptr});
    }
    std::int64_t bytes = 0;
    ASSERT_EQ(table().bind_size(&table(), dimensions.data(), arrays, &bytes, nullptr), LACUNA_OK);
    x_ = x;
    y_ = y;
    bound_ = AlignedMemory(static_cast<std::size_t>(bytes));
    ASSERT_EQ(table().bind_into(&table(), dimensions.data(), arrays, 0, bound_.data(), bytes, nullptr), LACUNA_OK);
    const auto* header = reinterpret_cast<const std::int64_t*>(static_cast<const char*>(bound_.data()) + LACUNA_ALIGNMENT);
    ASSERT_LE(header[0], bytes) << "memory in use";
    ASSERT_EQ(table().shape(bound_.data(), &shape_, nullptr), LACUNA_OK);
  }

  const lacuna_model& table() const { return *compiled_->table(); }
  AlignedMemory workspace(lacuna_entry entry) const {
    return AlignedMemory(static_cast<std::size_t>(table().workspace_size(bound_.data(), entry, 1)) + 64);
  }

  support::SourceMap sources_;
  support::Arena arena_;
  diagnostics::Sink sink_;
  check::CheckedProgram checked_;
  elaborate::Model model_;
  std::unique_ptr<density::Metadata> metadata_;
  std::unique_ptr<CompiledModel> compiled_;
  AlignedMemory bound_;
  lacuna_shape shape_{};
  std::vector<double> x_;
  std::vector<std::int64_t> y_;
  const std::vector<double> point_{0.1, -0.2, 0.3, 0.05};
};

TEST_F(Entries, AgreeBitForBit) {
  ASSERT_GT(shape_.parts, 1);
  ASSERT_LE(shape_.parts, LACUNA_MAX_PARTS);
  ASSERT_EQ(shape_.partial, 8) << "4 slopes and the value, in a whole number of lines of cache";
  for (const std::uint32_t flags : {static_cast<std::uint32_t>(LACUNA_JACOBIAN),
                                    static_cast<std::uint32_t>(LACUNA_JACOBIAN | LACUNA_NORMALISED)}) {
    double value = 0, gathered = 0;
    std::vector<double> gradient(4), slopes(4), partials(static_cast<std::size_t>(shape_.parts * shape_.partial));
    ASSERT_EQ(table().log_density_gradient(bound_.data(), point_.data(), flags,
                                           workspace(LACUNA_ENTRY_LOG_DENSITY_GRADIENT).data(), &value, gradient.data(),
                                           nullptr),
              LACUNA_OK);
    auto take = [&](std::int64_t first) {
      const AlignedMemory own = workspace(LACUNA_ENTRY_DENSITY_PART);
      for (std::int64_t part = first; part < shape_.parts; part += 2) {
        EXPECT_EQ(table().density_part(bound_.data(), point_.data(), flags | LACUNA_GRADIENT,
                                       static_cast<std::int32_t>(part), nullptr, own.data(),
                                       partials.data() + part * shape_.partial, nullptr),
                  LACUNA_OK);
      }
    };
    std::thread odd(take, 1);
    take(0);
    odd.join();
    ASSERT_EQ(table().density_finish(bound_.data(), point_.data(), flags | LACUNA_GRADIENT, nullptr, partials.data(),
                                     workspace(LACUNA_ENTRY_DENSITY_FINISH).data(), &gathered, slopes.data(), nullptr),
              LACUNA_OK);
    EXPECT_EQ(std::memcmp(&value, &gathered, 8), 0) << value - gathered;
    EXPECT_EQ(std::memcmp(gradient.data(), slopes.data(), 32), 0);
    double alone = 0;
    ASSERT_EQ(table().log_density(bound_.data(), point_.data(), flags, workspace(LACUNA_ENTRY_LOG_DENSITY).data(),
                                  &alone, nullptr),
              LACUNA_OK);
    EXPECT_NEAR(alone, value, 1e-12 * std::abs(value));
  }
}

// In many parts: sum over parts and rest, against the closed form of a Poisson regression with normal priors.
TEST_F(Entries, ScaleSites) {
  const std::vector<double> scale{3, 0.25, 10};  // a, b, y
  const std::uint32_t flags = LACUNA_JACOBIAN | LACUNA_NORMALISED | LACUNA_GRADIENT;
  std::vector<double> partials(static_cast<std::size_t>(shape_.parts * shape_.partial)), slopes(4), expected(4);
  const AlignedMemory own = workspace(LACUNA_ENTRY_DENSITY_PART), last = workspace(LACUNA_ENTRY_DENSITY_FINISH);
  for (std::int64_t part = 0; part < shape_.parts; ++part) {
    ASSERT_EQ(table().density_part(bound_.data(), point_.data(), flags, static_cast<std::int32_t>(part), scale.data(), own.data(),
                                   partials.data() + part * shape_.partial, nullptr),
              LACUNA_OK);
  }
  double value = 0;
  ASSERT_EQ(table().density_finish(bound_.data(), point_.data(), flags, scale.data(), partials.data(), last.data(), &value, slopes.data(), nullptr),
            LACUNA_OK);
  const double half_log_2pi = 0.91893853320467274178;
  long double total = 0;
  for (std::size_t k = 0; k < 4; ++k) {
    const double of = k == 0 ? scale[0] : scale[1];
    total += of * (-0.5 * point_[k] * point_[k] - half_log_2pi);
    expected[k] = -of * point_[k];
  }
  for (std::size_t n = 0; n < y_.size(); ++n) {
    double eta = point_[0];
    for (std::size_t k = 0; k < 3; ++k) eta += x_[3 * n + k] * point_[k + 1];
    const double y = static_cast<double>(y_[n]), residual = scale[2] * (y - std::exp(eta));
    total += scale[2] * (y * eta - std::exp(eta) - std::lgamma(y + 1));
    expected[0] += residual;
    for (std::size_t k = 0; k < 3; ++k) expected[k + 1] += residual * x_[3 * n + k];
  }
  EXPECT_NEAR(value, static_cast<double>(total), 1e-11 * std::abs(value));
  for (std::size_t k = 0; k < 4; ++k) EXPECT_NEAR(slopes[k], expected[k], 1e-11 * std::abs(value)) << k;
}

TEST_F(Entries, RefusePartsThatAreNot) {
  std::vector<double> partial(8);
  const AlignedMemory own = workspace(LACUNA_ENTRY_DENSITY_PART);
  for (const std::int64_t part : {std::int64_t{-1}, shape_.parts}) {
    EXPECT_EQ(table().density_part(bound_.data(), point_.data(), 0, static_cast<std::int32_t>(part), nullptr,
                                   own.data(), partial.data(), nullptr),
              LACUNA_ARGUMENT);
  }
}

}  // namespace
}  // namespace lacuna::jit
