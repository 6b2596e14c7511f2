#include "compiler/transform/share_softmax.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "compiler/analysis/effects.h"
#include "compiler/ir/clone.h"
#include "compiler/ir/module.h"
#include "compiler/ir/walk.h"
#include "compiler/transform/append.h"

namespace lacuna::transform {
namespace {

using ir::Block;
using ir::Instruction;
using ir::Op;
using ir::Reducer;
using ir::ValueId;

// A logsumexp that was taken apart.
struct Parts {
  ValueId result;   // what it was
  ValueId finite;   // whether the largest operand is
  ValueId inverse;  // 1 / sum
  ir::BufferId weights;
};

using Definitions = std::unordered_map<ValueId, const Instruction*>;

Definitions definitions_of(const Block& block) {
  Definitions found;
  for (const Instruction& each : block.body) {
    if (each.blocks.empty() && each.results.size() == 1) found[each.result()] = &each;
  }
  return found;
}

// Whether two values in blocks of loops over one domain are computed alike.
class Comparison {
 public:
  Comparison(const Block& a, const Block& b) : a_(definitions_of(a)), b_(definitions_of(b)) {
    for (std::size_t i = 0; i < std::min(a.arguments.size(), b.arguments.size()); ++i)
      arguments_[a.arguments[i]] = b.arguments[i];
  }

  bool alike(ValueId a, ValueId b) const {
    if (const auto argument = arguments_.find(a); argument != arguments_.end()) return argument->second == b;
    const auto x = a_.find(a);
    const auto y = b_.find(b);
    if (x == a_.end() || y == b_.end()) return a == b && x == a_.end() && y == b_.end();
    Instruction left = *x->second, right = *y->second;
    const std::vector<ValueId> from = left.operands, to = right.operands;
    left.operands = right.operands = {};
    left.results = right.results = {};
    if (!(left == right) || from.size() != to.size()) return false;
    for (std::size_t i = 0; i < from.size(); ++i) {
      if (!alike(from[i], to[i])) return false;
    }
    return true;
  }

 private:
  Definitions a_, b_;
  std::unordered_map<ValueId, ValueId> arguments_;
};

// A loop over whole dimensions that takes one logsumexp of what little more than loads give: cheap to compute twice.
bool is_plain(const Instruction& each) {
  if (each.op != Op::For || each.reducers != std::vector<Reducer>{Reducer::LogSumExp}) return false;
  if (each.domain.space.valid() || each.domain.dims.empty()) return false;
  return std::all_of(each.blocks.front().body.begin(), each.blocks.front().body.end(), [](const Instruction& inner) {
    const bool arithmetic = inner.op == Op::Add || inner.op == Op::Sub || inner.op == Op::Mul || inner.op == Op::Neg ||
                            inner.op == Op::Fma || inner.op == Op::Constant || inner.op == Op::Select;
    return arithmetic || inner.op == Op::Load;
  });
}

class Sharing {
 public:
  Sharing(ir::Module& module, ir::Body& body) : module_(module), body_(body) {}

  void block(Block& block, bool in_loop) {
    for (Instruction& each : block.body) {
      for (Block& inner : each.blocks) this->block(inner, in_loop || each.op == Op::For);
    }
    if (!in_loop) return;
    for (std::size_t i = 0; i < block.body.size(); ++i) {
      if (is_plain(block.body[i])) i = take_apart(block, i);
    }
  }

 private:
  // Where later loops want exp(operand - logsumexp), by the places of the loops in the block and of the exponentials in
  // theirs.
  struct Want {
    std::size_t loop, exponential;
  };
  std::vector<Want> wants(const Block& block, std::size_t at) const {
    const Instruction& source = block.body[at];
    const analysis::Effects reads = analysis::effects_of(source);
    std::vector<Want> found;
    for (std::size_t i = at + 1; i < block.body.size(); ++i) {
      const Instruction& each = block.body[i];
      if (each.op == Op::For && each.domain == source.domain && each.operands == source.operands) {
        const Block& inner = each.blocks.front();
        const Comparison compare(source.blocks.front(), inner);
        const Definitions known = definitions_of(inner);
        for (std::size_t k = 0; k < inner.body.size(); ++k) {
          if (inner.body[k].op != Op::Exp) continue;
          const auto distance = known.find(inner.body[k].operands[0]);
          if (distance == known.end() || distance->second->op != Op::Sub) continue;
          if (distance->second->operands[1] != source.result()) continue;
          if (compare.alike(source.blocks.front().yields[0], distance->second->operands[0])) found.push_back({i, k});
        }
      }
      if (!analysis::commute(reads, analysis::effects_of(each))) break;
    }
    return found;
  }

  // Returns the place of the last instruction that was written.
  std::size_t take_apart(Block& block, std::size_t at) {
    const std::vector<Want> wanted = wants(block, at);
    std::vector<Instruction> made;
    Parts parts = write_parts(block.body[at], !wanted.empty(), made);
    for (const Want& want : wanted) use_weights(block.body[want.loop].blocks.front(), want.exponential, parts);
    for (std::size_t i = at + 1; i < block.body.size(); ++i) {
      Instruction& each = block.body[i];
      if (each.op == Op::IsFinite && each.operands[0] == parts.result) each.op = Op::And, each.operands = {parts.finite, parts.finite};
    }
    const auto place = block.body.begin() + static_cast<std::ptrdiff_t>(at);
    block.body.insert(block.body.erase(place), made.begin(), made.end());
    return at + made.size() - 1;
  }

  Parts write_parts(const Instruction& source, bool keep, std::vector<Instruction>& made) {
    Parts parts{.result = source.result(), .finite = {}, .inverse = {}, .weights = {}};
    ir::ValueMap map;
    Instruction largest = ir::clone(source, body_, body_, map);
    largest.reducers = {Reducer::MaxNumber};  // a NaN makes the sum NaN
    const ValueId most = largest.result();
    made.push_back(std::move(largest));
    const ValueId known = append(body_, made, Op::IsFinite, {most}, ir::Type::boolean());
    const ValueId shift = append(body_, made, Op::Select, {known, most, append_constant(body_, made, 0)});

    ir::ValueMap second;
    Instruction sum = ir::clone(source, body_, body_, second);
    sum.reducers = {Reducer::Sum};
    Block& inner = sum.blocks.front();
    const ValueId e = append(body_, inner.body, Op::Exp, {append(body_, inner.body, Op::Sub, {inner.yields[0], shift})});
    if (keep) {
      parts.weights = module_.add(ir::Buffer{.name = module_.fresh_buffer_name("weights"),
                                             .kind = ir::BufferKind::Scratch,
                                             .element = ir::Type::real(),
                                             .axes = source.domain.dims});
      Instruction store{.op = Op::Store, .operands = inner.arguments, .buffer = parts.weights};
      store.operands.push_back(e);
      inner.body.push_back(std::move(store));
    }
    inner.yields = {e};
    const ValueId total = sum.result();
    made.push_back(std::move(sum));
    const ValueId known_sum = append(body_, made, Op::IsFinite, {total}, ir::Type::boolean());
    parts.finite = append(body_, made, Op::And, {known, known_sum}, ir::Type::boolean());
    if (keep) parts.inverse = append(body_, made, Op::Div, {append_constant(body_, made, 1), total});
    const ValueId log = append(body_, made, Op::Log, {total});
    made.push_back({.op = Op::Add, .operands = {shift, log}, .results = {source.result()}});
    return parts;
  }

  void use_weights(Block& block, std::size_t at, const Parts& parts) {
    Instruction& each = block.body[at];
    const ValueId weight = body_.add(ir::Type::real());
    Instruction load{.op = Op::Load, .operands = block.arguments, .results = {weight}, .buffer = parts.weights};
    each.op = Op::Mul;
    each.operands = {weight, parts.inverse};
    block.body.insert(block.body.begin() + static_cast<std::ptrdiff_t>(at), std::move(load));
  }

  ir::Module& module_;
  ir::Body& body_;
};

}  // namespace

void share_softmax(ir::Module& module) {
  for (ir::Function& function : module.functions) {
    if (function.stage == ir::Stage::Draw) Sharing(module, function.body).block(function.body.block, false);
  }
}

}  // namespace lacuna::transform
