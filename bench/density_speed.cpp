// Value and gradient of programs as machine code: time per call, one draw and eight at once, on workloads like those
// that the hand-written kernels in ../shared/anchors compute. `table.py` puts both side by side.
//
//   density_speed [name]    lines of: workload, size, entry, least nanoseconds per draw
//   density_speed --emit=lowered NAME | --emit=ir NAME | --emit=llvm NAME | --emit=asm NAME; asm.block, llvm.block: of eight draws
#include <fmt/format.h>

#include <cstring>
#include <vector>

#include "bench/timed_program.h"

namespace lacuna::bench {
namespace {

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

}  // namespace
}  // namespace lacuna::bench

int main(int count, char** arguments) {
  using namespace lacuna;
  const codegen::Target target = codegen::host_target();
  const std::string_view first = count > 1 ? arguments[1] : "";
  if (first.starts_with("--emit=") && count > 2) {
    for (const bench::Workload& work : bench::workloads()) {
      if (std::strcmp(work.name, arguments[2]) == 0) return bench::emit(first.substr(7), work, target);
    }
    return 2;
  }
  fmt::print("workload\tone draw, ns\teight draws, ns each\tcompile, ms\tof it code, ms\tbind, ms\n");
  for (const bench::Workload& work : bench::workloads()) {
    if (!std::string_view(work.name).starts_with(first)) continue;
    const std::optional<bench::Times> times = bench::time_program(work, target);
    if (!times) return 1;
    fmt::print("{}\t{:.1f}\t{:.1f}\t{:.1f}\t{:.1f}\t{:.1f}\n", work.name, times->one_draw, times->eight_draws,
               times->total / 1e6, times->code / 1e6, times->bind / 1e6);
  }
}
