// A program's IR with random data and a random point, for tests of everything between elaboration and code.
#pragma once
#include <algorithm>
#include <fstream>
#include <memory>
#include <random>
#include <sstream>
#include <string>

#include "compiler/check/check.h"
#include "compiler/density/density.h"
#include "compiler/elaborate/elaborate.h"
#include "compiler/ir/given.h"
#include "compiler/ir/interpreter.h"
#include "compiler/ir/walk.h"
#include "compiler/syntax/parse.h"

namespace lacuna::density {

// What the compiler makes of a program's first model. `mistakes` holds the codes and messages of its diagnostics.
struct Lowered {
  ir::Module module;
  std::string mistakes;
  bool complete = false;
};

inline Lowered lower_text(const std::string& path, const std::string& text, const Options& options = {}) {
  Lowered made;
  support::SourceMap sources;
  support::Arena arena;
  diagnostics::Sink sink;
  const support::FileId file = sources.add(path, text);
  const syntax::Program program = syntax::parse(sources, file, arena, sink);
  const check::CheckedProgram checked = check::check(program, sources, arena, sink);
  if (sink.error_count() == 0 && !checked.models.empty()) {
    const elaborate::Model model = elaborate::elaborate(*checked.models.front(), sources, arena, sink);
    if (sink.error_count() == 0) made.module = lower(model, options, sink);
  }
  for (const diagnostics::Diagnostic& each : sink.diagnostics()) {
    if (each.severity() == diagnostics::Severity::Error) {
      made.mistakes += std::string(diagnostics::entry(each.id).code) + ": " + each.message + "\n";
    }
  }
  made.complete = sink.error_count() == 0 && made.module.find_function("log_density") != nullptr;
  return made;
}

inline Lowered lower_file(const std::string& path, const Options& options = {}) {
  std::ifstream stream(path);
  std::stringstream text;
  text << stream.rdbuf();
  return lower_text(path, text.str(), options);
}

// How the inputs are filled: the share of optional cells and of masks that is there.
struct Filling {
  std::int64_t size = 5;  // of each given dimension without a preset
  double share = 0.7;
  unsigned seed = 1;
  double largest = 2;  // of the reals; 1 where programs take units
};

// Whether an input may lack any cell: not one whose cells are checked where they are read.
inline bool may_lack_cells(const ir::Module& module, const ir::Buffer& input) {
  bool checked = false;
  for (const ir::Function& function : module.functions)
    ir::for_each_instruction(function.body.block, [&](const ir::Instruction& each) {
      checked = checked || (each.op == ir::Op::Check && ir::given_input(each.name) == input.name);
    });
  return input.optional && !checked;
}

// Gives every dimension a size and every input random cells: reals from 0.1 to `largest`, small counts, valid indices.
template <class Run>  // an interpreter, or what passes on to several
void fill(Run& run, const ir::Module& module, const Filling& how) {
  std::mt19937 random(how.seed);
  std::uniform_real_distribution<double> unit(0, 1);
  std::int64_t extra = 0;
  for (std::uint32_t i = 0; i < module.dims.size(); ++i) {
    const ir::Dim& dim = module.dims[i];
    if (dim.kind == ir::Dim::Kind::Given)
      run.set_size({i}, dim.preset.value_or(how.size + (how.size > 0 ? extra++ : 0)));
  }
  for (std::uint32_t i = 0; i < module.buffers.size(); ++i) {
    const ir::Buffer& buffer = module.buffers[i];
    if (buffer.kind != ir::BufferKind::Input) continue;
    std::int64_t count = 1;
    for (ir::DimId axis : buffer.axes) count *= run.size(axis);
    ir::InputArray array;
    const bool gaps = may_lack_cells(module, buffer);
    for (std::int64_t k = 0; k < count; ++k) {
      array.present.push_back(!gaps || unit(random) < how.share ? 1 : 0);
      const double x = unit(random);
      switch (buffer.element.scalar) {
        case ir::Scalar::Real:
          array.reals.push_back(0.1 + (how.largest - 0.1) * x);
          break;
        case ir::Scalar::Bool:
          array.whole.push_back(x < how.share ? 1 : 0);
          break;
        case ir::Scalar::Int:
          array.whole.push_back(static_cast<std::int64_t>(5 * x));
          break;
        case ir::Scalar::Index:
          array.whole.push_back(static_cast<std::int64_t>(x * static_cast<double>(run.size(buffer.element.dim))));
          break;
      }
    }
    run.set_input({i}, std::move(array));
  }
}

// A point around 0.
inline std::vector<long double> random_point(std::int64_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0, 0.5);
  std::vector<long double> point;
  for (std::int64_t i = 0; i < size; ++i) point.push_back(normal(random));
  return point;
}

}  // namespace lacuna::density
