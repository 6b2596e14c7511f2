// What the code of `predict` knows of each site's functions: what they read, and whether they can be run in stretches of rows.
#include <algorithm>
#include <map>
#include <set>

#include "compiler/entries/describe.h"
#include "compiler/ir/walk.h"

namespace lacuna::entries {
namespace {

using ir::BufferId;
using ir::DimId;
using ir::Op;
using ir::ValueId;

// Decides whether a function's iterations over a dimension stand alone, so that any stretch of them can be run by itself:
// arrays have it as first axis, which is subscripted by the loop's own index; nothing counts, sums or orders along it.
class Window {
 public:
  Window(const ir::Module& module, const ir::Function& function, DimId dim) : module_(module), function_(function), dim_(dim) {}

  bool holds() {
    ir::for_each_instruction(function_.body.block, [&](const ir::Instruction& each) { collect(each); });
    ir::for_each_instruction(function_.body.block, [&](const ir::Instruction& each) { check(each); });
    return holds_ && !own_.empty();
  }

 private:
  void collect(const ir::Instruction& each) {
    if (each.op != Op::For && each.op != Op::Scan) return;
    const auto& dims = each.domain.dims;
    for (std::size_t i = 0; i < dims.size(); ++i) {
      if (touches(dims[i])) holds_ = holds_ && dims[i] == dim_ && i == 0 && each.op == Op::For && !each.domain.space.valid() && each.reducers.empty();
      if (dims[i] == dim_) own_.insert(each.blocks.front().arguments[i]);
    }
  }

  void check(const ir::Instruction& each) {
    if ((each.op == Op::Size || each.op == Op::ToIndex) && touches(each.dim)) holds_ = false;
    if (each.op == Op::Kernel) holds_ = false;
    if (!has(each.op, ir::Memory) || each.op == Op::Kernel) return;
    const ir::Buffer& buffer = module_.buffer(each.buffer);
    if (each.op == Op::Fill && !buffer.axes.empty()) holds_ = false;
    if (buffer.element.dim.valid() && touches(buffer.element.dim)) holds_ = false;
    for (std::size_t k = 0; k < buffer.axes.size(); ++k) {
      if (touches(buffer.axes[k])) holds_ = holds_ && buffer.axes[k] == dim_ && k == 0 && !each.operands.empty() && own_.contains(each.operands[0]);
    }
  }

  // The dimension, or one whose size follows from it.
  bool touches(DimId dim) const {
    if (dim == dim_) return true;
    const ir::Dim& of = module_.dim(dim);
    bool found = false;
    of.for_each_source([&](DimId d) { found = found || touches(d); });
    if (of.kind == ir::Dim::Kind::Cells) {
      const ir::Space& space = module_.space(of.cells);
      for (const DimId d : space.dims) found = found || touches(d);
      for (const DimId d : space.parameters) found = found || touches(d);
    }
    return found;
  }

  const ir::Module& module_;
  const ir::Function& function_;
  DimId dim_;
  std::set<ValueId> own_;
  bool holds_ = true;
};

}  // namespace

void Description::describe_prediction(lacuna_predicted& made, int which, const ir::Function& function) {
  made.there[which] = 1;
  std::set<int> read, taken;
  std::set<BufferId> scratch;
  ir::for_each_instruction(function.body.block, [&](const ir::Instruction& each) {
    if (each.op == Op::Scan && module_.dim(each.domain.dims[0]).kind == ir::Dim::Kind::Given) made.in_order[which] = 1;
    if (has(each.op, ir::Memory) && each.op != Op::Kernel && module_.buffer(each.buffer).kind == ir::BufferKind::Work) scratch.insert(each.buffer);
    if (each.op != Op::Load) return;
    const auto position = static_cast<int>(layout_.output(each.buffer));
    const ir::BufferKind kind = module_.buffer(each.buffer).kind;
    for (std::size_t s = 0; s < predicted_.size(); ++s) {
      if (kind == ir::BufferKind::Output && predicted_[s].out == position) read.insert(static_cast<int>(s));
      if (kind == ir::BufferKind::Given && predicted_[s].known == position) taken.insert(static_cast<int>(s));
    }
  });
  const auto listed = [&](const std::set<int>& sites) {
    const lacuna_span span{static_cast<int>(numbers_.size()), static_cast<int>(sites.size())};
    numbers_.insert(numbers_.end(), sites.begin(), sites.end());
    return span;
  };
  made.reads[which] = listed(read);
  made.takes[which] = listed(taken);
  ir::SizeExpr elements;
  for (const BufferId each : scratch) elements = elements + ir::SizeExpr::product(module_.buffer(each).axes);
  made.work[which] = polynomial(elements);
  made.scratch[which] = static_cast<int>(scratch.size());
  for (int d = 0; d < metadata_.dimension_count; ++d) {
    if (metadata_.dimensions[d].kind != LACUNA_FREE || dimensions_[static_cast<std::size_t>(d)] < 0) continue;
    const DimId dim{static_cast<std::uint32_t>(dimensions_[static_cast<std::size_t>(d)])};
    if (Window(module_, function, dim).holds()) made.window[which] = static_cast<int>(dim.index);
  }
}

void Description::add_predictions() {
  if (!module_.find_buffer("prediction.seed").valid()) return;
  const auto sites = static_cast<std::size_t>(metadata_.site_count);
  predictions_.resize(2 * sites);
  prediction_code_.resize(2 * sites);
  for (std::size_t s = 0; s < sites; ++s) {
    lacuna_predicted made{-1, {0, 0}, -1, {0, 0}, {{0, 0}, {0, 0}}, {{0, 0}, {0, 0}}, {0, 0}, {0, 0}, {-1, -1}, {{0, 0}, {0, 0}}, {0, 0}};
    const std::string name = metadata_.sites[s].name;
    const BufferId out = module_.find_buffer("predict." + std::to_string(s) + "." + name);
    const BufferId known = module_.find_buffer("known." + name);
    const bool may = metadata_.sites[s].kind == LACUNA_LATENT || metadata_.sites[s].kind == LACUNA_IMPUTED;
    if (out.valid()) {
      made.out = static_cast<int>(layout_.output(out));
      made.axes = dims(module_.buffer(out).axes);
    }
    if (may && known.valid()) {
      made.known = static_cast<int>(layout_.output(known));
      made.known_axes = dims(module_.buffer(known).axes);
    }
    predicted_.push_back(made);
  }
  for (std::uint32_t i = 0; i < module_.buffers.size(); ++i) {
    const std::string& name = module_.buffers[i].name;
    if (module_.buffers[i].kind != ir::BufferKind::Shared || !name.starts_with("frozen.")) continue;
    const auto slot = static_cast<int>(layout_.buffer(module_.find_buffer(name.substr(7))));
    for (std::size_t b = 0; b < buffers_.size(); ++b)
      if (buffers_[b].slot == slot) frozen_.push_back({static_cast<int>(layout_.output({i})), static_cast<int>(b)});
  }
  for (std::size_t s = 0; s < sites; ++s) {
    for (int which = 0; which < 2; ++which) {
      const std::string name = std::string(which ? "likelihood." : "predict.") + std::to_string(s) + "." + metadata_.sites[s].name;
      prediction_code_[2 * s + static_cast<std::size_t>(which)].results = -1;
      const ir::Function* function = module_.find_function(name);
      if (!function) continue;
      predictions_[2 * s + static_cast<std::size_t>(which)] = name;
      prediction_code_[2 * s + static_cast<std::size_t>(which)] = {0, 1, {}, {}};
      describe_prediction(predicted_[s], which, *function);
    }
  }
}

}  // namespace lacuna::entries
