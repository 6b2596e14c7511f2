#include "compiler/ir/verifier.h"

#include <fmt/format.h>

#include <set>

#include "compiler/ir/body_verifier.h"
#include "compiler/ir/infer.h"
#include "compiler/ir/walk.h"

namespace lacuna::ir {
namespace {

class ModuleVerifier {
 public:
  explicit ModuleVerifier(const Module& module) : module_(module) {}

  std::vector<std::string> run() {
    names();
    for (const Dim& dim : module_.dims) check_dim(dim);
    for (const Buffer& buffer : module_.buffers) check_buffer(buffer);
    // Bodies are looked at only where the tables hold, so that they may index them.
    if (!mistakes_.empty()) return std::move(mistakes_);
    for (const Space& space : module_.spaces) check_space(space);
    for (const Function& function : module_.functions) {
      BodyVerifier({module_, function.body, function.stage, false, "@" + function.name}, mistakes_).run();
    }
    return std::move(mistakes_);
  }

 private:
  template <class Table>
  void unique(const Table& table, std::string_view what) {
    std::set<std::string> seen;
    for (const auto& each : table) {
      if (each.name.empty()) mistakes_.push_back(fmt::format("a {} has no name", what));
      if (!seen.insert(each.name).second) mistakes_.push_back(fmt::format("two {}s are called {}", what, each.name));
    }
  }

  void names() {
    unique(module_.dims, "dimension");
    unique(module_.buffers, "buffer");
    unique(module_.spaces, "space");
    unique(module_.functions, "function");
  }

  bool has(DimId dim) const { return dim.index < module_.dims.size(); }

  void check_dim(const Dim& dim) {
    const bool holds = dim.kind != Dim::Kind::Cells || dim.cells.index < module_.spaces.size();
    if (!holds) mistakes_.push_back(fmt::format("dimension {} counts the cells of no space", dim.name));
    dim.for_each_source([&](DimId other) {
      const bool earlier = has(other) && &module_.dim(other) < &dim;
      if (!earlier) mistakes_.push_back(fmt::format("dimension {} follows from one that is not above it", dim.name));
    });
  }

  void check_buffer(const Buffer& buffer) {
    auto wrong = [&](std::string_view what) { mistakes_.push_back(fmt::format("@{}: {}", buffer.name, what)); };
    for (DimId axis : buffer.axes) {
      if (!has(axis)) return wrong("an axis is no dimension");
    }
    if (buffer.element.scalar == Scalar::Index && !has(buffer.element.dim)) return wrong("an index of no dimension");
    if (buffer.optional && buffer.kind != BufferKind::Input) wrong("only inputs are optional");
    const bool slice = buffer.kind == BufferKind::Gradient || buffer.kind == BufferKind::Direction ||
                       buffer.kind == BufferKind::Product;
    if (slice != buffer.of.valid())
      return wrong("gradients, directions and products, and only they, are of a point's");
    if (slice &&
        (buffer.of.index >= module_.buffers.size() || !is_point(module_.buffer(buffer.of).kind) ||
         module_.buffer(buffer.of).axes != buffer.axes)) {
      wrong("is of no parameter with its axes");
    }
    if ((slice || is_point(buffer.kind)) && buffer.element != Type::real()) wrong("should be real");
  }

  void check_space(const Space& space) {
    const std::string where = "@" + space.name;
    auto wrong = [&](std::string_view what) { mistakes_.push_back(fmt::format("{}: {}", where, what)); };
    for (DimId dim : space.parameters) {
      if (!has(dim)) return wrong("a parameter is of no dimension");
    }
    for (DimId dim : space.dims) {
      if (!has(dim)) return wrong("an index is of no dimension");
    }
    for (BufferId by : space.by) {
      const bool holds = by.index < module_.buffers.size() && module_.buffer(by).element.scalar == Scalar::Index &&
                         module_.buffer(by).axes == space.dims && stage_of(module_.buffer(by).kind) == Stage::Data;
      if (!holds) return wrong("sorted by something that is no data index over its dimensions");
    }
    if (!space.by.empty() && !space.parameters.empty() && !parameters_are_keys(space)) {
      wrong("its parameters are not those that it is sorted by, or its predicate asks for them");
    }
    if (!space.predicate) return;
    const Body& body = *space.predicate;
    std::vector<DimId> dims = space.parameters;
    dims.insert(dims.end(), space.dims.begin(), space.dims.end());
    bool same = dims.size() == body.block.arguments.size();
    for (std::size_t i = 0; same && i < dims.size(); ++i) {
      same = body.type(body.block.arguments[i]) == Type::index_of(dims[i]);
    }
    if (!same) return wrong("the predicate's arguments are not the space's indices");
    BodyVerifier({module_, body, Stage::Data, true, where}, mistakes_).run();
    const bool yields = body.block.yields.size() == 1 && body.type(body.block.yields[0]) == Type::boolean();
    if (!yields) wrong("the predicate should yield one bool");
  }

  // Keys say which list a cell is in, so the predicate is asked once for each cell, without them.
  bool parameters_are_keys(const Space& space) const {
    bool keys = space.by.size() == space.parameters.size();
    for (std::size_t i = 0; keys && i < space.by.size(); ++i) {
      keys = module_.buffer(space.by[i]).element.dim == space.parameters[i];
    }
    if (!keys || !space.predicate) return keys;
    const Block& block = space.predicate->block;
    const std::size_t parameters = std::min(space.parameters.size(), block.arguments.size());
    const std::set<ValueId> decided(block.arguments.begin(),
                                    block.arguments.begin() + static_cast<std::ptrdiff_t>(parameters));
    for_each_instruction(block, [&](const Instruction& each) {
      for (ValueId id : each.operands) keys = keys && !decided.contains(id);
    });
    return keys;
  }

  const Module& module_;
  std::vector<std::string> mistakes_;
};

}  // namespace

std::vector<std::string> verify(const Module& module) {
  return ModuleVerifier(module).run();
}

}  // namespace lacuna::ir
