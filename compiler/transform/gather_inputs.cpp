#include "compiler/transform/gather_inputs.h"

#include <algorithm>
#include <limits>
#include <map>

#include "compiler/ir/builder.h"
#include "compiler/ir/infer.h"
#include "compiler/ir/module.h"
#include "compiler/ir/rarely_run.h"

namespace lacuna::transform {
namespace {

using ir::Block;
using ir::Instruction;
using ir::Op;
using ir::ValueId;

// Which input is copied for which space: for each subscript, the number of the space's index (its own, then those of
// its parameters), or -1 for an inner loop's.
struct Copy {
  ir::SpaceId space;
  ir::BufferId input;
  std::vector<int> subscripts;
  auto operator<=>(const Copy&) const = default;
};

class Gathering {
 public:
  explicit Gathering(ir::Module& module) : module_(module) {}

  void function(ir::Function& function) {
    body_ = &function.body;
    rarely_run_ = ir::is_rarely_run(function.name);
    block(function.body.block);
  }

  // The copies, written to the end of @bind.
  void write(ir::Function& bind) const {
    ir::Builder builder(module_, bind.body);
    for (const auto& [copy, buffer] : copies_) write(builder, copy, buffer);
  }

  bool empty() const { return copies_.empty(); }

 private:
  void block(Block& block) {
    for (Instruction& each : block.body) {
      if (each.op == Op::For && gathers(each.domain)) {
        loop_ = &each;
        inner_.clear();
        loads(each.blocks.front());
        continue;
      }
      for (Block& nested : each.blocks) this->block(nested);
    }
  }

  // A space with neither predicate nor sorting has its cells in the input's own order.
  bool gathers(const ir::Domain& domain) const {
    if (!domain.space.valid()) return false;
    const ir::Space& space = module_.space(domain.space);
    return space.predicate.has_value() || !space.by.empty();
  }

  void loads(Block& block) {
    for (Instruction& each : block.body) {
      if (each.op == Op::Load) load(each);
      const bool full = (each.op == Op::For || each.op == Op::Scan) && !each.domain.space.valid();
      const bool guards = each.op == Op::If;
      branches_ += guards ? 1 : 0;
      for (Block& nested : each.blocks) {
        const std::size_t before = inner_.size();
        for (std::size_t i = 0; full && i < each.domain.dims.size(); ++i) inner_.push_back(nested.arguments[i]);
        loads(nested);
        inner_.resize(before);
      }
      branches_ -= guards ? 1 : 0;
    }
  }

  void load(Instruction& each) {
    const ir::Buffer& input = module_.buffer(each.buffer);
    if (input.kind != ir::BufferKind::Input) return;
    // A branch may guard a missing cell: of reals, the copy has NaN there; of others there is nothing to put.
    if (branches_ > 0 && input.optional && input.element != ir::Type::real()) return;
    const std::vector<ValueId>& arguments = loop_->blocks.front().arguments;
    const std::size_t dims = loop_->domain.dims.size();
    std::vector<ValueId> indices(arguments.begin(), arguments.begin() + static_cast<std::ptrdiff_t>(dims));
    indices.insert(indices.end(), loop_->operands.begin(), loop_->operands.end());
    Copy copy{loop_->domain.space, each.buffer, {}};
    // The cells of segments are told apart by their own indices.
    const std::size_t telling = module_.space(loop_->domain.space).by.empty() ? indices.size() : dims;
    std::vector<bool> named(indices.size(), false);
    std::vector<ValueId> rest;
    for (ValueId id : each.operands) {
      const auto at = std::find(indices.begin(), indices.end(), id);
      const auto number = static_cast<std::size_t>(at - indices.begin());
      if (number < indices.size()) {
        copy.subscripts.push_back(static_cast<int>(number));
        named[number] = true;
      } else {
        // The whole axis is copied: only where each of its cells is read, or none can be missing.
        const bool whole = std::find(inner_.begin(), inner_.end(), id) != inner_.end();
        if (!whole && input.optional) return;
        copy.subscripts.push_back(-1);
        rest.push_back(id);
      }
    }
    if (!std::all_of(named.begin(), named.begin() + static_cast<std::ptrdiff_t>(telling),
                     [](bool each_named) { return each_named; })) {
      return;
    }
    // Where a copy is not made for others, only tables are copied that may be lists: those are found by bisection.
    const bool may_be_list = input.optional && input.axes.size() >= 2;
    if (rarely_run_ && !may_be_list && !copies_.contains(copy)) return;
    each.buffer = buffer_of(copy);
    each.operands = {position()};
    each.operands.insert(each.operands.end(), rest.begin(), rest.end());
  }

  ir::DimId cells(ir::SpaceId space) {
    const ir::DimId found = ir::cells_of(module_, space);
    if (found.valid()) return found;
    return module_.add(
        ir::Dim{.name = module_.space(space).name + "_cells", .kind = ir::Dim::Kind::Cells, .cells = space});
  }

  // The loop's position, which it gets if it has none.
  ValueId position() {
    ir::Domain& domain = loop_->domain;
    std::vector<ValueId>& arguments = loop_->blocks.front().arguments;
    if (!domain.position) {
      domain.position = true;
      arguments.insert(arguments.begin() + static_cast<std::ptrdiff_t>(domain.dims.size()),
                       body_->add(ir::Type::index_of(cells(domain.space))));
    }
    return arguments[domain.dims.size()];
  }

  ir::BufferId buffer_of(const Copy& copy) {
    const auto found = copies_.find(copy);
    if (found != copies_.end()) return found->second;
    const ir::Buffer input = module_.buffer(copy.input);
    ir::Buffer made{.name = module_.fresh_buffer_name(input.name + ".cells"),
                    .kind = ir::BufferKind::Data,
                    .element = input.element,
                    .axes = {cells(copy.space)}};
    for (std::size_t i = 0; i < input.axes.size(); ++i) {
      if (copy.subscripts[i] < 0) made.axes.push_back(input.axes[i]);
    }
    return copies_[copy] = module_.add(std::move(made));
  }

  void write(ir::Builder& builder, const Copy& copy, ir::BufferId buffer) const {
    const std::vector<ir::DimId>& parameters = module_.space(copy.space).parameters;
    if (parameters.empty()) return write_list(builder, copy, buffer, {});
    builder.for_each(ir::Builder::over(parameters), {}, [&](const ir::Values& list) -> ir::Values {
      write_list(builder, copy, buffer, list);
      return {};
    });
  }

  void write_list(ir::Builder& builder, const Copy& copy, ir::BufferId buffer, const ir::Values& list) const {
    ir::Domain domain = builder.over(copy.space);
    domain.position = true;
    const std::vector<ir::DimId> axes = module_.buffer(buffer).axes;
    const std::size_t dims = domain.dims.size();
    auto cell = [&](const ir::Values& at) -> ir::Values {
      ir::Values indices(at.begin(), at.begin() + static_cast<std::ptrdiff_t>(dims));
      indices.insert(indices.end(), list.begin(), list.end());
      auto move = [&](const ir::Values& rest) -> ir::Values {
        ir::Values from;
        std::size_t next = 0;
        for (int number : copy.subscripts)
          from.push_back(number < 0 ? rest[next++] : indices[static_cast<std::size_t>(number)]);
        ir::Values to = {at[dims]};
        to.insert(to.end(), rest.begin(), rest.end());
        builder.store(buffer, to, value(builder, copy.input, from));
        return {};
      };
      if (axes.size() == 1) return move({});
      builder.for_each(ir::Builder::over({axes.begin() + 1, axes.end()}), {}, move);
      return {};
    };
    builder.for_each(domain, {}, cell, list);
  }

  // The cell, or NaN where it is missing.
  ValueId value(ir::Builder& builder, ir::BufferId input, const ir::Values& at) const {
    const ir::Buffer& entry = module_.buffer(input);
    if (!entry.optional || entry.element != ir::Type::real()) return builder.load(input, at);
    return builder.branch(
        builder.present(input, at), [&]() -> ir::Values { return {builder.load(input, at)}; },
        [&]() -> ir::Values { return {builder.real(std::numeric_limits<double>::quiet_NaN())}; })[0];
  }

  ir::Module& module_;
  bool rarely_run_ = false;
  int branches_ = 0;
  ir::Body* body_ = nullptr;
  Instruction* loop_ = nullptr;
  std::vector<ValueId> inner_;
  std::map<Copy, ir::BufferId> copies_;
};

}  // namespace

void gather_inputs(ir::Module& module) {
  Gathering gathering(module);
  for (const bool rarely : {false, true}) {
    for (ir::Function& function : module.functions) {
      if (function.stage == ir::Stage::Draw && ir::is_rarely_run(function.name) == rarely) gathering.function(function);
    }
  }
  if (gathering.empty()) return;
  if (module.find_function("bind") == nullptr) return;
  gathering.write(*module.find_function("bind"));
}

}  // namespace lacuna::transform
