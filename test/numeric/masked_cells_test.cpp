// What stands in a cell that is not scored changes no bit of value or gradient: in the target, and in every array that only scored cells
// read. For every parametrisation of the library, by the interpreter and as machine code, with a mask and with a missing target.
#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "compiler/autodiff/differentiate.h"
#include "compiler/codegen/target.h"
#include "compiler/jit/machine.h"
#include "compiler/schedule/choose.h"
#include "test/numeric/library_overloads.h"
#include "test/unit/density/lowered.h"

namespace lacuna::numeric {
namespace {

using ir::BufferKind;

// Cells 0, 2 and 5 are scored: 1 is missing, the mask leaves the others out.
constexpr std::size_t kCells = 7;
constexpr bool kKeep[kCells] = {true, true, true, false, false, true, false};
constexpr bool kPresent[kCells] = {true, false, true, true, true, true, true};

struct Junk {
  const char* name;
  double real;
  std::int64_t whole;
};
constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr Junk kJunk[] = {{"NaN", std::numeric_limits<double>::quiet_NaN(), -1},
                          {"inf", kInf, std::numeric_limits<std::int64_t>::max()},
                          {"-inf", -kInf, std::numeric_limits<std::int64_t>::min()},
                          {"outside", -1e300, 1'000'000},
                          {"zero", 0, 0},
                          {"huge", 1e300, 7}};

std::string masked_program(const Overload& o) {
  const auto type = [](const std::string& t, const std::vector<std::string>& dims, const char* missing) {
    std::string text = t + missing + "[N";
    for (const std::string& d : dims) text += ", " + d;
    return text + "]";
  };
  std::string arguments;
  for (const Argument& a : o.arguments) arguments += a.name + ": " + type(a.parameter.type, a.parameter.dimensions, "") + ", ";
  const std::string target = o.result == "interval" ? "real" : o.result;
  arguments += "x: " + type(target, o.result_dimensions, o.result_dimensions.empty() ? "?" : "") + ", keep: bool[N]";
  return std::string(kOverloadDimensions) + "model masked(" + arguments + ") {\n  sample move ~ Normal(0, 1)\n  observe x[n in N] ~ " + o.call("[n]", true) +
         " where keep[n]\n}\n";
}

// Cells of an input: the scored ones hold the values, the others the junk, if any.
ir::InputArray cells_of(const ir::Buffer& buffer, bool gaps, const std::vector<double>& values, const bool* scored, const Junk* junk) {
  ir::InputArray array;
  for (std::size_t n = 0; n < kCells; ++n) {
    for (const double v : values) {
      const bool kept = scored[n] || !junk;
      if (buffer.element.scalar == ir::Scalar::Real) array.reals.push_back(kept ? v : junk->real);
      else array.whole.push_back(kept ? static_cast<std::int64_t>(v) : junk->whole);
      array.present.push_back(!gaps || kPresent[n] ? 1 : 0);
    }
  }
  return array;
}

using Bits = std::vector<std::uint64_t>;
Bits bits_of(const std::vector<double>& numbers) {
  Bits bits(numbers.size());
  std::memcpy(bits.data(), numbers.data(), numbers.size() * sizeof(double));
  return bits;
}

class MaskedCells : public testing::TestWithParam<Overload> {
 public:
  void SetUp() override {
    const Overload& o = GetParam();
    program_ = masked_program(o);
    density::Lowered lowered = density::lower_text("masked.ppl", program_);
    if (o.matrix && lowered.mistakes.find("E0910") != std::string::npos) GTEST_SKIP() << "not compiled yet: " << lowered.mistakes;
    if (o.name == "Flat") GTEST_SKIP() << "has no data";
    ASSERT_TRUE(lowered.complete) << lowered.mistakes << program_;
    module_ = std::move(lowered.module);
    ASSERT_TRUE(autodiff::differentiate(module_).ok());
    has_events_ = !o.result_dimensions.empty();
    for (std::size_t n = 0; n < kCells; ++n) scored_[n] = kKeep[n] && (has_events_ || kPresent[n]);
  }

  template <class Run>  // the interpreter, or machine code
  void give(Run& run, const Junk* junk) {
    const Overload& o = GetParam();
    run.set_size(module_.find_dim("N"), kCells);
    for (std::uint32_t i = 0; i < module_.buffers.size(); ++i) {
      const ir::Buffer& buffer = module_.buffers[i];
      if (buffer.kind != BufferKind::Input) continue;
      ir::InputArray array;
      if (buffer.name == "keep") {
        array.whole.assign(std::begin(kKeep), std::end(kKeep));
      } else {
        const std::vector<double>* values = buffer.name == "x" ? &o.value : nullptr;
        for (const Argument& a : o.arguments)
          if (a.name == buffer.name) values = &a.values;
        array = cells_of(buffer, density::may_lack_cells(module_, buffer), *values, scored_, junk);
      }
      set(run, ir::BufferId{i}, array);
    }
  }
  static void set(ir::Interpreter& run, ir::BufferId id, const ir::InputArray& array) { run.set_input(id, array); }
  static void set(jit::Machine& run, ir::BufferId id, const ir::InputArray& array) { run.set_input(id, {array.reals, array.whole, array.present}); }

  std::vector<double> interpreted(const Junk* junk) {
    ir::Interpreter run(module_, ir::Precision::Double);
    give(run, junk);
    const ir::Outcome bound = run.bind();
    EXPECT_TRUE(bound.ok()) << bound.error << bound.failed_check << program_;
    run.set_vector(BufferKind::Parameter, {0.1L});
    const ir::Outcome outcome = run.call("log_density_gradient");
    EXPECT_TRUE(outcome.ok()) << outcome.error;
    if (!outcome.ok()) return {};
    return {static_cast<double>(outcome.results[0].real), static_cast<double>(run.vector(BufferKind::Gradient).at(0))};
  }

  std::vector<double> compiled(jit::Machine& machine, const Junk* junk) {
    give(machine, junk);
    EXPECT_FALSE(machine.bind());
    const double point = 0.1;
    double gradient = 0;
    const double value = machine.run("log_density_gradient", {.point = &point, .gradient = &gradient}, 1)[0];
    return {value, gradient};
  }

  ir::Module module_;
  std::string program_;
  bool scored_[kCells] = {};
  bool has_events_ = false;
};

TEST_P(MaskedCells, ChangeNoBit) {
  const std::vector<double> clean = interpreted(nullptr);
  for (const double x : clean) ASSERT_TRUE(std::isfinite(x)) << program_;
  ir::Module scheduled = module_;
  const codegen::Target target = codegen::host_target();
  schedule::choose(scheduled, {.lanes = target.lanes()});
  jit::Machine machine(scheduled, target);
  ASSERT_EQ(machine.error(), "");
  const std::vector<double> fast = compiled(machine, nullptr);
  for (std::size_t i = 0; i < clean.size(); ++i) EXPECT_NEAR(fast[i], clean[i], 1e-12 * std::max(1.0, std::fabs(clean[i]))) << program_;
  for (const Junk& junk : kJunk) {
    EXPECT_EQ(bits_of(interpreted(&junk)), bits_of(clean)) << junk.name << "\n" << program_;
    EXPECT_EQ(bits_of(compiled(machine, &junk)), bits_of(fast)) << junk.name << ", machine code\n" << program_;
  }
}

INSTANTIATE_TEST_SUITE_P(Library, MaskedCells, testing::ValuesIn(library_overloads()), [](const auto& each) { return each.param.title; });

}  // namespace
}  // namespace lacuna::numeric
