// Value and gradient of programs as machine code: time per call, one draw and eight at once, on workloads like those
// that the hand-written kernels in ../shared/anchors compute. `table.py` puts both side by side.
//
//   density_speed [name]    lines of: workload, size, entry, least nanoseconds per draw
//   density_speed --emit=lowered NAME | --emit=ir NAME | --emit=llvm NAME | --emit=asm NAME
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "compiler/autodiff/differentiate.h"
#include "compiler/codegen/module_code.h"
#include "compiler/ir/printer.h"
#include "compiler/jit/machine.h"
#include "compiler/schedule/choose.h"
#include "test/unit/density/lowered.h"

namespace lacuna {
namespace {

using Clock = std::chrono::steady_clock;

double nanoseconds(Clock::time_point from) {
  return std::chrono::duration<double, std::nano>(Clock::now() - from).count();
}

struct Workload {
  const char* name;
  const char* program;
  std::map<std::string, std::int64_t> sizes;
  double seen;  // the share of cells that count
};

const std::vector<Workload>& workloads() {
  static const std::vector<Workload> all = {
      {"logistic 10000x20", "bench/programs/logistic.ppl", {{"N", 10000}, {"P", 20}}, 1},
      {"logistic 100000x20", "bench/programs/logistic.ppl", {{"N", 100000}, {"P", 20}}, 1},
      {"logistic 581012x54", "bench/programs/logistic.ppl", {{"N", 581012}, {"P", 54}}, 1},
      {"masked 100%", "bench/programs/masked_logistic.ppl", {{"N", 10000}, {"P", 20}}, 1},
      {"masked 90%", "bench/programs/masked_logistic.ppl", {{"N", 10000}, {"P", 20}}, 0.9},
      {"masked 50%", "bench/programs/masked_logistic.ppl", {{"N", 10000}, {"P", 20}}, 0.5},
      {"masked 10%", "bench/programs/masked_logistic.ppl", {{"N", 10000}, {"P", 20}}, 0.1},
      {"masked 1%", "bench/programs/masked_logistic.ppl", {{"N", 10000}, {"P", 20}}, 0.01},
      {"categorical 100%", "bench/programs/categorical.ppl", {{"B", 512}, {"E", 256}, {"C", 32}}, 1},
      {"categorical 50%", "bench/programs/categorical.ppl", {{"B", 512}, {"E", 256}, {"C", 32}}, 0.5},
      {"categorical 10%", "bench/programs/categorical.ppl", {{"B", 512}, {"E", 256}, {"C", 32}}, 0.1},
      {"categorical 1%", "bench/programs/categorical.ppl", {{"B", 512}, {"E", 256}, {"C", 32}}, 0.01},
      {"masked categories", "test/programs/gallery/masked_categories.ppl", {{"B", 512}, {"E", 256}, {"C", 32}}, 0.5},
      {"radon", "bench/programs/radon.ppl", {{"N", 12573}, {"J", 386}}, 1},
      {"poisson", "bench/programs/poisson.ppl", {{"N", 100000}, {"P", 10}}, 1},
      {"negative binomial", "bench/programs/negative_binomial.ppl", {{"N", 100000}, {"P", 10}}, 1},
      {"garch", "test/programs/gallery/garch.ppl", {{"T", 1000}}, 1},
      {"eight schools", "test/programs/gallery/eight_schools.ppl", {{"School", 8}}, 1},
      {"local level", "test/programs/gallery/local_level.ppl", {{"T", 1000}}, 0.9},
      {"ratings", "test/programs/gallery/ratings.ppl", {{"User", 2000}, {"Film", 1000}}, 0.01},
  };
  return all;
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
    std::int64_t count = 1;
    for (ir::DimId axis : buffer.axes) count *= sizes[axis];
    jit::Input input;
    for (std::int64_t k = 0; k < count; ++k) {
      if (buffer.optional) input.present.push_back(unit(random) < work.seen);
      const double x = normal(random);
      switch (buffer.element.scalar) {
        case ir::Scalar::Real:
          input.reals.push_back(buffer.name == "sigma" ? 10 + std::abs(x) : x);
          break;
        case ir::Scalar::Bool:
          input.whole.push_back(unit(random) < (buffer.name == "seen" ? work.seen : 0.5));
          break;
        case ir::Scalar::Int:
          input.whole.push_back(static_cast<std::int64_t>(3 * std::abs(x)));
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

std::optional<ir::Module> module_of(const Workload& work, const codegen::Target& target) {
  density::Lowered lowered = density::lower_file(std::string(LACUNA_ROOT) + "/" + work.program);
  if (!lowered.complete || !autodiff::differentiate(lowered.module).ok()) {
    fmt::print(stderr, "{}: {}\n", work.name, lowered.mistakes);
    return std::nullopt;
  }
  schedule::choose(lowered.module, {.lanes = target.lanes()});
  return std::move(lowered.module);
}

void time_one(const Workload& work, const codegen::Target& target) {
  const auto start = Clock::now();
  const std::optional<ir::Module> module = module_of(work, target);
  if (!module) return;
  const auto before = Clock::now();
  jit::Machine machine(*module, target, 0, {"bind", "gather_rows", "log_density_gradient"});
  const double compiled = nanoseconds(before), total = nanoseconds(start);
  if (!machine.error().empty()) return fmt::print("{}\tnot compiled: {}\n", work.name, machine.error());
  jit::Machine block(*module, target, 8, {"bind", "gather_rows", "log_density_gradient"});
  fill(machine, *module, work);
  fill(block, *module, work);
  const auto at_bind = Clock::now();
  machine.bind();
  const double bound = nanoseconds(at_bind);
  block.bind();
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
  fmt::print("{}\t{:.1f}\t{:.1f}\t{:.1f}\t{:.1f}\t{:.1f}\n", work.name, least([&] { single(&one); }),
             least([&] { several(&eight); }) / 8, total / 1e6, compiled / 1e6, bound / 1e6);
}

int emit(std::string_view form, const char* name, const codegen::Target& target) {
  for (const Workload& work : workloads()) {
    if (std::strcmp(work.name, name) != 0) continue;
    if (form == "lowered") {
      return fmt::print("{}", ir::print(density::lower_file(std::string(LACUNA_ROOT) + "/" + work.program).module)), 0;
    }
    const std::optional<ir::Module> module = module_of(work, target);
    if (!module) return 1;
    if (form == "ir") return fmt::print("{}", ir::print(*module)), 0;
    codegen::ModuleOptions options{.functions = {"log_density_gradient"}};
    options.form = form == "asm" ? codegen::ModuleOptions::Form::Assembly : codegen::ModuleOptions::Form::OptimisedLlvm;
    return fmt::print("{}", codegen::compile(*module, target, options).bytes), 0;
  }
  return 2;
}

}  // namespace
}  // namespace lacuna

int main(int count, char** arguments) {
  using namespace lacuna;
  const codegen::Target target = codegen::host_target();
  const std::string_view first = count > 1 ? arguments[1] : "";
  if (first.starts_with("--emit=") && count > 2) return emit(first.substr(7), arguments[2], target);
  fmt::print("workload\tone draw, ns\teight draws, ns each\tcompile, ms\tof it code, ms\tbind, ms\n");
  for (const Workload& work : workloads()) {
    if (std::string_view(work.name).starts_with(first)) time_one(work, target);
  }
}
