#include <algorithm>
#include <map>
#include <optional>

#include "compiler/ir/builder.h"
#include "compiler/ir/infer.h"
#include "compiler/ir/rarely_run.h"
#include "compiler/ir/walk.h"
#include "compiler/schedule/choose.h"

namespace lacuna::schedule {
namespace {

using ir::BufferId;
using ir::DimId;
using ir::Op;
using ir::ValueId;

// One array read by a loop: which cells, which array, and for each axis of it the index of the loop (or -1: one of an
// inner loop, which becomes an axis of the copy).
struct Copy {
  ir::Domain domain;
  BufferId source;
  std::vector<int> from_loop;
  int tile;
  BufferId made;
};

// Rows in one tile of a copy: a line of cache, whatever the vectors of rows that read it are, so that those who take eight
// rows at a time read in order.
int tile_of(const ir::Instruction& loop) {
  constexpr int kLine = 8, kMost = 32;
  const int rows = loop.schedule.tile;
  return rows % kLine == 0 && rows <= kMost ? kLine : rows;
}

class Gathering {
 public:
  explicit Gathering(ir::Module& module) : module_(module) {}

  void run() {
    for (const bool rarely : {false, true}) {
      known_only_ = rarely;
      for (ir::Function& function : module_.functions) {
        if (function.stage != ir::Stage::Draw || ir::is_rarely_run(function.name) != rarely) continue;
        for (ir::Instruction& each : function.body.block.body) loop(function.body, each);
      }
    }
    if (!copies_.empty()) fill();
  }

 private:
  // A loop over cells, or over one whole dimension: the position in the copy is the cell's, or the index.
  void loop(ir::Body& body, ir::Instruction& each) {
    if (each.op != Op::For || (each.schedule.lanes == ir::Lanes::None && !known_only_)) return;
    const bool listed = each.domain.space.valid();
    if (listed && !module_.space(each.domain.space).parameters.empty()) return;
    if (!listed && each.domain.dims.size() != 1) return;
    ir::Block& block = each.blocks.front();
    const std::vector<ValueId> indices(block.arguments.begin(),
                                       block.arguments.begin() + static_cast<std::ptrdiff_t>(each.domain.dims.size()));
    std::optional<ValueId> position;
    if (each.domain.position) position = block.arguments.back();
    if (!listed) position = indices[0];
    std::vector<ValueId> inner;
    replace(body, each, block, indices, inner, position);
  }

  void replace(ir::Body& body, ir::Instruction& loop, ir::Block& block, const std::vector<ValueId>& indices,
               std::vector<ValueId>& inner, std::optional<ValueId>& position) {
    for (ir::Instruction& each : block.body) {
      if (each.op == Op::For && !each.domain.space.valid()) {
        const std::size_t before = inner.size();
        inner.insert(inner.end(), each.blocks.front().arguments.begin(), each.blocks.front().arguments.end());
        replace(body, loop, each.blocks.front(), indices, inner, position);
        inner.resize(before);
      }
      if (each.op == Op::If && known_only_) {
        for (ir::Block& side : each.blocks) replace(body, loop, side, indices, inner, position);
      }
      if (each.op == Op::Load) load(body, loop, each, indices, inner, position);
    }
  }

  void load(ir::Body& body, ir::Instruction& loop, ir::Instruction& each, const std::vector<ValueId>& indices,
            const std::vector<ValueId>& inner, std::optional<ValueId>& position) {
    const ir::Buffer& buffer = module_.buffer(each.buffer);
    if (ir::stage_of(buffer.kind) != ir::Stage::Data) return;
    std::vector<int> from_loop;
    std::vector<ValueId> rest;
    bool of_cell = false;
    for (ValueId id : each.operands) {
      const auto at = std::find(indices.begin(), indices.end(), id);
      from_loop.push_back(at == indices.end() ? -1 : static_cast<int>(at - indices.begin()));
      of_cell = of_cell || at != indices.end();
      if (at != indices.end() || (position && id == *position)) continue;
      if (std::find(inner.begin(), inner.end(), id) == inner.end()) return;
      rest.push_back(id);
    }
    const bool listed = loop.domain.space.valid();
    if (buffer.kind == ir::BufferKind::Data && position && !each.operands.empty() && each.operands[0] == *position) {
      if (rest.size() > 0 && !known_only_) module_.buffers[each.buffer.index].tile = tile_of(loop);
      return;  // bind fills it cell by cell already
    }
    if (!of_cell || (!listed && rest.empty())) return;  // a whole dimension's elements are in order already
    const BufferId copy = copy_of(loop, each.buffer, from_loop);
    if (!copy.valid()) return;
    each.buffer = copy;
    if (!position) {
      position = body.add(ir::Type::index_of(cells_of_space(loop.domain.space)));
      loop.domain.position = true;
      loop.blocks.front().arguments.push_back(*position);
    }
    each.operands = {*position};
    each.operands.insert(each.operands.end(), rest.begin(), rest.end());
  }

  DimId cells_of_space(ir::SpaceId space) {
    const DimId known = ir::cells_of(module_, space);
    if (known.valid()) return known;
    return module_.add(
        ir::Dim{.name = "cells." + module_.space(space).name, .kind = ir::Dim::Kind::Cells, .cells = space});
  }

  BufferId copy_of(const ir::Instruction& loop, BufferId source, const std::vector<int>& from_loop) {
    ir::Domain domain = loop.domain;
    domain.position = false;
    for (const Copy& known : copies_) {
      if (known.source == source && known.domain == domain && known.from_loop == from_loop &&
          (known_only_ || known.tile == tile_of(loop))) {
        return known.made;
      }
    }
    if (known_only_) return {};
    ir::Buffer made{.name = module_.fresh_buffer_name(module_.buffer(source).name + ".rows"),
                    .element = module_.buffer(source).element};
    made.axes.push_back(domain.space.valid() ? cells_of_space(domain.space) : domain.dims[0]);
    for (std::size_t i = 0; i < from_loop.size(); ++i) {
      if (from_loop[i] < 0) made.axes.push_back(module_.buffer(source).axes[i]);
    }
    made.tile = made.axes.size() > 1 ? tile_of(loop) : 0;
    copies_.push_back({domain, source, from_loop, tile_of(loop), module_.add(made)});
    return copies_.back().made;
  }

  // The copies are made behind everything else that bind does.
  void fill() {
    ir::Function function{.name = "gather_rows", .stage = ir::Stage::Data};
    ir::Builder b(module_, function.body);
    for (const Copy& copy : copies_) {
      ir::Domain cells = copy.domain;
      cells.position = cells.space.valid();
      b.for_each(cells, {}, [&](const ir::Values& at) -> ir::Values {
        std::vector<DimId> rest(module_.buffer(copy.made).axes.begin() + 1, module_.buffer(copy.made).axes.end());
        auto element = [&](const ir::Values& inner) -> ir::Values {
          ir::Values from, to{at.back()};
          std::size_t next = 0;
          for (int index : copy.from_loop)
            from.push_back(index < 0 ? inner[next++] : at[static_cast<std::size_t>(index)]);
          to.insert(to.end(), inner.begin(), inner.end());
          b.store(copy.made, to, b.load(copy.source, from));
          return {};
        };
        if (rest.empty()) return element({});
        b.for_each(ir::Builder::over(rest), {}, element);
        return {};
      });
    }
    b.yield({});
    module_.functions.push_back(std::move(function));
  }

  ir::Module& module_;
  bool known_only_ = false;  // of functions that rarely run: they take copies that others have
  std::vector<Copy> copies_;
};

}  // namespace

void gather_rows(ir::Module& module) {
  Gathering(module).run();
}

}  // namespace lacuna::schedule
