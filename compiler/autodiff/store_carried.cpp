#include "compiler/autodiff/store_carried.h"

namespace lacuna::autodiff {
namespace {

using ir::Block;
using ir::Instruction;
using ir::Op;
using ir::ValueId;

struct Around {
  std::vector<ir::DimId> dims;
  std::vector<ValueId> indices;
};

class Storing {
 public:
  Storing(ir::Module& module, ir::Body& body) : module_(module), body_(body) {}

  void block(Block& block, const Around& around) {
    for (Instruction& each : block.body) {
      for (Block& inner : each.blocks) {
        Around within = around;
        for (std::size_t i = 0; i < each.domain.dims.size(); ++i) {
          within.dims.push_back(each.domain.dims[i]);
          within.indices.push_back(inner.arguments[i]);
        }
        this->block(inner, within);
        if (each.op == Op::Scan) scan(each, within);
      }
    }
  }

  std::set<ir::BufferId> take() { return std::move(traces_); }

 private:
  void scan(Instruction& each, const Around& within) {
    Block& block = each.blocks.front();
    const std::size_t carried = each.results.size() - each.reducers.size();
    std::vector<Instruction> stores;
    for (std::size_t i = block.arguments.size() - carried; i < block.arguments.size(); ++i) {
      const ir::BufferId trace = module_.add(ir::Buffer{.name = module_.fresh_buffer_name("carried"),
                                                        .kind = ir::BufferKind::Work,
                                                        .element = body_.type(block.arguments[i]),
                                                        .axes = within.dims});
      traces_.insert(trace);
      std::vector<ValueId> operands = within.indices;
      operands.push_back(block.arguments[i]);
      stores.push_back({.op = Op::Store, .operands = std::move(operands), .buffer = trace});
    }
    block.body.insert(block.body.begin(), stores.begin(), stores.end());
  }

  ir::Module& module_;
  ir::Body& body_;
  std::set<ir::BufferId> traces_;
};

}  // namespace

std::set<ir::BufferId> store_carried(ir::Module& module, ir::Function& function) {
  Storing storing(module, function.body);
  storing.block(function.body.block, {});
  return storing.take();
}

}  // namespace lacuna::autodiff
