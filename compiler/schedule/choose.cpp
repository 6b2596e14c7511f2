#include "compiler/schedule/choose.h"

#include <algorithm>
#include <set>

#include "compiler/analysis/linear_scan.h"
#include "compiler/ir/module.h"
#include "compiler/ir/walk.h"

namespace lacuna::schedule {
namespace {

using ir::Op;
using ir::ValueId;

// Registers in one vector of rows: enough independent work to fill the pipelines.
constexpr int kRegistersInMatrixRows = 4;
constexpr int kRegistersInRows = 2;

struct Widths {
  int lanes;      // of one register
  int registers;  // in rows without a loop inside
};

// The fewest rows whose inner loops run together, where those have the lanes; where they call functions, as many as a register has
// lanes, since a row is a lane of what stands between the loops.
constexpr int kRowsOfColumns = 4;
// Steps of a recurrence in one vector: composing fewer costs more than it saves.
constexpr int kLeastLanesOfScan = 4;

bool has_inner_loop(const ir::Block& block) {
  bool found = false;
  ir::for_each_instruction(block, [&](const ir::Instruction& each) { found = found || each.op == Op::For; });
  return found;
}

// Whether half as many registers of a loop's rows fill the pipelines: special functions are long, and more would only make the
// code, and the time to compile it, longer.
bool has_special_functions(const ir::Block& block) {
  bool found = false;
  ir::for_each_instruction(block, [&](const ir::Instruction& each) {
    found = found || (each.op >= Op::NormalLogCdf && each.op <= Op::LogChoose) || (each.op >= Op::KlDiv && each.op <= Op::BetaIncInverse);
  });
  return found;
}

// Whether an inner loop reads or adds to rows of draw-stage arrays that differ from cell to cell: `bias[e, :]`.
bool reads_rows_of_draws(const ir::Module& module, const ir::Instruction& loop) {
  const auto& arguments = loop.blocks.front().arguments;
  std::set<ValueId> of_cell(arguments.begin(), arguments.end());
  bool found = false;
  ir::for_each_instruction(loop.blocks.front(), [&](const ir::Instruction& each) {
    if (each.op == Op::Load && ir::stage_of(module.buffer(each.buffer).kind) == ir::Stage::Data) {
      for (ValueId id : each.operands) {
        if (of_cell.contains(id)) of_cell.insert(each.result());  // county[n]
      }
      return;
    }
    const bool memory = each.op == Op::Load || each.op == Op::Accumulate || each.op == Op::Store;
    if (!memory || ir::stage_of(module.buffer(each.buffer).kind) == ir::Stage::Data) return;
    const std::size_t axes = each.operands.size() - (each.op == Op::Load ? 0 : 1);
    if (axes < 2) return;
    const bool first = of_cell.contains(each.operands[0]);
    const bool last = of_cell.contains(each.operands[axes - 1]);
    found = found || (first && !last);
  });
  return found;
}

void choose_columns(ir::Block& block, int columns) {
  for (ir::Instruction& each : block.body) {
    if (each.op == Op::For && !has_inner_loop(each.blocks.front())) {
      each.schedule = {.tile = columns, .lanes = ir::Lanes::Rows};
    } else {
      for (ir::Block& inner : each.blocks) choose_columns(inner, columns);
    }
  }
}

// Lanes over the columns of a cell's inner loops: one register where functions keep the pipelines busy, since rows may be short and
// what is behind their end is computed too.
void choose_inner(ir::Block& block, const Widths& widths) {
  choose_columns(block, ir::has_functions(block) ? widths.lanes : widths.registers * widths.lanes);
}

// Whether each iteration runs over a list of its own, as segments do.
bool has_lists(const ir::Instruction& loop) {
  bool found = false;
  ir::for_each_instruction(loop.blocks.front(), [&](const ir::Instruction& each) {
    found = found || (each.op == Op::For && each.domain.space.valid() && !each.operands.empty());
  });
  return found;
}

// Lanes over the rows of a segment, one register at a time: segments may be short.
void choose_segments(ir::Block& block, const Widths& widths) {
  for (ir::Instruction& each : block.body) {
    if (each.op != Op::For) continue;
    if (has_inner_loop(each.blocks.front())) {
      choose_inner(each.blocks.front(), widths);
    } else {
      each.schedule = {.tile = widths.lanes, .lanes = ir::Lanes::Rows};
    }
  }
}

void choose_in(const ir::Module& module, const ir::Body& body, ir::Block& block, const Widths& widths) {
  for (ir::Instruction& each : block.body) {
    if (widths.lanes >= kLeastLanesOfScan && analysis::linear_scan(module, body, each)) {
      each.schedule = {.tile = widths.lanes, .lanes = ir::Lanes::Rows};
      continue;
    }
    if (each.op == Op::Scan || each.op == Op::If) {
      for (ir::Block& inner : each.blocks) choose_in(module, body, inner, widths);
    }
    if (each.op != Op::For) continue;
    if (has_lists(each)) {
      choose_segments(each.blocks.front(), widths);
      continue;
    }
    if (reads_rows_of_draws(module, each)) {
      choose_inner(each.blocks.front(), widths);
      each.schedule.tile = ir::has_functions(each.blocks.front()) ? std::max(kRowsOfColumns, widths.lanes) : kRowsOfColumns;
      continue;
    }
    int registers = has_inner_loop(each.blocks.front()) ? kRegistersInMatrixRows : widths.registers;
    if (has_special_functions(each.blocks.front())) registers = std::max(registers / 2, 1);
    each.schedule.tile = registers * widths.lanes;
    each.schedule.lanes = ir::Lanes::Rows;
  }
}

}  // namespace

namespace {

bool is_prediction(const ir::Function& function) { return function.name.starts_with("predict.") || function.name.starts_with("likelihood."); }

// Called once, to say what is wrong or where to begin: one row after the other, in code that is short.
bool is_rare(const ir::Function& function) { return function.name == "terms" || function.name == "natural_terms" || function.name == "unconstrain"; }

// Whether there was any.
bool choose_in_predictions(ir::Module& module, const Machine& machine) {
  bool any = false;
  for (ir::Function& function : module.functions) {
    if (!is_prediction(function)) continue;
    any = true;
    for (ir::Instruction& each : function.body.block.body) {
      if (each.op != Op::For) continue;
      // One register where there is no matrix row to share: random numbers keep the processor busy.
      const int registers = has_inner_loop(each.blocks.front()) ? kRegistersInRows : 1;
      each.schedule = {.tile = registers * machine.lanes, .lanes = ir::Lanes::Rows};
    }
  }
  return any;
}

}  // namespace

void choose(ir::Module& module, const Machine& machine) {
  for (ir::Function& function : module.functions) {
    if (function.stage != ir::Stage::Draw || is_prediction(function) || is_rare(function)) continue;
    const Widths widths{machine.lanes, is_fast(function.name) ? kRegistersInRows : 1};
    choose_in(module, function.body, function.body.block, widths);
  }
  choose_in_predictions(module, machine);
  accumulate_early(module);
  gather_rows(module);
}

void choose_predictions(ir::Module& module, const Machine& machine) {
  if (choose_in_predictions(module, machine)) gather_rows(module);
}

}  // namespace lacuna::schedule
