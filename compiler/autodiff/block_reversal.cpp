#include "compiler/autodiff/block_reversal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "compiler/autodiff/adjoint_rules.h"
#include "compiler/autodiff/term.h"
#include "compiler/ir/stages.h"
#include "compiler/ir/walk.h"

namespace lacuna::autodiff {

using ir::Block;
using ir::BufferId;
using ir::BufferKind;
using ir::Instruction;
using ir::Op;
using ir::Reducer;
using ir::ValueId;
using ir::ValueMap;

namespace {

bool is_extreme(Reducer reducer) {
  return reducer == Reducer::Min || reducer == Reducer::Max || reducer == Reducer::MaxNumber;
}

// Whether some operands get a share of 0 although they are there.
bool picks(Reducer reducer) {
  return is_extreme(reducer) || reducer == Reducer::LogSumExp;
}

bool has_fading(const Block& block) {
  bool found = false;
  ir::for_each_instruction(block, [&](const Instruction& each) {
    found = found || fades(each.op) || std::any_of(each.reducers.begin(), each.reducers.end(), picks);
  });
  return found;
}

// The block's instructions without those that only have effects: what may be run a second time.
std::vector<Instruction> without_effects(const Block& block) {
  std::vector<Instruction> kept;
  for (const Instruction& each : block.body) {
    if (has(each.op, ir::Effect)) continue;
    Instruction copy = each;
    for (Block& inner : copy.blocks) inner.body = without_effects(inner);
    if (!copy.results.empty()) kept.push_back(std::move(copy));
  }
  return kept;
}

}  // namespace

BlockReversal::BlockReversal(ir::Module& module, ir::Function& function, AdjointBuffers adjoints,
                             std::set<BufferId> traces)
    : module_(module),
      body_(function.body),
      builder_(module, function.body),
      adjoints_(std::move(adjoints)),
      traces_(std::move(traces)) {
  const std::vector<ir::Stage> stages = ir::stages_of(module, body_, function.stage);
  for (std::size_t i = 0; i < stages.size(); ++i) {
    draw_.push_back(stages[i] == ir::Stage::Draw);
    active_.push_back(draw_[i] && body_.values[i].type == ir::Type::real());
  }
  ir::for_each_instruction(body_.block, [&](const Instruction& each) {
    const auto* number = each.op == Op::Constant ? std::get_if<double>(&each.literal) : nullptr;
    if (number && std::isinf(*number)) infinite_.insert(each.result());
  });
}

void BlockReversal::fail(Op op) {
  if (error_.empty()) error_ = fmt::format("`{}` has no derivative here", info(op).mnemonic);
}

void BlockReversal::add(Adjoints& adjoints, ValueId id, ValueId share) {
  if (!active(id)) return;
  const auto [at, fresh] = adjoints.emplace(id, share);
  if (fresh) return;
  const bool faded = faded_.contains(at->second) || faded_.contains(share);
  at->second = builder_.add(at->second, share);
  mark_faded(at->second, faded);
}

void BlockReversal::mark_faded(ValueId id, bool faded) {
  if (faded) faded_.insert(id);
}

// What a support or a check selects against is an infinite value; data select what an empty sum would make of an infinite one.
bool BlockReversal::may_fade(const Instruction& each, std::size_t operand) const {
  if (each.op == Op::Select) return draw_[each.operands[0].index] && !infinite_.contains(each.operands[operand == 1 ? 2 : 1]);
  return fades(each.op);
}

ValueId BlockReversal::unless_faded(ValueId share, ValueId adjoint) {
  if (!faded_.contains(adjoint)) return share;
  const Term g(builder_, adjoint);
  return select(g == number(g, 0), number(g, 0), Term(builder_, share)).id();
}

BufferId BlockReversal::adjoint_buffer(BufferId buffer) {
  const auto found = adjoints_.find(buffer);
  if (found != adjoints_.end()) return found->second;
  const ir::Buffer& primal = module_.buffer(buffer);
  if (primal.kind != BufferKind::Work || primal.element != ir::Type::real() || traces_.contains(buffer)) return {};
  ir::Buffer adjoint = primal;
  adjoint.name = module_.fresh_buffer_name("d_" + primal.name);
  const BufferId id = module_.add(std::move(adjoint));
  made_.push_back(id);
  return adjoints_[buffer] = id;
}

void BlockReversal::sweep(const Block& block, Adjoints& adjoints) {
  for (auto each = block.body.rbegin(); each != block.body.rend() && error_.empty(); ++each) {
    instruction(*each, adjoints);
  }
}

void BlockReversal::instruction(const Instruction& each, Adjoints& adjoints) {
  switch (each.op) {
    case Op::Load: {
      const auto found = adjoints.find(each.result());
      const BufferId to = found == adjoints.end() ? BufferId{} : adjoint_buffer(each.buffer);
      if (!to.valid()) return;
      builder_.accumulate(to, each.operands, found->second);
      if (faded_.contains(found->second)) faded_buffers_.insert(to);
      return;
    }
    case Op::Store:
    case Op::Accumulate: {
      if (!active(each.operands.back())) return;
      const BufferId from = adjoint_buffer(each.buffer);
      if (!from.valid()) return;
      const ir::Values at(each.operands.begin(), each.operands.end() - 1);
      const ValueId adjoint = builder_.load(from, at);
      mark_faded(adjoint, in_fading_scan_ || faded_buffers_.contains(from));
      add(adjoints, each.operands.back(), adjoint);
      return;
    }
    case Op::Fill:
      if (active(each.operands.back()) && adjoint_buffer(each.buffer).valid()) fail(each.op);
      return;
    case Op::For:
      return loop(each, adjoints);
    case Op::Scan:
      return scan(each, adjoints);
    case Op::If:
      return branch(each, adjoints);
    case Op::Kernel:
      return fail(each.op);
    default:
      return elementwise(each, adjoints);
  }
}

void BlockReversal::elementwise(const Instruction& each, Adjoints& adjoints) {
  if (each.results.empty()) return;
  const auto found = adjoints.find(each.result());
  if (found == adjoints.end()) return;
  const bool reaches = std::any_of(each.operands.begin(), each.operands.end(), [&](ValueId id) { return active(id); });
  if (!reaches) return;
  if (!has_adjoint(each.op)) return fail(each.op);
  const ValueId adjoint = found->second;
  for (std::size_t i = 0; i < each.operands.size(); ++i) {
    if (!active(each.operands[i])) continue;
    const auto share = adjoint_of_operand(builder_, each, i, adjoint);
    if (!share) continue;
    const ValueId kept = is_steep(each.op) ? unless_faded(*share, adjoint) : *share;
    mark_faded(kept, may_fade(each, i) || faded_.contains(adjoint));
    add(adjoints, each.operands[i], kept);
  }
}

bool BlockReversal::writes_adjoints(const Block& block) const {
  bool found = false;
  ir::for_each_instruction(block, [&](const Instruction& each) {
    const bool effect = each.op == Op::Store || each.op == Op::Accumulate;
    found = found || (effect && active(each.operands.back()) && !traces_.contains(each.buffer));
  });
  return found;
}

bool BlockReversal::worth_reversing(const Instruction& each, const Adjoints& adjoints) const {
  const bool wanted =
      std::any_of(each.results.begin(), each.results.end(), [&](ValueId id) { return adjoints.contains(id); });
  return wanted || std::any_of(each.blocks.begin(), each.blocks.end(),
                               [&](const Block& block) { return writes_adjoints(block); });
}

BlockReversal::Copy BlockReversal::copy(const Block& block, ValueMap& map) {
  Copy copied{.block = ir::clone(block, body_, body_, map), .inside = {}};
  active_.resize(body_.values.size());
  draw_.resize(body_.values.size());
  for (const auto& [old, fresh] : map) {
    active_[fresh.index] = active(old);
    draw_[fresh.index] = old.index < draw_.size() && draw_[old.index];
    if (infinite_.contains(old)) infinite_.insert(fresh);
    copied.inside.insert(fresh);
  }
  for (Instruction& each : without_effects(copied.block)) builder_.append(std::move(each));
  return copied;
}

ValueId BlockReversal::reduction_share(Reducer reducer, ValueId operand, ValueId result, ValueId adjoint) {
  const Term x(builder_, operand);
  const Term r(builder_, result);
  const Term g(builder_, adjoint);
  switch (reducer) {
    case Reducer::SumLog:
      return unless_faded((g / x).id(), adjoint);
    case Reducer::Prod:
      return unless_faded((g * r / x).id(), adjoint);
    case Reducer::Min:
    case Reducer::Max:
    case Reducer::MaxNumber:
      return select(x == r, g, number(g, 0)).id();
    case Reducer::LogSumExp:
      return select(apply(Op::IsFinite, r), g * exp(x - r), number(g, 0)).id();
    default:
      return adjoint;
  }
}

void BlockReversal::seed_reductions(const Instruction& loop, const Block& copied, const Adjoints& outer,
                                    Adjoints& inner) {
  const std::size_t carried = loop.results.size() - loop.reducers.size();
  for (std::size_t i = 0; i < loop.reducers.size(); ++i) {
    const ValueId result = loop.results[carried + i];
    const ValueId operand = copied.yields[carried + i];
    const auto found = outer.find(result);
    if (found == outer.end() || !active(operand)) continue;
    const auto factors = factors_.find(result);
    const ValueId share = factors == factors_.end() ? reduction_share(loop.reducers[i], operand, result, found->second)
                                                    : product_share(factors->second, operand, result, found->second);
    mark_faded(share, picks(loop.reducers[i]) || faded_.contains(found->second));
    add(inner, operand, share);
  }
}

// Counts the ties in a loop of its own: what is tied is equal, so each gets the same share, and the shares add up to
// one.
ValueId BlockReversal::shared_by_ties(const Instruction& loop, std::size_t reduction, ValueId adjoint) {
  const Block& primal = loop.blocks.front();
  const ValueId result = loop.results[reduction];
  Instruction counting{.op = Op::For, .operands = loop.operands, .domain = loop.domain, .reducers = {Reducer::Sum}};
  counting.blocks.push_back(builder_.block(builder_.index_arguments(loop.domain), [&](const ir::Values& indices) {
    ValueMap map;
    for (std::size_t i = 0; i < indices.size(); ++i) map[primal.arguments[i]] = indices[i];
    const Copy copied = copy(primal, map);
    const ValueId tied = builder_.op(Op::Eq, {copied.block.yields[reduction], result});
    return ir::Values{builder_.op(Op::ToReal, {tied})};
  }));
  const ValueId ties = builder_.append(std::move(counting))[0];
  const ValueId shared = builder_.div(adjoint, ties);
  mark_faded(shared, faded_.contains(adjoint));
  return shared;
}

void BlockReversal::share_extremes(const Instruction& loop, Adjoints& adjoints) {
  for (std::size_t i = 0; i < loop.reducers.size(); ++i) {
    const auto found = adjoints.find(loop.results[i]);
    if (is_extreme(loop.reducers[i]) && found != adjoints.end()) found->second = shared_by_ties(loop, i, found->second);
  }
}

// Of a product: how many factors are 0, and the product of the others, in a loop of its own. Where one factor alone is 0, these are
// its derivative.
void BlockReversal::find_factors(const Instruction& loop, const Adjoints& adjoints) {
  const Block& primal = loop.blocks.front();
  for (std::size_t i = 0; i < loop.reducers.size(); ++i) {
    if (loop.reducers[i] != Reducer::Prod || !adjoints.contains(loop.results[i])) continue;
    Instruction looking{.op = Op::For, .operands = loop.operands, .domain = loop.domain, .reducers = {Reducer::Sum, Reducer::Prod}};
    looking.blocks.push_back(builder_.block(builder_.index_arguments(loop.domain), [&](const ir::Values& indices) {
      ValueMap map;
      for (std::size_t k = 0; k < indices.size(); ++k) map[primal.arguments[k]] = indices[k];
      const Copy copied = copy(primal, map);
      const Term x(builder_, copied.block.yields[i]);
      const Term none = x == number(x, 0);
      return ir::Values{select(none, number(x, 1), number(x, 0)).id(), select(none, number(x, 1), x).id()};
    }));
    const ir::Values found = builder_.append(std::move(looking));
    factors_[loop.results[i]] = {found[0], found[1]};
  }
}

// g times the product of the other factors.
ValueId BlockReversal::product_share(const Factors& factors, ValueId operand, ValueId result, ValueId adjoint) {
  const Term x(builder_, operand), r(builder_, result), g(builder_, adjoint);
  const Term zeros(builder_, factors.zeros), rest(builder_, factors.rest);
  const Term alone = select(zeros == number(g, 1), g * rest, number(g, 0));
  return unless_faded(select(x == number(g, 0), alone, g * r / x).id(), adjoint);
}

BlockReversal::Outer BlockReversal::from_outside(const Adjoints& inner, const Copy& copied) const {
  Outer outer;
  for (const auto& [value, adjoint] : inner) {
    if (!copied.inside.contains(value)) outer.emplace_back(value, adjoint);
  }
  return outer;
}

void BlockReversal::loop(const Instruction& each, Adjoints& adjoints) {
  if (!worth_reversing(each, adjoints)) return;
  share_extremes(each, adjoints);
  find_factors(each, adjoints);
  Outer outer;
  const Block& primal = each.blocks.front();
  Instruction reversed{
      .op = Op::For, .operands = each.operands, .domain = each.domain, .schedule = {.parts = each.schedule.parts}};
  reversed.blocks.push_back(builder_.block(builder_.index_arguments(each.domain), [&](const ir::Values& indices) {
    ValueMap map;
    for (std::size_t i = 0; i < indices.size(); ++i) map[primal.arguments[i]] = indices[i];
    const Copy copied = copy(primal, map);
    Adjoints inner;
    seed_reductions(each, copied.block, adjoints, inner);
    sweep(copied.block, inner);
    outer = from_outside(inner, copied);
    ir::Values sums;
    for (const auto& [value, adjoint] : outer) sums.push_back(adjoint);
    return sums;
  }));
  reversed.reducers.assign(outer.size(), Reducer::Sum);
  const ir::Values results = builder_.append(std::move(reversed));
  for (std::size_t i = 0; i < outer.size(); ++i) {
    mark_faded(results[i], faded_.contains(outer[i].second));
    add(adjoints, outer[i].first, results[i]);
  }
}

// What a scan carried into the iteration at hand: the trace was stored at the same indices.
ValueId BlockReversal::load_carried(const Instruction& each, ValueId carried, const ValueMap& map) {
  for (const Instruction& store : each.blocks.front().body) {
    if (store.op != Op::Store || !traces_.contains(store.buffer) || store.operands.back() != carried) continue;
    ir::Values at(store.operands.begin(), store.operands.end() - 1);
    for (ValueId& id : at) id = ir::mapped(map, id);
    return builder_.load(store.buffer, at);
  }
  return {};
}

void BlockReversal::scan(const Instruction& each, Adjoints& adjoints) {
  if (!worth_reversing(each, adjoints)) return;
  for (Reducer reducer : each.reducers) {
    if (is_extreme(reducer)) return fail(each.op);
  }
  const Block& primal = each.blocks.front();
  const std::size_t carried = each.results.size() - each.reducers.size();
  const std::size_t first = primal.arguments.size() - carried;
  const std::size_t start = each.operands.size() - carried;
  const bool around = std::exchange(in_fading_scan_, in_fading_scan_ || has_fading(primal));
  std::vector<std::size_t> moving;  // the carried values that have adjoints
  Instruction reversed{.op = Op::Scan, .domain = each.domain};
  reversed.domain.descending = !each.domain.descending;
  reversed.operands.assign(each.operands.begin(), each.operands.begin() + static_cast<std::ptrdiff_t>(start));
  std::vector<ValueId> arguments = builder_.index_arguments(each.domain);
  for (std::size_t i = 0; i < carried; ++i) {
    if (!active(primal.arguments[first + i])) continue;
    moving.push_back(i);
    const auto found = adjoints.find(each.results[i]);
    reversed.operands.push_back(found == adjoints.end() ? builder_.real(0.0) : found->second);
    arguments.push_back(body_.add(ir::Type::real()));
    mark_faded(arguments.back(), in_fading_scan_ || faded_.contains(reversed.operands.back()));
  }
  Outer outer;
  reversed.blocks.push_back(builder_.block(arguments, [&](const ir::Values& given) {
    ValueMap map;
    for (std::size_t i = 0; i < first; ++i) map[primal.arguments[i]] = given[i];
    for (std::size_t i = first; i < primal.arguments.size(); ++i) {
      map[primal.arguments[i]] = load_carried(each, primal.arguments[i], map);
    }
    const Copy copied = copy(primal, map);
    Adjoints inner;
    for (std::size_t i = 0; i < moving.size(); ++i) add(inner, copied.block.yields[moving[i]], given[first + i]);
    seed_reductions(each, copied.block, adjoints, inner);
    sweep(copied.block, inner);
    ir::Values yields;
    for (std::size_t i : moving) {
      const auto found = inner.find(map.at(primal.arguments[first + i]));
      yields.push_back(found == inner.end() ? builder_.real(0.0) : found->second);
    }
    outer = from_outside(inner, copied);
    for (const auto& [value, adjoint] : outer) yields.push_back(adjoint);
    return yields;
  }));
  reversed.reducers.assign(outer.size(), Reducer::Sum);
  const ir::Values results = builder_.append(std::move(reversed));
  for (ValueId result : results) mark_faded(result, in_fading_scan_);
  in_fading_scan_ = around;
  for (std::size_t i = 0; i < moving.size(); ++i) add(adjoints, each.operands[start + moving[i]], results[i]);
  for (std::size_t i = 0; i < outer.size(); ++i) add(adjoints, outer[i].first, results[moving.size() + i]);
}

void BlockReversal::branch(const Instruction& each, Adjoints& adjoints) {
  if (!worth_reversing(each, adjoints)) return;
  Instruction reversed{.op = Op::If, .operands = each.operands};
  std::vector<Outer> outers;
  std::set<ValueId> reached;
  for (const Block& primal : each.blocks) {
    reversed.blocks.push_back(builder_.block({}, [&](const ir::Values&) {
      ValueMap map;
      const Copy copied = copy(primal, map);
      Adjoints inner;
      for (std::size_t i = 0; i < each.results.size(); ++i) {
        const auto found = adjoints.find(each.results[i]);
        if (found != adjoints.end()) add(inner, copied.block.yields[i], found->second);
      }
      sweep(copied.block, inner);
      outers.push_back(from_outside(inner, copied));
      return ir::Values{};
    }));
    for (const auto& [value, adjoint] : outers.back()) reached.insert(value);
  }
  for (std::size_t side = 0; side < 2; ++side) {
    Block& block = reversed.blocks[side];
    for (ValueId value : reached) {
      const auto found = std::find_if(outers[side].begin(), outers[side].end(),
                                      [&](const auto& each_outer) { return each_outer.first == value; });
      if (found != outers[side].end()) {
        block.yields.push_back(found->second);
        continue;
      }
      const ValueId zero = body_.add(ir::Type::real());
      block.body.push_back({.op = Op::Constant, .results = {zero}, .literal = 0.0});
      block.yields.push_back(zero);
    }
  }
  // What only the other block reads gets 0.
  const bool either = draw_[each.operands[0].index] && std::none_of(each.blocks.begin(), each.blocks.end(), [&](const Block& side) {
    return std::all_of(side.yields.begin(), side.yields.end(), [&](ValueId id) { return infinite_.contains(id); });
  });
  const ir::Values results = builder_.append(std::move(reversed));
  std::size_t i = 0;
  for (ValueId value : reached) {
    const bool faded = std::any_of(outers.begin(), outers.end(), [&](const Outer& side) {
      return std::any_of(side.begin(), side.end(), [&](const auto& share) { return share.first == value && faded_.contains(share.second); });
    });
    mark_faded(results[i], faded || either);
    add(adjoints, value, results[i++]);
  }
}

}  // namespace lacuna::autodiff
