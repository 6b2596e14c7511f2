#include "compiler/driver/interpreted_prediction.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "compiler/driver/interpreted_model.h"
#include "compiler/ir/walk.h"

namespace lacuna::driver {

namespace {

using Bound = InterpretedModel::Bound;
using ir::BufferId;
using ir::Cell;
using Elements = std::vector<std::int64_t>;

int fail(lacuna_error* error, int code, std::int32_t where = -1, std::int64_t index = -1) {
  if (error) *error = {code, where, index};
  return code;
}

Cell real_cell(double x) { return Cell::of(static_cast<long double>(x)); }

class Prediction {
 public:
  Prediction(const lacuna_prediction& request, Bound& target, const Bound* training)
      : request_(request), target_(target), training_(training), module_(target.model.module()), metadata_(*target.model.table()->metadata) {}

  int run(lacuna_error* error) {
    target_.run.allow_gaps();
    set_whole("prediction.seed", {static_cast<std::int64_t>(request_.seed)});
    set_whole("prediction.simulate", {(request_.flags & LACUNA_SIMULATE) != 0});
    for (std::int32_t d = 0; d < metadata_.dimension_count; ++d) set_dimension(d);
    freeze();
    for (std::int32_t s = 0; s < metadata_.site_count; ++s)
      if (request_.out[s] && (!is_latent(s) || has_fresh(s))) need(s);
    for (const std::int32_t s : needed_)
      if (!function(s)) return fail(error, LACUNA_ABSENT, s);
    for (std::int64_t draw = 0; draw < request_.count; ++draw) {
      const int code = run_draw(draw, error);
      if (code != LACUNA_OK) return code;
    }
    return LACUNA_OK;
  }

 private:
  bool is_latent(std::int32_t s) const { return metadata_.sites[s].kind == LACUNA_LATENT; }
  BufferId buffer(std::string_view name) const { return module_.find_buffer(name); }
  BufferId known(std::int32_t s) const { return buffer(fmt::format("known.{}", metadata_.sites[s].name)); }
  BufferId out(std::int32_t s) const { return buffer(fmt::format("predict.{}.{}", s, metadata_.sites[s].name)); }
  std::string function_name(std::int32_t s) const {
    const bool likelihood = (request_.flags & LACUNA_LOG_LIKELIHOOD) && metadata_.sites[s].kind == LACUNA_OBSERVED;
    return fmt::format("{}.{}.{}", likelihood ? "likelihood" : "predict", s, metadata_.sites[s].name);
  }
  const ir::Function* function(std::int32_t s) const { return module_.find_function(function_name(s)); }

  // The element's place in the fit, or -1.
  std::int64_t known_element(ir::DimId dim, std::int64_t element) const {
    if (!training_) return -1;
    for (std::int32_t d = 0; request_.maps && d < metadata_.dimension_count; ++d)
      if (module_.find_dim(metadata_.dimensions[d].name) == dim && request_.maps[d]) return request_.maps[d][element];
    return element < training_->run.size(dim) ? element : -1;
  }

  void set_whole(std::string_view name, const Elements& values) {
    if (!buffer(name).valid()) return;
    std::vector<Cell> cells;
    for (const std::int64_t v : values) cells.push_back(Cell::of(v));
    target_.run.set_given(buffer(name), std::move(cells));
  }

  // Keys of labels, else positions; and what is known.
  void set_dimension(std::int32_t d) {
    const ir::DimId dim = module_.find_dim(metadata_.dimensions[d].name);
    if (!dim.valid()) return;
    Elements keys, map;
    const auto labels = target_.keys.find(dim);
    for (std::int64_t e = 0; e < target_.run.size(dim); ++e) {
      keys.push_back(labels == target_.keys.end() ? e : labels->second[static_cast<std::size_t>(e)]);
      map.push_back(known_element(dim, e));
    }
    set_whole(fmt::format("key.{}", module_.dim(dim).name), keys);
    set_whole(fmt::format("map.{}", module_.dim(dim).name), map);
  }

  // Calls `cell` for each of the target's elements over the axes, row by row, with its indices and those in the fit; -1 where new.
  template <class F>
  void for_elements(const std::vector<ir::DimId>& axes, F&& cell) const {
    std::int64_t count = 1;
    for (const ir::DimId d : axes) count *= target_.run.size(d);
    for (std::int64_t i = 0; i < count; ++i) {
      Elements old(axes.size());
      std::int64_t rest = i;
      for (std::size_t k = axes.size(); k-- > 0;) {
        old[k] = known_element(axes[k], rest % target_.run.size(axes[k]));
        rest /= target_.run.size(axes[k]);
      }
      cell(i, old);
    }
  }

  // The row-major place of an element in the fit, or -1.
  std::int64_t place(const std::vector<ir::DimId>& axes, const Elements& old) const {
    if (!training_) return -1;
    std::int64_t at = 0;
    for (std::size_t k = 0; k < axes.size(); ++k) {
      if (old[k] < 0) return -1;
      at = at * training_->run.size(axes[k]) + old[k];
    }
    return at;
  }

  // Values of data that keep those of the fit.
  void freeze() {
    for (std::uint32_t i = 0; i < module_.buffers.size(); ++i) {
      const ir::Buffer& copy = module_.buffers[i];
      if (copy.kind != ir::BufferKind::Shared || !copy.name.starts_with("frozen.")) continue;
      const BufferId from = buffer(copy.name.substr(7));
      std::vector<Cell> cells;
      for_elements(copy.axes, [&](std::int64_t own, const Elements& old) {
        const std::int64_t at = place(copy.axes, old);
        cells.push_back(at < 0 ? target_.run.contents(from)[static_cast<std::size_t>(own)] : training_->run.contents(from)[static_cast<std::size_t>(at)]);
      });
      target_.run.set_given({i}, std::move(cells));
    }
  }

  bool has_fresh(std::int32_t s) const {
    bool found = !training_;
    for_elements(module_.buffer(known(s)).axes, [&](std::int64_t, const Elements& old) {
      for (const std::int64_t e : old) found = found || e < 0;
    });
    return found;
  }

  // The site and all that it reads and that must be drawn.
  void need(std::int32_t s) {
    if (!needed_.insert(s).second || !function(s)) return;
    std::set<BufferId> read;
    ir::for_each_instruction(function(s)->body.block, [&](const ir::Instruction& each) {
      if (each.op == ir::Op::Load) read.insert(each.buffer);
    });
    for (std::int32_t other = 0; other < metadata_.site_count; ++other) {
      if (other == s || metadata_.sites[other].kind == LACUNA_FACTOR) continue;
      if (is_latent(other) ? read.contains(known(other)) && has_fresh(other) : read.contains(out(other))) need(other);
    }
  }

  // The fit's values of each latent and imputed cell, by the target's elements.
  void set_known(std::int64_t draw) {
    std::int64_t first = 0;
    const auto value = [&](std::int64_t at) {
      return real_cell(request_.draws && at >= 0 ? request_.draws[(first + at) * request_.stride + request_.first + draw] : std::nan(""));
    };
    for (std::int32_t p = 0; p < metadata_.parameter_count; ++p) {
      const std::int32_t s = metadata_.parameters[p];
      const std::vector<ir::DimId>& axes = module_.buffer(known(s)).axes;
      const ir::SpaceId space = listed_cells(s);
      std::vector<Elements> listed;
      if (space.valid() && training_) listed = training_->run.cells(space);
      std::vector<Cell> cells;
      for_elements(axes, [&](std::int64_t, const Elements& old) {
        const auto found = std::find(listed.begin(), listed.end(), old);
        if (!space.valid())
          cells.push_back(value(place(axes, old)));
        else
          cells.push_back(value(found == listed.end() ? -1 : found - listed.begin()));
      });
      target_.run.set_given(known(s), std::move(cells));
      if (training_) first += values_of(s);
    }
  }

  const std::vector<ir::DimId>& natural_axes(std::int32_t s) const { return module_.buffer(buffer(fmt::format("at.{}", metadata_.sites[s].name))).axes; }

  // Of imputed cells, and of latents under a condition: which ones the fit has. Not valid: it has all elements.
  ir::SpaceId listed_cells(std::int32_t s) const {
    const auto& axes = natural_axes(s);
    return axes.empty() ? ir::SpaceId{} : module_.dim(axes[0]).cells;
  }

  std::int64_t values_of(std::int32_t s) const {
    std::int64_t count = 1;
    for (const ir::DimId d : natural_axes(s)) count *= training_->run.size(d);
    return count;
  }

  int run_draw(std::int64_t draw, lacuna_error* error) {
    set_whole("prediction.draw", {(request_.first + draw) & 0xffffffff});
    set_known(draw);
    for (const std::int32_t s : needed_) {
      if (!target_.run.call(function_name(s)).ok()) return fail(error, LACUNA_CHECK, s);
      const BufferId made = is_latent(s) ? known(s) : out(s);
      target_.run.set_given(made, target_.run.contents(made));
    }
    for (std::int32_t s = 0; s < metadata_.site_count; ++s) {
      if (!request_.out[s]) continue;
      const BufferId made = is_latent(s) ? known(s) : out(s);
      const std::vector<Cell>& cells = target_.run.given(made);
      double* to = request_.out[s] + draw * static_cast<std::int64_t>(cells.size());
      for (std::size_t i = 0; i < cells.size(); ++i) {
        to[i] = static_cast<double>(cells[i].real);
        const bool strict = !(request_.flags & (LACUNA_MISSING_NAN | LACUNA_LOG_LIKELIHOOD));
        if (strict && std::isnan(to[i])) return fail(error, LACUNA_DRAW, s, static_cast<std::int64_t>(i));
      }
    }
    return LACUNA_OK;
  }

  const lacuna_prediction& request_;
  Bound& target_;
  const Bound* training_;
  const ir::Module& module_;
  const lacuna_metadata& metadata_;
  std::set<std::int32_t> needed_;  // sites to run, in order
};

}  // namespace

int interpret_prediction(const lacuna_prediction* request, void*, lacuna_error* error) {
  if (!request || !request->out) return fail(error, LACUNA_NULL);
  if (request->struct_size < sizeof *request) return fail(error, LACUNA_VERSION);
  Bound* const target = InterpretedModel::bound_of(request->target);
  const Bound* const training = InterpretedModel::bound_of(request->training);
  if (!target || (request->training && !training)) return fail(error, LACUNA_NULL);
  if (training && (&training->model != &target->model || training->for_prediction)) return fail(error, LACUNA_VERSION);
  const std::uint32_t flags = LACUNA_SIMULATE | LACUNA_MISSING_NAN | LACUNA_LOG_LIKELIHOOD;
  if ((request->flags & ~flags) || request->first < 0 || request->count < 0) return fail(error, LACUNA_ARGUMENT);
  if (training && request->stride < request->first + request->count) return fail(error, LACUNA_ARGUMENT);
  const std::lock_guard<std::mutex> lock(target->one_at_a_time);
  return Prediction(*request, *target, training).run(error);
}

}  // namespace lacuna::driver
