// Value and gradient of programs that no hand-written kernel was made for, beside what their primitives add up to: nothing
// in the compiler may know a whole model, so programs that differ in terms, groups, links and masks must come out as fast.
//
//   unlisted_speed [name]     lines of: program, nanoseconds a row, of its parts, ratio, compile, ms
//   unlisted_speed --emit=lowered NAME | --emit=ir NAME | --emit=llvm NAME | --emit=asm NAME
#include <fmt/format.h>

#include <cstring>
#include <vector>

#include "bench/timed_program.h"

namespace lacuna::bench {
namespace {

// How often a row needs each primitive. What one costs is measured in the hand-written kernels (AVX-512, 64-bit).
struct Parts {
  double columns = 0;       // of a matrix, for product and gradient: 0.1 ns each
  double exponentials = 0;  // 0.5 ns
  double logarithms = 0;    // 0.7 ns
  double gammas = 0;        // `lgamma` with `digamma`, 2.6 ns
  double groups = 0;        // a latent gathered by an index, its gradient scattered: 0.3 ns
  double arithmetic = 0.1;  // all else
  double nanoseconds() const {
    return 0.1 * columns + 0.5 * exponentials + 0.7 * logarithms + 2.6 * gammas + 0.3 * groups + arithmetic;
  }
};

struct Unlisted {
  Workload work;
  Parts parts;
};

constexpr std::int64_t kRows = 100000;

Unlisted rows(const char* name, Parts parts, std::map<std::string, Values> inputs = {}, double seen = 1,
              std::map<std::string, std::int64_t> sizes = {}) {
  std::map<std::string, std::int64_t> all = {{"N", kRows}, {"T", kRows}, {"P", 10}, {"G", 200}, {"H", 50}, {"J", 500}, {"K", 5}};
  for (const auto& [dim, size] : sizes) all[dim] = size;
  return {{name, fmt::format("bench/programs/unlisted/{}.ppl", name), all, seen, std::move(inputs)}, parts};
}

const std::vector<Unlisted>& programs() {
  using enum Values;
  static const std::vector<Unlisted> all = {
      rows("poisson_groups", {.columns = 10, .exponentials = 1, .groups = 2}, {}, 0.9),
      rows("slopes_by_group", {}),
      rows("student_t", {.columns = 10, .logarithms = 1}),
      rows("binomial_gaps", {.columns = 10, .exponentials = 1, .logarithms = 2}, {{"trials", Trials}}, 0.9),
      rows("gamma_log_link", {.columns = 10, .exponentials = 1, .logarithms = 1}, {{"y", Positive}}),
      rows("beta_logit_link", {.columns = 10, .exponentials = 1, .logarithms = 3, .gammas = 2}, {{"y", Unit}}),
      rows("zero_inflated", {.columns = 10, .exponentials = 1, .logarithms = 0.2}),
      rows("hurdle", {.columns = 10, .exponentials = 2, .logarithms = 1, .groups = 1}),
      rows("ordered_logistic", {.columns = 10, .exponentials = 2, .logarithms = 2, .groups = 2}),
      rows("softmax_regression", {.columns = 50, .exponentials = 5, .logarithms = 1}),
      rows("survival", {.columns = 10, .exponentials = 1}, {{"time", Positive}}),
      rows("crossed_logistic", {.columns = 10, .exponentials = 1, .logarithms = 0.2, .groups = 3}),
      rows("lognormal_masked", {.columns = 10}, {{"y", Positive}, {"seen", Seen}}, 0.5),
      rows("location_scale", {.columns = 20, .exponentials = 1}),
      rows("autoregression", {.arithmetic = 0.3}),
      rows("random_walk_gaps", {.arithmetic = 0.6}, {}, 0.8),
      rows("mixture", {.exponentials = 3, .logarithms = 1, .arithmetic = 1}, {}, 1, {{"K", 3}}),
      rows("overdispersed", {.columns = 10, .exponentials = 1, .logarithms = 2, .groups = 1}, {{"exposure", Positive}}),
      rows("zero_inflated_overdispersed", {.columns = 10, .exponentials = 2, .logarithms = 3}),
      rows("beta_binomial", {.columns = 10, .exponentials = 1, .logarithms = 7, .gammas = 4}, {{"trials", Trials}}),
      rows("robust_growth", {.exponentials = 1}, {{"age", Positive}}, 0.8),
      rows("probit", {.columns = 10, .exponentials = 1, .logarithms = 1}),
  };
  return all;
}

// The cells that count.
double cells(const Workload& work) { return static_cast<double>(kRows) * work.seen; }

}  // namespace
}  // namespace lacuna::bench

int main(int count, char** arguments) {
  using namespace lacuna;
  const codegen::Target target = codegen::host_target();
  const std::string_view first = count > 1 ? arguments[1] : "";
  if (first.starts_with("--emit=") && count > 2) {
    for (const bench::Unlisted& each : bench::programs()) {
      if (std::strcmp(each.work.name, arguments[2]) == 0) return bench::emit(first.substr(7), each.work, target);
    }
    return 2;
  }
  fmt::print("program\tns a row\tits parts\tratio\teight draws, ns a row each\tcompile, ms\n");
  for (const bench::Unlisted& each : bench::programs()) {
    if (!std::string_view(each.work.name).starts_with(first)) continue;
    const std::optional<bench::Times> times = bench::time_program(each.work, target);
    if (!times) return 1;
    const double row = times->one_draw / bench::cells(each.work), parts = each.parts.nanoseconds();
    fmt::print("{}\t{:.2f}\t{:.1f}\t{:.1f}\t{:.2f}\t{:.0f}\n", each.work.name, row, parts, row / parts,
               times->eight_draws / bench::cells(each.work), times->total / 1e6);
  }
}
