#include "bench/timed_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <memory>
#include <random>
#include <span>
#include <vector>

#include "compiler/autodiff/differentiate.h"
#include "compiler/codegen/module_code.h"
#include "compiler/ir/printer.h"
#include "compiler/jit/machine.h"
#include "compiler/schedule/choose.h"
#include "test/unit/density/lowered.h"

namespace lacuna::bench {
namespace {

using Clock = std::chrono::steady_clock;

double nanoseconds(Clock::time_point from) {
  return std::chrono::duration<double, std::nano>(Clock::now() - from).count();
}

// Reals from a multiple of 64 bytes on, as the hand-written kernels have them: a vector then lies in one line of cache.
class AlignedReals {
 public:
  explicit AlignedReals(std::size_t count) : memory_(count + kLine), count_(count) {}
  double* data() {
    void* start = memory_.data();
    std::size_t bytes = memory_.size() * sizeof(double);
    return static_cast<double*>(std::align(kLine * sizeof(double), count_ * sizeof(double), start, bytes));
  }
  std::span<double> reals() { return {data(), count_}; }

 private:
  static constexpr std::size_t kLine = 8;
  std::vector<double> memory_;
  std::size_t count_;
};

double real_of(Values values, double normal) {
  switch (values) {
    case Values::Positive: return std::exp(normal);
    case Values::Unit: return 1 / (1 + std::exp(-normal));
    case Values::Scale: return 10 + std::abs(normal);
    default: return normal;
  }
}

// Trials are never fewer than any count among the other inputs.
std::int64_t count_of(Values values, double normal) {
  constexpr std::int64_t kMost = 20;
  if (values == Values::Trials) return kMost + static_cast<std::int64_t>(5 * std::abs(normal));
  return std::min(kMost, static_cast<std::int64_t>(3 * std::abs(normal)));
}

// Sizes and random inputs.
void fill(jit::Machine& machine, const ir::Module& module, const Workload& work) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> unit(0, 1);
  std::normal_distribution<double> normal(0, 1);
  std::map<ir::DimId, std::int64_t> sizes;
  for (std::uint32_t i = 0; i < module.dims.size(); ++i) {
    const ir::Dim& dim = module.dims[i];
    if (dim.kind != ir::Dim::Kind::Given) continue;
    const auto found = work.sizes.find(dim.name);
    sizes[{i}] = found != work.sizes.end() ? found->second : dim.preset.value_or(1);
    machine.set_size({i}, sizes[{i}]);
  }
  for (std::uint32_t i = 0; i < module.buffers.size(); ++i) {
    const ir::Buffer& buffer = module.buffers[i];
    if (buffer.kind != ir::BufferKind::Input) continue;
    const auto named = work.inputs.find(buffer.name);
    const Values values = named == work.inputs.end() ? Values::Usual : named->second;
    std::int64_t count = 1;
    for (ir::DimId axis : buffer.axes) count *= sizes[axis];
    jit::Input input;
    const bool gaps = density::may_lack_cells(module, buffer);
    for (std::int64_t k = 0; k < count; ++k) {
      if (buffer.optional) input.present.push_back(!gaps || unit(random) < work.seen);
      const double x = normal(random);
      switch (buffer.element.scalar) {
        case ir::Scalar::Real:
          input.reals.push_back(real_of(values, x));
          break;
        case ir::Scalar::Bool:
          input.whole.push_back(unit(random) < (values == Values::Seen ? work.seen : 0.5));
          break;
        case ir::Scalar::Int:
          input.whole.push_back(count_of(values, x));
          break;
        case ir::Scalar::Index:
          input.whole.push_back(
              static_cast<std::int64_t>(unit(random) * static_cast<double>(sizes[buffer.element.dim])));
          break;
      }
    }
    machine.set_input({i}, std::move(input));
  }
}

// The least time of one call, over rounds of at least a millisecond, in about a third of a second.
double least(const std::function<void()>& call) {
  call();
  const auto once = Clock::now();
  call();
  const int calls = std::max(1, static_cast<int>(1e6 / std::max(1.0, nanoseconds(once))));
  double best = INFINITY;
  for (const auto start = Clock::now(); nanoseconds(start) < 3e8;) {
    const auto round = Clock::now();
    for (int i = 0; i < calls; ++i) call();
    best = std::min(best, nanoseconds(round) / calls);
  }
  return best;
}

}  // namespace

std::optional<ir::Module> module_of(const Workload& work, const codegen::Target& target) {
  density::Lowered lowered = density::lower_file(std::string(LACUNA_ROOT) + "/" + work.program);
  if (!lowered.complete || !autodiff::differentiate(lowered.module).ok()) {
    fmt::print(stderr, "{}: {}\n", work.name, lowered.mistakes);
    return std::nullopt;
  }
  schedule::choose(lowered.module, {.lanes = target.lanes()});
  return std::move(lowered.module);
}

std::optional<Times> time_program(const Workload& work, const codegen::Target& target) {
  const auto start = Clock::now();
  const std::optional<ir::Module> module = module_of(work, target);
  if (!module) return std::nullopt;
  const auto before = Clock::now();
  jit::Machine machine(*module, target, 0, {"bind", "gather_rows", "log_density_gradient"});
  const double code = nanoseconds(before), total = nanoseconds(start);
  if (!machine.error().empty()) return fmt::print(stderr, "{}: not compiled: {}\n", work.name, machine.error()), std::nullopt;
  jit::Machine block(*module, target, 8, {"bind", "gather_rows", "log_density_gradient"});
  fill(machine, *module, work);
  fill(block, *module, work);
  const auto at_bind = Clock::now();
  const bool fits = !machine.bind();
  const double bound = nanoseconds(at_bind);
  if (!fits || block.bind()) return fmt::print(stderr, "{}: a condition on its data does not hold\n", work.name), std::nullopt;
  const auto size = static_cast<std::size_t>(machine.coordinates());
  AlignedReals point(size * 8), gradient(size * 8);
  std::vector<double> values(8);
  std::mt19937_64 random(3);
  for (double& x : point.reals()) x = 0.1 * std::normal_distribution<double>()(random);
  const char* function = "log_density_gradient";
  const codegen::Frame one =
      machine.frame(function, {.point = point.data(), .gradient = gradient.data()}, values.data());
  const codegen::Frame eight =
      block.frame("log_density_gradient.block", {.point = point.data(), .gradient = gradient.data()}, values.data());
  const auto single = machine.entry(function);
  const auto several = block.entry("log_density_gradient.block");
  const Times times{least([&] { single(&one); }), least([&] { several(&eight); }) / 8, total, code, bound};
  if (!std::isfinite(values[0])) fmt::print(stderr, "{}: its density is {}\n", work.name, values[0]);
  return times;
}

int emit(std::string_view form, const Workload& work, const codegen::Target& target) {
  if (form == "lowered") {
    return fmt::print("{}", ir::print(density::lower_file(std::string(LACUNA_ROOT) + "/" + work.program).module)), 0;
  }
  const std::optional<ir::Module> module = module_of(work, target);
  if (!module) return 1;
  if (form == "ir") return fmt::print("{}", ir::print(*module)), 0;
  codegen::ModuleOptions options{.functions = {"log_density_gradient"}};
  if (form.ends_with(".block")) {
    options.plain = false;
    options.block_draws = 8;
  }
  options.form = form.starts_with("asm") ? codegen::ModuleOptions::Form::Assembly : codegen::ModuleOptions::Form::OptimisedLlvm;
  return fmt::print("{}", codegen::compile(*module, target, options).bytes), 0;
}

}  // namespace lacuna::bench
