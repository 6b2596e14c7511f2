// Well-typed programs, made from a seed taken from the input, from text to gradient in the interpreter: passes keep the
// value, and the gradient is the difference quotient. Programs that are not compiled yet are left out, and so are
// points where the density is not finite.
#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "compiler/autodiff/differentiate.h"
#include "compiler/ir/parser.h"
#include "compiler/ir/printer.h"
#include "compiler/ir/verifier.h"
#include "test/generate/program.h"
#include "test/unit/autodiff/differences.h"
#include "test/unit/density/lowered.h"

namespace {

using namespace lacuna;
using ir::BufferKind;

struct Case {
  std::uint64_t seed;
  std::string text;

  [[noreturn]] void complain(std::string_view what) const {
    fmt::print(stderr, "fuzz: generated program {}: {}\n{}\n", seed, what, text);
    std::abort();
  }
};

// The value of a function, NaN where the call fails: data that break a claim of the program are not its mistake.
long double value_of(ir::Interpreter& run, std::string_view function, const std::vector<long double>& point) {
  run.set_vector(BufferKind::Parameter, point);
  const ir::Outcome outcome = run.call(function);
  return outcome.ok() ? outcome.results.at(0).real : NAN;
}

void compare(const Case& each, const ir::Module& plain_module) {
  if (!ir::verify(plain_module).empty()) each.complain("lowering: " + ir::verify(plain_module).front());
  const std::string printed = ir::print(plain_module);
  const ir::Parsed parsed = ir::parse(printed);
  if (!parsed.module || ir::print(*parsed.module) != printed)
    each.complain("the IR's text is not read back: " + parsed.error);

  ir::Module module = plain_module;
  const autodiff::Reversed made = autodiff::differentiate(module, [&](std::string_view step, const ir::Module& now) {
    if (!ir::verify(now).empty()) each.complain(fmt::format("after {}: {}", step, ir::verify(now).front()));
  });
  if (!made.ok()) return;

  const density::Filling filling{.size = 1 + static_cast<std::int64_t>(each.seed % 5),
                                 .share = 0.25 * static_cast<double>(each.seed / 5 % 5),
                                 .seed = static_cast<unsigned>(each.seed),
                                 .largest = 1};
  ir::Interpreter plain(plain_module);
  ir::Interpreter run(module);
  density::fill(plain, plain_module, filling);
  density::fill(run, module, filling);
  if (!plain.bind().ok()) return;
  // Nor do differences of huge values tell anything.
  if (!(std::fabs(value_of(plain, "log_density", density::random_point(plain.parameter_count(), filling.seed))) < 1e9L))
    return;
  if (!run.bind().ok()) each.complain("binding fails once stages are separated: " + run.bind().error);
  const auto point = density::random_point(plain.parameter_count(), filling.seed);
  const long double expected = value_of(plain, "log_density", point);
  const long double value = value_of(run, "log_density_gradient", point);
  const long double scale = std::max(1.0L, std::fabs(expected));
  if (!(std::fabs(value - expected) <= 1e-13L * scale)) {
    // Passes compute with constants in doubles; where doubles do not carry the program, nothing is compared.
    ir::Interpreter doubles(plain_module, ir::Precision::Double);
    density::fill(doubles, plain_module, filling);
    const bool bound = doubles.bind().ok();
    if (!bound || !(std::fabs(value_of(doubles, "log_density", point) - expected) <= 1e-10L * scale)) return;
    each.complain(fmt::format("value {}, after passes {}", static_cast<double>(expected), static_cast<double>(value)));
  }
  const auto gradient = run.vector(BufferKind::Gradient);
  const auto density = [&](const auto& p) { return value_of(plain, "log_density", p); };
  const auto slope = autodiff::differences(density, point);
  // Differences across a kink or the edge of a support tell nothing.
  for (long double s : slope) {
    if (!std::isfinite(s)) return;
  }
  const double distance = autodiff::distance(gradient, slope);
  if (distance < 1e-7) return;
  // Where the density swings within a step, two steps disagree, and tell no more than that.
  const auto finer = autodiff::differences(density, point, 1e-5L);
  if (!(autodiff::distance(finer, slope) < 1e-8)) return;
  each.complain(fmt::format("gradient is off by {}", distance));
}

std::uint64_t seed_from(const std::uint8_t* data, std::size_t size) {
  std::uint64_t seed = 0xcbf29ce484222325U;  // FNV-1a
  for (std::size_t i = 0; i < size; ++i) seed = (seed ^ data[i]) * 0x100000001b3U;
  return seed;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::uint64_t seed = seed_from(data, size);
  const Case each{seed, generate::generate_program(seed).text};
  const density::Lowered lowered = density::lower_text("generated.ppl", each.text);
  if (lowered.complete) compare(each, lowered.module);
  return 0;
}
